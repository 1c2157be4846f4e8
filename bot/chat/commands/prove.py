"""`prove`: a fault test that shows a finding, for the team's own CI; checked, and never run here."""

from collections.abc import Mapping
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.showing import ask_model
from bot.chat.wording import quote
from bot.domain import Answer, Code, Finding, ModelText, ReviewDraft, marker_of
from bot.review.filter import code
from bot.review.proving.record import Proof
from bot.review.proving.saying import (
    below_finding,
    how_to_add,
    on_its_file,
    origin_of,
    what_it_does,
    where_and_how,
    why_none,
)
from bot.review.proving.writing import AskModel, proved


class Prove(Command):
    name = "prove"
    topic = "a pull request"
    summary = "Writes a fault test that shows a finding, in the repository's own test framework; Seawall never runs it"
    uses = (
        Use("prove <finding>", "write", "pull request"),
        Use("prove", "write", "pull request", in_thread=True),
    )
    aliases: ClassVar = {"proof": "prove"}
    examples = (
        Example("prove a1b2c3d", "No fault test for: session.post can wait for ever"),
        Example("prove", "No fault test for: session.post can wait for ever", in_thread=True),
    )

    def run(self, asked: Asked) -> Answer:
        finding = asked.point().finding
        laid = asked.desk.readings(asked.pull_request)
        found = proved(laid, finding, _model_of(asked))
        if found.proof is None:
            assert found.none is not None, "there is a test, or a reason"
            return said(f"No fault test for: {quote(finding.title)}", why_none(found.none), found.none.needs)
        proof, title = found.proof, f"A fault test for: {quote(finding.title)}"
        if where := _suggested(asked, proof, finding):
            return said(title, where)
        return said(
            title,
            what_it_does(proof, finding),
            where_and_how(proof),
            Code(text=proof.text, language=proof.language),
            proof.words,
            f"{how_to_add(proof)} {origin_of(proof, asked.pull_request.head_sha)}",
        )


def _suggested(asked: Asked, proof: Proof, finding: Finding) -> str:
    """Posts it where the pull request itself writes tests, and says where; empty where that cannot be."""
    desk, place = asked.desk, asked.given.place
    if proof.appendix is None or desk.post is None or place.transport != "github":
        return ""
    comment = on_its_file(proof, proof.appendix, finding, asked.pull_request.head_sha, desk.own_host)
    marker = marker_of("prove", asked.given.id)
    lead = f"**Seawall**: a fault test for {code(finding.fingerprint[:7])}, as asked."
    whole = below_finding(proof, finding, asked.pull_request.head_sha, desk.own_host)
    draft = ReviewDraft(
        marker=marker,
        body=f"{lead}\n\n{marker}",
        comments=(comment,),
        body_alone=f"{lead}\n\n{whole}\n\n{marker}",
    )
    posted = desk.post(asked.pull_request, draft)
    review = f"[in a review of its own]({posted.url})" if posted.url else "in a review of its own"
    if posted.inline_refused:
        return f"It stands {review}, as text: GitHub would not take it as a suggestion."
    return f"It stands {review}, as a suggestion at the end of {code(proof.appendix.path)}: one click commits it."


def _model_of(asked: Asked) -> AskModel | None:
    """None where there is no model, or policy keeps this code from it."""
    if asked.desk.model is None or not asked.policy.llm:
        return None

    def ask(prompt: str, inputs: Mapping[str, str]) -> ModelText:
        return ask_model(asked, prompt, dict(inputs))

    return ask
