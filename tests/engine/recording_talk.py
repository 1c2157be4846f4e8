"""A conversation that writes down what it is asked to do. How it goes is told by the command's text, as JSON."""

import json
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from bot.domain import (
    Answer,
    CancelReviews,
    CommandGiven,
    PullRequest,
    Reply,
    ReplyNoted,
    StartReview,
    ThreadNoted,
    Want,
)
from bot.errors import HostUnavailable, LedgerError, ModelUnavailable
from tests.engine.recording import Record


class RecordingTalk:
    def __init__(self, record: Record) -> None:
        self._record = record

    def hear(self, given: CommandGiven) -> None:
        before = self._record.tell("hear", given.id)
        if before < script_of(given).get("hear_fails", 0):
            raise HostUnavailable("502")

    def answer(self, given: CommandGiven, under_way: Sequence[str]) -> Answer:
        script = script_of(given)
        before = self._record.tell("answer", given.id, list(under_way))
        self._dies(script, "answer", before)
        if before < script.get("answer_fails", 0):
            raise LedgerError("the disk is full")
        if script.get("answer_breaks"):
            raise ValueError("a bug")
        if script.get("holds"):
            self._record.hold(given.id)
        wants: list[Want] = []
        if review := script.get("review"):
            wants.append(StartReview(pull_request=PullRequest.from_json(review)))
        if cancel := script.get("cancel"):
            wants.append(CancelReviews(pull_request=PullRequest.from_json(cancel)))
        return Answer(reply=Reply(state="done", title=given.text[:20], run_id=given.run_id), wants=tuple(wants))

    def fetched_within_s(self, given: CommandGiven) -> float:
        return float(script_of(given).get("fetched_within_s", 0))

    def deliver(self, given: CommandGiven, answer: Answer) -> None:
        script = script_of(given)
        before = self._record.tell("deliver", given.id, answer.reply.state)
        self._dies(script, "deliver", before)
        if before < script.get("deliver_fails", 0):
            raise HostUnavailable("502")
        self._record.tell("delivered", given.id, answer.reply.title)

    def listeners(self, pull_request: PullRequest) -> dict[str, dict[str, Any]]:
        names = self._record.stage(f"listeners:{pull_request.review_key}") or []
        return {name: {"name": name} for name in names}

    def tell(self, listener: dict[str, Any], pull_request: PullRequest, state: str, reason: str) -> None:
        self._record.tell("told end", pull_request.review_key, [listener["name"], state, reason])
        if self._record.tell(f"told {listener['name']}", pull_request.review_key) == 0 and listener["name"] == "deaf":
            raise HostUnavailable("502")

    def note(self, job: ReplyNoted | ThreadNoted) -> None:
        self._record.tell("noted", f"{job.repository.id}#{job.number}", job.kind)

    def has_spoken(self, pull_request: PullRequest) -> bool:
        return not self._record.stage(f"silent:{pull_request.key}")

    def to_sweep(self) -> list[PullRequest]:
        return [PullRequest.from_json(values) for values in self._record.stage("to sweep") or []]

    def summaries_due(self, now: str) -> dict[str, dict[str, Any]]:
        return dict(self._record.stage("summaries") or {})

    def tell_summary(self, errand: dict[str, Any], step: Callable[[str, Callable[[], Any]], Any]) -> None:
        channel = errand["channel"]

        def say() -> None:
            before = self._record.tell("summary", channel)
            self._dies(errand, "saying", before)
            if before < errand.get("fails", 0):
                raise HostUnavailable("502")

        step("say it", say)
        self._dies(errand, "between", self._record.tell("between", channel))
        step("remember it", lambda: self._record.tell("told summary", channel))

    def drafts_due(self, now: str) -> dict[str, dict[str, Any]]:
        return dict(self._record.stage("drafts") or {})

    def draft_rule(self, errand: dict[str, Any]) -> str:
        before = self._record.tell("draft", errand["fingerprint"])
        if before < errand.get("fails", 0):
            raise ModelUnavailable("429")
        return "own/a-rule is drafted"

    def sweep(self, pull_request: PullRequest) -> None:
        self._record.tell("sweep", pull_request.key)

    def _dies(self, script: dict[str, Any], where: str, before: int) -> None:
        if script.get("dies_at") == where and before == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def script_of(given: CommandGiven) -> dict[str, Any]:
    return dict(json.loads(given.text)) if given.text.startswith("{") else {}
