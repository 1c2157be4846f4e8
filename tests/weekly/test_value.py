"""What was said and what became of it, how complete reviews were and what they cost, on a handful of rows."""

from typing import Any

import pytest

from tests.weekly.by_hand import TEAM, events_of
from tests.weekly.rows import at, by_hand, facts, no_rows, row, shown


def point(number: int, fate: str, said: float, fixed: float | None = None, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "repository_id": TEAM, "number": number, "fingerprint": f"f{number}", "class": "missing-timeout",
        "rule": "missing-timeout/http-or-socket-call", "said_at": at(said), "fate": fate,
    }  # fmt: skip
    return row("points", **values | {"fixed_at": None if fixed is None else at(fixed)} | more)


def test_what_became_of_what_was_said() -> None:
    rows = by_hand()
    fates = ["fixed"] * 5 + ["accepted", "disputed", "dismissed", "ignored", "open", "stale"]
    rows["points"] = [point(number, fate, number) for number, fate in enumerate(fates)]
    rows["points"][9] |= {"class": "lock-hazard", "fate": "fixed", "fixed_at": at(12)}
    rows["points"].append(point(99, "fixed", -40, fixed=1))  # said the week before, fixed on Monday at 01:00
    week = facts(rows)
    assert shown(week, "posted", "fixed", "accepted", "disputed", "ignored") == [
        ("11", 11, 0), ("6", 11, 1), ("1", 11, 1), ("2", 11, 1), ("1", 11, 1),
    ]  # fmt: skip
    # 7 heeded of 10 judged
    assert shown(week, "precision") == [("70%", 10, 1)]
    assert week.figure("precision").interval == (pytest.approx(0.3968, abs=0.0001), pytest.approx(0.8922, abs=0.0001))
    # Dated: 12 - 9 = 3 h and 1 + 40 = 41 h; five of the week are not dated
    assert (week.figure("time-to-fix").n, week.figure("time-to-fix").missing) == (2, 5)
    assert week.figure("time-to-fix").why == "too few: 2 of at least 5"
    timeouts, locks = week.classes
    assert (timeouts.class_, timeouts.posted, timeouts.fixed, timeouts.disputed, timeouts.open) == (
        "missing-timeout", 10, 5, 2, 1,
    )  # fmt: skip
    assert (locks.class_, locks.precision) == ("lock-hazard", 1)


def test_time_to_fix_is_that_of_points_fixed_in_the_week() -> None:
    rows = by_hand()
    rows["points"] = [point(number, "fixed", -30, fixed=number) for number in range(5)] + [point(9, "fixed", -60, -50)]
    # 30 31 [32] 33 34; the last one was fixed before the week
    assert shown(facts(rows), "time-to-fix") == [("32 h", 5, 0)]


def test_incidents_escape_where_nothing_was_said_or_it_was_dismissed() -> None:
    rows = no_rows()
    verdicts = ("missing", "dismissed", "fired", "unknown")
    rows["incidents"] = [
        row("incidents", id=f"i-{index}", repository_id=TEAM, title="Down", url="", broke_at=at(index), at=at(90),
            verdict=verdict, **{"class": "missing-timeout"})
        for index, verdict in enumerate(verdicts)
    ]  # fmt: skip
    rows["incidents"] += [rows["incidents"][0] | {"id": "i-9", "broke_at": "2026-10-01"}]  # a day alone, long ago
    week = facts(rows)
    assert shown(week, "escaped") == [("2", 4, 1)]
    assert [incident.id for incident in week.incidents] == ["i-0", "i-1", "i-2", "i-3"]


def test_rules_are_muted_at_the_end_of_the_week() -> None:
    def muted(rule: str, at_: float, ended: str = "", expires: str = "") -> dict[str, Any]:
        return row("muted", repository_id=TEAM, rule=rule, at=at(at_), ended_at=ended, expires_at=expires)

    rows = no_rows()
    rows["muted"] = [muted("a/b", -900), muted("a/b", 5), muted("c/d", 5, ended=at(20)), muted("e/f", 5, expires=at(9))]
    rows["muted"] += [muted("g/h", 5, expires=at(9000)), muted("i/j", 9000)]
    week = facts(rows)
    assert shown(week, "muted") == [("2", 3, 0)]
    assert week.figure("muted").before is not None
    assert week.figure("muted").before.value == 1  # type: ignore[union-attr]
    told = [(one.rule, one.is_over) for one in week.muted]
    assert told == [("a/b", False), ("c/d", True), ("e/f", True), ("g/h", False)], "those muted in the week alone"


def run(head: str, finished: float, coverage: str = "full", **more: Any) -> dict[str, Any]:
    known = {"repository_id": TEAM, "number": 1, "head_sha": head, "finished_at": at(finished), "reason": ""}
    return row("reviews", **known | {"coverage": coverage} | more)


def head(sha: str, told_at: float, number: int = 1) -> dict[str, Any]:
    return row("heads", repository_id=TEAM, number=number, head_sha=sha, told_at=at(told_at))


MINUTE = 1 / 60


def test_a_receipt_is_in_time_within_ten_minutes_of_its_head() -> None:
    rows = no_rows()
    rows["heads"] = [head(name, index) for index, name in enumerate("abcdefgh")]
    rows["reviews"] = [
        run("a", 10 * MINUTE), run("b", 1 + 11 * MINUTE), run("c", 2 + MINUTE, "none"),
        run("d", 3 + MINUTE, "degraded"), run("e", 4 + MINUTE, "none"), run("e", 4 + 9 * MINUTE),
        run("g", 6 + MINUTE, "partial"),
    ]  # fmt: skip
    rows["heads"] += [head("overtaken", 8, number=2), head("next", 8 + 9 * MINUTE, number=2)]
    rows["reviews"].append(run("next", 8 + 10 * MINUTE))
    # In time: a, d, e, g, next. Late or never: b, c, f, h. Overtaken within ten minutes: one.
    assert shown(facts(rows), "receipt-in-time") == [("56%", 9, 0)]


def test_heads_that_were_closed_or_told_of_just_now_are_not_late() -> None:
    rows = no_rows()
    rows["pull_requests"] = by_hand()["pull_requests"][:1]
    rows["events"] = events_of(1, "10-26 01:00 opened ana\n10-26 01:05 merged ana")
    rows["heads"] = [head("closed", 1), head("new", 7 * 24 - 1 - 5 * MINUTE, number=3)]
    rows["heads"] += [head(f"late{index}", index, number=9 + index) for index in range(5)]
    assert shown(facts(rows), "receipt-in-time") == [("0%", 5, 0)]


def test_receipts_are_told_by_coverage_with_the_reasons() -> None:
    rows = no_rows()
    unread = "not read: src/a.py (too large), src/b.go (too large) and 3 more; the model's part is missing: no answer"
    rows["reviews"] = [
        run("a", 1), run("b", 2, "rules-only"), run("c", 3, "partial", reason=unread),
        run("d", 4, "partial", reason="not read: web/c.ts (syntax)"), run("f", 6, "none", reason="the host is away"),
        run("e", 5, "degraded", reason="the model's part is missing: no answer"),
        run("g", 7, "partial", reason="7 changed files were not listed by the host; not shown to the model: x.py"),
    ]  # fmt: skip
    week = facts(rows)
    assert shown(week, "complete", "reviews") == [("29%", 7, 0), ("7", 7, 0)]
    assert week.receipts.by_coverage == {"full": 1, "rules-only": 1, "partial": 3, "degraded": 1, "none": 1}
    assert {(one.coverage, one.reason): one.runs for one in week.receipts.reasons} == {
        ("partial", "not read: too large"): 1,
        ("partial", "the model's part is missing: no answer"): 1,
        ("degraded", "the model's part is missing: no answer"): 1,
        ("partial", "not read: syntax"): 1,
        ("none", "the host is away"): 1,
        ("partial", "changed files were not listed by the host"): 1,
        ("partial", "not shown to the model"): 1,
    }


def test_only_the_ten_commonest_reasons_are_told() -> None:
    rows = no_rows()
    rows["reviews"] = [run(f"h{n}", n, "partial", reason=f"reason {n % 12:02}") for n in range(13)]
    reasons = facts(rows).receipts.reasons
    assert [(one.reason, one.runs) for one in reasons] == [("reason 00", 2)] + [
        (f"reason {n:02}", 1) for n in range(1, 10)
    ]


def test_cost_is_told_for_each_review_and_for_each_point_heeded() -> None:
    rows = no_rows()
    used = {"model": "m", "input_tokens": 900, "output_tokens": 100}
    rows["reviews"] = [run(f"h{index}", index, cost_usd=0.5, **used) for index in range(5)]
    rows["reviews"] += [run("x", 9, cost_usd=None, **used), run("rules", 9, "rules-only")]
    rows["model_calls"] = [
        row("model_calls", at=at(index), cost_usd=price, input_tokens=900, output_tokens=100)
        for index, price in enumerate([0.5] * 5 + [None])
    ]
    rows["points"] = [point(1, "fixed", 1), point(2, "accepted", 2), point(3, "ignored", 3)]
    week = facts(rows)
    assert shown(week, "model-cost", "cost-per-review", "tokens-per-review") == [
        ("US$ 2.50", 5, 1), ("US$ 0.50", 5, 1), ("1,000 tokens", 6, 0),
    ]  # fmt: skip
    assert shown(week, "cost-per-accepted", "tokens-per-accepted") == [("US$ 1.25", 2, 1), ("3,000 tokens", 2, 0)]


def test_nothing_heeded_has_no_price() -> None:
    rows = no_rows()
    rows["model_calls"] = [row("model_calls", at=at(1), cost_usd=1.0, input_tokens=1, output_tokens=1)]
    assert facts(rows).figure("cost-per-accepted").why == "too few: nothing said was fixed or accepted yet"


def test_what_was_never_said_belongs_to_no_week() -> None:
    rows = no_rows()
    rows["points"] = [point(1, "open", 1), point(2, "open", 2) | {"said_at": None}]
    assert shown(facts(rows), "posted") == [("1", 1, 0)]


def test_a_head_is_late_where_its_pull_request_stayed_open_for_ten_minutes() -> None:
    rows = no_rows()
    rows["pull_requests"] = by_hand()["pull_requests"][:5]
    for number in range(1, 6):
        rows["events"] += events_of(number, "10-26 01:00 opened ana is_draft=false\n10-26 01:11 closed ana")
        rows["heads"].append(head(f"h{number}", 1, number))
    assert shown(facts(rows), "receipt-in-time") == [("0%", 5, 0)]
