"""One entry of GitHub's list of changed files, and what it says of the file."""

from typing import Any

import pytest

from bot.domain import PatchStatus, Repository
from bot.github.caches import BlobCache, TextMemory
from bot.github.files import MOST_LISTED, list_files, patch_of
from bot.github.retries import Retries
from tests.github.test_client import pull_at

SHOP = Repository(id=5, owner="acme", name="shop")
PATCH = "@@ -1,2 +1,2 @@\n a\n-b\n+c"


def entry(status: str = "modified", patch: str | None = PATCH, **changed: Any) -> dict[str, Any]:
    additions, deletions = (1, 1) if patch else (0, 0)
    listed = {"filename": "a.py", "status": status, "additions": additions, "deletions": deletions, "sha": "f" * 40}
    return listed | ({"patch": patch} if patch else {}) | changed


def test_a_patch_that_the_host_withholds_is_not_complete() -> None:
    patch = patch_of(entry(patch=None, additions=9000))
    assert (patch.is_complete, patch.is_binary, patch.hunks) == (False, False, ())


def test_a_patch_that_does_not_add_up_is_not_complete() -> None:
    assert not patch_of(entry(additions=2)).is_complete
    assert not patch_of(entry(patch="@@ -1,2 +1,2 @@\n a\n-b")).is_complete
    assert patch_of(entry()).is_complete


@pytest.mark.parametrize(
    ("listed", "status", "is_binary"),
    [
        (entry("modified", None), PatchStatus.MODIFIED, True),
        (entry("added", None), PatchStatus.ADDED, True),
        (entry("added", None, sha="e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"), PatchStatus.ADDED, False),
        (entry("renamed", None, previous_filename="old.py"), PatchStatus.RENAMED, False),
        (entry("changed", None), PatchStatus.MODE_CHANGED, False),
        (entry("copied", previous_filename="old.py"), PatchStatus.COPIED, False),
        (entry("unheard-of"), PatchStatus.MODIFIED, False),
    ],
)
def test_a_file_without_lines_is_told_apart_by_what_else_is_known(
    listed: dict[str, Any], status: PatchStatus, is_binary: bool
) -> None:
    patch = patch_of(listed)
    assert (patch.status, patch.is_binary, patch.is_complete) == (status, is_binary, True)


def test_the_blob_of_a_removed_file_is_not_taken_for_its_head() -> None:
    assert patch_of(entry("removed", "@@ -1 +0,0 @@\n-b", additions=0)).blob_sha is None
    assert patch_of(entry()).blob_sha == "f" * 40


class _Listing:
    """An Api that lists as many files as GitHub does at most, of a larger change."""

    retries = Retries(1, 0, lambda _: None, lambda: 0)

    def pages(self, *_: Any) -> Any:
        for page in range(MOST_LISTED // 100):
            yield [entry(filename=f"{page}/{number}.py") for number in range(100)]

    def get(self, *_: Any) -> Any:
        return {"changed_files": 3210}


def test_files_beyond_what_github_lists_are_counted() -> None:
    listing = list_files(_Listing(), pull_at(SHOP))  # type: ignore[arg-type]
    assert (len(listing.patches), listing.unlisted) == (3000, 210)


def test_the_cache_of_contents_keeps_within_its_bytes_and_lets_the_least_used_go() -> None:
    cache = BlobCache(limit_bytes=1000)
    keys = [(1, "sha", name) for name in "abc"]
    cache.put(keys[0], b"x" * 400)
    cache.put(keys[1], b"y" * 400)
    assert cache.held(keys[:1]) == {keys[0]: b"x" * 400}
    cache.put(keys[2], None)
    cache.put((1, "sha", "d"), b"z" * 300)
    assert cache.held(keys).keys() == {keys[0], keys[2]}
    cache.put((1, "sha", "huge"), b"h" * 5000)
    assert cache.held([keys[0]])


def test_the_memory_of_texts_knows_their_age_and_forgets_the_oldest() -> None:
    now = [100.0]
    memory = TextMemory(2, lambda: now[0])
    for name in ("acme", "globex", "initech"):
        memory.put(name, name)
    now[0] = 130.0
    held = memory.get("globex")
    assert held is not None
    assert (held.text, held.age_s, memory.get("acme")) == ("globex", 30.0, None)
