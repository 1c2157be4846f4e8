"""The judge is only worth having if it says no."""

from typing import Any

import pytest

from tests.contract.oracle import ContractBroken, shared_spec

REVIEWS = "/repos/acme/shop/pulls/7/reviews"
CHECK = {"name": "Seawall", "head_sha": "a" * 40, "status": "in_progress", "output": {"title": "t", "summary": "s"}}


@pytest.mark.parametrize(
    ("method", "url", "query", "body"),
    [
        ("GET", "/repos/acme/shop/pulls/7/files", "per_page=100&page=2", None),
        ("GET", "https://ghes.example/api/v3/repos/acme/shop/pulls/7/files?per_page=100", None, None),
        ("GET", "/repos/acme/shop/contents/src/a/b.py", {"ref": "main"}, None),
        ("GET", "/repos/acme/shop/commits/feature/x/check-runs", {"check_name": "Seawall"}, None),
        ("POST", "/repos/acme/shop/check-runs", None, CHECK),
        ("PATCH", "/repos/acme/shop/check-runs/5", None, {"status": "completed", "conclusion": "neutral"}),
        ("POST", REVIEWS, None, b'{"event": "COMMENT", "comments": [{"path": "a.py", "body": "x", "line": 3}]}'),
    ],
)
def test_a_request_that_github_takes_passes(method: str, url: str, query: Any, body: Any) -> None:
    assert shared_spec().request(method, url, query, body).startswith("/repos/{owner}/{repo}/")


@pytest.mark.parametrize(
    ("method", "url", "query", "body", "fault"),
    [
        ("POST", REVIEWS, None, {"event": "LGTM"}, "event"),
        ("POST", REVIEWS, None, {"comments": [{"body": "no path"}]}, "path"),
        ("POST", REVIEWS, None, {"comments": [{"path": "a", "body": "b", "line": "3"}]}, "line"),
        ("POST", REVIEWS, None, {"comment": []}, "comment is not documented"),
        ("POST", REVIEWS, None, {"comments": [{"path": "a", "body": "b", "lines": 3}]}, "comments/0/lines"),
        ("POST", "/repos/acme/shop/check-runs", None, CHECK | {"conclusion": "fine"}, "conclusion"),
        ("POST", "/repos/acme/shop/check-runs", None, None, "a body is required"),
        ("GET", REVIEWS, {"pge": 1}, None, "no query parameter pge"),
        ("GET", REVIEWS, {"page": "two"}, None, "no integer"),
        ("GET", REVIEWS, {"per_page": 200}, None, "at most 100"),
        ("GET", "/repos/acme/shop/pulls", {"state": "merged"}, None, "none of"),
        ("GET", "/repos/acme/shop/pulls/seven", None, None, "no such operation"),
        ("GET", "/repos/acme/shop/nothing", None, None, "no such operation"),
        ("DELETE", "/repos/acme/shop/check-runs/5", None, None, "no such operation"),
    ],
)
def test_a_request_that_github_would_refuse_is_named(method: str, url: str, query: Any, body: Any, fault: str) -> None:
    with pytest.raises(ContractBroken, match=fault):
        shared_spec().request(method, url, query, body)


FILE = {
    "sha": "b" * 40,
    "filename": "a.py",
    "status": "modified",
    "additions": 1,
    "deletions": 0,
    "changes": 1,
    "blob_url": "https://github.example/b",
    "raw_url": "https://github.example/r",
    "contents_url": "https://github.example/c",
    "patch": "@@ -1 +1,2 @@\n a\n+b",
}


def test_an_answer_as_github_gives_it_passes() -> None:
    shared_spec().response("GET", "/repos/acme/shop/pulls/7/files", 200, [FILE, FILE | {"sha": None}])
    shared_spec().response("GET", "/repos/acme/shop/pulls/7/files", 404, {"message": "Not Found"})
    shared_spec().response("GET", "/repos/acme/shop/pulls/7/files", 502, None)


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (200, [FILE | {"status": "touched"}], "status"),
        (200, [{name: value for name, value in FILE.items() if name != "filename"}], "filename"),
        (200, [FILE | {"hunks": []}], "hunks is not documented"),
        (200, {"files": []}, "array"),
        (201, [FILE], "knows only"),
        (422, "no", "an object with a message"),
    ],
)
def test_an_answer_that_github_would_not_give_is_named(status: int, body: Any, fault: str) -> None:
    with pytest.raises(ContractBroken, match=fault):
        shared_spec().response("GET", "/repos/acme/shop/pulls/7/files", status, body if status != 422 else {"no": 1})
