"""What is told by issues: one for each telling, the former closed, and only where the App may."""

import pytest

from bot.demo import standin
from bot.demo.standin import StandIn
from bot.demo.standin.faults import Fault, ServerError
from bot.errors import Forbidden, NotFound, SettingsError
from bot.github import GitHubHost
from bot.github.issues import LONGEST_BODY, Issues, Telling
from tests.github.conftest import Calls, HostFactory

SINCE = "2020-01-01T00:00:00Z"
W47 = Telling("acme", "acme:2026-W47", "acme, week 47", "Twelve were merged.", "seawall-weekly")
W48 = W47._replace(key="acme:2026-W48", title="acme, week 48", body="Nine were merged.")


@pytest.fixture
def issues(host: GitHubHost, shop_there: standin.Repository) -> Issues:
    return Issues(host, "acme/shop")


def test_it_is_opened_once_with_its_label(issues: Issues, shop_there: standin.Repository) -> None:
    assert issues.tell(W47, SINCE) == issues.tell(W47, SINCE)
    (issue,) = shop_there.issues.values()
    assert issue.title == "acme, week 47"
    assert issue.body.startswith("Twelve were merged.")
    assert [label.name for label in issue.labels] == ["seawall-weekly"]
    assert issue.closed_at is None


def test_told_again_in_other_words_it_is_brought_up_to_date(issues: Issues, shop_there: standin.Repository) -> None:
    issues.tell(W47, SINCE)
    issues.tell(W47._replace(body="Thirteen were merged."), SINCE)
    (issue,) = shop_there.issues.values()
    assert issue.body.startswith("Thirteen were merged.")


def test_the_one_before_is_linked_and_closed(issues: Issues, shop_there: standin.Repository) -> None:
    first, second = issues.tell(W47, SINCE), issues.tell(W48, SINCE)
    assert shop_there.issues[first].closed_at is not None
    assert shop_there.issues[second].closed_at is None
    assert f"Before: #{first}" in shop_there.issues[second].body
    assert "Before" not in shop_there.issues[first].body
    assert issues.tell(W48, SINCE) == second


def test_told_late_it_does_not_close_what_came_after(issues: Issues, shop_there: standin.Repository) -> None:
    first, second = issues.tell(W47, SINCE), issues.tell(W48, SINCE)
    issues.tell(W47._replace(body="Put right."), SINCE)
    assert shop_there.issues[second].closed_at is None
    assert "Before" not in shop_there.issues[first].body


def test_another_subject_has_a_series_of_its_own(issues: Issues, shop_there: standin.Repository) -> None:
    issues.tell(W47, SINCE)
    issues.tell(W48._replace(series="acme/shop"), SINCE)
    assert [issue.closed_at for issue in shop_there.issues.values()] == [None, None]


def test_a_strangers_issue_with_our_marker_is_none_of_ours(
    issues: Issues, shop_there: standin.Repository, there: StandIn
) -> None:
    number = issues.tell(W47, SINCE)
    copied = shop_there.issues[number]
    copied.author = there.world.account("mallory")
    assert issues.tell(W47, SINCE) != number
    assert issues.tell(W48, SINCE) not in (number, number + 1)
    assert copied.closed_at is None


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_lost_answer_is_looked_for_before_it_is_sent_again(
    issues: Issues, shop_there: standin.Repository, there: StandIn, is_stored: bool
) -> None:
    there.faults.arm(Fault(ServerError(after_write=is_stored), method="POST", path=r".*/issues$", times=1))
    issues.tell(W47, SINCE)
    assert len(shop_there.issues) == 1


def test_an_app_that_may_not_says_what_to_grant(
    a_host: HostFactory, there: StandIn, shop_there: standin.Repository, calls: Calls
) -> None:
    there.app.permissions["issues"] = "read"
    issues = Issues(a_host(), "acme/shop")
    with pytest.raises(Forbidden, match="grant the App issues: write"):
        issues.tell(W47, SINCE)
    assert "issues: write" in issues.missing()
    assert shop_there.issues == {}
    assert calls.of("POST", "/issues") == []


def test_an_app_that_is_not_installed_there_says_so(host: GitHubHost, shop_there: standin.Repository) -> None:
    with pytest.raises(NotFound, match="Install it there"):
        Issues(host, "acme/elsewhere").tell(W47, SINCE)
    with pytest.raises(SettingsError, match="owner/name"):
        Issues(host, "shop")


def test_a_token_does_as_well(a_host: HostFactory, there: StandIn, shop_there: standin.Repository) -> None:
    issues = Issues(a_host(token=there.token_for("octocat"), app_id=0), "acme/shop")
    assert issues.missing() == ""
    assert issues.tell(W47, SINCE) == issues.tell(W47, SINCE)


def test_what_is_too_long_is_cut_before_its_marker(issues: Issues, shop_there: standin.Repository) -> None:
    long = W47._replace(body="x" * 70_000, title="y" * 300)
    assert issues.tell(long, SINCE) == issues.tell(long, SINCE)
    (issue,) = shop_there.issues.values()
    assert len(issue.body) <= LONGEST_BODY
    assert "(shortened)" in issue.body
