"""The changed files of a pull request, from GitHub's list to Patches."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.diff import parse_hunks
from bot.domain import Hunk, Patch, PatchStatus, PullRequest
from bot.errors import SourceError, Superseded
from bot.github.api import Api
from bot.github.routes import Route, of_pull_request

MOST_LISTED = 3000
"""GitHub lists no more files of a pull request than this."""
LOOKS = 3
"""How often a list of another head is asked for again, with a pause between."""
_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
_SUBPROJECT = re.compile(r"@@ [^\n]*(\n[+-]Subproject commit [0-9a-f]{40}(-dirty)?){1,2}\n?")
"""All of a submodule's patch; a line of it in a file of many proves nothing."""
_COMMIT = re.compile(r"[0-9a-f]{40}")
_STATUSES = {
    "added": PatchStatus.ADDED,
    "removed": PatchStatus.REMOVED,
    "renamed": PatchStatus.RENAMED,
    "copied": PatchStatus.COPIED,
    "changed": PatchStatus.MODE_CHANGED,
}


@dataclass(frozen=True)
class Listing:
    patches: tuple[Patch, ...]
    unlisted: int


def list_files(api: Api, pull_request: PullRequest) -> Listing:
    """All files GitHub lists. Raises Superseded where they stay those of another head than asked for."""
    pull = of_pull_request(pull_request)
    entries = _entries_at(pull_request.head_sha, api, pull)
    patches = {entry["filename"]: patch_of(entry) for entry in entries}
    unlisted = 0
    if len(entries) >= MOST_LISTED:
        unlisted = api.get(pull)["changed_files"] - len(patches)
    return Listing(tuple(patches.values()), max(unlisted, 0))


def _entries_at(head_sha: str, api: Api, pull: Route) -> list[Mapping[str, Any]]:
    """GitHub lists the head of this moment. Just after a push that may still be the one before: hence the pauses."""
    for _ in range(LOOKS):
        entries = [entry for page in api.pages(pull.below("/files")) for entry in page]
        heads = _heads_of(entries)
        if not heads or heads == {head_sha}:
            return entries
        api.retries.pause()
    raise Superseded(f"The pull request has moved on from {head_sha[:10]} to {min(heads - {head_sha})[:10]}.")


def patch_of(entry: Mapping[str, Any]) -> Patch:
    """From one entry of GitHub's list. Hunks that are withheld, cut or do not add up leave `is_complete` False."""
    text = entry.get("patch")
    status = _STATUSES.get(entry["status"], PatchStatus.MODIFIED)
    has_lines = entry["additions"] + entry["deletions"] > 0
    hunks, is_whole = _hunks(text, entry["additions"], entry["deletions"])
    return Patch(
        path=entry["filename"],
        status=status,
        old_path=entry.get("previous_filename"),
        hunks=hunks,
        is_binary=text is None and not has_lines and _stands_for_bytes(entry, status),
        is_submodule=bool(text and _SUBPROJECT.fullmatch(text)),
        is_complete=is_whole if text else not has_lines,
        blob_sha=None if status is PatchStatus.REMOVED else entry.get("sha"),
        additions=entry["additions"],
        deletions=entry["deletions"],
    )


def _hunks(text: str | None, additions: int, deletions: int) -> tuple[tuple[Hunk, ...], bool]:
    try:
        hunks = parse_hunks(text or "")
    except SourceError:
        return (), False
    written = [line.op for hunk in hunks for line in hunk.lines]
    return hunks, (written.count("+"), written.count("-")) == (additions, deletions)


def _stands_for_bytes(entry: Mapping[str, Any], status: PatchStatus) -> bool:
    """No patch and no lines: a binary file, unless it is a mere rename, a change of mode, or an empty file."""
    moved = status in (PatchStatus.RENAMED, PatchStatus.COPIED, PatchStatus.MODE_CHANGED)
    return not moved and entry.get("sha") != _EMPTY_BLOB


def _heads_of(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """The commits that the entries' contents_url name; removed files name another one."""
    refs = {_ref_of(entry.get("contents_url") or "") for entry in entries if entry["status"] != "removed"}
    return {ref for ref in refs if _COMMIT.fullmatch(ref)}


def _ref_of(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("ref", [""])[-1]
