"""Check runs, which only Apps may write, and commit statuses."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from bot.demo.standin.records import CheckRun, CommitStatus, Repository
from bot.demo.standin.refusals import Refusal, invalid, not_found
from bot.demo.standin.routes.asking import answer, body, links, me, my_token, page_of, repository, world
from bot.demo.standin.shapes import checks

routes = Blueprint("checks", __name__)

STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out")
STATES = ("error", "failure", "pending", "success")
LONGEST_TEXT = 65_535
MOST_ANNOTATIONS = 50
"""In one request; more come with further ones."""


@routes.post("/repos/<owner>/<repo>/check-runs")
def create_check_run(owner: str, repo: str) -> Response:
    found, sent = _writable(owner, repo), body()
    sha = found.git.resolve(str(sent.get("head_sha")))
    if not sent.get("name"):
        raise invalid("CheckRun", "name", "missing_field")
    if sha is None:
        raise invalid("CheckRun", "head_sha", "custom", f"No commit found for SHA: {sent.get('head_sha')}")
    suite = next((one.suite_id for one in found.checks.values() if one.head_sha == sha), None) or world().next_id()
    check = CheckRun(world().next_id(), suite, str(sent["name"]), sha, "queued", world().clock())
    _apply(check, sent)
    found.checks[check.id] = check
    return answer(checks.check_run(found, check, world().app, links()), 201)


@routes.patch("/repos/<owner>/<repo>/check-runs/<int:check_id>")
def update_check_run(owner: str, repo: str, check_id: int) -> Response:
    found = _writable(owner, repo)
    check = _check(found, check_id)
    _apply(check, body())
    return answer(checks.check_run(found, check, world().app, links()))


@routes.get("/repos/<owner>/<repo>/check-runs/<int:check_id>")
def get_check_run(owner: str, repo: str, check_id: int) -> Response:
    found = repository(owner, repo, "checks")
    return answer(checks.check_run(found, _check(found, check_id), world().app, links()))


@routes.get("/repos/<owner>/<repo>/check-runs/<int:check_id>/annotations")
def list_annotations(owner: str, repo: str, check_id: int) -> Response:
    found = repository(owner, repo, "checks")
    check = _check(found, check_id)
    page, headers = page_of(check.annotations)
    return answer([checks.annotation(found, check, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/commits/<path:ref>/check-runs")
def list_check_runs(owner: str, repo: str, ref: str) -> Response:
    """Newest first; unless `filter=all`, only the latest of each name."""
    found = repository(owner, repo, "checks")
    sha = found.git.resolve(ref)
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    asked = request.args
    runs = [one for one in reversed(found.checks.values()) if one.head_sha == sha]
    runs = [one for one in runs if asked.get("check_name", one.name) == one.name]
    runs = [one for one in runs if asked.get("status", one.status) == one.status]
    if asked.get("app_id", str(world().app.id)) != str(world().app.id):
        runs = []
    if asked.get("filter", "latest") == "latest":
        runs = list({one.name: one for one in reversed(runs)}.values())
    page, headers = page_of(runs)
    shown = [checks.check_run(found, one, world().app, links()) for one in page]
    return answer({"total_count": len(runs), "check_runs": shown}, headers=headers)


@routes.post("/repos/<owner>/<repo>/statuses/<sha>")
def create_status(owner: str, repo: str, sha: str) -> Response:
    found, sent = repository(owner, repo, "statuses", "write"), body()
    commit = found.git.resolve(sha)
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    if sent.get("state") not in STATES:
        raise invalid("Status", "state")
    description = sent.get("description")
    if description and len(description) > 140:
        raise invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    status = CommitStatus(
        id=world().next_id(),
        sha=commit,
        state=sent["state"],
        context=sent.get("context") or "default",
        description=description,
        target_url=sent.get("target_url"),
        creator=me(),
        created_at=world().clock(),
    )
    found.statuses.append(status)
    return answer(checks.status(found, status, links()), 201)


@routes.get("/repos/<owner>/<repo>/commits/<path:ref>/statuses")
def list_statuses(owner: str, repo: str, ref: str) -> Response:
    """Newest first."""
    found = repository(owner, repo, "statuses")
    sha = found.git.resolve(ref)
    page, headers = page_of([one for one in reversed(found.statuses) if one.sha == sha])
    return answer([checks.status(found, one, links()) for one in page], headers=headers)


def _writable(owner: str, repo: str) -> Repository:
    """A user's token may read check runs, but not write them."""
    found = repository(owner, repo)
    token = my_token()
    if not token.is_installation:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    token.require("checks", "write")
    return found


def _check(found: Repository, check_id: int) -> CheckRun:
    if check_id not in found.checks:
        raise not_found()
    return found.checks[check_id]


def _apply(check: CheckRun, sent: dict[str, Any]) -> None:
    """All checks first, then all changes."""
    status, conclusion = sent.get("status"), sent.get("conclusion")
    if status is not None and status not in STATUSES:
        raise invalid("CheckRun", "status")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion")
    if status == "completed" and conclusion is None and check.conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    output = _checked_output(sent.get("output"))
    check.name = sent.get("name") or check.name
    check.external_id = sent.get("external_id") or check.external_id
    check.details_url = sent.get("details_url") or check.details_url
    check.started_at = _time(sent, "started_at") or check.started_at
    if conclusion is not None:
        check.status, check.conclusion = "completed", conclusion
        check.completed_at = _time(sent, "completed_at") or world().clock()
    elif status is not None and status != "completed":
        check.status, check.conclusion, check.completed_at = status, None, None
    if output:
        check.title, check.summary = output.get("title", check.title), output["summary"]
        check.text = output.get("text", check.text)
        check.annotations += output.get("annotations") or []


def _checked_output(output: object) -> dict[str, Any]:
    if output is None:
        return {}
    if not isinstance(output, dict) or not isinstance(output.get("summary"), str):
        raise invalid("CheckRun", "output.summary", "missing_field")
    for name in ("summary", "text"):
        if len(output.get(name) or "") > LONGEST_TEXT:
            raise invalid("CheckRun", f"output.{name}", "custom", f"exceeds a maximum of {LONGEST_TEXT} characters")
    annotations = output.get("annotations") or []
    if len(annotations) > MOST_ANNOTATIONS:
        raise invalid("CheckRun", "output.annotations", "custom", f"exceeds a maximum of {MOST_ANNOTATIONS}")
    for one in annotations:
        if not {"path", "start_line", "end_line", "annotation_level", "message"} <= one.keys():
            raise invalid("CheckRun", "output.annotations", "missing_field")
    return output


def _time(sent: dict[str, Any], name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(sent[name]) if sent.get(name) else None
    except ValueError:
        raise invalid("CheckRun", name) from None
