"""The stand-in as a whole: state, server, webhooks, faults, journal."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from bot.demo.standin import moves, payloads
from bot.demo.standin.courier import Courier
from bot.demo.standin.faults import Effect, Fault, Faults
from bot.demo.standin.hooks import HookDelivery, HookTarget
from bot.demo.standin.journal import Journal
from bot.demo.standin.links import Links
from bot.demo.standin.listener import Listener
from bot.demo.standin.people import Person
from bot.demo.standin.records import PullRequest, Repository
from bot.demo.standin.routes import shared_host
from bot.demo.standin.talk import Talk
from bot.demo.standin.wire import Wire
from bot.demo.standin.world import App, World


def _utc_now() -> datetime:
    return datetime.now(UTC)


class StandIn:
    """GitHub on loopback. What people do (open, push, close …) is said here; what programs do comes over HTTP.

    With a `hook` each deed is announced by a signed webhook, in the background, in order of sending but not of arrival.
    `rate_limit` is requests an hour for each token.
    """

    def __init__(
        self,
        hook: HookTarget | None = None,
        port: int = 0,
        rate_limit: int = 5000,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.world = World(clock, rate_limit)
        self.journal = Journal()
        self.faults = Faults()
        self.courier = Courier(clock, self.world.next_id, self.world.app.id)
        self.courier.target = hook
        self._wire = Wire(shared_host(), self.world, self.courier, self.faults, self.journal, sleep)
        self._port = port
        self._listener: Listener | None = None

    # the server

    def start(self) -> str:
        """Listens, and gives the base URL, such as `http://127.0.0.1:40123`. May be started again after `stop`."""
        self._listener = Listener(self._wire, self._port)
        self._port = self._listener.port
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="stand-in", daemon=True).start()
        return self.base_url

    def stop(self) -> None:
        """Stops listening; the state stays, and the port is taken again by the next `start`."""
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.server_close()
            self._listener = None

    def close(self) -> None:
        """Stops for good: server, webhooks and git processes."""
        self.stop()
        self.courier.close()
        for repository in self.world.repositories.values():
            repository.git.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """For clients of github.com's shape; those of GitHub Enterprise Server append `/api/v3`."""
        return f"http://127.0.0.1:{self._port}"

    # who may ask

    @property
    def app(self) -> App:
        """`app.id` and `app.private_key` (PEM) are what the App under test is configured with."""
        return self.world.app

    def token_for(self, login: str, scopes: str | None = None) -> str:
        """A personal access token: fine-grained, or with `scopes` (`"repo, read:org"`) a classic one."""
        with self.world.lock:
            token = self.world.tokens.issue(self.world.account(login))
            token.scopes = scopes
            return token.text

    def installation_token(self, repository: Repository, permissions: dict[str, str] | None = None) -> str:
        """A token of the App's installation at the repository's owner, without the way over a JWT."""
        with self.world.lock:
            granted = self.app.permissions if permissions is None else permissions
            return self.world.tokens.issue(self.world.bot, repository.installation_id, dict(granted)).text

    # what people do

    def person(self, repository: Repository, login: str, permission: str = "") -> Person:
        """Somebody who speaks in that repository. `permission`: admin, maintain, write, triage or read; as it was
        where it is not said."""
        with self.world.lock:
            if permission:
                repository.collaborators[login] = permission
            return Person(self, repository, self.world.account(login), Talk(self.world, self.courier, self._links))

    def add_repository(
        self, owner: str, name: str, git_dir: str, default_branch: str = "main", is_private: bool = False
    ) -> Repository:
        """Hosts a git repository on disk (`git_dir` is the bare one or `.git`); the App is installed there."""
        with self.world.lock:
            return self.world.add_repository(owner, name, git_dir, default_branch, is_private)

    def open_pull_request(
        self,
        repository: Repository,
        base_ref: str,
        head_ref: str,
        title: str,
        body: str = "",
        author: str = "dana",
        is_draft: bool = False,
        labels: Sequence[str] = (),
    ) -> PullRequest:
        with self.world.lock:
            pull = moves.open_pull_request(
                self.world, repository, base_ref, head_ref, title, body, author, is_draft, labels
            )
            self._announce("opened", repository, pull)
            return pull

    def push(self, repository: Repository, pull: PullRequest, new_head: str) -> None:
        """Moves the pull request's head to a commit that is in the git repository already."""
        with self.world.lock:
            before = moves.push(self.world, repository, pull, new_head)
            self._announce("synchronize", repository, pull, before=before, after=pull.head_sha)

    def edit(
        self, repository: Repository, pull: PullRequest, title: str | None = None, body: str | None = None
    ) -> None:
        with self.world.lock:
            former = pull.title if title is not None else None, pull.body if body is not None else None
            pull.title = pull.title if title is None else title
            pull.body = pull.body if body is None else body
            self._announce("edited", repository, pull, changes=payloads.edited_changes(*former))

    def retarget(self, repository: Repository, pull: PullRequest, base_ref: str) -> None:
        with self.world.lock:
            former = moves.retarget(self.world, repository, pull, base_ref)
            self._announce("edited", repository, pull, changes=payloads.edited_changes(base=former))

    def close_pull_request(self, repository: Repository, pull: PullRequest, merged_by: str = "") -> None:
        with self.world.lock:
            moves.close(self.world, pull, merged_by)
            self._announce("closed", repository, pull)

    def reopen(self, repository: Repository, pull: PullRequest) -> None:
        with self.world.lock:
            moves.reopen(self.world, pull)
            self._announce("reopened", repository, pull)

    def mark_ready(self, repository: Repository, pull: PullRequest) -> None:
        with self.world.lock:
            moves.mark_draft(self.world, pull, False)
            self._announce("ready_for_review", repository, pull)

    def convert_to_draft(self, repository: Repository, pull: PullRequest) -> None:
        with self.world.lock:
            moves.mark_draft(self.world, pull, True)
            self._announce("converted_to_draft", repository, pull)

    def rerequest_check(self, repository: Repository, check_id: int, sender: str = "dana") -> None:
        with self.world.lock:
            check, person = repository.checks[check_id], self.world.account(sender)
            payload = payloads.check_run_rerequested(self.world, repository, check, person, self._links)
            self.courier.announce("check_run", payload)

    def queue_merge(self, repository: Repository, base_ref: str, head_sha: str, pull: PullRequest) -> None:
        """The merge queue asks for checks on a commit it has built from a pull request."""
        with self.world.lock:
            payload = payloads.merge_group_checks_requested(
                repository, base_ref, head_sha, pull.number, pull.author, self._links
            )
            self.courier.announce("merge_group", payload)

    # webhooks by hand

    def payload(self, action: str, repository: Repository, pull: PullRequest, **extra: Any) -> dict[str, Any]:
        """The payload of a pull_request event, as it would be announced."""
        with self.world.lock:
            return payloads.pull_request_event(action, repository, pull, pull.author, self._links, **extra)

    def deliver(self, event: str, payload: dict[str, Any], guid: str = "") -> HookDelivery:
        """Sends one signed delivery and waits for its answer; the same guid again makes it a duplicate."""
        return self.courier.send(event, payload, guid)

    def ping(self) -> HookDelivery:
        target = self.courier.target
        return self.deliver("ping", payloads.ping(self.world, target.url if target else "", self._links))

    # trouble

    def fail(
        self, effect: Effect, method: str = ".*", path: str = ".*", times: int | None = 1, after: int = 0
    ) -> Fault:
        """Arms a fault: `fail(ServerError(502), "POST", ".*/reviews$", times=2)`. See `faults.Fault`."""
        fault = Fault(effect, method, path, times, after)
        self.faults.arm(fault)
        return fault

    @property
    def _links(self) -> Links:
        return Links(api=self.base_url, site=self.base_url)

    def _announce(self, action: str, repository: Repository, pull: PullRequest, **extra: Any) -> None:
        if self.courier.target is not None:
            self.courier.announce("pull_request", self.payload(action, repository, pull, **extra))
