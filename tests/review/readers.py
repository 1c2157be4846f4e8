"""A model that says in each reading, and of each claim, what it was told to."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain import (
    Afforded,
    Candidate,
    Doubt,
    ModelAnswer,
    ModelDoubts,
    ModelUse,
    Profile,
    Review,
    plain_step,
)
from bot.errors import SeawallError
from bot.review.desks import Desks
from bot.review.pipeline import examine_again, reason
from bot.review.stages import Background
from bot.settings import load_settings
from tests.review.lives import InProcess, Trees

_CLAIM = re.compile(r"^(\d+)\. ", re.MULTILINE)


class Readers:
    """`says`: prompt → candidates. `defends`: what is said of a claim, by its text; an error is raised instead."""

    name = "test:readers"

    def __init__(
        self,
        says: Mapping[str, Sequence[Candidate]],
        defends: Callable[[int, str], Doubt | None] | SeawallError = lambda number, claim: doubt(number),
        affords: Afforded | None = None,
    ) -> None:
        self.says, self.defends, self.affords = says, defends, affords
        self.asked: list[str] = []
        self.claims: list[str] = []
        self.known: list[str] = []
        self.tokens: Mapping[Profile, int] = {}

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        self.tokens = tokens
        return self.affords or Afforded(profile=profile)

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        self.asked.append(prompt)
        self.known.append(inputs["known"])
        return ModelAnswer(candidates=tuple(self.says.get(prompt, ())), **_origin(prompt))

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        self.asked.append("doubt")
        self.claims.append(inputs["candidates"])
        if isinstance(self.defends, SeawallError):
            raise self.defends
        starts = [found.start() for found in _CLAIM.finditer(inputs["candidates"])]
        texts = [inputs["candidates"][a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
        said = [self.defends(number, text) for number, text in enumerate(texts, 1)]
        return ModelDoubts(doubts=tuple(one for one in said if one), **_origin("doubt"))


def _origin(prompt: str) -> dict[str, Any]:
    use = ModelUse(input_tokens=100, output_tokens=10)
    return {"model": "test:readers", "prompt": prompt, "prompt_version": f"{prompt}+1", "use": use, "cost_usd": 0.5}


def doubt(number: int = 1, **more: Any) -> Doubt:
    """One that lets the claim stand, on the line it is about."""
    values = {
        "number": number, "stands": True, "failure": "Two orders at once read the same stock, and one is lost.",
        "quote": "STOCK[item] = left - count", "severity": "high", "confidence": 0.95,
    }  # fmt: skip
    return Doubt.model_validate(values | more)


BASE = {"stock.py": "def take(item, count):\n    return 1\n"}
HEAD = {
    "stock.py": (
        "def take(item, count):\n    left = STOCK[item]\n    audit(item)\n"
        "    STOCK[item] = left - count\n    return left\n"
    )
}


def heard(
    model: Readers, profile: str = "balanced", background: Background | None = None, **settings: Any
) -> tuple[Review, list[list[dict[str, Any]]]]:
    """The review of BASE to HEAD, and the rounds of questions it took."""
    path = settings.pop("path", "stock.py")
    base, head = {path: BASE["stock.py"]}, {path: settings.pop("head", HEAD["stock.py"])}
    source = Trees(base, head, "a" * 40, {}, settings.pop("policy", ""), 3)
    loaded = load_settings({}, llm={"profile": profile} | settings)
    at = datetime(2026, 9, 1, tzinfo=UTC)
    desk = Desks(loaded, InProcess(), model, lambda: at).lay(source)  # type: ignore[arg-type]
    rounds: list[list[dict[str, Any]]] = []

    def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        rounds.append([*questions])
        return [reason(desk, question).to_json() for question in questions]

    return examine_again(desk, plain_step, ask, background or Background()).review, rounds
