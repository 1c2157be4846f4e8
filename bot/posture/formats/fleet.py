"""The budget of a fleet as text: table, Markdown and page, all three from the same sections."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from bot.domain.fleet import FleetBudget, Hop
from bot.domain.posture import State
from bot.posture.formats.counting import so_many
from bot.posture.formats.html import page, text
from bot.posture.formats.markdown import row, span
from bot.posture.formats.table import clean, console_for, printed

_COLUMNS = ("Caller", "Calls", "Waits at most", "Tries", "Waits in all", "Longest wait at")
_CUT = "There are more chains than are followed; what is said here is true, and may not be all."


def fleet_summary(budget: FleetBudget) -> str:
    """Such as `4 services, 5 hops: 1 inversion, 1 amplification, 0 rings`."""
    return (
        f"{so_many(len(budget.services), 'service', 'services')}, {so_many(len(budget.hops), 'hop', 'hops')}: "
        f"{so_many(len(budget.inversions), 'inversion', 'inversions')}, "
        f"{so_many(len(budget.amplifications), 'amplification', 'amplifications')}, "
        f"{so_many(len(budget.cycles), 'ring', 'rings')}"
    )


def _sections(budget: FleetBudget) -> Iterator[tuple[str, Sequence[str]]]:
    """What is wrong, by kind: heading and lines."""
    yield "Inversions: somebody goes on waiting after the one above gave up", [one.text for one in budget.inversions]
    yield "Amplification: retries that multiply", [one.text for one in budget.amplifications]
    yield "Rings", [one.text for one in budget.cycles]


def _cells(hop: Hop) -> tuple[str, ...]:
    waits = {State.NO: "for ever", State.UNKNOWN: "?"}.get(hop.timeout) or f"{hop.seconds:g} s"
    tries = "?" if hop.tries is None else str(hop.tries)
    in_all = "?" if hop.wait_s is None else "for ever" if hop.is_endless else f"{hop.wait_s:g} s"
    if hop.tries is None and hop.timeout is State.YES:
        in_all += " or more"
    return hop.caller, hop.callee, waits, tries, in_all, hop.site.place


def fleet_table(budget: FleetBudget, *, is_terminal: bool = False, width: int | None = None) -> str:
    console = console_for(is_terminal, width)
    console.print(Text(fleet_summary(budget), style="bold"))
    for heading, lines in _sections(budget):
        if lines:
            console.print()
            console.print(Text(heading, style="bold"))
            for line in lines:
                console.print(Text.assemble(("✗ ", "red"), clean(line.replace("`", ""))))
    if budget.hops:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold", collapse_padding=True)
        for column in _COLUMNS:
            table.add_column(column, overflow="fold", justify="right" if column in _COLUMNS[2:5] else "left")
        for hop in budget.hops:
            table.add_row(*(Text(clean(cell), style=_STYLES.get(cell, "")) for cell in _cells(hop)))
        console.print(table)
    if budget.is_cut:
        console.print(Text(_CUT, style="yellow"))
    return printed(console)


_STYLES = {"for ever": "red", "?": "yellow"}


def fleet_markdown(budget: FleetBudget) -> str:
    lines = ["# Budget of the fleet", "", f"{fleet_summary(budget)}.", ""]
    for heading, said in _sections(budget):
        if said:
            lines += [f"## {heading}", "", *(f"- {span(line.replace('`', ''))}" for line in said), ""]
    if budget.hops:
        lines += ["## Hops", "", *row(_COLUMNS), *row(["---"] * len(_COLUMNS))]
        for hop in budget.hops:
            caller, callee, waits, tries, in_all, place = _cells(hop)
            lines += row([span(caller), span(callee), waits, tries, in_all, span(place)])
    if budget.is_cut:
        lines += ["", _CUT]
    return "\n".join(lines) + "\n"


def fleet_page(budget: FleetBudget) -> str:
    parts = ["<h1>Budget of the fleet</h1>", f"<p>{text(fleet_summary(budget))}.</p>"]
    for heading, said in _sections(budget):
        if said:
            items = "".join(f"<li>{text(line.replace('`', ''))}</li>" for line in said)
            parts.append(f"<h2>{text(heading)}</h2><ul>{items}</ul>")
    if budget.hops:
        heads = "".join(f'<th scope="col">{column}</th>' for column in _COLUMNS)
        rows = "\n".join(f"<tr>{''.join(_td(cell) for cell in _cells(hop))}</tr>" for hop in budget.hops)
        parts.append("<h2>Hops</h2>")
        parts.append(
            f'<div class="wide"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
        )
    if budget.is_cut:
        parts.append(f"<p>{text(_CUT)}</p>")
    return page("Budget of the fleet", parts)


def _td(cell: str) -> str:
    state = {"for ever": "no", "?": "unknown"}.get(cell)
    return f'<td><span class="mark {state}">{text(cell)}</span></td>' if state else f"<td>{text(cell)}</td>"
