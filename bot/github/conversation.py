"""Seawall's side of a conversation on pull requests: answers, reactions, and who may ask for what."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args

from bot.domain import Repository, is_marked, marker_of
from bot.domain.marker import MARKER_OPENS
from bot.errors import Forbidden, HostUnavailable, NotFound, SeawallError
from bot.github.api import Api
from bot.github.host import GitHubHost
from bot.github.routes import Route, of_repository
from bot.logs import logger

CommentKind = Literal["issue-comment", "review-comment"]
Content = Literal["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"]
Level = Literal["admin", "write", "read", "none"]

LONGEST_BODY = 65_536
PERMISSION_HOLDS_S = 60.0
MOST_PAGES = 30
_CUT = "\n\n… (shortened)"
_COMMENTS: Mapping[str, str] = {"issue-comment": "/issues/comments", "review-comment": "/pulls/comments"}
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}(\[bot\])?")
_LEVELS: tuple[Level, ...] = get_args(Level)
_ROLES: Mapping[str, Level] = dict(zip(_LEVELS, _LEVELS, strict=True)) | {"maintain": "write", "triage": "read"}
_log = logger(__name__)


class Conversation:
    """In one repository, as our App or our token. All of it may be repeated after a crash.

    `key` names what is said for ever (a run's id, an errand's): said again in the same place, it is said once. It is
    known by a hidden marker; only our own login's comments are believed to carry it. Raises as `bot.github.failures`.
    """

    def __init__(self, host: GitHubHost, repository: Repository) -> None:
        self._host = host
        self._api: Api = host.api(repository.installation_id)
        self._id = repository.id
        self._repository = of_repository(repository)

    def reply_in_thread(self, number: int, comment_id: int, body: str, key: str) -> int:
        """The id of our answer in the review thread whose first comment is `comment_id`.

        Raises NotFound where the thread is gone; `comment` is what remains then.
        """
        pull = self._repository.below("/pulls/{number}", number=number)
        marker = marker_of("said", self._id, number, key)

        def ours() -> Iterator[int]:
            """Newest first; none can be older than what it answers."""
            newest_first = {"sort": "created", "direction": "desc"}
            for page in self._api.chain(pull.below("/comments"), newest_first, limit=MOST_PAGES):
                yield from (
                    one["id"] for one in page if one.get("in_reply_to_id") == comment_id and self._is(one, marker)
                )
                if page and page[-1]["id"] < comment_id:
                    return

        replies = pull.below("/comments/{comment_id}/replies", comment_id=comment_id)
        return self._say("review-comment", replies, body, marker, lambda: sorted(ours()))

    def comment(self, number: int, body: str, key: str, since: str = "") -> int:
        """The id of our comment in the pull request's conversation.

        `since` (ISO 8601, UTC; such as when the command was given) spares reading all that was said before.
        """
        comments = self._repository.below("/issues/{number}/comments", number=number)
        marker = marker_of("said", self._id, number, key)

        def ours() -> Iterator[int]:
            query = {"since": since} if since else {}
            for page in self._api.chain(comments, query, limit=MOST_PAGES):
                yield from (one["id"] for one in page if self._is(one, marker))

        return self._say("issue-comment", comments, body, marker, lambda: sorted(ours()))

    def edit(self, kind: CommentKind, comment_id: int, body: str) -> None:
        """Puts another text into a comment of ours; its marker stays. Raises Forbidden for anybody else's comment."""
        route = self._one(kind, comment_id)
        there = self._api.get(route)
        text = there.get("body") or ""
        if not self._is_own(there) or not is_marked(text):
            raise Forbidden(f"Comment {comment_id} was not written by Seawall. Only its own comments are edited.")
        self._api.write("PATCH", route, {"body": _signed(body, _marker_in(text))})

    def react(self, kind: CommentKind, comment_id: int, content: Content) -> None:
        """Once, however often it is asked for. Raises NotFound where the comment is gone."""
        reactions = self._one(kind, comment_id).below("/reactions")
        self._api.write("POST", reactions, {"content": content}, repeatable=True)

    def permission_of(self, login: str) -> Level:
        """What that person may do in the repository, at most a minute old.

        A role that GitHub does not fold into these four counts as GitHub counts it. Raises where it cannot be learnt:
        a failure is never a yes.
        """
        if not _LOGIN.fullmatch(login):
            return "none"
        name = f"{self._id}:{login.lower()}"
        if (known := self._host.permissions.get(name)) is not None:
            level, _, asked_at = (known.text or "").partition(" ")
            if 0 <= self._host.clock() - float(asked_at) < PERMISSION_HOLDS_S:
                return _ROLES[level]
        now = self._host.clock()
        found = self._ask_permission(login)
        self._host.permissions.put(name, f"{found} {now}")
        return found

    def _ask_permission(self, login: str) -> Level:
        route = self._repository.below("/collaborators/{login}/permission", login=login)
        try:
            found = self._api.get(route)
        except NotFound:
            return "none"
        said = str(found.get("permission")) if isinstance(found, dict) else ""
        if said not in _ROLES:
            raise HostUnavailable(f"{route.path}: GitHub's answer is not understood. It is asked again later.")
        role = _ROLES.get(str(found.get("role_name")), _ROLES[said])
        return max(role, _ROLES[said], key=_LEVELS.index)  # the lesser, should the two ever differ

    def _say(self, kind: CommentKind, route: Route, body: str, marker: str, ours: Callable[[], list[int]]) -> int:
        sent = 0

        def send() -> int:
            nonlocal sent
            sent += 1
            return int(self._api.write("POST", route, {"body": _signed(body, marker)})["id"])

        said, _ = self._api.retries.once(lambda: next(iter(ours()), None), send)
        if sent < 2:
            return said
        self._api.retries.pause()
        first, *doubles = ours() or [said]
        for double in doubles:
            self._take_back(kind, double)
        return first

    def _take_back(self, kind: CommentKind, comment_id: int) -> None:
        """What was said twice because it did not show yet when it was looked for."""
        try:
            self._api.write("DELETE", self._one(kind, comment_id))
        except NotFound:
            return
        except SeawallError as failure:
            _log.warning("a comment said twice could not be taken back", comment_id=comment_id, reason=str(failure))

    def _one(self, kind: CommentKind, comment_id: int) -> Route:
        return self._repository.below(_COMMENTS[kind] + "/{comment_id}", comment_id=comment_id)

    def _is(self, found: Mapping[str, Any], marker: str) -> bool:
        return marker in (found.get("body") or "") and self._is_own(found)

    def _is_own(self, found: Mapping[str, Any]) -> bool:
        login = str((found.get("user") or {}).get("login", ""))
        return login.lower() == self._host.own_login().lower()


class GitHubPermissions:
    """What people may do, for whoever asks by repository and login."""

    def __init__(self, host: GitHubHost) -> None:
        self._host = host

    def of(self, repository: Repository, login: str) -> Level:
        """As `Conversation.permission_of`."""
        return Conversation(self._host, repository).permission_of(login)


def _marker_in(text: str) -> str:
    found = text[text.rindex(MARKER_OPENS) :]
    return found[: found.index("-->") + 3] if "-->" in found else found


def _signed(body: str, marker: str) -> str:
    """The text with its marker, within GitHub's length."""
    end = f"\n\n{marker}"
    if len(body) + len(end) <= LONGEST_BODY:
        return body + end
    return body[: LONGEST_BODY - len(end) - len(_CUT)] + _CUT + end
