"""Schema changes that are written as calls of Alembic."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.syntax import Call, SourceFile

TABLE_AT = {"create_index": 1}
"""Operation → position of the table's name, where it is not the first."""
TABLE_NAMES = ("table_name", "old_table_name")


@dataclass(frozen=True)
class Operation:
    """A call such as `op.add_column("orders", …)` in the way up."""

    call: Call
    table: str
    is_old_table: bool
    """False where the same file makes the table: nobody reads it yet."""

    def says(self, keyword: str) -> bool:
        """True where the keyword is given, or may be (`**options`)."""
        return keyword in self.call.keywords or self.call.has_splat


def operations_in(file: SourceFile, *names: str) -> Iterator[Operation]:
    """The operations of these names outside of `downgrade`, whose table is written as a plain string."""
    calls = [call for call in file.calls if call.name.startswith("alembic.op.")] if b"alembic" in file.text else []
    created = {_table(call, 0) for call in calls if call.method == "create_table"}
    for call in calls:
        if call.method not in names or (call.function is not None and call.function.name == "downgrade"):
            continue
        table = _table(call, TABLE_AT.get(call.method, 0))
        if table:
            yield Operation(call, table, table not in created)


def _table(call: Call, position: int) -> str:
    named = next((call.keywords[name] for name in TABLE_NAMES if name in call.keywords), None)
    if named is None and len(call.arguments) > position and not call.arguments[position].name:
        named = call.arguments[position]
    text = named.text if named is not None else ""
    return text[1:-1] if text[:1] in ("'", '"') and text[:1] == text[-1:] else ""
