"""Commits, comparisons, trees, blobs and contents."""

import base64
from collections.abc import Sequence
from urllib.parse import quote

from bot.demo.standin.git_history import Commit, Person, TreeEntry
from bot.demo.standin.git_objects import GitObject
from bot.demo.standin.links import Links
from bot.demo.standin.patches import FileChange
from bot.demo.standin.records import Repository
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.shapes.pulls import file

LARGEST_CONTENT = 1_000_000
"""Larger files come without content as JSON (encoding `none`), whole as raw."""
_ENTRY_TYPES = {"120000": "symlink", "160000": "submodule", "040000": "dir"}


def commit(record: Repository, commit: Commit, links: Links) -> JSON:
    url = f"{links.repository(record)}/commits/{commit.sha}"
    git_url = f"{links.repository(record)}/git"
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "commit": {
            "author": _person(commit.author),
            "committer": _person(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{git_url}/trees/{commit.tree}"},
            "url": f"{git_url}/commits/{commit.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": url,
        "html_url": links.page(record, f"commit/{commit.sha}"),
        "comments_url": f"{url}/comments",
        "author": None,
        "committer": None,
        "parents": [
            {
                "sha": parent,
                "url": f"{links.repository(record)}/commits/{parent}",
                "html_url": links.page(record, f"commit/{parent}"),
            }
            for parent in commit.parents
        ],
    }


def commit_with_files(record: Repository, found: Commit, changes: Sequence[FileChange], links: Links) -> JSON:
    additions = sum(change.additions for change in changes)
    deletions = sum(change.deletions for change in changes)
    return commit(record, found, links) | {
        "stats": {"additions": additions, "deletions": deletions, "total": additions + deletions},
        "files": [file(record, change, found.sha, links) for change in changes],
    }


def comparison(record: Repository, base: Commit, fork: Commit, head: Commit, links: Links) -> JSON:
    """Base to head; `fork` is where they part. Commits oldest first, at most 250, files at most 300, as GitHub's."""
    ahead, behind = record.git.between(base.sha, head.sha), record.git.between(head.sha, base.sha)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    listed = [found for sha in ahead[:250] if (found := record.git.commit(sha))]
    page = links.page(record, f"compare/{base.sha}...{head.sha}")
    return {
        "url": f"{links.repository(record)}/compare/{base.sha}...{head.sha}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit(record, base, links),
        "merge_base_commit": commit(record, fork, links),
        "status": status.get((bool(ahead), bool(behind)), "diverged"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(record, found, links) for found in listed],
        "files": [file(record, change, head.sha, links) for change in record.git.changes(base.sha, head.sha)[:300]],
    }


def blob(record: Repository, found: GitObject, links: Links) -> JSON:
    return {
        "sha": found.sha,
        "node_id": f"B_{found.sha}",
        "size": len(found.content),
        "url": f"{links.repository(record)}/git/blobs/{found.sha}",
        "content": base64.encodebytes(found.content).decode(),
        "encoding": "base64",
    }


def tree(record: Repository, sha: str, entries: Sequence[TreeEntry], links: Links) -> JSON:
    git_url = f"{links.repository(record)}/git"
    return {
        "sha": sha,
        "url": f"{git_url}/trees/{sha}",
        "tree": [
            {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
            | ({"size": entry.size} if entry.size is not None else {})
            | ({"url": f"{git_url}/{entry.kind}s/{entry.sha}"} if entry.kind != "commit" else {})
            for entry in entries
        ],
        "truncated": False,
    }


def content(record: Repository, entry: TreeEntry, path: str, ref: str, found: GitObject | None, links: Links) -> JSON:
    """A file (with its bytes), symlink or submodule; without `found` an entry of a directory's list."""
    kind = _ENTRY_TYPES.get(entry.mode, "file")
    url = f"{links.repository(record)}/contents/{quote(path)}?ref={quote(ref, safe='')}"
    git_url = f"{links.repository(record)}/git/{'trees' if kind == 'dir' else 'blobs'}/{entry.sha}"
    page = links.page(record, f"{'tree' if kind == 'dir' else 'blob'}/{ref}/{quote(path)}")
    shown: JSON = {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": url,
        "html_url": page,
        "git_url": git_url,
        "download_url": links.page(record, f"raw/{ref}/{quote(path)}") if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git_url, "html": page},
    }
    if found is None:
        return shown
    if kind == "symlink":
        return shown | {"target": found.content.decode("utf-8", "replace")}
    if len(found.content) > LARGEST_CONTENT:
        return shown | {"content": "", "encoding": "none"}
    return shown | {"content": base64.encodebytes(found.content).decode(), "encoding": "base64"}


def _person(person: Person) -> JSON:
    return {"name": person.name, "email": person.email, "date": iso(person.at)}
