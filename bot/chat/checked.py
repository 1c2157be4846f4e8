"""An answer is held against the code before anybody reads it: what it names must be there. One that names what is not
is sent back once, with the reason; what is wrong after that is said beside it."""

from collections.abc import Callable, Mapping

from bot.chat.asked import Asked
from bot.chat.command import Declined
from bot.chat.showing import ask_model
from bot.domain import ModelText, PatchStatus
from bot.errors import SourceError
from bot.review.filter import code
from bot.review.pipeline import Desk
from bot.review.references import Ground, paths_named, strangers

REJECTED = "rejected"
"""The input that tells what was wrong with the last answer."""


def ask_checked(
    asked: Asked, laid: Desk, prompt: str, inputs: Mapping[str, str], flaw: Callable[[ModelText], str] | None = None
) -> tuple[ModelText, str]:
    """The answer, and in words what of it could not be found in the code; empty where all was.

    `flaw`: what else is wrong with an answer, in words for whoever wrote it. Raises Declined.
    """
    answer = ask_model(asked, prompt, {**inputs, REJECTED: ""})
    wrong = _wrong(laid, inputs, answer, flaw)
    if wrong:
        try:
            second = ask_model(asked, prompt, {**inputs, REJECTED: f"{wrong}\n\nYour answer was:\n{answer.text}"})
        except Declined:
            second = None  # the first one is better than none, and is told with what is wrong with it
        answer = second or answer
    missing = strangers(answer.text, _ground(laid, inputs, answer.text))
    return (
        answer,
        f"Not found in the code: {', '.join(map(code, missing))}. Read that part with doubt." if missing else "",
    )


def _wrong(laid: Desk, inputs: Mapping[str, str], answer: ModelText, flaw: Callable[[ModelText], str] | None) -> str:
    missing = strangers(answer.text, _ground(laid, inputs, answer.text))
    told = [flaw(answer) if flaw is not None else ""]
    if missing:
        named = ", ".join(missing)
        told.append(f"It names in backticks, or as a place, what stands nowhere in the code you were shown: {named}")
    return "\n".join(filter(None, told))


def _ground(laid: Desk, inputs: Mapping[str, str], words: str) -> Ground:
    """All that was shown, the changed files as a whole, and which of the paths named are in the head."""
    contents = laid.snapshot.contents
    lines: dict[str, int | None] = {
        patch.path: contents[patch.path].count(b"\n") + 1 if patch.path in contents else None
        for patch in laid.snapshot.change.patches
        if patch.status is not PatchStatus.REMOVED
    }
    gone = [patch.path for patch in laid.snapshot.change.patches if patch.status is PatchStatus.REMOVED]
    texts = [*inputs.values(), *(content.decode("utf-8", "replace") for content in contents.values())]
    unseen = [path for path in paths_named(words) if path not in lines and path not in gone]
    if unseen and laid.search is not None:
        try:
            lines |= {path: content.count(b"\n") + 1 for path, content in laid.search.read(unseen).items()}
        except SourceError:
            lines |= dict.fromkeys(unseen)  # nobody can tell: they are given the benefit of the doubt
    return Ground(tuple(texts), dict.fromkeys(gone) | lines)
