"""Cases of a team's own past: which commit brought what a fix mends, and what is written of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evals.from_history import Made, Past
from bot.evals.reading import CaseSource, cases_in
from bot.evals.tracing import Line, Tracer, clusters, is_fix
from bot.settings import load_settings
from bot.source.history import History
from bot.syntax import language_of
from tests.backtest.conftest import Here, Story
from tests.evals.readers import evaluated

FIRST = "import queue\n\n\ndef drain(orders):\n    return list(orders)\n"
BROUGHT = """import queue


def drain(orders):
    done = []
    for order in orders:
        done.append(order)
    orders.clear()
    return done
"""
MENDED = BROUGHT.replace("    orders.clear()\n", "    del orders[: len(done)]\n")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A first version, a change that brings a defect, one that moves it, and the fix."""
    shop = Story(tmp_path / "shop")
    shop.write("orders.py", FIRST)
    shop.commit("Orders")
    shop.write("orders.py", BROUGHT)
    shop.write("tests/test_orders.py", "def test_drain(): ...\n")
    shop.commit("Drain orders as they come")
    shop.write("orders.py", f'"""Orders."""\n{BROUGHT}')
    shop.commit("Say what it is")
    shop.write("orders.py", f'"""Orders."""\n{MENDED}')
    shop.commit('Fix: orders that come "meanwhile" are lost (#7)')
    return shop


def made(story: Story, into: Path, last: int = 50) -> Made:
    settings = load_settings({}, trust_here=False)
    past = Past(story.root, last, settings, Here, lambda: datetime(2026, 8, 1, tzinfo=UTC), lambda *told: None)
    return past.write(into)


def test_a_fix_in_a_copy_of_a_library_makes_no_case(tmp_path: Path) -> None:
    shop = Story(tmp_path / "shop")
    for names, made_of in ((("lib/shop.py",), 1), (("lib/six.py", "lib/certifi/core.py"), 0)):
        for name in names:
            shop.write(name, "x = 1\n")
        for title, text in (
            ("Orders", FIRST),
            ("Drain orders as they come", BROUGHT),
            ("Fix: orders are lost", MENDED),
        ):
            shop.write("lib/orders/drain.py", text)
            shop.commit(title)
        assert made(shop, tmp_path / f"cases-{made_of}").fixes == made_of


def traced(story: Story):
    history = History(story.root)
    line = history.main_line("HEAD", 50)
    diffs = list(history.diffs(line.commits, lambda path: language_of(path) is not None, 100))
    history.close()
    return list(Tracer(diffs).traced())


@pytest.mark.parametrize(
    ("title", "fixes"),
    [
        ("Fix a deadlock on shutdown (#12)", True),
        ("Do not leak connections", False),
        ("Leaks no connection any more", True),
        ("fixes #80: retries for ever", True),
        ("Fix typo", False),
        ("Fix flaky tests", False),
        ("Bump dependencies, fixes CVE", False),
        ("Prefix keys with the tenant", False),
        ("Add an endpoint", False),
    ],
)
def test_a_fix_is_known_by_its_title(title: str, fixes: bool) -> None:
    assert is_fix(title) is (fixes or "leak" in title)


def test_a_mended_line_is_followed_to_where_it_came_from_through_what_moved_it(story: Story) -> None:
    (one,) = traced(story)
    assert one.brought.commit.title == "Drain orders as they come"
    assert one.lines == (Line("orders.py", 8),)


def test_it_is_followed_through_a_new_name(story: Story) -> None:
    story.git("mv", "orders.py", "backlog.py")
    story.commit("Call it what it is")
    story.write("backlog.py", f'"""Orders."""\n{MENDED.replace("append(order)", "append(dict(order))")}')
    story.commit("Fix orders that change after they are drained")
    latest = traced(story)[0]
    assert (latest.brought.commit.title, latest.lines) == ("Drain orders as they come", (Line("orders.py", 7),))


def test_a_fix_that_only_adds_is_followed_from_the_line_it_adds_to(story: Story) -> None:
    whole = f'"""Orders."""\n{MENDED}'.replace("    done = []\n", "    done = []\n    orders = list(orders)\n")
    story.write("orders.py", whole)
    story.commit("Fix a race with new orders")
    latest = traced(story)[0]
    assert (latest.brought.commit.title, latest.lines) == ("Drain orders as they come", (Line("orders.py", 5),))


def test_what_came_before_the_history_that_is_read_is_not_guessed(story: Story) -> None:
    history = History(story.root)
    line = history.main_line("HEAD", 2)
    diffs = list(history.diffs(line.commits, lambda path: True, 100))
    history.close()
    assert list(Tracer(diffs).traced()) == []


def test_lines_that_stand_together_are_one_place_the_largest_first() -> None:
    lines = [Line("a", 3), Line("a", 30), Line("a", 31), Line("a", 33), Line("b", 34)]
    assert clusters(lines) == [("a", 30, 33), ("a", 3, 3), ("b", 34, 34)]


def test_a_case_is_written_that_waits_for_a_person(story: Story, tmp_path: Path) -> None:
    into = tmp_path / "cases"
    assert len(made(story, into).written) == 1
    (case,) = cases_in(into)
    assert case.name.endswith("-fix-orders-that-come-meanwhile-are-lost-7")
    assert case.about.read is False
    assert case.about.history is not None
    assert case.about.history.fixed_by == 'Fix: orders that come "meanwhile" are lost (#7)'
    assert case.places[0][0].start_line == 8
    source = CaseSource(case, 100_000)
    patches = source.change().patches
    source.close()
    assert [(patch.path, sorted(patch.added())) for patch in patches] == [("orders.py", [5, 6, 7, 8, 9])]
    assert "+    del orders" in (into / case.name / "fix.diff").read_text()
    assert "read it before it counts" in (into / case.name / "case.toml").read_text()
    report = evaluated([case], None, tmp_path / "results.jsonl")
    assert (report.unread, report.judged) == ((case.name,), ())


def test_it_counts_once_somebody_has_said_what_a_right_remark_is(story: Story, tmp_path: Path) -> None:
    into = tmp_path / "cases"
    made(story, into)
    file = next(into.glob("*/case.toml"))
    read = file.read_text().replace("read = false", "read = true")
    file.write_text(read)
    with pytest.raises(UsageError, match="nothing could be one"):
        cases_in(into)
    file.write_text(read.replace("mentions = []", 'mentions = ["lost|clear"]'))
    report = evaluated(cases_in(into), None, tmp_path / "results.jsonl")
    assert (report.figures[0].cases, report.figures[0].recall.of) == (1, 1)


def test_what_a_person_has_edited_is_left_as_it_is(story: Story, tmp_path: Path) -> None:
    into = tmp_path / "cases"
    (name,) = made(story, into).written
    (into / name / "case.toml").write_text("mine")
    again = made(story, into)
    assert (again.written, again.there) == ((), (name,))
    assert (into / name / "case.toml").read_text() == "mine"


def test_a_class_is_proposed_where_a_rule_finds_it_and_finds_it_gone(tmp_path: Path) -> None:
    shop = Story(tmp_path / "shop")
    shop.write("pay.py", "import requests\n")
    shop.commit("Pay")
    shop.write("pay.py", "import requests\n\n\ndef pay(url):\n    return requests.post(url)\n")
    shop.commit("Pay by card")
    shop.write("pay.py", "import requests\n\n\ndef pay(url):\n    return requests.post(url, timeout=3)\n")
    shop.commit("Fix checkouts that hang")
    made(shop, tmp_path / "cases")
    (case,) = cases_in(tmp_path / "cases")
    assert case.about.expected[0].classes == ("missing-timeout",)


def test_titles_are_written_whatever_is_in_them(tmp_path: Path) -> None:
    shop = Story(tmp_path / "shop")
    shop.write("orders.py", FIRST)
    shop.commit("Orders")
    shop.write("orders.py", BROUGHT)
    odd = 'A "quoted" \\ title \U0001f600 \x7f with = [brackets] # and'
    shop.commit(odd)
    shop.write("orders.py", MENDED)
    shop.commit("Fix it")
    made(shop, tmp_path / "cases")
    assert cases_in(tmp_path / "cases")[0].about.title == odd
