"""Code: contents, blobs, trees, commits, comparisons."""

from dataclasses import replace

from flask import Blueprint, Response, request

from bot.demo.standin.git_history import SYMLINK, Commit
from bot.demo.standin.records import Repository
from bot.demo.standin.refusals import Refusal, not_found
from bot.demo.standin.routes.asking import answer, links, page_of, repository, wants_raw
from bot.demo.standin.shapes import code
from bot.demo.standin.shapes.pulls import pull_request_simple

routes = Blueprint("code", __name__)


@routes.get("/repos/<owner>/<repo>/contents", defaults={"path": ""})
@routes.get("/repos/<owner>/<repo>/contents/<path:path>")
def get_contents(owner: str, repo: str, path: str) -> Response:
    found = repository(owner, repo, "contents")
    ref = request.args.get("ref") or found.default_branch
    if found.git.resolve(ref) is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    path = path.strip("/")
    listing = found.git.tree(ref, path)
    if listing is not None:
        prefix = f"{path}/" if path else ""
        return answer([code.content(found, one, prefix + one.path, ref, None, links()) for one in listing])
    folder, _, name = path.rpartition("/")
    entry = next((one for one in found.git.tree(ref, folder) or () if one.path == name), None)
    if entry is None:
        raise not_found()
    blob = found.git.link_target(ref, path) if entry.mode == SYMLINK else None
    if blob is not None:
        entry = replace(entry, mode="100644", size=len(blob.content), sha=blob.sha)  # a link to a file is that file
    blob = blob or found.git.file(ref, path)
    if wants_raw() and blob is not None:
        return Response(blob.content, content_type="application/vnd.github.raw; charset=utf-8")
    return answer(code.content(found, entry, path, ref, blob, links()))


@routes.get("/repos/<owner>/<repo>/git/blobs/<sha>")
def get_blob(owner: str, repo: str, sha: str) -> Response:
    found = repository(owner, repo, "contents")
    blob = found.git.objects.read(sha)
    if blob is None or blob.kind != "blob":
        raise not_found()
    if wants_raw():
        return Response(blob.content, content_type="application/vnd.github.raw; charset=utf-8")
    return answer(code.blob(found, blob, links()))


@routes.get("/repos/<owner>/<repo>/git/trees/<path:treeish>")
def get_tree(owner: str, repo: str, treeish: str) -> Response:
    found = repository(owner, repo, "contents")
    entries = found.git.tree(treeish, recursive=bool(request.args.get("recursive")))
    if entries is None:
        raise not_found()
    tree = found.git.objects.read(f"{treeish}^{{tree}}")
    assert tree
    return answer(code.tree(found, tree.sha, entries, links()))


@routes.get("/repos/<owner>/<repo>/commits")
def list_commits(owner: str, repo: str) -> Response:
    found = repository(owner, repo, "contents")
    start = _commit(found, request.args.get("sha") or found.default_branch)
    page, headers = page_of(found.git.between("", start.sha))
    return answer([code.commit(found, _commit(found, sha), links()) for sha in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/commits/<path:ref>")
def get_commit(owner: str, repo: str, ref: str) -> Response:
    found = repository(owner, repo, "contents")
    commit = _commit(found, ref)
    if "sha" in request.headers.get("Accept", ""):
        return Response(commit.sha, content_type="application/vnd.github.sha; charset=utf-8")
    before = commit.parents[0] if commit.parents else ""
    changes = found.git.changes(before, commit.sha) if before else ()
    return answer(code.commit_with_files(found, commit, changes, links()))


@routes.get("/repos/<owner>/<repo>/commits/<sha>/pulls")
def list_pulls_of_commit(owner: str, repo: str, sha: str) -> Response:
    """Open pull requests whose own commits include this one, and merged ones that brought it."""
    found = repository(owner, repo, "pull_requests")
    commit = _commit(found, sha)
    pulls = [one for one in found.pulls.values() if commit.sha in found.git.between(one.base_sha, one.head_sha)]
    page, headers = page_of(pulls)
    return answer([pull_request_simple(found, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/compare/<path:basehead>")
def compare(owner: str, repo: str, basehead: str) -> Response:
    found = repository(owner, repo, "contents")
    base_ref, dots, head_ref = basehead.partition("...")
    if not dots:
        raise not_found()
    base, head = _commit(found, base_ref), _commit(found, head_ref)
    fork = _commit(found, found.git.merge_base(base.sha, head.sha))
    if "diff" in request.headers.get("Accept", ""):
        whole = found.git.whole_diff(fork.sha, head.sha)
        return Response(whole, content_type="application/vnd.github.diff; charset=utf-8")
    return answer(code.comparison(found, base, fork, head, links()))


def _commit(found: Repository, revision: str) -> Commit:
    commit = found.git.commit(revision)
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {revision}")
    return commit
