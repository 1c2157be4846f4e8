"""`mute` and `unmute`: a rule keeps silent in a repository, for a while or until somebody takes that back."""

from datetime import datetime
from typing import ClassVar

from bot.chat.access import require
from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import iso, moment, quote, span_of, typed
from bot.domain import Answer, Severity, Waiver
from bot.review.verify import MAY_BE_CRITICAL
from bot.rules import all_rules
from bot.settings.beside import OWN
from bot.settings.nearest import did_you_mean
from bot.settings.taxonomy import taxonomy


class Mute(Command):
    name = "mute"
    topic = "a repository"
    summary = "Silences a rule or a class in this repository, for a while or until `unmute`"
    uses = (
        Use("mute <rule> [for <days>] [<owner/repo>] [<reason…>]", "write"),
        Use("mute [for <days>] [<reason…>]", "write", in_thread=True),
    )
    aliases: ClassVar = {"silence": "mute"}
    examples = (
        Example("mute missing-timeout/http-or-socket-call for 7d", "missing-timeout/http-or-socket-call is silent"),
        Example("mute resource-leak the pool closes them", "resource-leak is silent"),
        Example("mute for 2w", "missing-timeout/http-or-socket-call is silent", in_thread=True),
    )

    def run(self, asked: Asked) -> Answer:
        rule = _rule_of(asked)
        if _is_critical(rule):
            require(asked, "admin", f"mute {rule}, which can find critical defects")
        expires_at = ""
        if days := asked.value("days"):
            expires_at = iso(datetime.fromisoformat(asked.given.at) + span_of(days))
        waiver = Waiver(
            id=asked.id("w"),
            kind="muted",
            repository_id=asked.repository.id,
            rule=rule,
            owner=asked.who,
            reason=asked.value("reason"),
            at=asked.given.at,
            expires_at=expires_at,
        )
        asked.desk.ledger.keep_waiver(waiver)
        until = f"until {moment(expires_at)}" if expires_at else f"until somebody says {typed(asked, f'unmute {rule}')}"
        return said(
            f"{rule} is silent in {asked.repository.full_name}",
            f"Waiver `{waiver.id}` of {quote(asked.who)}, {until}. What was said stays said.",
            "" if waiver.reason else "No reason was given: `waivers` lists it without one.",
        )


class Unmute(Command):
    name = "unmute"
    topic = "a repository"
    summary = "Lets a muted rule speak again in this repository"
    uses = (Use("unmute <rule> [<owner/repo>]", "write"), Use("unmute", "write", in_thread=True))
    aliases: ClassVar = {"unsilence": "unmute"}
    examples = (Example("unmute resource-leak", "resource-leak was not muted in acme/shop"),)

    def run(self, asked: Asked) -> Answer:
        rule, ledger = _rule_of(asked), asked.desk.ledger
        found = [
            waiver
            for waiver in ledger.waivers(asked.repository.id, asked.given.at)
            if waiver.kind == "muted" and waiver.rule == rule
        ]
        ended = [waiver for waiver in found if ledger.end_waiver(waiver.id, asked.who, asked.given.at)]
        if not ended:
            return said(f"{rule} was not muted in {asked.repository.full_name}", _others_muted(asked, rule))
        return said(
            f"{rule} speaks again in {asked.repository.full_name}",
            " ".join(map(_how_it_was_muted, ended)),
            f"What it kept to itself is said when code is read again: {typed(asked, 'review full')}, or a push.",
        )


def _how_it_was_muted(waiver: Waiver) -> str:
    if waiver.owner == "seawall":
        return f"It had muted itself: {waiver.reason}. Only what comes from now on counts for it."
    return f"It had been muted by {quote(waiver.owner)}{f': {quote(waiver.reason)}' if waiver.reason else ''}."


def _known() -> frozenset[str]:
    """Everything that can be muted: rules, classes, and kinds that only the model finds."""
    kinds = {f"{class_}/{kind}" for class_, members in taxonomy().items() for kind in (*members, "other")}
    return frozenset(kinds | set(taxonomy()) | {rule.name for rule in all_rules()})


def _rule_of(asked: Asked) -> str:
    """The rule that is named, or that of the finding in whose thread this was said. Raises Declined."""
    if not (name := asked.value("rule").lower()):
        return asked.point().finding.rule
    known = _known()
    if name in known or name.split("/")[0] == OWN:
        return name
    of_kind = [one for one in known if one.endswith(f"/{name}")]
    if len(of_kind) == 1:
        return of_kind[0]
    near = did_you_mean(name, known)
    raise Declined(f"There is no rule or class “{name}”", f"`rules` lists them{near}.", state="misunderstood")


def _is_critical(rule: str) -> bool:
    members = [known for known in all_rules() if rule in (known.name, known.class_)]
    return any(known.severity is Severity.CRITICAL for known in members) or rule.split("/")[0] in MAY_BE_CRITICAL


def _others_muted(asked: Asked, rule: str) -> str:
    muted = asked.desk.ledger.waivers(asked.repository.id, asked.given.at)
    names = sorted({waiver.rule for waiver in muted if waiver.kind == "muted" and waiver.rule != rule})
    listed = ", ".join(f"`{name}`" for name in names[:10])
    return f"Muted here: {listed}." if listed else "Nothing is muted here by command; `config` shows `rules_off`."
