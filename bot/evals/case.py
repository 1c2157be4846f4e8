"""A case: a change, and what a reviewer should say of it. One folder each, with `case.toml`, `before/` and `after/`.

    title = "Retry refunds when the provider times out"    # of the pull request
    body = "…"
    complete = true        # everything wrong with it is listed: what is said beyond that is a false alarm
    clean = true           # instead: nothing is wrong with it
    before = "../other/before"    # where the tree lies elsewhere in the folder of cases

    [[expected]]
    why = "The key is drawn for each try, so a refund whose answer was lost is paid twice."    # for people
    path = "refunds/client.py"
    quote = "key = uuid4().hex"    # lines of the head as they stand; or lines = [12, 14]
    classes = ["non-idempotent-retry"]                     # either of these, near the place …
    mentions = ["idempoten|twice|same key"]                # … or words that match every one of these, case aside
    also_at = [{ path = "refunds/api.py", quote = "…" }]   # other places where the same remark would be right

A case made from history carries `[history]` (`brought`, `fix`, `fixed_by`) and `read = false` until a person has read
it; until then it does not count.
"""

import re
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from bot.domain import Record
from bot.settings.taxonomy import taxonomy


class At(Record):
    """A place in the head: whole lines quoted, or their numbers."""

    path: str
    quote: str = ""
    lines: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if bool(self.quote.strip()) == (self.lines is not None):
            raise ValueError("name a place by `quote` or by `lines`, one of them")
        if self.lines and not 1 <= self.lines[0] <= self.lines[1]:
            raise ValueError("`lines` are two numbers from 1, first and last")
        return self


class Expected(At):
    """One defect that a review should tell of."""

    why: str = Field(min_length=1)
    classes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    also_at: tuple[At, ...] = ()

    @field_validator("classes")
    @classmethod
    def _are_known(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in classes if name not in taxonomy()]:
            raise ValueError(f"{', '.join(unknown)}: no such class; config/taxonomy.toml lists them")
        return classes

    @field_validator("mentions")
    @classmethod
    def _are_patterns(cls, mentions: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in mentions:
            try:
                re.compile(pattern)
            except re.error as broken:
                raise ValueError(f"{pattern!r} is no regular expression: {broken}") from broken
        return mentions

    @property
    def places(self) -> tuple[At, ...]:
        return (self, *self.also_at)


class Origin(Record):
    """Of a case made from history: the commit that brought the defect, and the one that mended it."""

    brought: str
    fix: str
    fixed_by: str = Field(default="", description="The title of the fix, on one line")


class CaseFile(Record):
    """What `case.toml` holds."""

    title: str = Field(min_length=1)
    body: str = ""
    clean: bool = False
    complete: bool = False
    read: bool = True
    before: str = "before"
    after: str = "after"
    expected: tuple[Expected, ...] = ()
    history: Origin | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.read and self.clean == bool(self.expected):
            raise ValueError("a case is `clean = true`, or lists what is [[expected]]: one of them")
        if self.read and not all(one.classes or one.mentions for one in self.expected):
            raise ValueError("an expected remark needs `classes` or `mentions`, or nothing could be one")
        return self


class Place(Record):
    """Lines of a file of the head, first and last, from 1."""

    path: str
    start_line: int
    end_line: int


class Case(Record):
    """A case that has been read. `places`: for each expected remark, where it may stand."""

    name: str
    about: CaseFile
    before: Path
    after: Path
    digest: str = Field(description="Of the title, the body and both trees: what a reviewer sees")
    places: tuple[tuple[Place, ...], ...] = ()

    @property
    def judges_all(self) -> bool:
        """True where a remark that nobody expects is a false alarm."""
        return self.about.clean or self.about.complete
