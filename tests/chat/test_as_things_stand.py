"""What is told of a pull request is how it stands now, also while GitHub is away; errors are told sign by sign."""

from dataclasses import replace

import pytest

from bot.chat.dispatch import answer
from bot.domain import Facts, Person, Place, PullRequest, Repository
from bot.errors import HostUnavailable, SeawallError, SettingsError
from bot.transports import markdown, slack, terminal
from tests.chat.people import POINT
from tests.chat.town import Town

MISSING = "Set SEAWALL_GITHUB__TOKEN, or SEAWALL_GITHUB__APP_ID and *its* [key]."


class Away:
    """GitHub, which cannot be asked."""

    def __init__(self, failure: SeawallError) -> None:
        self._failure = failure

    def of(self, repository: Repository, number: int) -> PullRequest:
        raise self._failure


def facts(town: Town, text: str) -> dict[str, str]:
    (found,) = [part for part in town.say(text).reply.parts if isinstance(part, Facts)]
    return dict(found.rows)


def test_what_was_just_dismissed_is_no_longer_told_as_open(town: Town) -> None:
    assert facts(town, "status")["Findings"] == "1 open"
    town.say(f"dismiss {POINT.handle} the gateway bounds it")
    assert facts(town, "status")["Findings"] == "1 dismissed"


@pytest.mark.parametrize("failure", [HostUnavailable("502"), SettingsError(MISSING)])
def test_while_github_is_away_a_status_is_the_one_last_heard_and_says_so(town: Town, failure: SeawallError) -> None:
    given = town.given("status acme/shop#7", Person(transport="terminal", id="root"), Place(transport="terminal"))
    reply = answer(given, replace(town.desk, pull_requests=Away(failure))).reply
    assert reply.state == "done"
    assert "how it was last heard of" in terminal.render(reply)


def test_an_error_keeps_every_sign_wherever_it_is_read(town: Town) -> None:
    given = town.given("cancel acme/shop#7", Person(transport="terminal", id="root"), Place(transport="terminal"))
    reply = answer(given, replace(town.desk, pull_requests=Away(SettingsError(MISSING)))).reply
    assert reply.state == "failed"
    assert MISSING in terminal.render(reply, width=200)
    assert "worker's log" not in terminal.render(reply), "nobody else has a log of it"
    assert r"SEAWALL_GITHUB__APP_ID and \*its\* \[key\]." in markdown.render(reply), (
        "inside a word GitHub sees no marks"
    )
    assert "SEAWALL_GITHUB__TOKEN" in str(slack.render(reply))
