"""Tables of a page: sorted and paged by the address, taken along as CSV or JSON."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from flask import Response, request
from werkzeug.datastructures import MultiDict

from bot.dashboard.wording import all_printable, printable

Row = Mapping[str, Any]
Kind = Literal[
    "text", "name", "number", "hours", "wait", "seconds", "money", "share", "when", "age", "code", "said", "mark",
    "severity",
]  # fmt: skip
"""`wait` is of hours too, and told in days where it is long."""
PER_PAGE: Final = 25
MOST_EXPORTED: Final = 10_000
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins so for a formula."""


@dataclass(frozen=True)
class Column:
    """`name` is the key in the row, in `?sort=` and in what is taken along. `href` gives the address a cell leads to,
    or nothing. `title` may be empty where the cell speaks for itself; then `about` names it for who cannot see it."""

    name: str
    title: str
    kind: Kind = "text"
    href: Callable[[Row], str] | None = None
    about: str = ""
    is_sortable: bool = True

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "hours", "wait", "seconds", "money", "share", "age")


@dataclass(frozen=True)
class Table:
    """`rows` are all of them, sorted; `shown` those of the page. Rendered by `_parts.html`: `{{ parts.table(t) }}`."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    sort: str
    order: Literal["asc", "desc"]
    empty: str
    page: int = 1
    per_page: int = PER_PAGE
    arguments: Mapping[str, str] = field(default_factory=dict)
    """What the address says beside sorting: filters are kept."""

    @property
    def shown(self) -> Sequence[Row]:
        return self.rows[(self.page - 1) * self.per_page : self.page * self.per_page]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.rows) // self.per_page))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.per_page + 1

    def key(self, word: str) -> str:
        """The parameter's name for this table: two tables on a page do not turn together."""
        return f"{self.name}.{word}"

    def sorted_by(self, column: Column) -> dict[str, str]:
        """The address's arguments that sort by a column, or turn it round."""
        turns = column.name == self.sort and self.order == ("desc" if column.is_number else "asc")
        order = ("asc" if column.is_number else "desc") if turns else ("desc" if column.is_number else "asc")
        return self.with_arguments(sort=column.name, order=order)

    def with_arguments(self, **words: str) -> dict[str, str]:
        kept = {name: value for name, value in self.arguments.items() if name not in map(self.key, (*words, "page"))}
        return kept | {self.key(name): value for name, value in words.items()}

    def aria_sort(self, column: Column) -> str:
        if column.name != self.sort:
            return "none"
        return "ascending" if self.order == "asc" else "descending"


def table_of(
    name: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    sort: str = "",
    order: Literal["asc", "desc"] = "asc",
    empty: str = "Nothing is on record yet.",
    per_page: int = PER_PAGE,
    arguments: MultiDict[str, str] | None = None,
) -> Table:
    """Sorted as the address asks (`?<name>.sort=…&<name>.order=…`; `?sort=` alone is heard too), else by `sort`, else
    left in the order of `rows`. What the address asks and the table has not is passed over."""
    given = request.args if arguments is None else arguments
    wanted = given.get(f"{name}.sort") or given.get("sort") or ""
    by = next((one for one in columns if one.is_sortable and one.name == wanted), None)
    if by:
        asked = given.get(f"{name}.order") or given.get("order")
        order = "desc" if asked == "desc" else "asc"
    else:
        by = next((one for one in columns if one.name == sort), None)
    ordered = _sorted(rows, by.name, order == "desc") if by else list(rows)
    made = Table(name, caption, columns, ordered, by.name if by else "", order, empty, 1, per_page, given.to_dict())
    page = _number(given.get(made.key("page")) or given.get("page"))
    return Table(**(made.__dict__ | {"page": min(max(1, page), made.pages)}))


def exported(*tables: Table) -> Response | None:
    """What `?format=csv|json` asks for, of the first table or the one `?table=` names; None where a page is wanted."""
    wanted = request.args.get("format", "")
    if wanted not in ("csv", "json"):
        return None
    named = request.args.get("table", "")
    table = next((one for one in tables if one.name == named), tables[0])
    body = as_csv(table) if wanted == "csv" else as_json(table)
    answer = Response(body, mimetype="text/csv" if wanted == "csv" else "application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="seawall-{table.name}.{wanted}"'
    return answer


def as_csv(table: Table) -> str:
    out = io.StringIO()
    # Quoted each: where the comma is no separator, what follows a semicolon would be a cell of its own.
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(column.name for column in table.columns)
    for row in table.rows[:MOST_EXPORTED]:
        writer.writerow(defused(printable(row.get(column.name))) for column in table.columns)
    return out.getvalue()


def as_json(table: Table) -> str:
    names = [column.name for column in table.columns]
    rows = all_printable([{name: row.get(name) for name in names} for row in table.rows[:MOST_EXPORTED]])
    return json.dumps({"table": table.name, "rows": rows, "total": len(table.rows)}, ensure_ascii=False, default=str)


def defused(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip().startswith(_RISKY):
        return f"'{value}"
    return value


def _sorted(rows: Sequence[Row], name: str, is_down: bool) -> list[Row]:
    """Rows without a value last, whichever way the others go."""
    known = [row for row in rows if row.get(name) not in (None, "")]
    known.sort(key=lambda row: _comparable(row[name]), reverse=is_down)
    return known + [row for row in rows if row.get(name) in (None, "")]


def _comparable(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int | float) else (1, str(value).casefold())


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1
