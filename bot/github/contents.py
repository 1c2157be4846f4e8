"""Files of a repository at a commit: many in one GraphQL query, by REST where that cannot be had or trusted."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain import FoundText, PullRequest, Standing
from bot.errors import Forbidden, HostUnavailable, NotFound
from bot.github.beside import ASKED, Beside, by_listing, of_answer, of_folder, rules_by_listing
from bot.github.graphql import Reply, ask
from bot.github.host import GitHubHost
from bot.github.links import blob_id, is_link_mode
from bot.github.queries import texts_query
from bot.github.routes import Route, of_repository, repository_named
from bot.settings.beside import ORGANISATION_RULES_FOLDER

BATCH = 50
"""Files in one GraphQL query."""
_Unknown = Literal["unknown"]


@dataclass(frozen=True)
class Place:
    sha: str
    path: str

    def __str__(self) -> str:
        return f"{self.sha}:{self.path}"


class Contents:
    """Reads for one pull request. Files over `max_file_bytes` are left out where they would cost a request of
    their own; `unread` names them."""

    def __init__(self, host: GitHubHost, pull_request: PullRequest, max_file_bytes: int) -> None:
        self.unread: dict[Place, str] = {}
        self.links: set[Place] = set()
        """Symbolic links found among the `doubtful`."""
        self.doubtful: Mapping[Place, str | None] = {}
        """Places that may be symbolic links, each with its blob's id: they are believed only once that is known."""
        self.standing: Standing | None = None
        """The pull request's state, as the last GraphQL answer told it."""
        self._host = host
        self._repository = pull_request.repository
        self._number = pull_request.number
        self._max_file_bytes = max_file_bytes
        self._api = host.api(pull_request.repository.installation_id)

    def fetch(
        self,
        places: Sequence[Place],
        along: Sequence[Place] = (),
        with_organisation: bool = False,
        beside: str = "",
    ) -> dict[Place, bytes | None]:
        """The bytes of `places`; None where there is no regular file.

        Where one query is made anyway, the files `along`, the organisation's policy and what lies `beside` the policy
        of that commit come with it, into the caches.
        """
        found = self._held(places)
        missing = [place for place in dict.fromkeys(places) if place not in found]
        beside = beside if beside and self._beside_held(beside) is None else ""
        if not missing and not with_organisation and not beside:
            return found
        room = max(0, BATCH - len(missing))
        extra = [place for place in along if place not in {*self._held(along), *missing}][:room]
        batches = [[*missing[:BATCH], *extra]]
        batches += [missing[start : start + BATCH] for start in range(BATCH, len(missing), BATCH)]
        extras = [(with_organisation, beside)] + [(False, "")] * (len(batches) - 1)
        queries = list(zip(batches, extras, strict=True))
        asked = self._api.parallel(lambda one: self._by_graphql(one[0], *one[1]), queries)
        for answers in asked:
            found |= answers
        left = [place for place in missing if place not in found]
        found |= dict(zip(left, self._api.parallel(self._by_rest, left), strict=True))
        for place, content in found.items():
            if place not in self.unread and place not in self.links:
                self._host.blobs.put(self._key(place), content)
        return found

    def beside(self, sha: str) -> Beside:
        """What lies beside the policy of that commit."""
        held = self._beside_held(sha)
        if held is None:
            repository = of_repository(self._repository)
            top = self._api.get(repository.below("/git/trees/{sha}", sha=sha))
            held = by_listing(
                {entry["path"] for entry in top["tree"]},
                lambda path: self._listed(repository, path, sha),
                lambda path: self._file(repository, Place(sha, path)),
            )
            self._host.beside.put(self._beside_key(sha), held.to_text())
        return held

    def organisation_rules(self) -> tuple[FoundText, ...]:
        """The rules in the owner's `.github` repository."""
        there = repository_named(self._repository.owner, ".github")
        try:
            return rules_by_listing(
                ORGANISATION_RULES_FOLDER,
                lambda path: self._listed(there, path, ""),
                lambda path: self._file(there, Place("", path)),
            )
        except Forbidden:
            return ()

    def organisation_file(self, path: str) -> bytes | None:
        """From the default branch of the owner's `.github` repository; None where we can see none."""
        try:
            return self._file(repository_named(self._repository.owner, ".github"), Place("", path))
        except Forbidden:
            return None

    def _by_graphql(self, places: Sequence[Place], with_organisation: bool, beside: str) -> dict[Place, bytes | None]:
        """What the answer is sure of; nothing where there is no GraphQL."""
        commits = sorted({place.sha for place in places} | ({beside} if beside else set()))
        variables: dict[str, object] = {f"e{index}": str(place) for index, place in enumerate(places)}
        variables |= {f"c{index}": sha for index, sha in enumerate(commits)}
        variables |= {"owner": self._repository.owner, "name": self._repository.name, "number": self._number}
        modes = {index: commits.index(place.sha) for index, place in enumerate(places) if place in self.doubtful}
        variables |= {f"p{index}": places[index].path for index in modes}
        asked = ASKED if beside else {}
        variables |= {f"b{index}": f"{beside}:{path}" for index, path in enumerate(asked)}
        query = texts_query(len(places), len(commits), with_organisation, modes, list(asked.values()))
        reply = ask(self._host, self._api, query, variables)
        if reply is None:
            return {}
        self.standing = reply.standing() or self.standing
        if with_organisation:
            self._remember_organisation(reply)
        seen = {sha for index, sha in enumerate(commits) if reply.repository.get(f"k{index}")}
        if beside in seen and not any(path == "" or path.startswith("repository/b") for path in reply.failed):
            self._host.beside.put(self._beside_key(beside), of_answer(reply.repository).to_text())
        found: dict[Place, bytes | None] = {}
        for index, place in enumerate(places):
            if place.sha not in seen or f"repository/f{index}" in reply.failed:
                continue  # a commit just pushed may not have reached this server: absent there means nothing
            node = reply.repository.get(f"f{index}")
            if index in modes and not self._is_regular(place, index, reply.repository[f"k{modes[index]}"]):
                if place in self.links:
                    found[place] = None
                continue
            content = self._content(place, node) if node or "" not in reply.failed else "unknown"
            if content != "unknown":
                found[place] = content
        return found

    def _is_regular(self, place: Place, index: int, commit: Mapping[str, Any]) -> bool:
        """True for a file by its mode; links are noted. False too where GitHub did not say: REST is asked then."""
        entry = commit.get(f"m{index}")
        if entry and is_link_mode(entry["mode"]):
            self.links.add(place)
        return bool(entry) and place not in self.links

    def _content(self, place: Place, node: Mapping[str, Any] | None) -> bytes | _Unknown | None:
        """GraphQL gives text, not bytes: it is believed only where it is as long in UTF-8 as the file is."""
        if not node or node.get("byteSize") is None:
            return None
        text, size = node.get("text"), node["byteSize"]
        if text is not None and not node.get("isTruncated") and "\ufffd" not in text:
            content = str(text).encode("utf-8", "surrogatepass")
            if len(content) == size:
                return content
        if size > self._max_file_bytes:
            self.unread[place] = f"it has {size} bytes, more than {self._max_file_bytes}"
            return None
        return "unknown" if size else b""

    def _remember_organisation(self, reply: Reply) -> None:
        if any(path.startswith("organisation") for path in reply.failed):
            return
        there = reply.data.get("organisation") or {}
        rules = of_folder(ORGANISATION_RULES_FOLDER, there.get("rules"))
        self._host.organisation_rules.put(self._repository.owner, Beside(rules).to_text())
        content = self._content(Place("HEAD", "seawall.toml"), there.get("object"))
        if content != "unknown":
            text = None if content is None else content.decode("utf-8", "replace")
            self._host.organisation_policies.put(self._repository.owner, text)

    def _by_rest(self, place: Place) -> bytes | None:
        """A link to a file comes as that file, so the bytes must be those that the list of files names."""
        try:
            content = self._file(of_repository(self._repository), place)
        except Forbidden as refused:
            if "too_large" in str(refused) or "too large" in str(refused):
                self.unread[place] = "it is larger than GitHub gives out"
                return None
            raise
        if place in self.doubtful and (content is None or blob_id(content) != self.doubtful[place]):
            self.links.add(place)
            return None
        return content

    def _file(self, repository: Route, place: Place) -> bytes | None:
        try:
            found = self._api.get(
                repository.below("/contents/{path}", path=place.path), {"ref": place.sha} if place.sha else None
            )
        except NotFound as absent:
            if "No commit found" in str(absent):
                raise HostUnavailable(
                    f"GitHub does not show commit {place.sha[:10]} (yet). It is tried again."
                ) from None
            return None
        if not isinstance(found, dict) or found.get("type") != "file" or found.get("submodule_git_url"):
            return None
        if found["encoding"] == "base64":
            return base64.b64decode(found["content"])
        if found["size"] > self._max_file_bytes:
            self.unread[place] = f"it has {found['size']} bytes, more than {self._max_file_bytes}"
            return None
        blob = self._api.get(repository.below("/git/blobs/{sha}", sha=found["sha"]))
        return base64.b64decode(blob["content"])

    def _listed(self, repository: Route, path: str, sha: str) -> Sequence[Mapping[str, Any]]:
        """The entries of a folder; none where there is none."""
        try:
            found = self._api.get(repository.below("/contents/{path}", path=path), {"ref": sha} if sha else None)
        except NotFound:
            return ()
        return found if isinstance(found, list) else ()

    def _beside_held(self, sha: str) -> Beside | None:
        held = self._host.beside.get(self._beside_key(sha))
        return Beside.from_text(held.text) if held and held.text else None

    def _beside_key(self, sha: str) -> str:
        return f"{self._repository.id}@{sha}"

    def _held(self, places: Sequence[Place]) -> dict[Place, bytes | None]:
        held = self._host.blobs.held(self._key(place) for place in places)
        return {place: held[self._key(place)] for place in places if self._key(place) in held}

    def _key(self, place: Place) -> tuple[int, str, str]:
        return (self._repository.id, place.sha, place.path)


def file_at(host: GitHubHost, pull_request: PullRequest, commit: str, path: str, max_file_bytes: int) -> bytes | None:
    """One file at a commit of the pull request, also of a head that was replaced; None where there is none."""
    place = Place(commit, path)
    return Contents(host, pull_request, max_file_bytes).fetch([place])[place]
