"""Commands, links between people and logins, and channels that listen."""

import pytest

from bot.ledger import Ledger, Subscription
from tests.ledger.records import TOKEN, a_repository
from tests.ledger.talk import ANSWER_URL, a_command, a_person, a_place

AT = "2026-11-20T10:00:01+00:00"
CODE = ("slack:T1:U7", "Mona", "digest", "2026-11-20T10:15:00+00:00")


def answer_urls(ledger: Ledger) -> list[str]:
    with ledger._connection.reading() as database:
        return [row["answer_url"] for row in database.table("commands").rows]


def test_a_command_is_known_by_its_run_id_from_the_first_second_to_the_end(ledger: Ledger) -> None:
    given = a_command()
    ledger.keep_command(given, "stats")
    under_way = {
        "id": "slack-4242", "run_id": given.run_id, "name": "stats", "text": "stats 7d", "state": "", "title": "",
        "transport": "slack", "person_key": "slack:T1:U7", "person_name": "Mona Lisa", "repository_id": 71,
        "number": 12, "at": given.at, "ended_at": "", "awaits": "",
    }  # fmt: skip
    assert ledger.command(given.run_id.upper()) == under_way
    ledger.end_command(given.id, "done", "Seven days", AT)
    assert ledger.command(given.run_id) == under_way | {"state": "done", "title": "Seven days", "ended_at": AT}
    assert ledger.command("c-0000000") is None


def test_a_command_heard_twice_is_one_and_does_not_begin_again(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "")
    ledger.keep_command(a_command(), "stats")
    ledger.end_command("slack-4242", "done", "Seven days", AT)
    ledger.keep_command(a_command(), "stats")
    assert ledger.counts()["commands"] == 1
    (row,) = ledger.recent_commands(None)
    assert (row["name"], row["state"]) == ("stats", "done")
    assert answer_urls(ledger) == [""]


def test_an_answer_url_lives_until_its_command_ends(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "stats")
    assert answer_urls(ledger) == [ANSWER_URL]
    ledger.end_command("slack-4242", "done", "Seven days", AT)
    assert answer_urls(ledger) == [""]


def test_a_command_that_waits_for_a_review_keeps_its_answer_url_until_the_end_was_told(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "review")
    ledger.end_command("slack-4242", "started", "Reviewing", AT, awaits="71#12@b..a")
    assert ledger.commands_awaiting("71#12@b..a") == [a_command()]
    assert ledger.commands_awaiting("71#12@b..c") == ledger.commands_awaiting("") == []
    ledger.end_wait("slack-4242")
    assert ledger.commands_awaiting("71#12@b..a") == []
    assert answer_urls(ledger) == [""]


def test_an_end_said_again_brings_no_wait_back_that_is_over(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "review")
    for _ in range(2):
        ledger.end_command("slack-4242", "started", "Reviewing", AT, awaits="k")
        assert len(ledger.commands_awaiting("k")) == 1
    ledger.end_wait("slack-4242")
    ledger.end_command("slack-4242", "started", "Reviewing", AT, awaits="k")
    assert ledger.commands_awaiting("k") == []


def test_a_command_that_fails_after_all_waits_no_more(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "review")
    ledger.end_command("slack-4242", "started", "Reviewing", AT, awaits="k")
    ledger.end_command("slack-4242", "failed", "GitHub is away", AT)
    assert ledger.commands_awaiting("k") == []
    assert answer_urls(ledger) == [""]


def test_half_an_hour_later_an_answer_url_is_gone_whatever_became_of_its_command(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "review")
    ledger.keep_command(a_command(id="2", at="2026-11-20T10:30:00Z"), "help")
    assert answer_urls(ledger) == [ANSWER_URL, ANSWER_URL]
    ledger.keep_command(a_command(id="3", at="2026-11-20T10:30:01Z"), "help")
    assert answer_urls(ledger) == ["", ANSWER_URL, ANSWER_URL]


def test_an_answer_url_shows_in_no_text_that_a_log_could_hold(ledger: Ledger) -> None:
    assert "hooks.slack.com" not in f"{a_command()!r} {a_command()}"


def test_a_secret_in_a_command_is_masked(ledger: Ledger) -> None:
    ledger.keep_command(a_command(text=f"ask is {TOKEN} ours?"), "ask")
    ledger.end_command("slack-4242", "done", f"{TOKEN} is yours", AT)
    (row,) = ledger.recent_commands(71)
    assert (row["text"], row["title"]) == ("ask is [secret masked] ours?", "[secret masked] is yours")


def test_commands_are_counted_by_person_from_a_moment_on(ledger: Ledger) -> None:
    for second in range(3):
        ledger.keep_command(a_command(id=f"c{second}", at=f"2026-11-20T10:00:0{second}+00:00"), "help")
    ledger.keep_command(a_command(id="other", person=a_person(workspace="T2")), "help")
    first, last = "2026-11-20T10:00:01+00:00", "2026-11-20T10:00:02+00:00"
    assert ledger.commands_before(a_command(id="now"), first, last) == 2
    assert ledger.commands_before(a_command(id="now"), first, first) == 1
    assert ledger.commands_before(a_command(id="c2"), first, last) == 1, "what was heard later does not count"
    assert ledger.commands_before(a_command(id="now", person=a_person(id="U8")), "2026-11-20", last) == 0


def test_recent_commands_are_newest_first_here_or_everywhere(ledger: Ledger) -> None:
    ledger.keep_command(a_command(id="1"), "help")
    ledger.keep_command(a_command(id="2", at=AT, place=a_place(number=13)), "help")
    ledger.keep_command(a_command(id="3", at=AT, place=a_place(repository=None, number=None)), "help")
    assert [row["id"] for row in ledger.recent_commands(None)] == ["3", "2", "1"]
    assert [row["id"] for row in ledger.recent_commands(71)] == ["2", "1"]
    assert [row["id"] for row in ledger.recent_commands(71, 12)] == ["1"]
    assert [row["id"] for row in ledger.recent_commands(None, limit=1)] == ["3"]


def test_a_command_brings_no_old_name_of_a_repository_back(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository(name="till"))
    ledger.keep_command(a_command(), "stats")
    assert [known.full_name for known in ledger.known_repositories()] == ["acme/till"]


def test_a_login_that_posts_the_code_is_linked(ledger: Ledger) -> None:
    ledger.keep_link_code(*CODE)
    assert ledger.login_of("slack:T1:U7") == ""
    assert ledger.confirm_link("mona", "digest", AT) == "slack:T1:U7"
    assert ledger.login_of("slack:T1:U7") == "Mona"
    assert ledger.confirm_link("mona", "digest", AT) == "slack:T1:U7"  # the same delivery, heard again


@pytest.mark.parametrize(
    ("login", "code", "at"),
    [("hubot", "digest", AT), ("mona", "other", AT), ("mona", "digest", "2026-11-20T10:15:00+00:00")],
    ids=["another login", "another code", "too late"],
)
def test_nothing_else_links(ledger: Ledger, login: str, code: str, at: str) -> None:
    ledger.keep_link_code(*CODE)
    assert ledger.confirm_link(login, code, at) is None
    assert ledger.login_of("slack:T1:U7") == ""


def test_a_used_code_links_nobody_again(ledger: Ledger) -> None:
    ledger.keep_link_code(*CODE)
    ledger.confirm_link("mona", "digest", AT)
    assert ledger.unlink("slack:T1:U7")
    assert not ledger.unlink("slack:T1:U7")
    assert ledger.confirm_link("mona", "digest", AT) is None
    assert ledger.login_of("slack:T1:U7") == ""


def test_only_the_latest_code_of_a_person_counts_and_a_new_link_replaces_the_old(ledger: Ledger) -> None:
    ledger.keep_link_code(*CODE)
    ledger.keep_link_code("slack:T1:U7", "hubot", "newer", "2026-11-20T10:20:00+00:00")
    assert ledger.confirm_link("mona", "digest", AT) is None
    assert ledger.confirm_link("hubot", "newer", AT) == "slack:T1:U7"
    ledger.keep_link_code(*CODE)
    assert ledger.login_of("slack:T1:U7") == "hubot"
    ledger.confirm_link("mona", "digest", AT)
    assert ledger.login_of("slack:T1:U7") == "Mona"


def test_on_github_people_are_their_login(ledger: Ledger) -> None:
    assert ledger.login_of("github::octocat") == "octocat"


def test_channels_hear_of_what_they_asked_for_until_they_ask_no_more(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))
    for channel, repository_id, wants in (
        ("C1", 71, {}),
        ("C1", 72, {}),
        ("C2", 71, {"weekly": True}),
        ("C1", 71, {"findings": "high"}),
    ):
        ledger.subscribe("slack", "T1", channel, repository_id, wants, "mona", AT)
    first = Subscription("slack", "T1", "C1", a_repository(), {"findings": "high"}, "mona", AT)
    second = Subscription("slack", "T1", "C2", a_repository(), {"weekly": True}, "mona", AT)
    assert ledger.subscribers(71) == [first, second]
    assert [heard.repository.full_name for heard in ledger.subscriptions("slack", "T1", "C1")] == [
        "acme/basket",
        "acme/checkout",
    ]
    assert ledger.subscriptions("slack", "T2", "C1") == []
    assert ledger.unsubscribe("slack", "T1", "C1", 71)
    assert not ledger.unsubscribe("slack", "T1", "C1", 71)
    assert ledger.subscribers(71) == [second]
