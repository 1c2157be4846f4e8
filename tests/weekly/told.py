"""A week worth telling, for formats: every kind of figure, change, absence and untrusted text in it."""

from typing import Any

from bot.domain.timeline import WeekRows
from bot.weekly.facts import Facts
from bot.weekly.summary import Summary, summary_of
from tests.weekly.rows import TEAM, at, by_hand, facts, row

EVIL = "<script>alert(1)</script> | @everyone [x](javascript:alert(1)) \x1b[31m\u202e `"


def rows_of_all() -> WeekRows:
    """The pull requests by hand, and of each other list what is worth telling."""
    rows = by_hand()
    for pull_request in rows["pull_requests"]:
        if pull_request["number"] == 30:
            pull_request["title"] = EVIL
    rows["points"] = [_point(n, fate, rule) for n, (fate, rule) in enumerate([
        *[("fixed", "missing-timeout/http-or-socket-call")] * 6, ("ignored", "missing-timeout/http-or-socket-call"),
        *[("disputed", "log-hygiene/secret-logged")] * 5, ("accepted", "log-hygiene/secret-logged"),
    ])]  # fmt: skip
    rows["reviews"] = [_run(n, "full", "") for n in range(8)] + [
        _run(8, "degraded", "the model did not answer in time"), _run(9, "partial", "not read: a.py (too large)"),
    ]  # fmt: skip
    rows["incidents"] = [
        row("incidents", id="i-0a1b2c3", repository_id=TEAM, title="Orders stood still", url="https://wiki.test/i/1",
            broke_at=at(30), at=at(40), verdict="missing", **{"class": "retry-storm"})
    ]  # fmt: skip
    rows["muted"] = [
        _mute("retry-storm/nested-retries", "seawall", reason="heeded 0 times of 9: surely under 18%"),
        _mute("lock-hazard", "zacharias", reason="Zacharias says so", expires_at=at(200)),
        _mute("resource-leak/file-not-closed", "zacharias", ended_at=at(60)),
    ]
    return rows


def summary(**more: Any) -> Summary:
    rows = rows_of_all()
    return summary_of(facts(rows), rows, **more)


def facts_of_all() -> Facts:
    return summary().facts


def _point(number: int, fate: str, rule: str) -> dict[str, Any]:
    class_, _, _ = rule.partition("/")
    return row(
        "points", repository_id=TEAM, number=1, fingerprint=f"f{number}", rule=rule, severity="high", source="rule",
        title="The call waits for ever", path="a.py", said_at=at(20 + number), fate=fate,
        fixed_at=at(30 + number) if fate == "fixed" else None, **{"class": class_},
    )  # fmt: skip


def _mute(rule: str, owner: str, **more: str) -> dict[str, Any]:
    known = {"repository_id": TEAM, "rule": rule, "owner": owner, "at": at(50)}
    return row("muted", **known | {"id": f"w-{rule}", "reason": "", "expires_at": "", "ended_at": ""} | more)


def _run(number: int, coverage: str, reason: str) -> dict[str, Any]:
    return row(
        "reviews", id=number, repository_id=TEAM, number=1, head_sha=f"{number:040x}", trigger="opened", mode="comment",
        started_at=at(30), finished_at=at(30 + number), coverage=coverage, result="clean", reason=reason, model="",
        input_tokens=0, output_tokens=0, cost_usd=None, duration_s=2.0,
    )  # fmt: skip
