"""The story of one review, told in the terminal: what is under way, the check, the comments, the record, what next.

`show_story` takes scenes as they happen, so a generator shows progress live. On a terminal there is colour; elsewhere
the same words without it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from bot.demo.scenes import Advice, Check, Doing, Done, InlineComment, Places, Review, Rows, Scene, Talk, Title
from bot.demo.snippets import code_around, suggestion_diff
from bot.demo.spoken import spoken
from bot.demo.tables import with_tables
from bot.review.formats.visible import one_line, visible

_SUGGESTION = re.compile(r"^(?P<fence>`{3,})suggestion\n(?P<code>.*?)^(?P=fence)[ ]*$", re.DOTALL | re.MULTILINE)
WIDEST = 120
"""Columns; longer lines are hard to read."""
_SHORT = 12
"""Table cells up to this wide are never cut; longer ones give way."""
_THEME = Theme(
    {
        "markdown.code": "cyan",
        "markdown.code_block": "cyan",
        "markdown.item.bullet": "dim",
        "markdown.link": "underline",
        "markdown.table.border": "dim",
        "markdown.table.header": "dim",
    }
)
_CONCLUSIONS = {
    "success": ("✓", "green"),
    "neutral": ("●", "yellow"),
    "failure": ("✗", "red"),
}


def story_console(width: int | None = None) -> Console:
    """A console on standard output, as wide as is good to read."""
    console = Console(theme=_THEME, highlight=False)
    console.width = min(width or console.width, WIDEST)
    return console


def show_story(console: Console, scenes: Iterable[Scene]) -> None:
    """Shows each scene as it comes."""
    with ExitStack() as under_way, console.use_theme(_THEME):
        for scene in scenes:
            under_way.close()
            if isinstance(scene, Doing):
                if console.is_terminal:
                    under_way.enter_context(console.status(Text(scene.text), spinner="dots"))
                else:
                    console.print(Text(f"… {scene.text}"))
            else:
                console.print(_SHOWN[type(scene)](scene, console))


def _title(scene: Title, console: Console) -> RenderableType:
    return Padding(Text.assemble((scene.text, "bold"), (f"\n{scene.detail}" if scene.detail else "", "dim")), (1, 0))


def _done(scene: Done, console: Console) -> RenderableType:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(width=1)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    said = Text.assemble(scene.text, (f"  {scene.detail}" if scene.detail else "", "dim"))
    line.add_row(Text("✓", style="green"), said, Text("" if scene.seconds is None else f"{scene.seconds:.1f} s", "dim"))
    return line


def _check(scene: Check, console: Console) -> RenderableType:
    sign, colour = _CONCLUSIONS.get(scene.conclusion or "", ("…", "blue"))
    told = scene.conclusion or "in progress"
    heading = Text.assemble((f"{sign} ", f"bold {colour}"), (one_line(scene.title), "bold"))
    inside: list[RenderableType] = [heading]
    if scene.summary:
        inside += [Text(), with_tables(spoken(visible(scene.summary)))]
    name = Text.assemble((f" {scene.name} ", "bold"), (f"check · {told} ", "dim"))
    return Padding(
        Panel(Group(*inside), box=ROUNDED, title=name, title_align="left", border_style=colour), (1, 0, 0, 0)
    )


def _review(scene: Review, console: Console) -> RenderableType:
    did = {"COMMENTED": "reviewed", "CHANGES_REQUESTED": "asks for changes"}.get(scene.state, scene.state.lower())
    who = Text.assemble((one_line(scene.author), "bold"), (f" {did}", "dim"))
    return Padding(Group(Rule(who, align="left", style="dim"), Markdown(spoken(visible(scene.body)))), (1, 0, 0, 0))


def _comment(scene: InlineComment, console: Console) -> RenderableType:
    """A panel such as GitHub's: place, code with the lines marked, words, and the suggestion as a diff."""
    lines = str(scene.start_line) if scene.start_line == scene.end_line else f"{scene.start_line}–{scene.end_line}"
    inside: list[RenderableType] = []
    if scene.text:
        inside += [code_around(scene.path, scene.text, scene.start_line, scene.end_line), Text()]
    words, suggestion, footnote = _parts(visible(scene.body))
    inside.append(Markdown(words))
    if suggestion is not None:
        inside += [Text(), suggestion_diff(scene.path, scene.text, scene.start_line, scene.end_line, suggestion)]
    if footnote:
        inside += [Text(), Text(footnote, "dim")]
    place = Text.assemble(" ", (one_line(scene.path), "bold"), (f":{lines} ", "bold cyan"))
    return Padding(
        Panel(
            Group(*inside),
            box=ROUNDED,
            title=place,
            title_align="left",
            border_style="dim",
            padding=(1, 2),
        ),
        (1, 0, 0, 0),
    )


def _talk(scene: Talk, console: Console) -> RenderableType:
    """One message below the other, each under its author's name."""
    inside: list[RenderableType] = []
    for author, body in scene.said:
        inside += [Text(one_line(author), "bold"), Padding(Markdown(spoken(visible(body))), (0, 0, 1, 2))]
    return Padding(Group(Rule(Text("The thread", "dim"), align="left", style="dim"), *inside), (1, 0, 0, 0))


def _rows(scene: Rows, console: Console) -> RenderableType:
    if not scene.rows:
        return Padding(Text(f"{scene.title}: nothing", "dim"), (1, 0, 0, 0))
    table = Table(
        box=SIMPLE_HEAD, title=Text(scene.title, "bold"), title_justify="left", header_style="dim", pad_edge=False
    )
    columns = {column: [row.get(column) for row in scene.rows] for column in scene.rows[0]}
    for (column, values), width in zip(columns.items(), _column_widths(columns, console.width), strict=True):
        is_number = all(isinstance(value, int | float) for value in values)
        table.add_column(
            column, justify="right" if is_number else "left", width=width, no_wrap=True, overflow="ellipsis"
        )
    for row in scene.rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    return Padding(table, (1, 0, 0, 0))


def _places(scene: Places, console: Console) -> RenderableType:
    return _pairs("Where it lies", [(name, Text(place, "cyan")) for name, place in scene.places.items()])


def _advice(scene: Advice, console: Console) -> RenderableType:
    return _pairs(scene.title, [(command, Text(what)) for command, what in scene.steps], style="bold cyan")


def _pairs(title: str, pairs: Sequence[tuple[str, Text]], style: str = "dim") -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=max((len(name) for name, _ in pairs), default=0) < 46)
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(Text(name, style), text)
    return Padding(Group(Text(title, "bold"), Padding(table, (0, 0, 0, 2))), (1, 0, 0, 0))


def _column_widths(columns: Mapping[str, Sequence[object]], available: int) -> list[int]:
    """Short columns keep what they need; long ones share the rest."""
    wanted = [max(len(name), *(_cell(value).cell_len for value in values)) for name, values in columns.items()]
    left = available - sum(width for width in wanted if width <= _SHORT) - (3 * len(wanted) - 1)
    long = sum(width > _SHORT for width in wanted)
    share = max(_SHORT, left // long) if long else 0
    return [width if width <= _SHORT else min(width, share) for width in wanted]


def _cell(value: object) -> Text:
    if value is None:
        return Text("—", "dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    return Text(f"{value:.2f}" if isinstance(value, float) else one_line(str(value)))


def _parts(body: str) -> tuple[str, str | None, str]:
    """A comment's words, its suggestion if it has one, and the small print at its end."""
    block = _SUGGESTION.search(body)
    suggestion = block["code"].removesuffix("\n") if block else None
    words = body[: block.start()] + body[block.end() :] if block else body
    text, opened, small = words.rpartition("<sub>")
    if not opened:
        return spoken(words), suggestion, ""
    footnote, _, after = small.partition("</sub>")
    return spoken(text + after), suggestion, footnote.replace("`", "").strip()


_SHOWN: Mapping[type, Callable[..., RenderableType]] = {
    Title: _title,
    Done: _done,
    Check: _check,
    Review: _review,
    InlineComment: _comment,
    Talk: _talk,
    Rows: _rows,
    Places: _places,
    Advice: _advice,
}
