"""A pull request on GitHub as a Source: its patches, its files before and after, its policy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from bot.diff import undo
from bot.domain import Change, FileRef, Patch, PatchStatus, PolicyTexts, PullRequest, Standing
from bot.errors import RetryableError
from bot.github.beside import Beside
from bot.github.contents import BATCH, Contents, Place
from bot.github.files import Listing, list_files
from bot.github.host import GitHubHost
from bot.github.links import may_be_link
from bot.settings.beside import GUIDELINE_FILES
from bot.settings.policy import ORGANISATION_FILE, REPOSITORY_FILE
from bot.settings.service import Reading

ORGANISATION_POLICY_FRESH_S = 300.0


class GitHubSource:
    """Reads `pull_request` at the head it names. `change` raises Superseded where GitHub lists another head's files.

    Base files come from the head files by undoing the patches, so they are those of the merge base. Only where that
    cannot be done with certainty are they fetched, then at the base branch's commit.
    """

    def __init__(self, host: GitHubHost, pull_request: PullRequest, reading: Reading) -> None:
        self._host = host
        self._pull_request = pull_request
        self._contents = Contents(host, pull_request, reading.max_file_bytes)

    @property
    def current(self) -> Standing | None:
        """The pull request as the last query saw it, where GraphQL told; costs nothing."""
        return self._contents.standing

    @property
    def unread(self) -> Mapping[FileRef, str]:
        """Files left out of `read` because of their size, with the reason."""
        head = self._pull_request.head_sha
        return {
            FileRef(place.path, "RIGHT" if place.sha == head else "LEFT"): reason
            for place, reason in self._contents.unread.items()
        }

    def change(self) -> Change:
        return Change(
            base_sha=self._pull_request.base_sha,
            head_sha=self._pull_request.head_sha,
            patches=self._patches,
            title=self._pull_request.title,
            body=self._pull_request.body,
            unlisted_files=self._listing.unlisted,
        )

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        by_base_path = {patch.path_at_base: patch for patch in self._patches if _had_base(patch)}
        undoable = {ref: by_base_path[ref.path] for ref in wanted if ref.side == "LEFT" and ref.path in by_base_path}
        absent = {ref for patch in self._patches for ref in _absent(patch)}
        direct = [ref for ref in wanted if ref not in undoable and ref not in absent]
        heads = {ref: self._head(patch.path) for ref, patch in undoable.items() if _has_head(patch)}
        fetched = self._fetch([*map(self._place, direct), *heads.values()])
        contents = {ref: fetched[self._place(ref)] for ref in direct}
        for ref, patch in undoable.items():
            head = fetched[heads[ref]] if ref in heads else b""
            contents[ref] = None if head is None else undo(head, patch)
        unsure = [ref for ref in undoable if contents[ref] is None]
        again = self._fetch([self._place(ref) for ref in unsure])
        contents |= {ref: again[self._place(ref)] for ref in unsure}
        return {ref: content for ref, content in contents.items() if content is not None}

    def policy(self) -> PolicyTexts:
        owner = self._pull_request.repository.owner
        found = self._read_policy()
        organisation, notes = self._organisation(owner)
        beside = self._contents.beside(self._pull_request.base_sha)
        rules = self._host.organisation_rules.get(owner)
        return PolicyTexts(
            organisation=organisation,
            organisation_rules=Beside.from_text(rules.text).rules if rules and rules.text else (),
            rules=beside.rules,
            linters=beside.linters,
            libraries=beside.libraries,
            repository=None if found is None else found.decode("utf-8", "replace"),
            repository_sha=self._pull_request.base_sha,
            notes=notes,
        )

    @cached_property
    def _listing(self) -> Listing:
        return list_files(self._host.api(self._pull_request.repository.installation_id), self._pull_request)

    @cached_property
    def _patches(self) -> tuple[Patch, ...]:
        """As listed, symbolic links among them told from files. Where any may be one, a query says so, and brings what
        is asked for next along."""
        patches = self._listing.patches
        doubtful = {
            self._head(patch.path): patch.blob_sha for patch in patches if _has_head(patch) and may_be_link(patch)
        }
        if not doubtful:
            return patches
        self._contents.doubtful = doubtful
        self._read_policy(list(doubtful))
        links = {place.path for place in self._contents.links}
        return tuple(replace(patch, is_symlink=True) if patch.path in links else patch for patch in patches)

    def _read_policy(self, also: Sequence[Place] = ()) -> bytes | None:
        """The repository's policy file; what is likely to be read next comes along."""
        place = Place(self._pull_request.base_sha, REPOSITORY_FILE)
        remembered = self._host.organisation_policies.get(self._pull_request.repository.owner)
        is_fresh = remembered is not None and remembered.age_s < ORGANISATION_POLICY_FRESH_S
        guidelines = [Place(self._pull_request.base_sha, path) for path in GUIDELINE_FILES]
        along = [*guidelines, *self._worth_prefetching()]
        return self._contents.fetch([place, *also], along, not is_fresh, beside=place.sha)[place]

    def _organisation(self, owner: str) -> tuple[str | None, tuple[str, ...]]:
        """The organisation's policy; while GitHub is down the one last seen, and a note that says so."""
        remembered = self._host.organisation_policies.get(owner)
        if remembered is not None and remembered.age_s < ORGANISATION_POLICY_FRESH_S:
            return remembered.text, ()
        try:
            content = self._contents.organisation_file(ORGANISATION_FILE)
            self._host.organisation_rules.put(owner, Beside(self._contents.organisation_rules()).to_text())
        except RetryableError:
            if remembered is None:
                raise
            minutes = round(remembered.age_s / 60)
            return remembered.text, (f"GitHub is down: the organisation's policy is the one of {minutes} minutes ago.",)
        text = None if content is None else content.decode("utf-8", "replace")
        self._host.organisation_policies.put(owner, text)
        return text, ()

    def _fetch(self, wanted: Sequence[Place]) -> dict[Place, bytes | None]:
        return self._contents.fetch(wanted)

    def _worth_prefetching(self) -> list[Place]:
        """Head files that will be wanted, to come along with the policy; none before the change is known."""
        if "_listing" not in self.__dict__:
            return []
        likely = (patch for patch in self._listing.patches if _has_head(patch) and patch.is_complete and patch.hunks)
        return [self._head(patch.path) for patch in likely][:BATCH]

    def _place(self, ref: FileRef) -> Place:
        return self._head(ref.path) if ref.side == "RIGHT" else Place(self._pull_request.base_sha, ref.path)

    def _head(self, path: str) -> Place:
        return Place(self._pull_request.head_sha, path)


def _absent(patch: Patch) -> Iterator[FileRef]:
    """What the list itself says is no file there."""
    if not _has_head(patch):
        yield FileRef(patch.path, "RIGHT")
    if patch.status is PatchStatus.ADDED or patch.is_submodule:
        yield FileRef(patch.path, "LEFT")


def _had_base(patch: Patch) -> bool:
    return patch.status is not PatchStatus.ADDED and not patch.is_submodule


def _has_head(patch: Patch) -> bool:
    return patch.status is not PatchStatus.REMOVED and not patch.is_submodule
