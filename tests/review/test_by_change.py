"""What a change takes away is for a scan where its title says so, or where it goes through many files."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import Change, Review, plain_step
from bot.review.by_change import MOST_FILES, held_by_change
from bot.review.desks import Desks
from bot.review.pipeline import examine, for_a_scan
from bot.rules import FilePair
from bot.settings import load_settings
from tests.review.lives import InProcess, Trees
from tests.review.repositories import Files, Repository

LOST = Repository({"a.py": "ask()\n"}, "a.py", "ask()", kind="timeout-removed").finding
NEW = Repository({"a.py": "ask()\n"}, "a.py", "ask()").finding.model_copy(update={"fingerprint": "of another"})


def held(title: str, *findings: object) -> dict[str, str]:
    return held_by_change(findings, Change("b" * 40, "a" * 40, (), title))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "bugfix:constructor timeout not function (#721)",
        "pubsub: Remove client context cancellation",
        "Remove snapshot deletion timeout (#7282)",
        "fix: dropped the deadline of reads",
        "Disable request time-outs",
        "fix: do not use hard coded maximum timeout",
    ],
)
def test_who_says_so_in_the_title_has_decided(title):
    assert held(title, LOST, NEW) == {
        LOST.fingerprint: "The title says that a limit goes: that it is gone is held back."
    }


@pytest.mark.parametrize("title", ["", "Remove unused imports", "Timeouts: remove them not", "Raise the timeout"])
def test_other_titles_decide_nothing(title):
    assert held(title, LOST, NEW) == {}


def test_what_is_less_certain_stays_so_and_is_not_spoken_of():
    unsure = LOST.model_copy(update={"confidence": 0.2})
    assert for_a_scan([unsure, NEW], {LOST.fingerprint: "It is gone."}) == ([unsure, NEW], ())


def test_what_a_team_wrote_into_its_own_rule_is_told_all_the_same():
    assert held("Remove the timeout", LOST.model_copy(update={"rule": "own/timeout-removed"})) == {}


def taken_back(title: str, before: bytes | None, after: bytes) -> dict[str, str]:
    pair = FilePair(NEW.path, None, before, after, frozenset({1}))
    return held_by_change([NEW, LOST], Change("b" * 40, "a" * 40, (), title), [pair])


@pytest.mark.parametrize("title", ['Revert "Ask by mail (#12)"', "revert: ask by mail", "fix: Revert the new client"])
def test_a_wait_that_a_revert_brings_back_was_there_before(title):
    told = {NEW.fingerprint: "The title says that a change is taken back: what was there before it is held back."}
    assert taken_back(title, None, b"ask()\n") == told | {LOST.fingerprint: told[NEW.fingerprint]}
    assert taken_back(title, b"ask(timeout=3)\n", b"ask()\n") == {}, "its limit goes with it"


@pytest.mark.parametrize(
    ("title", "path", "is_held"),
    [
        ("Vendor some-driver v3.5.3", "src/some_driver/patcher.py", True),
        ("Fork some-driver 3.1.5.post4", "src/some_driver/patcher.py", True),
        ("Fork some-driver", "src/some_driver/patcher.py", False),
        ("Update some-driver to v3.5.3", "src/some_driver/patcher.py", False),
        ("Fork other-driver v3.5.3", "src/some_driver/patcher.py", False),
        ("Ask some-driver for 3.5 forks of it", "src/some_driver/patcher.py", False),
        ("Fork src to 1.2", "src/patcher.py", False),
    ],
)
def test_a_copy_of_a_library_is_told_by_the_title_that_brings_it(title, path, is_held):
    held_back = held_by_change([NEW.model_copy(update={"path": path})], Change("b" * 40, "a" * 40, (), title))
    told = "The title says that some_driver is a copy of a library: what is in it is held back."
    assert held_back == ({NEW.fingerprint: told} if is_held else {})


def test_another_title_brings_nothing_back():
    assert taken_back("Ask by mail, and revert on failure", None, b"ask()\n") == {}


RUN = "class A { Task F(CancellationToken c) => Task.Run(() => Work(c), %s); }\n"


def reviewed(others: int) -> Review:
    """A change that takes a token away, and writes so many other files."""
    beside = {f"notes/{number}.md": "new\n" for number in range(others)}
    source = Trees({"A.cs": RUN % "c"}, {"A.cs": RUN % "default", **beside}, "a" * 40, {}, "", 3)
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    return examine(replace(desk, search=Files({})), plain_step, lambda _: [])


def test_what_few_files_lost_is_said():
    review = reviewed(MOST_FILES - 1)
    assert [one.rule for one in review.findings] == ["ignored-cancellation/token-removed"]
    assert not any("held back" in note for note in review.receipt.notes)


def test_what_many_files_go_through_has_mostly_moved_and_the_receipt_says_so():
    review = reviewed(MOST_FILES)
    assert (review.findings, [one.rule for one in review.held_back]) == ((), ["ignored-cancellation/token-removed"])
    assert "6 files change: a protection gone from one has mostly moved, and is held back." in review.receipt.notes


ASKS = """package shop

import (
	"context"
	"time"
)

func ask(ctx context.Context, peer Peer) error {
%s	return peer.Read(ctx)
}
"""
SETS = "\tctx, cancel := context.WithTimeout(ctx, 5*time.Second)\n\tdefer cancel()\n"
LIMITED, BARE = ASKS % SETS, ASKS % ""


@pytest.mark.parametrize(
    ("sets", "is_said"),
    [(SETS, False), ("", True)],
)
def test_a_limit_that_another_file_gets_has_moved_there(sets, is_said):
    beside = f"package shop\n\nfunc shop(ctx context.Context) error {{\n{sets}\treturn ask(ctx, peer)\n}}\n"
    source = Trees({"ask.go": LIMITED}, {"ask.go": BARE, "shop.go": beside}, "a" * 40, {}, "", 3)
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    review = examine(replace(desk, search=Files({})), plain_step, lambda _: [])
    assert [one.rule for one in review.findings] == ["missing-timeout/timeout-removed"] * is_said
    assert ("shop.go gets a limit: that one is gone here is held back." in review.receipt.notes) is not is_said


TELLS = "export function tell(o: Order) {\n  send(o)%s;\n}\n"
TAKES = ".catch((error) => {\n    log.error(error);\n  })"
CALLS = "export function close(o: Order) {\n  tell(o)%s;\n}\n"


@pytest.mark.parametrize(("takes", "is_said"), [(TAKES, False), (".then(show)", True)])
def test_a_handler_that_another_file_gets_has_moved_there(takes: str, is_said: bool) -> None:
    before = {"close.ts": CALLS % TAKES, "tell.ts": TELLS % ""}
    source = Trees(before, {"close.ts": CALLS % "", "tell.ts": TELLS % takes}, "a" * 40, {}, "", 3)
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    review = examine(replace(desk, search=Files({})), plain_step, lambda _: [])
    lost = "unhandled-async-error/handler-removed"
    assert (lost in [one.rule for one in review.findings]) == is_said
    assert ("tell.ts gets a handler: that one is gone here is held back." in review.receipt.notes) is not is_said
