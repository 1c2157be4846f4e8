"""Pull requests: lists, one by number, their files and commits."""

from flask import Blueprint, Response, request

from bot.demo.standin.records import PullRequest
from bot.demo.standin.refusals import Refusal
from bot.demo.standin.routes.asking import answer, links, page_of, pull_request, repository
from bot.demo.standin.shapes import code, pulls

routes = Blueprint("pulls", __name__)

MOST_FILES = 3_000
MOST_COMMITS = 250


@routes.get("/repos/<owner>/<repo>/pulls")
def list_pulls(owner: str, repo: str) -> Response:
    found = repository(owner, repo, "pull_requests")
    page, headers = page_of(_ordered([one for one in found.pulls.values() if _is_wanted(one, owner)]))
    return answer([pulls.pull_request_simple(found, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/pulls/<int:number>")
def get_pull(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    if "diff" in request.headers.get("Accept", ""):
        fork = found.git.merge_base(pull.base_sha, pull.head_sha)
        whole = found.git.whole_diff(fork, pull.head_sha)
        return Response(whole, content_type="application/vnd.github.diff; charset=utf-8")
    return answer(pulls.pull_request(found, pull, links()))


@routes.get("/repos/<owner>/<repo>/pulls/<int:number>/files")
def list_files(owner: str, repo: str, number: int) -> Response:
    """GitHub lists 3,000 files at most, and says nothing of the rest."""
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of(found.git.changes(pull.base_sha, pull.head_sha)[:MOST_FILES])
    return answer([pulls.file(found, one, pull.head_sha, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/pulls/<int:number>/commits")
def list_pull_commits(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of(found.git.between(pull.base_sha, pull.head_sha)[:MOST_COMMITS])
    commits = [commit for sha in page if (commit := found.git.commit(sha))]
    return answer([code.commit(found, one, links()) for one in commits], headers=headers)


def _is_wanted(pull: PullRequest, owner: str) -> bool:
    asked = request.args
    state = asked.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "field": "state", "code": "invalid"}])
    return (
        (state == "all" or pull.is_open == (state == "open"))
        and asked.get("base", pull.base_ref) == pull.base_ref
        and asked.get("head", f"{owner}:{pull.head_ref}") == f"{owner}:{pull.head_ref}"
    )


def _ordered(found: list[PullRequest]) -> list[PullRequest]:
    by_update = request.args.get("sort") in ("updated", "popularity", "long-running")
    newest_first = request.args.get("direction", "asc" if request.args.get("sort") else "desc") == "desc"
    return sorted(
        found, key=lambda one: (one.updated_at if by_update else one.created_at, one.number), reverse=newest_first
    )
