"""A drafted rule as the file that a team would put on its base branch. Pure.

The file is written here and not by the model: whatever it says stays the value of one key.
"""

import re
from collections.abc import Collection

from bot.domain import DraftedRule
from bot.settings.beside import OWN, RULES_FOLDER, RULES_SUFFIX
from bot.settings.taxonomy import taxonomy

_MOST_NAME, _MOST_TITLE = 60, 80
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def name_of(rule: DraftedRule, taken: Collection[str]) -> str:
    """The file's name without its ending: words of small letters with hyphens, another than those `taken`."""
    words = re.findall(r"[a-z0-9]+", (rule.name or rule.title).lower().removeprefix(f"{OWN}/"))
    name = "-".join(words)[: _MOST_NAME - 3].strip("-") or "drafted"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def path_of(name: str) -> str:
    """Where the file goes in the repository."""
    return f"{RULES_FOLDER}/{name}{RULES_SUFFIX}"


def toml_of(rule: DraftedRule, language: str, origin: str) -> str:
    """`origin`: of which finding it is, in one line."""
    lines = [
        f"# {_CONTROL.sub(' ', ' '.join(origin.split()))}",
        f"title = {_text(_on_one_line(rule.title))}",
        f"body = {_text(rule.body.strip())}",
        f"fix = {_text(rule.fix.strip())}",
        f"languages = {_text(language)}",
    ]
    if rule.class_ in taxonomy():
        lines.append(f"class = {_text(rule.class_)}")
    lines += [f"severity = {_text(rule.severity.value)}", f"{rule.looks_by} = {_code(rule.looks_for.strip())}"]
    if rule.selector and rule.looks_by == "pattern":
        lines.append(f"selector = {_text(rule.selector)}")
    lines += [_examples("bad", rule.bad), _examples("good", rule.good)]
    return "\n".join(lines) + "\n"


def examples_toml(bad: tuple[str, ...], good: tuple[str, ...]) -> str:
    """The two keys alone, for a rule that somebody writes by hand."""
    return "\n".join([_examples("bad", bad), _examples("good", good)])


def _examples(kind: str, examples: tuple[str, ...]) -> str:
    return f"{kind} = [{', '.join(_code(example) for example in examples)}]"


def _on_one_line(title: str) -> str:
    line = " ".join(title.split()).rstrip(".")
    return line if len(line) <= _MOST_TITLE else line[: _MOST_TITLE - 1] + "…"


def _text(value: str) -> str:
    """A basic string on one line."""
    escaped = "".join(_ESCAPED.get(letter, letter) for letter in value)
    return '"' + _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def _code(value: str) -> str:
    """As it stands where that can be, over several lines; people will read and change it."""
    if "'''" in value or value.endswith("'") or _CONTROL.search(value):
        return _text(value)
    return f"'''\n{value}\n'''" if "\n" in value else f"'''{value}'''"
