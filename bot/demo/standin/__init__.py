"""A stand-in for GitHub on loopback: the part of its API, webhooks and temper that a reviewer meets.

It keeps its state in the process, reads code from real git repositories on disk, refuses what GitHub refuses, signs
and sends webhooks, and can be made to fail on request. Tests, drills and the demonstration use it alike:

    with StandIn() as host:
        shop = host.add_repository("acme", "checkout", "/path/to/checkout.git")
        pull = host.open_pull_request(shop, "main", "instalments", "Add instalments", "…", author="dana")
        github.Github(base_url=host.base_url, auth=github.Auth.Token(host.token_for("dana")))
"""

from bot.demo.standin.faults import (
    Broken,
    ConnectionReset,
    Fault,
    Latency,
    PrimaryLimit,
    SecondaryLimit,
    ServerError,
)
from bot.demo.standin.hooks import HookDelivery, HookTarget
from bot.demo.standin.journal import Asked
from bot.demo.standin.people import Person
from bot.demo.standin.records import PullRequest, Repository
from bot.demo.standin.server import StandIn

__all__ = [
    "Asked",
    "Broken",
    "ConnectionReset",
    "Fault",
    "HookDelivery",
    "HookTarget",
    "Latency",
    "Person",
    "PrimaryLimit",
    "PullRequest",
    "Repository",
    "SecondaryLimit",
    "ServerError",
    "StandIn",
]
