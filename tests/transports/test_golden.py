"""Answers as people see them, in every tongue. To write them anew: `python -m tests.transports.test_golden`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain import Finding, PullRequest, Reply, Repository, Review
from bot.domain.finding import Coverage, Receipt, Result, Severity
from bot.transports import markdown, slack, teams, terminal
from bot.transports.announcement import announcement
from tests.transports.replies import EXAMPLES

FOLDER = Path(__file__).parent / "golden"
REPOSITORY = Repository(id=71, owner="acme", name="checkout")
PULL_REQUEST = PullRequest(
    repository=REPOSITORY, number=12, base_ref="main", base_sha="b" * 40, head_ref="retry", head_sha="a" * 40,
    title="Retry payments [WIP] <!channel> @everyone", author="mona", url="https://github.com/acme/checkout/pull/12",
    created_at="2026-11-20T09:30:00Z",
)  # fmt: skip


def finding(severity: str, title: str, line: int, digit: str = "a", path: str = "src/pay_api.py") -> Finding:
    return Finding.from_json(
        {
            "path": path, "start_line": line, "end_line": line,
            "class": "missing-timeout", "kind": "http-or-socket-call", "rule": "missing-timeout/http-or-socket-call",
            "severity": severity, "confidence": 0.9, "source": "rule",
            "title": title, "body": "It waits.", "evidence": "requests.get(url)", "fingerprint": digit * 40,
        }
    )  # fmt: skip


def review(*findings: Finding) -> Review:
    result = Result.FINDINGS if findings else Result.CLEAN
    return Review(receipt=Receipt(coverage=Coverage.FULL, result=result), findings=findings)


def announced() -> Reply:
    found = [
        finding("medium", "The retry has no limit", 40, "b", "src/retry.py"),
        finding("high", "This call can wait for ever", 12),
        finding("low", "The file is closed late", 7, "c", "src/file.py"),
    ]
    reply = announcement(review(*found), PULL_REQUEST, Severity.MEDIUM)
    assert reply is not None
    return reply


TONGUES: dict[str, Callable[[Reply], str]] = {
    "md": lambda reply: markdown.render(reply) + "\n",
    "txt": lambda reply: terminal.render(reply) + "\n",
    "slack.json": lambda reply: json.dumps(slack.render(reply), indent=1, ensure_ascii=False) + "\n",
    "teams.json": lambda reply: json.dumps(teams.render(reply), indent=1, ensure_ascii=False) + "\n",
}


def golden() -> dict[str, str]:
    """File name → what belongs in it."""
    replies = {**EXAMPLES, "announcement": announced()}
    return {f"{name}.{ending}": write(reply) for name, reply in replies.items() for ending, write in TONGUES.items()}


@pytest.mark.parametrize("name", sorted(golden()))
def test_an_answer_reads_as_it_did(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == golden()[name]


def test_every_golden_answer_is_checked() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(golden())


if __name__ == "__main__":
    for file, text in golden().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
