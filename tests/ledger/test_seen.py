"""What pages ask of the ledger: answered only of what may be seen, and without reading a large table whole."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.ledger import QUERIES, Ledger
from bot.ledger.queries import NamedQuery
from tests.ledger.test_queries import EVERYTHING

SEEN = [query for query in QUERIES if ":repositories" in query.sql]
LARGE = (
    "audit", "commands", "deliveries", "dropped", "events", "evidence", "findings", "model_calls", "outcomes", "points",
    "posture_changes", "pull_requests", "reviews",
)  # fmt: skip


def asked(query: NamedQuery, **other: Any) -> dict[str, Any]:
    return {name: (EVERYTHING | other)[name] for name in set(re.findall(r":([a-z_]+)", query.sql))}


@pytest.mark.parametrize("query", SEEN, ids=lambda query: query.name)
def test_no_page_reads_a_large_table_whole(tmp_path: Path, query: NamedQuery) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger, ledger._connection.reading() as database:
        plan = [row[3] for row in database.conn.execute(f"EXPLAIN QUERY PLAN {query.sql}", asked(query))]
    scans = [line.split()[1] for line in plan if line.startswith("SCAN ")]
    assert not [table for table in scans if table in LARGE], plan


@pytest.mark.parametrize("query", SEEN, ids=lambda query: query.name)
def test_who_may_see_nothing_is_told_nothing(tmp_path: Path, query: NamedQuery) -> None:
    from tests.ledger.talk import keep_a_conversation

    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        keep_a_conversation(ledger)
        assert ledger.ask(query.name, **asked(query, repositories=json.dumps([]), unbound=0)) == []
        assert ledger.ask(query.name, **asked(query, repositories=json.dumps([72]), unbound=0)) == []
