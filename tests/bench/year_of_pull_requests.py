"""What one pull request of the generated year leaves behind in the ledger, table by table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

ENDS: Final = datetime(2026, 11, 22, 18, tzinfo=UTC)
BEGINS: Final = ENDS - timedelta(days=365)
OWNER: Final = "harbour"
PEOPLE: Final = 9
"""In each repository."""
RULES: Final = (
    ("missing-timeout", "http-or-socket-call", "high"),
    ("missing-timeout", "database-call", "high"),
    ("retry-storm", "retry-without-backoff", "high"),
    ("retry-storm", "nested-retries", "critical"),
    ("resource-leak", "file-not-closed", "medium"),
    ("swallowed-error", "exception-ignored", "medium"),
    ("unbounded-queue", "queue-without-limit", "medium"),
    ("blocking-in-async", "sync-file-io-in-async", "low"),
)
FATES: Final = ("fixed", "fixed", "fixed", "accepted", "disputed", "ignored", "open")
_COVERAGES: Final = ("full",) * 17 + ("rules-only", "partial", "degraded")


@dataclass
class PullRequests:
    """Drawn one after the other, from the year's first to its last."""

    dice: Random
    repositories: int
    numbers: dict[int, int] = field(default_factory=dict)

    def rows_of(self, index: int, of: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Everything of one pull request, opened at its place in the year."""
        dice = self.dice
        repository = dice.randint(1, self.repositories)
        number = self.numbers[repository] = self.numbers.get(repository, 0) + 1
        opened = BEGINS + timedelta(days=365 * index / of, minutes=dice.randint(0, 600))
        life = min(ENDS - opened, timedelta(hours=dice.lognormvariate(2.8, 1.2)))
        is_open = opened + life >= ENDS or dice.random() < 0.01
        is_bot = dice.random() < 0.08
        author = "renovate[bot]" if is_bot else f"dev-{repository}-{dice.randint(1, PEOPLE)}"
        head = sha256(f"{repository}#{number}".encode()).hexdigest()[:40]
        key = f"{repository}#{number}"
        yield "pull_requests", {
            "key": key, "repository_id": repository, "number": number, "title": f"Change {number} of the orders",
            "body": "", "author": author, "author_is_bot": is_bot, "base_ref": "main", "base_sha": "b" * 40,
            "head_ref": "change", "head_sha": head, "labels": "[]", "is_draft": False, "is_open": is_open,
            "url": f"https://github.example/{OWNER}/service-{repository:02}/pull/{number}", "created_at": iso(opened),
        }  # fmt: skip
        for event in self._life(opened, life, author, is_bot, is_open, head):
            yield "events", {"repository_id": repository, "number": number, **event}
        for at in range(dice.randint(3, 6)):
            received = opened + life * (at / 6)
            yield "deliveries", {
                "guid": f"{key}-{at}", "event": "pull_request", "action": "opened" if not at else "synchronize",
                "received_at": iso(received), "repository_id": repository, "sender": author, "job_count": 1,
            }  # fmt: skip
        for generation in range(1, dice.choice((1, 1, 2)) + 1):
            yield from self._review(repository, number, opened + life * ((generation - 1) / 3), generation, head)

    def _life(
        self, opened: datetime, life: timedelta, author: str, is_bot: bool, is_open: bool, head: str
    ) -> Iterator[dict[str, Any]]:
        dice = self.dice
        reviewer = f"dev-x-{dice.randint(1, PEOPLE)}"
        size = {"additions": int(dice.lognormvariate(4, 1)), "deletions": dice.randint(0, 60), "files": 4}
        yield event("first-commit", opened - timedelta(hours=dice.lognormvariate(1.5, 1)), author)
        yield event("opened", opened, author, author=author, is_bot=is_bot, head_sha=head, is_draft=False, **size)
        yield event("review-began", opened + timedelta(minutes=1), "", head_sha=head)
        yield event("checked", opened + timedelta(minutes=9), "ci", conclusion="success", sha=head, is_bot=True)
        yield event("review-requested", opened + timedelta(minutes=2), author, is_bot=is_bot)
        if dice.random() < 0.9:
            state = dice.choice(("changes-requested", "commented", "approved"))
            yield event("reviewed", opened + life * 0.4, reviewer, state=state, review_id=dice.getrandbits(40))
            for part in range(dice.randint(0, 3)):
                at = opened + life * (0.4 + part / 50)
                yield event("commented", at, reviewer, id=dice.getrandbits(40), place="code")
            if dice.random() < 0.6:
                later = sha256(head.encode()).hexdigest()[:40]
                yield event("pushed", opened + life * 0.6, author, head_sha=later, is_draft=False, is_bot=is_bot)
            yield event("reviewed", opened + life * 0.8, reviewer, state="approved", review_id=dice.getrandbits(40))
        if not is_open:
            ended = "merged" if dice.random() < 0.92 else "closed"
            yield event(
                ended, opened + life, reviewer, **({"merged_by": reviewer, **size} if ended == "merged" else {})
            )

    def _review(
        self, repository: int, number: int, began: datetime, generation: int, head: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        dice = self.dice
        finished = began + timedelta(minutes=1 + dice.expovariate(0.5))
        coverage = dice.choice(_COVERAGES)
        said = [dice.choice(RULES) for _ in range(dice.choice((0, 0, 1, 1, 2)))]
        review_key = f"{repository}#{number}@{'b' * 40}..{head}"
        review_id = f"{review_key}~{generation}"
        cost = round(dice.lognormvariate(-4.5, 0.6), 5)
        tokens = {"input_tokens": dice.randint(2000, 20000), "output_tokens": dice.randint(100, 900)}
        yield "reviews", {
            "id": review_id, "key": review_key, "generation": generation,
            "pull_request_key": f"{repository}#{number}", "repository_id": repository, "number": number,
            "base_sha": "b" * 40, "base_ref": "main", "head_sha": head,
            "trigger": "opened" if generation == 1 else "pushed", "mode": "advisory", "started_at": iso(began),
            "finished_at": iso(finished), "coverage": coverage, "result": "findings" if said else "clean",
            "reason": "the model did not answer in time" if coverage in ("partial", "degraded") else "",
            "finding_count": len(said), "dropped_count": 0, "model": "house-model", **tokens, "cost_usd": cost,
            "duration_s": (finished - began).total_seconds(), "url": "",
            "receipt": json.dumps({"coverage": coverage, "result": "findings" if said else "clean"}),
        }  # fmt: skip
        yield "model_calls", {
            "id": f"model:{review_id}", "review_key": review_key, "repository_id": repository, "model": "house-model",
            "prompt": "review", "prompt_version": "7", **tokens, "cached_tokens": 0, "cost_usd": cost,
            "latency_s": 4.2, "attempts": 1, "outcome": "answered", "at": iso(finished),
        }  # fmt: skip
        if dice.random() < 0.1:
            yield "posture_changes", {
                "review_id": review_id, "repository_id": repository, "number": number, "at": iso(finished),
                "calls_added": 1, "calls_removed": 0, "gained": dice.randint(0, 2), "lost": dice.randint(0, 1),
                "chains": 0, "change": '{"added":[],"removed":[],"changed":[]}',
            }  # fmt: skip
        for index, rule in enumerate(said):
            yield from self._finding(repository, number, review_id, f"{generation}-{index}", rule, finished, head)

    def _finding(
        self,
        repository: int,
        number: int,
        review_id: str,
        name: str,
        rule: tuple[str, str, str],
        at: datetime,
        head: str,
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        class_, kind, severity = rule
        line = self.dice.randint(1, 400)
        fate = self.dice.choice(FATES)
        found = {
            "repository_id": repository, "number": number,
            "fingerprint": sha256(f"{repository}#{number}:{name}".encode()).hexdigest()[:16],
            "path": f"orders/part{line % 17}.py", "start_line": line, "end_line": line, "side": "RIGHT",
            "scope": "send_order", "class": class_, "kind": kind, "rule": f"{class_}/{kind}", "severity": severity,
            "confidence": 0.9, "source": "rule", "title": f"{kind.replace('-', ' ').capitalize()} in send_order",
            "body": "One stuck peer holds the caller's worker for ever.", "evidence": f"client.get(url_{line})",
        }  # fmt: skip
        yield "findings", found | {"review_id": review_id, "said": "inline", "found_at": iso(at)}
        yield "points", found | {
            "last_fingerprint": found["fingerprint"], "state": fate if fate != "ignored" else "open", "said": "inline",
            "said_at": iso(at), "changed_at": iso(at), "first_head": head, "last_head": head,
            "comment_id": self.dice.getrandbits(40), "prompt_version": "", "model": "",
        }  # fmt: skip
        place = {name: found[name] for name in ("repository_id", "number", "fingerprint")}
        if fate != "open":
            yield "outcomes", place | {"outcome": fate, "judged_by": "seawall", "at": iso(at + timedelta(hours=9))}
            yield (
                "evidence",
                place
                | {"kind": "code", "says": fate, "actor": "", "detail": head[:7], "at": iso(at + timedelta(hours=9))},
            )


def event(name: str, at: datetime, actor: str, **details: Any) -> dict[str, Any]:
    ref = str(details.get("id") or details.get("review_id") or "")
    return {"event": name, "at": iso(at), "actor": actor, "details": json.dumps(details), "ref": ref}


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
