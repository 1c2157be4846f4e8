"""`incident`: records what broke, so that later reviews of the same failure mode or scope can cite it."""

from collections.abc import Iterable
from typing import ClassVar

from bot.chat.aftermath import known_incident, proved_incident
from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import moment, quote, so_many, typed
from bot.domain import Answer, Facts, Incident, Table
from bot.review.postmortem import MOST_TITLE, mended_by, told, with_verdict

_MOST_TEXT = 4000
_PROVE = " prove"
_VERDICTS = {
    "fired": "a finding had said so",
    "dismissed": "a finding had said so and was dismissed",
    "missing": "nothing was said",
    "unknown": "not known; that takes the pull request and the failure mode",
}


class RecordIncident(Command):
    name = "incident"
    topic = "a repository"
    summary = "Records what broke and through which pull request; `prove` drafts rule examples and lists sibling places"
    uses = (
        Use("incident list [<owner/repo>]", "read"),
        Use("incident <id> prove", "write"),
        Use("incident <url or text…>", "write"),
    )
    aliases: ClassVar = {"incidents": "incident list", "postmortem": "incident"}
    examples = (
        Example(
            "incident 2026-11-02 retry storm: checkout retried without backoff", "Recorded: 2026-11-02 retry storm"
        ),
        Example("incident https://status.example/i/42", "Recorded: status.example"),
        Example("incident list", "No incidents are known of acme/shop"),
        Example("incident i-0a1b2c3 prove", "There is no incident i-0a1b2c3", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        if wanted := asked.value("id"):
            return proved_incident(asked, known_incident(asked, wanted))
        text = asked.value("url or text")
        if not text:
            return _listed(asked)
        incident, answer = _recorded(asked, text.removesuffix(_PROVE))
        if not text.endswith(_PROVE):
            return answer
        proof = proved_incident(asked, incident).reply
        return said(answer.reply.title, *answer.reply.parts, f"**{proof.title}**", *proof.parts)


def _recorded(asked: Asked, text: str) -> tuple[Incident, Answer]:
    story, ledger = told(text), asked.desk.ledger
    fix = mended_by(text, asked.repository.full_name)
    number = _number_in(asked, [pull for pull in story.pulls if pull[1] != fix]) or asked.number
    incident = Incident(
        id=asked.id("i"),
        repository_id=asked.repository.id,
        number=number,
        title=story.title[:MOST_TITLE],
        text=text[:_MOST_TEXT],
        url=story.url,
        broke_at=story.broke_at,
        class_=story.class_,
        author=asked.who,
        at=asked.given.at,
    )
    if number is not None:
        incident = with_verdict(incident, ledger.points(asked.repository.id, number))
    ledger.keep_incident(incident)
    rows = (
        (
            "Failure mode",
            f"`{incident.class_}`" if incident.class_ else "none recognised; name one as `rules` does",
        ),
        ("When", moment(incident.broke_at) if incident.broke_at else "not told; write a date as 2026-11-02"),
        ("Pull request", f"#{number}" if number else "not told"),
        ("Said before", _VERDICTS[incident.verdict]),
    )
    return incident, said(
        f"Recorded: {quote(incident.title.removeprefix('https://'), 150)}",
        Facts(rows=rows),
        f"Incident `{incident.id}`. Reviews that touch the same failure mode or scope cite it."
        + (" Its address is not opened: only what you wrote here is kept." if story.url else ""),
    )


def _number_in(asked: Asked, pulls: Iterable[tuple[str, int]]) -> int | None:
    here = asked.repository.full_name.lower()
    return next((number for name, number in pulls if name.lower() == here), None)


def _listed(asked: Asked) -> Answer:
    found = asked.desk.ledger.incidents(asked.repository.id, 20)
    title = f"{so_many(len(found), 'incident is', 'incidents are')} known of {asked.repository.full_name}"
    if not found:
        return said(
            title, f"{typed(asked, 'incident')} with a text records one; `seawall incidents import` reads files."
        )
    rows = tuple(
        (f"`{one.id}`", moment(one.broke_at or one.at), quote(one.title), f"`{one.class_}`" if one.class_ else "—",
         f"#{one.number}" if one.number else "—", one.verdict)
        for one in found
    )  # fmt: skip
    return said(title, Table(columns=("Id", "When", "What", "Failure mode", "From", "Said before"), rows=rows))
