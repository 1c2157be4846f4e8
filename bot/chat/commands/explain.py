"""`explain`: a rule's page, or what a finding means in this code."""

import inspect
import re
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.checked import ask_checked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.knowing import of_finding
from bot.chat.showing import origin_told, stand_of
from bot.chat.wording import listing, one_of, quote, typed
from bot.domain import Answer, Code, Part, Words
from bot.rules import all_rules
from bot.rules.rule import Rule
from bot.settings.beside import OWN, RULES_FOLDER
from bot.settings.nearest import did_you_mean
from bot.settings.taxonomy import taxonomy
from bot.syntax import language_named


class Explain(Command):
    name = "explain"
    topic = "a pull request"
    summary = "Shows a rule with examples, or explains what a finding means in this code"
    uses = (
        Use("explain <finding>", "write", "pull request", needs_model=True),
        Use("explain <rule>", "anyone", "nothing"),
        Use("explain", "write", "pull request", needs_model=True, in_thread=True),
    )
    aliases: ClassVar = {"why": "explain"}
    examples = (
        Example("explain missing-timeout/http-or-socket-call", "missing-timeout/http-or-socket-call, high"),
        Example("explain missing-timeout", "missing-timeout is a class"),
        Example("explain a1b2c3d", "session.post can wait for ever"),
        Example("explain", "session.post can wait for ever", in_thread=True),
        Example("explain mising-timeout", "There is no rule or class “mising-timeout”", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        return _of_rule(asked, asked.value("rule").lower()) if asked.value("rule") else _of_finding(asked)


def _of_finding(asked: Asked) -> Answer:
    point = asked.point()
    laid = asked.desk.readings(asked.pull_request)
    inputs = of_finding(asked, laid, point, stand_of(laid, point)) | {"title": asked.pull_request.title}
    answer, missing = ask_checked(asked, laid, "explain", inputs)
    return said(quote(point.finding.title), answer.text, missing, origin_told(asked, answer))


def _of_rule(asked: Asked, name: str) -> Answer:
    by_name = {rule.name: rule for rule in all_rules()}
    of_kind = [rule for rule in by_name.values() if rule.kind == name]
    if rule := by_name.get(name) or (of_kind[0] if len(of_kind) == 1 else None):
        return said(f"{rule.name}, {rule.severity}", *_page(rule))
    class_, _, kind = name.partition("/")
    if class_ == OWN:
        return said(
            f"{name} is a rule of the team's own",
            f"Its file lies in `{RULES_FOLDER}`; `seawall explain {name}` shows it in a checkout.",
        )
    if class_ in taxonomy() and (not kind or kind in taxonomy()[class_]):
        return _of_class(asked, class_, kind)
    near = did_you_mean(name, [*by_name, *taxonomy()])
    raise Declined(f"There is no rule or class “{name}”", f"`rules` lists them{near}.", state="misunderstood")


def _of_class(asked: Asked, class_: str, kind: str) -> Answer:
    known = {rule.name: rule for rule in all_rules() if rule.class_ == class_}
    if kind:
        return said(f"{class_}/{kind} is found by the model alone", f"Its class: {typed(asked, f'explain {class_}')}.")
    names = [f"{class_}/{kind}" for kind in taxonomy()[class_]]
    lines = [
        f"`{name}`: {_in_short(known[name]) if name in known else 'found by the model alone'}"
        for name in sorted(names, key=lambda name: name not in known)
    ]
    return said(f"{class_} is a class of {one_of(len(lines), 'kind')}", listing(lines, most=100))


def _page(rule: Rule) -> list[Part]:
    """Its prose, one example that alarms and one that does not, and how to silence it."""
    parts: list[Part] = [Words(text="\n\n".join(map(_reflowed, _paragraphs(rule))))]
    for label, examples in (("Raises an alarm", rule.bad), ("Is fine", rule.good)):
        example = examples[0]
        language = language_named(example.language)
        parts.append(Words(text=f"{label} ({language.title}):"))
        if example.before:
            parts += [Code(text=example.before.strip(), language=language.fences), Words(text="becomes")]
        parts.append(Code(text=example.code.strip(), language=language.fences))
    comment = language_named(rule.languages[0]).line_comment
    silence = f"{comment} seawall: ignore[{rule.name}] the reason"
    parts += [Words(text="To silence it where it stands, on the line or the line above:"), Code(text=silence)]
    return parts


def _paragraphs(rule: Rule) -> list[str]:
    """Its page, headings in bold."""
    page = re.sub(r"^## (.+)$", r"**\1**\n", inspect.cleandoc(type(rule).__doc__ or ""), flags=re.MULTILINE)
    return re.split(r"\n{2,}", page)


def _reflowed(paragraph: str) -> str:
    """On one line, each system breaks it as it needs; lists and code keep their lines."""
    keeps_lines = re.search(r"^\s*(?:[-*] |\d+\. |```)", paragraph, re.MULTILINE)
    return paragraph if keeps_lines else " ".join(paragraph.split())


def _in_short(rule: Rule) -> str:
    """Its first sentence, severity and languages."""
    page = inspect.cleandoc(type(rule).__doc__ or "").partition("\n\n")[0]
    text = " ".join(line for line in page.splitlines() if not line.startswith("#"))
    languages = ", ".join(language_named(name).title for name in rule.languages)
    return f"{text.split('. ')[0].rstrip('.')} (*{rule.severity}*; {languages})"
