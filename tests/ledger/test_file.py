"""The file itself: who may read it, how it opens, what happens to it when things go wrong."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import LedgerError
from bot.ledger import Ledger, migrations
from tests.ledger.crashing import in_a_child
from tests.ledger.records import a_delivery, a_repository, a_run


def test_only_its_owner_may_read_it(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    for path in ledger.path.parent.glob("ledger.sqlite*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with Ledger(tmp_path / "deep" / "ledger.sqlite") as ledger:
        assert ledger.counts()["reviews"] == 0
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700


def test_it_reads_as_plain_tables_with_a_line_about_each(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.close()
    plain = sqlite3.connect(f"file:{ledger.path}?mode=ro", uri=True)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {
        name
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not name.startswith(("findings_fts_", "incidents_fts_"))
    }
    described = {name for name, text in plain.execute("SELECT name, description FROM _about") if len(text) > 20}
    assert tables - {"_about"} == described
    assert plain.execute("SELECT class, kind, state FROM findings").fetchone() == (
        "missing-timeout",
        "http-or-socket-call",
        "open",
    )
    plain.close()


def test_sqlite_utils_sees_the_full_text_index(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    table = Database(ledger.path).table("findings")
    assert table.detect_fts() == "findings_fts"
    assert len(list(table.search("peer"))) == 2


def test_migrations_run_once_and_are_remembered(ledger: Ledger) -> None:
    ledger.counts()
    ledger.close()
    ledger.counts()
    names = [
        name for (name,) in sqlite3.connect(ledger.path).execute("SELECT name FROM schema_migrations ORDER BY name")
    ]
    assert names == [name for name, _ in migrations.MIGRATIONS]


def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.close()
    later = (*migrations.MIGRATIONS, ("9999_notes", lambda db: db.conn.execute("CREATE TABLE notes (text TEXT)")))
    database = Database(sqlite3.connect(ledger.path))
    migrations.migrate(database, ledger.path, later)
    assert database.table("notes").exists()
    assert database.table("reviews").count == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(ledger: Ledger) -> None:
    def fails(database: Database) -> None:
        database.conn.execute("CREATE TABLE half (a TEXT)")
        raise RuntimeError("power cut")

    ledger.counts()
    ledger.close()
    database = Database(sqlite3.connect(ledger.path))
    with pytest.raises(RuntimeError):
        migrations.migrate(database, ledger.path, (*migrations.MIGRATIONS, ("9999_half", fails)))
    assert not database.table("half").exists()
    assert "9999_half" not in [row["name"] for row in database.table("schema_migrations").rows]


def test_a_file_of_a_newer_seawall_is_left_alone_with_a_clear_word(ledger: Ledger) -> None:
    ledger.counts()
    ledger.close()
    with sqlite3.connect(ledger.path) as newer:
        newer.execute("INSERT INTO schema_migrations VALUES ('9999_from_the_future', '2030-01-01')")
    with pytest.raises(LedgerError, match=r"written by a newer Seawall .*9999_from_the_future.*Install that version"):
        ledger.counts()


def test_a_locked_file_says_who_to_look_for(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite", busy_timeout_s=0.1) as ledger:
        ledger.counts()
        other = sqlite3.connect(ledger.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process holds it"):
            ledger.keep_repository(a_repository())
        other.execute("ROLLBACK")
        ledger.keep_repository(a_repository())
        assert ledger.counts()["repositories"] == 1


def test_a_full_disk_says_so_keeps_what_was_there_and_recovers(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    with ledger._connection.reading() as database:
        pages = database.conn.execute("PRAGMA page_count").fetchone()[0]
        database.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerError, match=r"the disk is full\. Free some space"):
        ledger.keep_delivery(a_delivery(payload="x" * 200_000))
    assert ledger.counts()["deliveries"] == 0
    assert ledger.counts()["repositories"] == 1
    ledger.close()
    ledger.keep_delivery(a_delivery(payload="x" * 200_000))
    assert ledger.counts()["deliveries"] == 1


def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"these are somebody's holiday notes, and no database at all" * 20)
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"no SQLite file\. Move it away"):
        Ledger(path).counts()
    assert path.read_bytes() == before


def test_a_damaged_file_says_how_to_recover(ledger: Ledger) -> None:
    for number in range(60):
        ledger.keep_delivery(a_delivery(guid=f"guid-{number:04}", payload="y" * 3000))
    ledger.close()
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(LedgerError, match="the file is damaged"):
        ledger.keep_delivery(a_delivery())


def test_a_folder_in_its_place_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").mkdir()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite cannot be opened"):
        Ledger(tmp_path / "ledger.sqlite").counts()


def test_threads_share_it_without_losing_a_row(ledger: Ledger) -> None:
    def write(thread: int) -> None:
        for number in range(20):
            ledger.keep_delivery(a_delivery(guid=f"guid-{thread}-{number}"))

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert ledger.counts()["deliveries"] == 160


def test_processes_that_start_at_the_same_moment_share_a_new_file(tmp_path: Path) -> None:
    def write(process: int) -> None:
        ledger = Ledger(tmp_path / "ledger.sqlite")
        for number in range(15):
            ledger.keep_delivery(a_delivery(guid=f"guid-{process}-{number}"))

    children = [in_a_child(lambda process=process: write(process)) for process in range(4)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.counts()["deliveries"] == 60


def test_it_is_opened_anew_after_a_fork_even_while_a_thread_of_the_parent_holds_it(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    with ledger._connection.writing() as database:
        database.conn.execute("SELECT 1")
        child = in_a_child(lambda: ledger.known_repositories() or os._exit(7))
        assert os.waitpid(child, 0)[1] == 0
    ledger.keep_repository(a_repository(id=72))
    assert ledger.counts()["repositories"] == 2
