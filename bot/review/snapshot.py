"""What a review looks at: the change, the policy in force, and the files worth reading with their bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain import Change, FileRef, Patch, PatchStatus, PolicyTexts, ReviewedFiles, SkippedFile, Source
from bot.rules import FilePair
from bot.settings import Policy, PolicyInForce, resolve_policy
from bot.settings.globs import is_among
from bot.settings.service import Reading
from bot.source import classify, folders_of_copies
from bot.syntax import language_of


@dataclass(frozen=True)
class Snapshot:
    """A change as it was read: everything that a review looks at."""

    change: Change
    in_force: PolicyInForce
    pairs: tuple[FilePair, ...]
    """The files the rules can read, before and after."""
    contents: Mapping[str, bytes] = field(repr=False)
    """Head bytes of every file worth reading, whether or not a rule knows its language."""
    skipped: tuple[SkippedFile, ...] = ()
    texts: PolicyTexts = field(default=PolicyTexts(), repr=False)
    """The policy's files of the base, and what lies beside them."""
    gone: tuple[FilePair, ...] = ()
    """Files that the change deletes: no rule reads them, but calls that left the process with them did so once."""
    copies: frozenset[str] = frozenset()
    """Folders at the root that hold copies of others' libraries."""

    @property
    def policy(self) -> Policy:
        return self.in_force.policy

    def files(self, read_by_model: bool, failed: Mapping[str, str]) -> ReviewedFiles:
        """What counts as reviewed. `failed`: path → why the rules could not read it."""
        ruled = {pair.path for pair in self.pairs} - failed.keys()
        skipped = list(self.skipped)
        skipped += [SkippedFile(path=path, reason=reason, expected=False) for path, reason in failed.items()]
        reviewed = []
        for path in self.contents:
            if path in ruled or (read_by_model and path not in failed):
                reviewed.append(path)
            elif path not in failed:
                skipped.append(SkippedFile(path=path, reason="no rules for this language, and no model reads it"))
        return ReviewedFiles(
            reviewed=tuple(sorted(reviewed)), skipped=tuple(sorted(skipped, key=lambda file: file.path))
        )


def take(source: Source, defaults: Policy, reading: Reading) -> Snapshot:
    """Reads the change once: both sides of every file that somebody would expect a reviewer to read."""
    change = source.change()
    texts = source.policy()
    in_force = resolve_policy(defaults, texts)
    there = (patch.path for patch in change.patches if patch.status is not PatchStatus.REMOVED)
    copies = folders_of_copies(texts.libraries)
    with_brought = folders_of_copies(texts.libraries, there)  # its author's word counts for what the change adds alone
    skipped: list[SkippedFile] = []
    wanted: list[Patch] = []
    for patch in change.patches:
        if reason := _not_worth_reading(patch, in_force.policy):
            skipped.append(SkippedFile(path=patch.path, reason=reason))
        elif unreadable := classify(
            patch.path, None, reading, with_brought if patch.status is PatchStatus.ADDED else copies
        ):
            skipped.append(unreadable)
        elif not patch.is_complete:
            skipped.append(SkippedFile(path=patch.path, reason="it is too large to be compared", expected=False))
        elif len(wanted) >= reading.max_files:
            reason = f"more than {reading.max_files} files; split the change, or raise reading.max_files"
            skipped.append(SkippedFile(path=patch.path, reason=reason, expected=False))
        else:
            wanted.append(patch)
    deleted = [patch for patch in change.patches if _is_code_gone(patch, in_force.policy)][: reading.max_files]
    found = source.read([*_both_sides(wanted), *(FileRef(patch.path_at_base, "LEFT") for patch in deleted)])
    left_bytes = reading.max_total_bytes
    contents: dict[str, bytes] = {}
    pairs: list[FilePair] = []
    for patch in wanted:
        head = found.get(FileRef(patch.path, "RIGHT"))
        if head is None:
            skipped.append(SkippedFile(path=patch.path, reason=_why_unread(source, patch.path), expected=False))
            continue
        if unreadable := classify(patch.path, head, reading, copies):
            skipped.append(unreadable)
            continue
        if (left_bytes := left_bytes - len(head)) < 0:
            reason = "the change is too large as a whole; split it, or raise reading.max_total_bytes"
            skipped.append(SkippedFile(path=patch.path, reason=reason, expected=False))
            continue
        contents[patch.path] = head
        if language_of(patch.path):
            before = found.get(FileRef(patch.path_at_base, "LEFT"))
            pairs.append(FilePair(patch.path, patch.old_path, before, head, patch.added()))
    gone: list[FilePair] = []
    for patch in deleted:
        before = found.get(FileRef(patch.path_at_base, "LEFT"))
        if before is None or classify(patch.path, before, reading, copies):
            continue
        if (left_bytes := left_bytes - len(before)) < 0:
            continue
        gone.append(FilePair(patch.path, None, before, None))
    return Snapshot(change, in_force, tuple(pairs), contents, tuple(skipped), texts, tuple(gone), copies)


def _is_code_gone(patch: Patch, policy: Policy) -> bool:
    """A deleted file in a language we read, which would have been read while it was there."""
    if patch.status is not PatchStatus.REMOVED or language_of(patch.path_at_base) is None or patch.is_binary:
        return False
    return not is_among(patch.path, (*policy.ignore_paths, *policy.generated_paths))


def _not_worth_reading(patch: Patch, policy: Policy) -> str:
    if patch.status is PatchStatus.REMOVED:
        return "deleted"
    if patch.is_submodule:
        return "a submodule"
    if patch.is_symlink:
        return "a symbolic link"
    if patch.is_binary:
        return "binary"
    if patch.status is PatchStatus.MODE_CHANGED:
        return "only its mode changed"
    if patch.status is PatchStatus.RENAMED and not patch.hunks and patch.is_complete:
        return "only renamed"
    if is_among(patch.path, policy.ignore_paths):
        return "policy ignores it"
    if is_among(patch.path, policy.generated_paths):
        return "generated, by policy"
    return ""


def _why_unread(source: Source, path: str) -> str:
    return source.unread.get(FileRef(path, "RIGHT"), "its content could not be read")


def _both_sides(patches: Iterable[Patch]) -> Iterable[FileRef]:
    for patch in patches:
        yield FileRef(patch.path, "RIGHT")
        if patch.status is not PatchStatus.ADDED and language_of(patch.path_at_base):
            yield FileRef(patch.path_at_base, "LEFT")
