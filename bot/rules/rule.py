"""What a rule is, what it raises, and how its examples are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from bot.domain import Severity
from bot.syntax import Call, Function, Handler, Loop, Section, Shape, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.rules.changes import FileChange


@dataclass(frozen=True)
class Edit:
    """Replaces the bytes `start..end` of the file by `text`. Newlines in the text are plain `\\n`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Alarm:
    """One defect that a rule sees. `title`: at most 80 characters; `body`: what happens, when, and what it costs."""

    at: Shape
    title: str
    body: str
    fix: str
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None
    confidence: float | None = None
    last_line: int | None = None
    """Where the finding ends, if it should not span the whole shape."""
    was: str = ""
    """One sentence on what stood here before the change, where the change took it away."""
    sort: str = ""
    """What its record may tell apart from others of the rule: the function called, what a client is for."""


@dataclass(frozen=True)
class Example:
    """Code that a rule must (or must not) alarm on. `line` is where the alarm stands; of no use in good examples.

    `also` are the lines of further alarms, where a defect has two sides.
    """

    language: str
    code: str
    line: int = 1
    path: str = field(default="")
    before: str = ""
    """What stood there before the change, for rules that judge what a change takes away."""
    also: tuple[int, ...] = ()

    @property
    def file_name(self) -> str:
        return self.path or f"service/example{_SUFFIX[self.language]}"


_SUFFIX = {"python": ".py", "javascript": ".js", "typescript": ".ts", "go": ".go", "java": ".java", "csharp": ".cs"}
_SUFFIX |= {"kotlin": ".kt", "ruby": ".rb", "rust": ".rs", "yaml": ".yaml", "hcl": ".tf", "sql": ".sql"}


def python(code: str, line: int = 1, before: str = "", also: tuple[int, ...] = ()) -> Example:
    return Example("python", code, line, before=before, also=also)


def javascript(code: str, line: int = 1, before: str = "", also: tuple[int, ...] = ()) -> Example:
    return Example("javascript", code, line, before=before, also=also)


def typescript(code: str, line: int = 1, before: str = "", also: tuple[int, ...] = ()) -> Example:
    return Example("typescript", code, line, before=before, also=also)


def go(code: str, line: int = 1, before: str = "") -> Example:
    """The package clause is added; the first line of the code is line 1 for `line` as well."""
    return Example("go", code, line, before=before)


def java(code: str, line: int = 1, before: str = "", also: tuple[int, ...] = ()) -> Example:
    return Example("java", code, line, before=before, also=also)


def csharp(code: str, line: int = 1, before: str = "", also: tuple[int, ...] = ()) -> Example:
    return Example("csharp", code, line, before=before, also=also)


def kotlin(code: str, line: int = 1, before: str = "") -> Example:
    return Example("kotlin", code, line, before=before)


def ruby(code: str, line: int = 1, before: str = "") -> Example:
    return Example("ruby", code, line, before=before)


def rust(code: str, line: int = 1, before: str = "") -> Example:
    return Example("rust", code, line, before=before)


def yaml(code: str, line: int = 1, path: str = "") -> Example:
    return Example("yaml", code, line, path)


def hcl(code: str, line: int = 1) -> Example:
    return Example("hcl", code, line)


def sql(code: str, line: int = 1, path: str = "migrations/0002_orders.sql") -> Example:
    return Example("sql", code, line, path)


class Rule:
    """One kind of defect in all languages. The docstring is its page: *What it finds*, *Why it matters*, *Use instead*.

    A rule overrides the `check_…` methods it needs; each may return one alarm, several, or none. The first examples of
    a language are on its page; where there are many more, they stand beside it in `<kind>_examples.py`.
    """

    name: ClassVar[str]
    """class/kind."""
    severity: ClassVar[Severity]
    confidence: ClassVar[float] = 0.9
    languages: ClassVar[tuple[str, ...]]
    shown_only_in: ClassVar[tuple[str, ...]] = ()
    """Languages in which, on record, what it finds is mostly not worth a comment: a scan shows it."""
    sections: ClassVar[tuple[str, ...]] = ()
    """Sections of the API catalogue it judges by; its `check_call` then sees only calls that they know."""
    methods: ClassVar[frozenset[str]] = frozenset()
    """Methods, as they are written: its `check_call` then sees only calls of these,"""
    names: ClassVar[frozenset[str]] = frozenset()
    """and of these canonical names. With none of the three it sees all calls."""
    every_call_in: ClassVar[tuple[str, ...]] = ()
    """Languages in which it wants every call all the same."""
    needs: ClassVar[tuple[bytes, ...]] = ()
    """Words: a file that has none of them is not shown to the rule at all.

    This, `methods`, `names` and `every_call_in` only save time."""
    may_move: ClassVar[bool] = True
    """Of a `check_change`: what is gone may stand elsewhere, so that of a reworked file it is shown by a scan only."""
    joins_services: ClassVar[bool] = False
    """True where no file alone shows it: a review tells it, which joins the maps of several services."""
    covered_by: ClassVar[tuple[str, ...]] = ()
    """Rules of linters that find the same, such as `ruff:B006`: where a repository enables one, ours leaves it to that.

    `ruff:S110+S112` means both together; `ruff:S113[requests.]` only findings whose quoted code has that text.
    """
    bad: ClassVar[tuple[Example, ...]]
    good: ClassVar[tuple[Example, ...]]

    def check_call(self, call: Call, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_loop(self, loop: Loop, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_handler(self, handler: Handler, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_function(self, function: Function, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_section(self, section: Section, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_file(self, file: SourceFile) -> "Iterable[Alarm] | Alarm | None":
        return None

    def check_change(self, change: "FileChange") -> "Iterable[Alarm] | Alarm | None":
        """What the head lost, told at the place that lost it. Asked only where both sides have the file."""
        return None

    @property
    def class_(self) -> str:
        return self.name.split("/")[0]

    @property
    def kind(self) -> str:
        return self.name.split("/")[1]


def each(result: "Iterable[Alarm] | Alarm | None") -> "Iterator[Alarm]":
    if isinstance(result, Alarm):
        yield result
    elif result is not None:
        yield from result
