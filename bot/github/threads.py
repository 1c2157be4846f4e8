"""Review threads of a pull request: who said what in them, who reacted how, and whether they are resolved."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from bot.domain import PullRequest, Record, is_marked
from bot.github.api import Api
from bot.github.graphql import ask
from bot.github.host import GitHubHost
from bot.github.routes import of_pull_request, of_repository
from bot.github.thread_queries import MORE_COMMENTS, THREADS

MOST_PAGES = 30
"""Of threads, of comments and of reactions, each."""
_REACTIONS = {"THUMBS_UP": "+1", "THUMBS_DOWN": "-1"}


class Reaction(Record):
    content: str = Field(description="As REST names it: `+1`, `-1`, `laugh`, `hooray`, `confused`, `heart` …")
    login: str = Field(description="Empty for a bot in GraphQL, and for an account that is gone")
    at: str


class ThreadComment(Record):
    id: int
    login: str = Field(description="A bot's ends in `[bot]`; empty for an account that is gone")
    body: str
    at: str
    reactions: tuple[Reaction, ...] = ()


class Thread(Record):
    """Without GraphQL there is no `id`, and nobody can tell whether the thread is resolved."""

    id: str = Field(default="", description="GitHub's node id, for `resolve`")
    path: str
    line: int | None = Field(default=None, description="On the head as it is now; null once a push has outdated it")
    is_outdated: bool
    is_resolved: bool | None = None
    resolved_by: str = Field(
        default="", description="Login; our own as `own_login`, empty where GitHub does not tell of a bot"
    )
    is_ours: bool = Field(description="It began with a comment of the login that Seawall posts with")
    may_resolve: bool = Field(default=False, description="GitHub would let us resolve it")
    comments: tuple[ThreadComment, ...]


def read_threads(host: GitHubHost, pull_request: PullRequest) -> list[Thread]:
    """All threads, oldest first. One GraphQL query for 50 of them; by REST where GraphQL cannot be had.

    Raises as `bot.github.failures` says.
    """
    reader = _Reader(host, pull_request)
    threads = reader.by_graphql()
    return reader.by_rest() if threads is None else threads


def login_of(author: Mapping[str, Any] | None) -> str:
    """As REST names it: GraphQL leaves a bot's `[bot]` away."""
    if not author:
        return ""
    return f"{author['login']}[bot]" if author.get("__typename") == "Bot" else str(author["login"])


def begins_ours(host: GitHubHost, login: str, body: str) -> bool:
    """True if a thread that begins so is ours. An answer of ours (they are marked) begins nothing: where it stands
    first, somebody's comment above it is gone."""
    return login.lower() == host.own_login().lower() and not is_marked(body)


class _Reader:
    def __init__(self, host: GitHubHost, pull_request: PullRequest) -> None:
        self._host = host
        self._api: Api = host.api(pull_request.repository.installation_id)
        self._pull = of_pull_request(pull_request)
        self._repository = of_repository(pull_request.repository)

    def by_graphql(self) -> list[Thread] | None:
        """None where GraphQL cannot tell, or not all of it."""
        threads: list[Thread] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            reply = ask(self._host, self._api, THREADS, self._pull.values | {"after": after})
            pull_request = reply.repository.get("pullRequest") if reply else None
            if reply is None or reply.failed or not pull_request:
                return None
            page = pull_request["reviewThreads"]
            for node in page["nodes"]:
                comments = self._comments_of(node)
                if comments is None:
                    return None
                if comments:
                    threads.append(self._thread(node, comments))
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        return threads

    def _comments_of(self, thread: Mapping[str, Any]) -> tuple[ThreadComment, ...] | None:
        page = thread["comments"]
        nodes = list(page["nodes"])
        for _ in range(MOST_PAGES):
            if not page["pageInfo"]["hasNextPage"]:
                break
            asked = self._repository.values | {"id": thread["id"], "after": page["pageInfo"]["endCursor"]}
            reply = ask(self._host, self._api, MORE_COMMENTS, asked)
            if reply is None or reply.failed or not reply.data.get("node"):
                return None
            page = reply.data["node"]["comments"]
            nodes += page["nodes"]
        return tuple(self._comment(node) for node in nodes)

    def _comment(self, node: Mapping[str, Any]) -> ThreadComment:
        comment_id, reactions = int(node["fullDatabaseId"]), node["reactions"]
        if reactions["pageInfo"]["hasNextPage"]:
            said = self._reactions_by_rest(comment_id)
        else:
            said = tuple(_reaction_from_graphql(one) for one in reactions["nodes"])
        return ThreadComment(
            id=comment_id, login=login_of(node["author"]), body=node["body"], at=node["createdAt"], reactions=said
        )

    def _thread(self, node: Mapping[str, Any], comments: tuple[ThreadComment, ...]) -> Thread:
        return Thread(
            id=node["id"],
            path=node["path"],
            line=node["line"],
            is_outdated=node["isOutdated"],
            is_resolved=node["isResolved"],
            resolved_by=self._resolver(node["resolvedBy"]),
            is_ours=begins_ours(self._host, comments[0].login, comments[0].body),
            may_resolve=node["viewerCanResolve"],
            comments=comments,
        )

    def _resolver(self, found: Mapping[str, Any] | None) -> str:
        """GitHub calls whoever resolved a user, so a bot's name may come without its `[bot]`; ours is told as ours."""
        login, own = str((found or {}).get("login", "")), self._host.own_login()
        return own if login.lower() in (own.lower(), own.lower().removesuffix("[bot]")) else login

    def by_rest(self) -> list[Thread]:
        pages = self._api.pages(self._pull.below("/comments"), limit=MOST_PAGES)
        found: list[dict[str, Any]] = [comment for page in pages for comment in page]
        reacted_to = [comment["id"] for comment in found if (comment.get("reactions") or {}).get("total_count")]
        reactions = dict(zip(reacted_to, self._api.parallel(self._reactions_by_rest, reacted_to), strict=True))
        by_thread: dict[int, list[dict[str, Any]]] = {}
        for comment in sorted(found, key=lambda one: int(one["id"])):
            by_thread.setdefault(comment.get("in_reply_to_id") or comment["id"], []).append(comment)
        return [self._thread_by_rest(first_id, comments, reactions) for first_id, comments in by_thread.items()]

    def _thread_by_rest(
        self, first_id: int, comments: list[dict[str, Any]], reactions: Mapping[int, tuple[Reaction, ...]]
    ) -> Thread:
        """Not ours where the first comment is gone: it may have been anybody's."""
        first = comments[0]
        return Thread(
            path=first["path"],
            line=first.get("line"),
            is_outdated=first.get("line") is None,
            is_ours=first["id"] == first_id and begins_ours(self._host, _login_by_rest(first), first.get("body") or ""),
            comments=tuple(
                ThreadComment(
                    id=one["id"],
                    login=_login_by_rest(one),
                    body=one.get("body") or "",
                    at=one["created_at"],
                    reactions=reactions.get(one["id"], ()),
                )
                for one in comments
            ),
        )

    def _reactions_by_rest(self, comment_id: int) -> tuple[Reaction, ...]:
        route = self._repository.below("/pulls/comments/{comment_id}/reactions", comment_id=comment_id)
        pages: Iterable[list[dict[str, Any]]] = self._api.chain(route, limit=MOST_PAGES)
        return tuple(
            Reaction(content=one["content"], login=_login_by_rest(one), at=one["created_at"])
            for page in pages
            for one in page
        )


def _reaction_from_graphql(node: Mapping[str, Any]) -> Reaction:
    content = str(node["content"])
    login = (node["user"] or {}).get("login", "")
    return Reaction(content=_REACTIONS.get(content, content.lower()), login=login, at=node["createdAt"])


def _login_by_rest(found: Mapping[str, Any]) -> str:
    return str((found.get("user") or {}).get("login", ""))
