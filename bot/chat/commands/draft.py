"""`draft`: a rule is drafted of a finding that no rule knows, for people to put on the base branch or to leave."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.drafts import make_asked
from bot.chat.showing import while_model_answers
from bot.chat.wording import one_of, quote, typed
from bot.domain import Answer, Code, RuleDraft
from bot.review.drafting.writing import path_of
from bot.review.filter import literal
from bot.settings.beside import OWN

_SHOWN_PLACES = 5


class DraftRule(Command):
    name = "draft"
    topic = "a pull request"
    summary = "Drafts a rule of a finding that no rule knows, tried on this repository; you decide whether to adopt it"
    uses = (
        Use("draft <finding>", "write", "pull request", needs_model=True),
        Use("draft", "write", "pull request", needs_model=True, in_thread=True),
    )
    aliases: ClassVar = {"draft rule": "draft"}
    examples = (
        Example("draft a1b2c3d", "A rule finds this already", state="refused"),
        Example("draft", "A rule finds this already", state="refused", in_thread=True),
    )

    def run(self, asked: Asked) -> Answer:
        point = asked.point()
        if point.finding.source == "rule":
            name = point.finding.rule
            raise Declined(
                "A rule finds this already", f"It is `{name}`; {typed(asked, f'explain {name}')} shows its page."
            )
        laid = asked.desk.readings(asked.pull_request)
        with while_model_answers():
            draft = make_asked(asked, laid, point)
        return _shown(draft) if draft.is_kept else _not_kept(asked, draft, point.finding.title)


def _shown(draft: RuleDraft) -> Answer:
    return said(
        f"A rule is drafted: {quote(draft.title)}",
        Code(text=draft.toml, language="toml"),
        _places(draft),
        f"To adopt it, put this at `{path_of(draft.name.removeprefix(f'{OWN}/'))}` on the base branch; "
        f"`seawall rules test` tries it. Until then it does nothing. It is kept as `{draft.id}`.",
        f"Written by `{draft.model}`; it passes its own examples and finds the defect it was drafted of.",
    )


def _not_kept(asked: Asked, draft: RuleDraft, title: str) -> Answer:
    again = f"{typed(asked, f'draft {draft.fingerprint[:7]}')} tries once more." if draft.model else ""
    return said(f"No rule came of: {quote(title)}", f"{literal(draft.why_not)}.", again)


def _places(draft: RuleDraft) -> str:
    tried = f"Tried on {one_of(draft.files, 'file')} of the head{'' if draft.tried_all else ', not on all'}"
    if not draft.places:
        return f"{tried}: it finds this defect and nothing else."
    shown = ", ".join(f"`{place}`" for place in draft.places[:_SHOWN_PLACES])
    more = f" and {len(draft.places) - _SHOWN_PLACES} more" if len(draft.places) > _SHOWN_PLACES else ""
    return f"{tried}: beside this defect it finds {one_of(len(draft.places), 'place')}, {shown}{more}."
