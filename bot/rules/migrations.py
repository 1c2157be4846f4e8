"""Schema migrations: what a statement does to which table, and what the file tells of the database."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.regex import regex
from bot.rules.once import once_a_file
from bot.syntax import SourceFile, Statement, statements_of

MIGRATION = regex(
    r"(?i)(?:^|/)(?:[\w-]*migrations?|migrate|changelogs?|changesets?|flyway|alembic|versions|evolutions)/"
)
BY_NAME = regex(r"(?i)(?:^|/)(?:[VU]\d[\w.]*__|\d{3,}[_-]|[\w.-]+\.(?:up|down)\.sql$)")
DOWNWARDS = regex(
    r"(?i)\.down\.sql$|(?:^|/)U\d[\w.]*__|(?:^|/|[_-])(?:down|rollback|undo|revert)\.sql$|(?:^|/)(?:down|rollback)/"
)
DOWN_MARK = regex(
    rb"(?im)^\s*--\s*(?:\+goose\s+down|\+migrate\s+down|migrate:down|//@undo|rollback\b|\+micrate\s+down)|^#\s*---\s*!downs"
)
POSTGRES = regex(
    rb"(?i)\b(?:concurrently|jsonb|timestamptz|bigserial|serial|bytea|plpgsql|lock_timeout|statement_timeout|tsvector)\b"
    rb"|\busing\s+(?:gin|gist|brin|btree)\b|::[a-z]|\bgen_random_uuid\b|\bnot\s+valid\b|\bpg_\w+"
)
OTHER = regex(
    rb"(?i)`\w+`|\b(?:auto_increment|engine\s*=|autoincrement|nvarchar|identity\s*\(|varchar2|clickhouse|mergetree|datetime2"
    rb"|algorithm\s*=|unsigned|pragma\s|number\s*\(|tinyint|mediumtext|longtext)\b|^\s*go\s*$|\[dbo\]"
)
_OTHERS = "sqlite3?|mysql|mariadb|mssql|sqlserver|oracle|clickhouse|cockroach(?:db)?"
OTHER_PLACE = regex(rf"(?i)(?<![a-z])(?:{_OTHERS})(?![a-z])")
"""Folders of projects that keep a set of migrations for each database: `db/migration_sqlite/`, `mysql/migrations/`."""
OTHER_NAME = regex(rf"(?i)\.(?:{_OTHERS})\.[\w.]*sql$")
"""`0002_orders.mysql.up.sql` beside `0002_orders.up.sql`."""


@dataclass(frozen=True)
class Migration:
    """An SQL file that changes a schema which is in use. `statements`: those of the way up, and no others."""

    statements: tuple[Statement, ...]
    created: frozenset[str]
    """Tables that the file itself makes: nobody reads them yet."""
    is_postgres: bool
    is_other: bool
    """True where it is written for another database than PostgreSQL."""

    def alters(self) -> "Iterator[tuple[Statement, str, tuple[tuple[str, ...], ...]]]":
        """(statement, table, its actions in capitals) of each ALTER TABLE of a table that was there before."""
        for statement in self.statements:
            upper = statement.upper
            if upper[:2] != ("ALTER", "TABLE"):
                continue
            at = 2 + sum(word in ("IF", "EXISTS", "ONLY") for word in upper[2:5])
            table, at = name_at(upper, at)
            if table and table not in self.created:
                yield statement, table, _actions(upper[at:])


@once_a_file
def migration_in(file: SourceFile) -> Migration | None:
    """What the file does to a schema; None where its path does not say that it is a migration."""
    if not (MIGRATION.search(file.path) or BY_NAME.search(file.path)) or DOWNWARDS.search(file.path):
        return None
    down = DOWN_MARK.search(file.text)
    end = down.start() if down is not None else len(file.text)
    statements = tuple(one for one in statements_of(file) if one.node.start_byte < end)
    created = frozenset(filter(None, (_created(one.upper) for one in statements)))
    other = bool(
        OTHER.search(file.text) or OTHER_PLACE.search(file.path.rpartition("/")[0]) or OTHER_NAME.search(file.path)
    )
    return Migration(statements, created, bool(POSTGRES.search(file.text)) and not other, other)


def name_at(words: tuple[str, ...], index: int) -> tuple[str, int]:
    """The last part of a name with dots, and the index behind it; empty where there is none."""
    if index >= len(words):
        return "", index
    name, index = words[index], index + 1
    while index + 1 < len(words) and words[index] == ".":
        name, index = words[index + 1], index + 2
    return (name, index) if name[:1].isalpha() or name[:1] == "_" else ("", index)


def _created(upper: tuple[str, ...]) -> str:
    kind = next((word for word in ("TABLE", "VIEW") if word in upper[:5]), "")
    if upper[:1] != ("CREATE",) or not kind:
        return ""
    at = upper.index(kind) + 1
    if upper[at : at + 3] == ("IF", "NOT", "EXISTS"):
        at += 3
    return name_at(upper, at)[0]


def _actions(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The parts of an ALTER TABLE, which commas part; commas within brackets part nothing."""
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return tuple(tuple(part) for part in parts if part)


def column_added(action: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """(column, its definition) of an ADD COLUMN; empty where the action adds none."""
    if action[:1] != ("ADD",) or len(action) < 3:
        return "", ()
    rest = action[1:]
    if rest[0] in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "INDEX", "KEY", "EXCLUDE", "PARTITION", "("):
        return "", ()
    rest = rest[1:] if rest[0] == "COLUMN" else rest
    rest = rest[3:] if rest[:3] == ("IF", "NOT", "EXISTS") else rest
    return (rest[0], rest[1:]) if rest else ("", ())


def says(words: tuple[str, ...], *wanted: str) -> bool:
    """True where these words follow each other."""
    size = len(wanted)
    return any(words[index : index + size] == wanted for index in range(len(words) - size + 1))
