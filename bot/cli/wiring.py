"""What the worker's engine runs, wired from settings: GitHub, the ledger, the guarded parser, the model, the chat."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot import metrics
from bot.chat.asked import ChatDesk
from bot.chat.host import HostPolicies, HostPullRequests
from bot.chat.story import ChatStory
from bot.cli.record_at_hand import open_ledger
from bot.domain import Model
from bot.github import GitHubHost, GitHubPermissions, GitHubPublisher
from bot.ledger import Ledger
from bot.review.desks import guard_of, warm_up
from bot.review.spending import account_of, answers_of
from bot.review.story import ReviewStory
from bot.review.sweeping import Sweeper
from bot.settings import Settings
from bot.voices import voices_of
from bot.weekly.delivery.courier import Courier

if TYPE_CHECKING:
    from bot.llm.breaker import Breaker


def stories(settings: Settings) -> tuple[ReviewStory, ChatStory]:
    """For a worker: what it does with reviews and with commands. Raises SettingsError."""
    host = GitHubHost(settings.github, count=metrics.count_github_call)
    ledger = open_ledger(settings)
    guard = guard_of(settings.reading)
    metrics.watch_breaker("github", lambda: host.is_broken)
    metrics.watch_limits(host.limits)
    warm_up(guard)  # so that the first review of the day is as quick as the next
    model = _model(settings, ledger, warms_up=True)
    reviews = ReviewStory(settings, host, ledger, guard, model)
    desk = chat_desk(settings, host, ledger, reviews, model)
    policies = desk.policies
    sweeper = Sweeper(host, ledger, lambda where: policies.of(where, None).policy, desk.now, desk.own_host)
    courier = Courier(settings, ledger, host, desk.now, model)
    return reviews, ChatStory(desk, voices_of(settings, host), sweeper, courier)


def chat_desk(
    settings: Settings, host: GitHubHost, ledger: Ledger, reviews: ReviewStory, model: Model | None
) -> ChatDesk:
    """What commands work with."""
    return ChatDesk(
        settings=settings,
        ledger=ledger,
        permissions=GitHubPermissions(host),
        pull_requests=HostPullRequests(host),
        policies=HostPolicies(host, settings, time.monotonic),
        readings=reviews.wiring.desk_of,
        model=model,
        clock=lambda: datetime.now(UTC),
        own_host=reviews.wiring.own_host,
        read_at=reviews.wiring.read_at,
        post=lambda pull_request, draft: GitHubPublisher(host, pull_request).post(draft),
    )


@contextmanager
def terminal_desk(settings: Settings) -> Iterator[ChatDesk]:
    """The same for somebody at the terminal, who asks little: nothing is warmed up, and all is closed in the end."""
    with ExitStack() as closes:
        host, ledger = GitHubHost(settings.github), open_ledger(settings)
        guard = guard_of(settings.reading)
        for opened in (guard, ledger, host):
            closes.callback(opened.close)
        model = _model(settings, ledger, warms_up=False)
        yield chat_desk(settings, host, ledger, ReviewStory(settings, host, ledger, guard, model), model)


def _model(settings: Settings, ledger: Ledger, warms_up: bool) -> Model | None:
    """The gateway, its libraries loaded in the background where somebody will soon ask; None where none is set."""
    if not settings.llm.model:
        return None
    from bot.llm import Gateway

    gateway = Gateway(settings.llm, account_of(ledger), record=answers_of(ledger, settings.llm.cache_hours))
    if warms_up:
        metrics.watch_breaker("model", lambda: gateway.is_broken)
        metrics.watch_models(lambda: gateway.state)
        for client in gateway.clients:
            metrics.watch_breaker(f"model {client.name}", partial(_is_open, client.breaker))
        threading.Thread(target=gateway.warm_up, name="warm-up", daemon=True).start()
    return gateway


def _is_open(breaker: "Breaker") -> bool:
    return breaker.state == "open"
