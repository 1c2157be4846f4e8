"""The check "Seawall" on a head commit, or the commit status that stands in for it where only a token is set."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.domain import CheckDraft, Repository
from bot.errors import Forbidden, SeawallError
from bot.github.api import Api
from bot.github.host import GitHubHost
from bot.github.routes import of_repository

NAME = "Seawall"
CONTEXT = "seawall"
SUMMARY_LIMIT_BYTES = 65_535
DESCRIPTION_LIMIT = 140
TITLE_LIMIT = 200
NO_CHECK_RUNS_FOR_S = 3600.0
LOOK_HOLDS_S = 5.0
"""For so long a look is trusted."""
NOT_SEEN: tuple[dict[str, Any] | None, float] = (None, float("-inf"))
_CUT = "\n\n… (shortened; the full receipt is in the ledger)"


class Check:
    """One check of one head, made when first shown, found again after a crash.

    `external_id` names it: `<repository id>#<number>@<base>..<head>`. The check of another base on this head is taken
    over: what stands before the @ is the same.
    """

    def __init__(self, host: GitHubHost, repository: Repository, head_sha: str, external_id: str) -> None:
        self._host = host
        self._api: Api = host.api(repository.installation_id)
        self._repository = of_repository(repository)
        self._head_sha = head_sha
        self._external_id = external_id
        self._name = f"{repository.id}:{head_sha}:{external_id}"
        self._seen = NOT_SEEN

    def look_ahead(self) -> None:
        """Looks for the check while something else is read, so that showing it need not wait for the look."""
        if not self._host.no_check_runs and self._host.check_runs.get(self._name) is None:
            with suppress(SeawallError):  # who shows it looks again, and sees to what goes wrong
                self._seen = (self._find(), self._host.clock())

    def expect_none(self) -> None:
        """The check is known not to be there: it is made without a look, which comes only after a lost answer."""
        self._seen = (None, float("inf"))

    def show(self, draft: CheckDraft) -> None:
        """In progress without a conclusion, else completed. Raises Forbidden where neither check nor status may be."""
        if self._host.no_check_runs:
            self._show_status(draft)
            return
        try:
            self._show_run(draft)
        except Forbidden:
            if self._host.settings.is_app:
                raise
            self._host.no_check_runs.avoid(NO_CHECK_RUNS_FOR_S)
            self._show_status(draft)

    def end(self, draft: CheckDraft, may_be_final: bool) -> None:
        """Completes the check if it is in progress; makes none, and leaves a completed one as it is.

        A status does not tell whether it is the last word, so where it `may_be_final` it stays.
        """
        if self._host.settings.is_app:
            run = self._find()
            if run and run["status"] != "completed":
                route = self._repository.below("/check-runs/{run_id}", run_id=run["id"])
                self._api.write("PATCH", route, _shown(draft))
        elif not may_be_final:
            self._show_status(draft)

    def _show_run(self, draft: CheckDraft) -> None:
        runs = self._repository.below("/check-runs")
        shown = _shown(draft) | {"external_id": self._external_id, "name": NAME}
        remembered = self._host.check_runs.get(self._name)
        run_id = remembered.text if remembered else None
        if run_id is None:
            create = shown | {"head_sha": self._head_sha}
            run, was_there = self._api.retries.once(self._found, lambda: self._api.write("POST", runs, create))
            run_id = str(run["id"])
            self._host.check_runs.put(self._name, run_id)
            if not was_there:
                return
        self._api.write("PATCH", runs.below("/{run_id}", run_id=run_id), shown, is_word=True)

    def _found(self) -> dict[str, Any] | None:
        """What is known or the look ahead saw, once and while it is fresh; else a look."""
        (run, seen_at), self._seen = self._seen, NOT_SEEN
        return run if self._host.clock() - seen_at < LOOK_HOLDS_S else self._find()

    def _find(self) -> dict[str, Any] | None:
        query: dict[str, object] = {"check_name": NAME, "filter": "all", "per_page": 100}
        if self._host.settings.is_app:
            query["app_id"] = self._host.settings.app_id
        route = self._repository.below("/commits/{sha}/check-runs", sha=self._head_sha)
        runs: list[dict[str, Any]] = self._api.get(route, query)["check_runs"]
        return _first(runs, lambda known: known == self._external_id) or _first(
            runs, lambda known: known.split("@")[0] == self._external_id.split("@")[0]
        )

    def _show_status(self, draft: CheckDraft) -> None:
        """Knows no neutral: that is a success whose title says the rest. Sent twice it says the same."""
        states = {None: "pending", "success": "success", "neutral": "success", "failure": "failure"}
        status = {"state": states[draft.conclusion], "context": CONTEXT, "description": _description(draft.title)}
        route = self._repository.below("/statuses/{sha}", sha=self._head_sha)
        self._api.write("POST", route, status, repeatable=True, is_word=True)


def conclude_merge_group(host: GitHubHost, repository: Repository, head_sha: str, check: CheckDraft) -> None:
    """The check that a merge queue waits for, on the commit it made."""
    Check(host, repository, head_sha, f"{repository.id}@{head_sha}").show(check)


def _first(runs: list[dict[str, Any]], is_ours: Callable[[str], bool]) -> dict[str, Any] | None:
    ours = [run for run in runs if is_ours(run.get("external_id") or "")]
    return min(ours, key=lambda run: int(run["id"])) if ours else None


def _shown(draft: CheckDraft) -> dict[str, Any]:
    output = {"title": draft.title[:TITLE_LIMIT], "summary": _within(draft.summary, SUMMARY_LIMIT_BYTES)}
    if draft.conclusion is None:
        return {"status": "in_progress", "output": output}
    return {"status": "completed", "conclusion": draft.conclusion, "output": output}


def _within(text: str, limit_bytes: int) -> str:
    if len(text.encode()) <= limit_bytes:
        return text
    return text.encode()[: limit_bytes - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _description(title: str) -> str:
    return title if len(title) <= DESCRIPTION_LIMIT else f"{title[: DESCRIPTION_LIMIT - 1]}…"
