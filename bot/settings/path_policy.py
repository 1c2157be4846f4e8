"""Policy for some paths: `[[paths]]` tables, of which the most specific one that names a file decides."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain import Severity
from bot.settings.globs import is_among
from bot.settings.nearest import did_you_mean

MOST_TABLES = 200
Linters = Literal["respect", "ignore"]


class Mode(StrEnum):
    SHADOW = "shadow"
    COMMENT = "comment"
    GATE = "gate"


class PathPolicy(BaseModel):
    """One table. What it leaves out, less specific tables and the policy itself say."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    match: tuple[str, ...] = Field(min_length=1)
    """Patterns of paths, as for git."""
    mode: Mode | None = None
    fail_on: Severity | None = None
    min_severity: Severity | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    min_confidence_quality: float | None = Field(default=None, ge=0, le=1)
    rules_off: tuple[str, ...] = ()
    """Beside those that are off anyway."""
    linters: Linters | None = None

    @field_validator("match", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    def specificity(self, path: str) -> tuple[int, int] | None:
        """Of the pattern that says most of a path: its whole folders, then its letters; None where none names it."""
        found = [pattern for pattern in self.match if is_among(path, [pattern])]
        return max(map(_specificity, found), default=None)


def _specificity(pattern: str) -> tuple[int, int]:
    parts = pattern.strip("/").split("/")
    plain = next((index for index, part in enumerate(parts) if "*" in part or "?" in part or "[" in part), len(parts))
    return plain, len(pattern.replace("*", ""))


def overrides(tables: Collection[PathPolicy], path: str, rules_off: tuple[str, ...]) -> dict[str, Any]:
    """What differs from the policy for a path. Of two tables as specific as each other the later one wins."""
    found = [(rank, table) for table in tables if (rank := table.specificity(path)) is not None]
    values: dict[str, Any] = {}
    off = list(rules_off)
    for _, table in sorted(found, key=lambda one: one[0]):
        off += table.rules_off
        values |= {key: value for key, value in table if key not in ("match", "rules_off") and value is not None}
    if len(off) > len(rules_off):
        values["rules_off"] = tuple(dict.fromkeys(off))
    return values


def read_tables(given: Any, name: str, locked: Collection[str], notes: list[str]) -> list[PathPolicy]:
    """The `[[paths]]` of a file. A key that is locked, unknown or malformed is left out, with a note."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        notes.append(f"`paths` in {name} must be tables that begin with [[paths]]; it is ignored.")
        return []
    if len(given) > MOST_TABLES:
        notes.append(f"{name} has {len(given)} tables [[paths]]; the first {MOST_TABLES} count.")
    tables = (_table(dict(one), f"{name}, [[paths]] {number}", locked, notes) for number, one in enumerate(given, 1))
    return [table for table, _ in zip(tables, range(MOST_TABLES), strict=False) if table is not None]


def _table(values: dict[str, Any], name: str, locked: Collection[str], notes: list[str]) -> PathPolicy | None:
    for key in [key for key in values if key not in PathPolicy.model_fields]:
        notes.append(f"`{key}` in {name} is no key{did_you_mean(key, PathPolicy.model_fields)}; it is ignored.")
        del values[key]
    for key in sorted(values.keys() & {*locked}):
        notes.append(f"`{key}` in {name} is ignored: the organisation has locked it.")
        del values[key]
    while True:
        try:
            return PathPolicy.model_validate(values)
        except ValidationError as invalid:
            wrong = {str(error["loc"][0]): error["msg"] for error in invalid.errors()}
            if "match" in wrong:
                notes.append(f'{name} needs `match`, such as "services/payments/**"; the table is ignored.')
                return None
            for key, why in wrong.items():
                notes.append(f"`{key}` in {name} is left out: {why}.")
                del values[key]
