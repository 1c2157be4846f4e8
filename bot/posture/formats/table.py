"""A posture map for the terminal."""

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain.posture import LIBRARY, Dependency, PostureMap, Protection, ProtectionName, State
from bot.posture.formats.counting import HEADINGS, in_order, nowhere, summary
from bot.redaction import masked

_WIDEST = 150
VALUED = ("timeout", "retry", "bulkhead", "throttle")
"""Protections that are shown with what they are set to."""
_SIGNS = {State.YES: ("✓", "green"), State.NO: ("✗", "red"), State.UNKNOWN: ("?", "yellow")}


def map_table(posture: PostureMap, *, is_terminal: bool = False, width: int | None = None) -> str:
    """One row a dependency: what it is, where it is called, and a sign for each protection."""
    console = console_for(is_terminal, width)
    name = clean(posture.service)
    console.print(Text.assemble((f"{name}: " if name else "", "bold"), (summary(posture), "bold")))
    if posture.dependencies:
        missing = nowhere(posture)
        console.print(_table(posture, missing))
        if missing:
            console.print(Text.assemble(("✗ nowhere: ", "red"), ", ".join(HEADINGS[name].lower() for name in missing)))
        console.print(
            Text("✓ there (ᵈ by the library's own default)   ✗ not there   ? cannot be told from the code", "dim")
        )
    for reason in posture.unread:
        console.print(Text.assemble(("! ", "bold yellow"), f"not surveyed: {clean(reason)}"))
    return printed(console)


def _table(posture: PostureMap, missing: list[ProtectionName]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", expand=False, collapse_padding=True)
    table.add_column("Dependency", overflow="fold")
    table.add_column("Call", overflow="fold", max_width=38)
    table.add_column("Called at", overflow="fold", style="dim", min_width=24)
    shown = [name for name in HEADINGS if name not in missing]
    for name in shown:
        table.add_column(HEADINGS[name], overflow="fold", no_wrap=name not in VALUED)
    last = ("", "")
    for one in in_order(posture):
        if last[0] not in ("", one.kind):
            table.add_section()
        named = Text(clean(one.name), style="bold") if last != (one.kind, one.name) else Text()
        last = (one.kind, one.name)
        has = one.protections.by_name()
        signs = (sign(has[name], name in VALUED) for name in shown)
        table.add_row(named, _call(one), _where(one), *signs)
    return table


def _call(one: Dependency) -> Text:
    said = Text(one.words, style="cyan")
    _, slash, path = one.target.partition("/")
    if slash:
        said.append(f" /{clean(path)}", style="")
    return said


def _where(one: Dependency, most: int = 3) -> Text:
    said = Text("\n".join(clean(site.place) for site in one.sites[:most]))
    if len(one.sites) > most:
        said.append(f"\nand {len(one.sites) - most} more")
    return said


def sign(protection: Protection, with_value: bool = True) -> Text:
    """Such as `✓ 2 s`, `✗` or `?`; what the library brings by itself is marked."""
    mark, style = _SIGNS[protection.state]
    said = Text(mark, style=style)
    if protection.is_there:
        said.append("ᵈ" if protection.where == LIBRARY else "")
        said.append(f" {clean(protection.value)}" if protection.value and with_value else "")
    return said


def console_for(is_terminal: bool, width: int | None) -> Console:
    """Without a terminal there is no colour; every colour has a sign beside it."""
    if not is_terminal:
        return Console(file=io.StringIO(), width=width or 140, color_system=None, force_terminal=False)
    return Console(
        file=io.StringIO(), width=width or min(Console().width, _WIDEST), force_terminal=True, legacy_windows=False
    )


def printed(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def clean(text: str) -> str:
    """What a stranger's code is called, on one line and without control characters."""
    return masked("".join(char if char.isprintable() else "�" for char in text))
