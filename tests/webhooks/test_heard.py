"""From what people say on the stand-in for GitHub, over HTTP and signed, to the jobs that the edge keeps."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
import requests

from bot.demo.standin import HookTarget, PullRequest, Repository, StandIn
from bot.domain import CommandGiven, Job, ReplyNoted, ThreadNoted, TimelineNoted
from tests.github.shop import make_shop
from tests.webhooks.edge import SECRET, MemoryInbox, edge_settings
from webhooks.app import create_app

Heard = Callable[[int], list[Job]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, MemoryInbox]]:
    inbox = MemoryInbox()
    server = make_server("127.0.0.1", 0, create_app(edge_settings(tmp_path_factory.mktemp("edge")), inbox))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with StandIn(hook=HookTarget(f"http://127.0.0.1:{server.server_port}/webhooks/github", SECRET)) as there:
        yield there, inbox
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("shop") / "shop").folder


@pytest.fixture
def there(served: tuple[StandIn, MemoryInbox]) -> StandIn:
    return served[0]


@pytest.fixture
def shop(there: StandIn, shop_folder: Path) -> Repository:
    return there.add_repository("acme", "shop", str(shop_folder / ".git"))


@pytest.fixture
def pull(there: StandIn, shop: Repository, heard: Heard) -> PullRequest:
    pull = there.open_pull_request(shop, "main", "feature", "Add the feature", author="dana")
    heard(1)
    return pull


@pytest.fixture
def heard(served: tuple[StandIn, MemoryInbox]) -> Heard:
    """The jobs kept so far, oldest first and without mere moments, once so many more deliveries have been answered
    than when the test began."""
    there, inbox = served
    before = len(there.courier.deliveries())
    inbox.kept.clear()

    def jobs(deliveries: int) -> list[Job]:
        deadline = time.monotonic() + 60
        while len(there.courier.deliveries()) < before + deliveries:
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)
        assert {one.status_code for one in there.courier.deliveries()[: deliveries or None]} <= {202}
        jobs = (job for delivery in inbox.kept.values() for job in delivery.jobs)
        return [job for job in jobs if not isinstance(job, TimelineNoted)]

    return jobs


def test_a_command_and_an_answer_and_a_resolution_are_heard(
    there: StandIn, shop: Repository, pull: PullRequest, heard: Heard
) -> None:
    dana, robin = there.person(shop, "dana", "write"), there.person(shop, "robin", "read")
    said = robin.comment(pull, "/seawall stats 7d\n\nThanks!")
    heard(2)
    first = robin.comment_on_line(pull, "app.py", 11, "Slow?")
    heard(3)
    answer = dana.reply(pull, first.id, "By design")
    heard(4)
    ordered = dana.reply(pull, first.id, "@seawall dismiss by design")
    heard(5)
    dana.resolve(pull, first.id)
    command, reply, dismissal, thread = heard(6)[-4:]
    assert isinstance(command, CommandGiven)
    assert (command.id, command.text) == (f"github-issue-comment-{said.id}", "stats 7d")
    assert (command.person.id, command.place.number) == ("robin", pull.number)
    assert command.place.repository
    assert (command.place.repository.id, command.place.repository.installation_id) == (shop.id, shop.installation_id)
    assert isinstance(reply, ReplyNoted)
    assert (reply.comment_id, reply.in_reply_to, reply.author) == (answer.id, first.id, "dana")
    assert isinstance(dismissal, CommandGiven)
    assert (dismissal.place.thread, dismissal.place.message) == (str(first.id), str(ordered.id))
    assert isinstance(thread, ThreadNoted)
    assert thread.comment_ids == (first.id, answer.id, ordered.id)


def test_a_bot_that_hears_itself_does_not_answer_itself(
    there: StandIn, shop: Repository, pull: PullRequest, heard: Heard
) -> None:
    token = there.installation_token(shop)
    url = f"{there.base_url}/repos/acme/shop/issues/{pull.number}/comments"
    said = requests.post(url, json={"body": "/seawall help"}, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert said.status_code == 201
    assert not [job for job in heard(2) if isinstance(job, CommandGiven)]


def test_an_edit_and_a_deletion_ask_for_nothing(
    there: StandIn, shop: Repository, pull: PullRequest, heard: Heard
) -> None:
    dana = there.person(shop, "dana")
    said = dana.comment(pull, "Hello")
    heard(2)
    dana.edit(pull, said.id, "/seawall review")
    heard(3)
    dana.delete(pull, said.id)
    assert not [job for job in heard(4) if isinstance(job, CommandGiven)]
