"""A file that the first release wrote opens, and what it holds is followed from now on."""

import sqlite3
from pathlib import Path

import pytest

from bot.ledger import Ledger
from bot.ledger.migrations import MIGRATIONS
from tests.ledger.records import a_run
from tests.ledger.talk import a_waiver, an_evidence

WRITTEN_BY_THE_FIRST_RELEASE = Path(__file__).with_name("first_release.sql").read_text()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(WRITTEN_BY_THE_FIRST_RELEASE)
    connection.close()
    return path


def test_it_keeps_every_row_and_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    with sqlite3.connect(old) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM _about")]
        before = {table: connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in tables}
    connection.close()
    with Ledger(old) as upgraded, Ledger(tmp_path / "new.sqlite") as new:
        assert schema(upgraded) == schema(new)
        with upgraded._connection.reading() as database:
            for table, rows in before.items():
                kept = database.conn.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
                assert [new[: len(row)] for new, row in zip(kept, rows, strict=False)] == rows, table
            assert [row["name"] for row in database.table("schema_migrations").rows] == [name for name, _ in MIGRATIONS]
            assert database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_was_said_before_counts_as_said(old: Path) -> None:
    with Ledger(old) as ledger:
        assert ledger.said(71, 12) == {"f1", "f2", "f4"}
        assert ledger.said(71, 13) == {"f1", "f2"}


def test_what_was_said_on_an_open_pull_request_can_be_followed_and_dismissed(old: Path) -> None:
    with Ledger(old) as ledger:
        first, fourth, second = sorted(ledger.points(71, 12), key=lambda point: point.comment_id or 9999)
        assert (first.fingerprint, first.said, first.comment_id, first.state) == ("f1", "inline", 9001, "open")
        assert (first.first_head, first.last_head, first.finding.start_line) == ("a" * 40, "c" * 40, 5)
        assert (first.prompt_version, first.model) == ("", "")
        assert (second.fingerprint, second.said, second.last_head) == ("f2", "listed", "a" * 40)
        assert (fourth.fingerprint, fourth.first_head, fourth.prompt_version) == ("f4", "c" * 40, "1")
        assert fourth.model == "openai:gpt-5-mini"
        assert first.finding == a_run()["review"].findings[0].model_copy(update={"start_line": 5, "end_line": 5})
        assert ledger.point_of_comment(71, 9004) == (12, fourth)
        assert ledger.points(71, 13) == []  # merged: nobody will judge it any more
        assert ledger.ask("stats-findings", since="2026-11-20T09:00:04", repository_id=71)[0]["posted"] == 3
        ledger.keep_points(71, 12, [first.model_copy(update={"state": "dismissed"})])
        ledger.keep_evidence(71, 12, "f1", an_evidence(kind="command", says="dismissed"))
        ledger.keep_waiver(a_waiver(kind="dismissed", fingerprint="f1"))
        assert [point.state for point in ledger.point(71, 12, "f1")] == ["dismissed"]


def test_a_review_of_the_old_file_can_be_kept_again(old: Path) -> None:
    with Ledger(old) as ledger:
        before = ledger.counts()
        ledger.keep_review(**a_run())
        assert ledger.counts() == before


def schema(ledger: Ledger) -> set[tuple[str, str]]:
    with ledger._connection.reading() as database:
        rows = database.conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {(name, " ".join(sql.split())) for name, sql in rows}
