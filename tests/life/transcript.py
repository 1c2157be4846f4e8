"""A pull request as its page shows it: who did and said what and when, with threads, reactions and checks."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from bot.demo.standin import PullRequest
from tests.life.stage import Stage

_HIDDEN = re.compile(r"\s*<!-- seawall:\w+ -->")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_SIGN = {"+1": "👍", "-1": "👎", "eyes": "👀", "rocket": "🚀", "confused": "😕", "heart": "❤️"}


class Entry(NamedTuple):
    at: datetime
    rank: int
    """Among those of one moment: deeds, then words, then checks."""
    id: int
    text: str


def transcript(stage: Stage, pull: PullRequest) -> str:
    """Markdown, oldest first."""
    entries = sorted([*_deeds(stage, pull), *_words(pull), *_checks(stage, pull)])
    texts, day = list[str](), None
    for entry in entries:
        texts += [f"### {entry.at:%-d %B}"] if day not in (None, entry.at.date()) else []
        texts.append(f"**{entry.at:%H:%M}** {entry.text}")
        day = entry.at.date()
    whole = "\n\n".join([f"## {stage.repository.full_name}#{pull.number}", *texts, _threads(pull)]).strip()
    return _ADDRESS.sub("https://github.example", _HIDDEN.sub("", whole)) + "\n"


def _deeds(stage: Stage, pull: PullRequest) -> Iterator[Entry]:
    for number, (at, whose, what) in enumerate(stage.deeds):
        if whose is pull:
            yield Entry(at, 0, number, f"{what}.")


def _words(pull: PullRequest) -> Iterator[Entry]:
    for review in pull.reviews.values():
        if review.body:
            yield Entry(review.created_at, 1, review.id, f"{review.user.login} reviewed:\n\n{_quoted(review.body)}")
    for comment in pull.comments.values():
        said = f"{comment.user.login}:\n\n{_quoted(comment.body)}{_reactions(comment)}"
        yield Entry(comment.created_at, 1, comment.id, said)
    for one in pull.review_comments.values():
        line = (
            one.original_line if one.original_start_line is None else f"{one.original_start_line}–{one.original_line}"
        )
        where = f"answers on `{one.path}`" if one.in_reply_to else f"on `{one.path}` line {line}"
        yield Entry(one.created_at, 1, one.id, f"{one.user.login} {where}:\n\n{_quoted(one.body)}{_reactions(one)}")


def _checks(stage: Stage, pull: PullRequest) -> Iterator[Entry]:
    heads = {sha for _, whose, what in stage.deeds if whose is pull for sha in re.findall(r"`(\w{7})`", what)}
    for check in stage.repository.checks.values():
        if check.head_sha[:7] in heads:
            at = check.completed_at or check.started_at
            text = f"check on `{check.head_sha[:7]}`: **{check.conclusion}**, {check.title}"
            yield Entry(at, 2, check.id, text)


def _threads(pull: PullRequest) -> str:
    """How each thread stands in the end."""
    rows = []
    for thread in pull.threads():
        first = thread[0]
        how = f"resolved by {first.resolved_by.login}" if first.resolved_by else "open"
        title = first.body.splitlines()[0]
        rows.append(f"- {title} ({how})")
    return "\n".join(["Threads in the end:", "", *rows]) if rows else ""


def _reactions(one: Any) -> str:
    shown = [f"{_SIGN.get(each.content, each.content)} {each.user.login}" for each in one.reactions]
    return f"\n>\n> {' · '.join(shown)}" if shown else ""


def _quoted(body: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _HIDDEN.sub("", body).strip().splitlines())
