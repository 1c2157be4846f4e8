"""Which files the model has read as they are. Known by content: neither commits nor dates nor line numbers count."""

import hashlib
from collections.abc import Iterable, Mapping

from bot.domain import Change, Patch
from bot.review.excerpt import ScopeOf


def digests_of(change: Change, paths: Iterable[str], scope_of: ScopeOf) -> dict[str, str]:
    """Path → digest of what the change does to that file."""
    wanted = set(paths)
    return {patch.path: patch_digest(patch, scope_of) for patch in change.patches if patch.path in wanted}


def patch_digest(patch: Patch, scope_of: ScopeOf) -> str:
    """Of the lines written and taken away, in order, each with the function around it. A rebase leaves it as it is."""
    parts = [patch.path, patch.old_path or "", patch.status.value]
    for hunk in patch.hunks:
        last = hunk.new_start
        for line in hunk.lines:
            last = line.new_no or last
            if line.op != " ":
                span = scope_of(patch.path, last)
                parts.append(f"{line.op}{span.name if span else ''}\0{line.text.rstrip()}")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def unchanged(now: Mapping[str, str], read: Mapping[str, str]) -> tuple[str, ...]:
    """Paths whose patch is the one that was read, in order."""
    return tuple(sorted(path for path, digest in now.items() if read.get(path) == digest))
