"""What the reconciler and the doctor ask."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.demo import standin
from bot.demo.standin import HookTarget, StandIn
from bot.domain import PullRequest, Repository
from bot.errors import NotFound
from bot.github import (
    GitHubHost,
    app_deliveries,
    fetch_pull_request,
    fetch_repository,
    installation_repositories,
    open_pull_requests,
    pull_requests_for_commit,
    redeliver,
    token_permissions,
)
from bot.github.permissions import NEEDED_EVENTS
from tests.github.conftest import Calls, HostFactory
from tests.github.shop import Git


def test_a_pull_request_is_described_as_its_webhook_does(host: GitHubHost, shop: Repository, pull: PullRequest) -> None:
    found = fetch_pull_request(host, shop, pull.number)
    assert (found.base_ref, found.head_ref, found.base_sha) == ("main", "feature", pull.base_sha)
    assert (found.head_sha, found.review_key) == (pull.head_sha, pull.review_key)
    assert (found.title, found.body, found.author) == ("Add the feature", "It does things.", "dana")
    assert (found.is_open, found.is_draft, found.author_is_bot) == (True, False, False)


def test_a_pull_request_that_is_not_there_is_not_found(host: GitHubHost, shop: Repository) -> None:
    with pytest.raises(NotFound, match="/pulls/77"):
        fetch_pull_request(host, shop, 77)


def test_open_pull_requests_are_listed_over_all_pages(
    there: StandIn, host: GitHubHost, shop: Repository, shop_there: standin.Repository, git: Git, calls: Calls
) -> None:
    for number in range(103):
        there.open_pull_request(shop_there, "main", "feature", f"Change {number}")
    closed = next(iter(shop_there.pulls.values()))
    there.close_pull_request(shop_there, closed)
    found = list(open_pull_requests(host, shop))
    assert {one.number for one in found} == set(shop_there.pulls) - {closed.number}
    assert len(calls.of("GET", "/pulls")) == 2


def test_the_open_pull_requests_of_a_head_commit_are_found(
    there: StandIn, host: GitHubHost, shop: Repository, shop_there: standin.Repository, pull: PullRequest
) -> None:
    assert [one.number for one in pull_requests_for_commit(host, shop, pull.head_sha)] == [pull.number]
    assert pull_requests_for_commit(host, shop, pull.base_sha) == []
    there.close_pull_request(shop_there, shop_there.pulls[pull.number])
    assert pull_requests_for_commit(host, shop, pull.head_sha) == []


def test_the_app_finds_every_repository_it_is_installed_on(
    there: StandIn, host: GitHubHost, shop: Repository, git: Git
) -> None:
    there.add_repository("globex", "stock", git.git_dir)
    found = {repository.full_name: repository for repository in installation_repositories(host)}
    assert found.keys() == {"acme/shop", "globex/stock"}
    assert found["acme/shop"] == shop
    assert found["globex/stock"].installation_id != shop.installation_id


def test_a_token_serves_the_repositories_that_are_named(there: StandIn, a_host: HostFactory, shop: Repository) -> None:
    host = a_host(token=there.token_for("robin"))
    found = list(installation_repositories(host, ("acme/shop", "acme/*", "*")))
    assert found == [shop.model_copy(update={"installation_id": None})]


def test_a_repository_is_found_by_its_name_with_its_installation(host: GitHubHost, shop: Repository) -> None:
    assert fetch_repository(host, "acme", "shop") == shop


class _Busy(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def busy_edge(there: StandIn) -> Iterator[None]:
    """Our own webhook server, on a bad day."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Busy)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    there.courier.target = HookTarget(f"http://127.0.0.1:{server.server_port}/webhooks/github", "s3cret")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("busy_edge")
def test_deliveries_that_were_not_taken_are_listed_and_sent_again(
    there: StandIn, host: GitHubHost, shop_there: standin.Repository, pull_there: standin.PullRequest
) -> None:
    payload = there.payload("opened", shop_there, pull_there)
    first = there.deliver("pull_request", payload)
    since = datetime.now(UTC) - timedelta(hours=1)
    mine = [one for one in app_deliveries(host, since) if one.guid == first.guid]
    assert [(one.event, one.action, one.status_code, one.was_taken) for one in mine] == [
        ("pull_request", "opened", 503, False)
    ]
    assert mine[0].repository_id == shop_there.id
    redeliver(host, mine[0].id)
    deadline = datetime.now(UTC) + timedelta(seconds=60)
    while datetime.now(UTC) < deadline:
        tries = [one for one in app_deliveries(host, since) if one.guid == first.guid]
        if len(tries) == 2:
            break
    assert [one.is_redelivery for one in tries] == [True, False]


@pytest.mark.usefixtures("busy_edge")
def test_older_deliveries_are_not_read(
    there: StandIn, host: GitHubHost, shop_there: standin.Repository, pull_there: standin.PullRequest
) -> None:
    there.deliver("pull_request", there.payload("opened", shop_there, pull_there))
    assert list(app_deliveries(host, datetime.now(UTC) + timedelta(minutes=1))) == []


def test_the_doctor_learns_what_the_app_lacks(there: StandIn, host: GitHubHost) -> None:
    there.app.permissions["checks"] = "read"
    there.app.events[:] = ["pull_request"]
    granted = token_permissions(host)
    assert granted.login == "seawall[bot]"
    assert granted.permissions["contents"] == "read"
    assert granted.missing == ("checks: write",)
    assert granted.missing_events == tuple(event for event in NEEDED_EVENTS if event != "pull_request")


def test_the_doctor_finds_nothing_missing_where_the_app_is_as_its_manifest_says(host: GitHubHost) -> None:
    granted = token_permissions(host)
    assert (granted.missing, granted.missing_events) == ((), ())


def test_on_a_server_without_merge_queues_none_is_missed(there: StandIn, host: GitHubHost) -> None:
    there.app.permissions.pop("merge_queues")
    there.app.events.remove("merge_group")
    granted = token_permissions(host)
    assert (granted.missing, granted.missing_events) == ((), ())


def test_the_doctor_learns_whose_token_it_is(there: StandIn, a_host: HostFactory) -> None:
    granted = token_permissions(a_host(token=there.token_for("robin")))
    assert (granted.login, granted.permissions, granted.missing) == ("robin", {}, ())
