"""How often a rule, class, prompt or model was right: counts, for one repository or an organisation."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.ledger.opening import Opened

By = Literal["rule", "class", "prompt_version", "model"]


@dataclass(frozen=True)
class RuleCounts:
    """Points that were said, and what became of them. `disputed` includes dismissed ones; the rest is not judged."""

    name: str
    """The rule, class, prompt version or model."""
    posted: int
    fixed: int
    accepted: int
    disputed: int
    ignored: int


class RuleRecords(Opened):
    def rule_records(self, repository_id: int | None, by: By = "rule", since: str | None = None) -> list[RuleCounts]:
        """By name, for points first said since that time; over every repository where none is named.

        By prompt version or model, what a rule found by itself is left out.
        """
        return self._counts(by, "(:repository_id IS NULL OR repository_id = :repository_id)", repository_id, since)

    def organisation_records(self, repository_id: int, by: By = "rule", since: str | None = None) -> list[RuleCounts]:
        """The same over the other repositories of this one's owner: what is known before anything is known here."""
        others = """repository_id IN (
            SELECT other.id FROM repositories other JOIN repositories one ON one.owner = other.owner COLLATE NOCASE
            WHERE one.id = :repository_id AND other.id != one.id)"""
        return self._counts(by, others, repository_id, since)

    def _counts(self, by: By, where: str, repository_id: int | None, since: str | None) -> list[RuleCounts]:
        sql = f"""SELECT "{by}" AS name, COUNT(*) AS posted, SUM(fate = 'fixed') AS fixed,
                SUM(fate = 'accepted') AS accepted, SUM(fate IN ('disputed', 'dismissed')) AS disputed,
                SUM(fate = 'ignored') AS ignored
            FROM said_points WHERE {where} AND "{by}" != '' AND said_at >= :since
            GROUP BY "{by}" ORDER BY "{by}" """  # noqa: S608 — ours
        values: dict[str, Any] = {"repository_id": repository_id, "since": since or ""}
        return [RuleCounts(**row) for row in self._rows(sql, values)]
