"""Killed at any SQL statement: each write is there whole or not at all, and its repeat mends everything."""

import shutil
from pathlib import Path

from bot.ledger import Ledger
from tests.ledger.crashing import everything, killed_at, statements_of
from tests.ledger.records import a_delivery, a_pull_request, a_repository, a_run
from tests.ledger.talk import FIRST, LATER, a_command, a_point, an_evidence

AT = "2026-11-20T09:00:05+00:00"


def test_a_crash_at_any_statement_leaves_all_or_nothing_and_the_repeat_mends_it(tmp_path: Path) -> None:
    def write(ledger: Ledger) -> None:
        ledger.keep_delivery(a_delivery())
        ledger.keep_pull_request(a_pull_request())
        ledger.keep_event(71, 12, "opened", "2026-11-20T09:00:00Z", "mona")
        ledger.keep_review(**a_run(), digests={"pay/client.py": "d1"})

    with Ledger(tmp_path / "whole.sqlite") as whole:
        statements = statements_of(whole, write)
        expected = everything(whole)
    assert statements > 25

    for statement in range(1, statements + 1):
        path = tmp_path / f"crash-{statement}.sqlite"
        killed_at(path, write, statement)
        with Ledger(path) as ledger:
            counts = ledger.counts()
            rows = tuple(counts[table] for table in ("reviews", "findings", "dropped", "files_read"))
            assert rows in {(0, 0, 0, 0), (1, 2, 2, 1)}
            write(ledger)
            assert everything(ledger) == expected


def test_a_crash_while_points_are_judged_loses_no_evidence_and_tears_no_point(tmp_path: Path) -> None:
    """A push: one point is fixed, another was reworded, a third is new; evidence and a fate follow."""
    before, seen = tmp_path / "before.sqlite", an_evidence()
    with Ledger(before) as ledger:
        ledger.keep_review(**a_run())
        ledger.keep_points(71, 12, [a_point("f1"), a_point(comment_id=None)], at="2026-11-20T09:00:04+00:00")
        ledger.keep_evidence(71, 12, FIRST, seen)

    pushed = [
        a_point("f1", state="fixed", last_head="e" * 40),
        a_point(now_known_as=LATER, state="disputed", last_head="e" * 40, comment_id=None),
        a_point("f9", first_head="e" * 40, last_head="e" * 40, comment_id=None),
    ]
    fixed = an_evidence(kind="code", says="fixed", actor="", detail="e" * 40, at=AT)

    def write(ledger: Ledger) -> None:
        ledger.keep_points(71, 12, pushed, at=AT)
        ledger.keep_evidence(71, 12, "f1", fixed)
        ledger.keep_evidence(71, 12, LATER, an_evidence(at=AT))
        ledger.keep_fate(71, 12, "f1", "fixed", AT)

    shutil.copy(before, tmp_path / "whole.sqlite")
    with Ledger(tmp_path / "whole.sqlite") as whole:
        old = everything(whole)
        statements = statements_of(whole, write)
        expected = everything(whole)
    assert statements > 20

    torn = set()
    for statement in range(1, statements + 1):
        path = tmp_path / f"crash-{statement}.sqlite"
        shutil.copy(before, path)
        killed_at(path, write, statement)
        with Ledger(path) as ledger:
            left = everything(ledger)
            is_whole = left["points"] == expected["points"]
            assert is_whole or left["points"] == old["points"]
            assert left["point_aliases"] == (expected if is_whole else old)["point_aliases"]
            assert left["findings"] == (expected if is_whole else old)["findings"]
            assert seen in ledger.evidence(71, 12)[FIRST]
            assert left["evidence"] == expected["evidence"][: len(left["evidence"])]
            torn.add((is_whole, len(left["evidence"]), len(left["outcomes"])))
            write(ledger)
            assert everything(ledger) == expected
    assert torn == {(False, 1, 0), (True, 1, 0), (True, 2, 0), (True, 3, 0)}


def test_a_crash_while_a_command_is_carried_out_leaves_no_answer_url_behind_in_the_end(tmp_path: Path) -> None:
    def write(ledger: Ledger) -> None:
        ledger.keep_command(a_command(), "review")
        ledger.end_command("slack-4242", "started", "Reviewing", AT, awaits="k")
        ledger.end_wait("slack-4242")
        ledger.keep_link_code("slack:T1:U7", "mona", "digest", "2026-11-20T10:15:00+00:00")
        assert ledger.confirm_link("mona", "digest", AT) == "slack:T1:U7"

    before = tmp_path / "before.sqlite"
    with Ledger(before) as ledger:
        ledger.keep_repository(a_repository())
    shutil.copy(before, tmp_path / "whole.sqlite")
    with Ledger(tmp_path / "whole.sqlite") as whole:
        statements = statements_of(whole, write)
        expected = everything(whole)
    assert expected["commands"][0]["answer_url"] == ""

    for statement in range(1, statements + 1):
        path = tmp_path / f"crash-{statement}.sqlite"
        shutil.copy(before, path)
        killed_at(path, write, statement)
        with Ledger(path) as ledger:
            assert ledger.counts()["commands"] in (0, 1)
            write(ledger)
            assert everything(ledger) == expected
            assert ledger.login_of("slack:T1:U7") == "mona"
