"""Every destination is told of each week once: through clock jumps, downtime, failures and two workers at a time."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.standin import StandIn
from bot.domain import PullRequest
from bot.weekly.week import Week
from tests.weekly.posting_house import PRESS, SHOP, House, moment, posting_house


@pytest.fixture(scope="module")
def github() -> Iterator[StandIn]:
    with StandIn() as there:
        yield there


@pytest.fixture
def house(tmp_path: Path, github: StandIn) -> Iterator[House]:
    github.world.repositories.clear()
    github.world.app.permissions["issues"] = "write"
    with posting_house(tmp_path, github) as built:
        yield built


MAIL = {"to_mail": ["lead@acme.example"]}
CARDS = {"channels": ["teams"]}
"""Told in a tenth of the time."""
W47 = Week("2026-W47", ZoneInfo("UTC"))


def test_who_is_there_on_monday_is_told_at_eight_and_not_again(house: House) -> None:
    house.subscribe("11-18 10:00")
    courier = house.courier(**MAIL)
    assert house.look(courier, "11-18 12:00") == []
    assert house.look(courier, "11-23 07:59") == []
    assert house.look(courier, "11-23 08:00") == ["2026-W47:42:teams-T1-C1", "2026-W47:org-acme:mail"]
    for later in ("11-23 08:15", "11-25 12:00", "11-30 07:45"):
        assert house.look(courier, later) == []
    assert house.look(courier, "11-30 08:00") == ["2026-W48:42:teams-T1-C1", "2026-W48:org-acme:mail"]
    assert (len(house.teams.got), len(house.mail.taken)) == (2, 2)


def test_who_came_on_tuesday_is_told_on_the_next_monday(house: House) -> None:
    house.subscribe("11-24 09:00")
    courier = house.courier(**MAIL)  # its settings are new on that Tuesday too
    assert house.look(courier, "11-24 09:15") == []
    assert house.look(courier, "11-28 09:15") == []
    assert len(house.look(courier, "11-30 08:00")) == 2
    assert len(house.look(courier, "12-07 08:00")) == 2
    assert (len(house.teams.got), len(house.mail.taken)) == (2, 2)


def test_nobody_there_at_eight_it_is_told_late_and_says_so(house: House) -> None:
    courier = house.courier(**MAIL)
    house.look(courier, "11-18 10:00")
    assert house.look(courier, "11-24 16:20") == ["2026-W47:org-acme:mail"]
    ((_, message),) = house.mail.taken
    text = message.get_body(("plain",))
    assert text is not None
    assert message["Subject"].endswith("(late)")
    assert "Late: nobody was there" in text.get_content()
    house.look(courier, "11-30 08:05")
    assert not house.mail.taken[1][1]["Subject"].endswith("(late)")


def test_back_just_before_monday_at_eight_the_week_before_is_still_owed(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-15 10:00")
    assert house.look(courier, "11-23 07:30") == ["2026-W46:org-acme:teams--"]
    assert house.look(courier, "11-23 08:00") == ["2026-W47:org-acme:teams--"]


def test_after_two_weeks_away_the_last_week_alone_is_told(house: House) -> None:
    courier = house.courier(**MAIL)
    house.look(courier, "11-18 10:00")
    assert house.look(courier, "12-09 10:00") == ["2026-W49:org-acme:mail"]
    assert house.mail.taken[0][1]["Subject"].endswith("(late)")


@pytest.mark.parametrize(
    "clock",
    [
        ("11-18 10:00", "12-16 09:00", "11-23 08:00", "11-30 08:00", "12-07 08:00", "12-14 08:00", "12-21 08:00"),
        ("11-18 10:00", "11-23 08:00", "11-09 03:00", "11-16 09:00", "11-23 07:00", "11-23 09:00", "11-30 09:00"),
        ("11-18 10:00", "11-23 08:00", "11-23 07:00", "11-23 08:00", "11-23 07:59", "11-24 08:00", "11-30 08:00"),
    ],
)
def test_a_clock_that_jumps_forward_and_back_doubles_nothing_and_skips_nothing(
    house: House, clock: tuple[str, ...]
) -> None:
    courier = house.courier(**CARDS)
    told = Counter(name for at in clock for name in house.look(courier, at))
    assert set(told.values()) == {1}
    real = {f"2026-W{week}:org-acme:teams--" for week in (47, 48)}
    assert real <= told.keys()
    assert len(house.teams.got) == len(told)


def test_over_the_night_in_which_clocks_go_back_two_workers_tell_each_week_once(house: House) -> None:
    """Berlin's clocks show two o'clock twice on Sunday, 25 October; Monday at half past two comes once."""
    asked = {"zone": "Europe/Berlin", "at": "02:30", **CARDS}
    workers = [house.courier(**asked), house.courier(**asked)]
    house.look(workers[0], "10-14 10:00")
    looks = [f"10-{day} {hour:02}:{minute}" for day in (19, 25, 26) for hour in (0, 1, 2) for minute in (29, 31)]
    told = Counter((name, at) for at in looks for worker in workers for name in house.look(worker, at))
    assert told == {
        ("2026-W42:org-acme:teams--", "10-19 00:31"): 1,  # summer: half past two is half past midnight, UTC
        ("2026-W43:org-acme:teams--", "10-26 01:31"): 1,
    }


TWO_CLOCKS = {"clocks": [
    {"of": "acme", "zone": "Pacific/Auckland", "day": "tue", "at": "07:30"},
    {"of": "globex", "zone": "America/New_York", "at": "09:00"},
    {"of": "acme/vault", "zone": "UTC", "day": "wed"},
]}  # fmt: skip
ACME, GLOBEX = "org-acme:teams--", "org-globex:teams--"


def test_each_organisation_is_told_once_by_its_own_clock(house: House) -> None:
    """New York's clocks went forward on 8 March 2026, Auckland's back on 5 April; both are looked at by two workers,
    through absences, and with a clock that jumps."""
    house.ledger.keep_repository(PRESS)
    asked = {**TWO_CLOCKS, **CARDS}
    workers = [house.courier(**asked), house.courier(**asked)]
    house.look(workers[0], "02-24 00:00")
    looks = [f"03-{day:02} {hour:02}:{minute}" for day in (2, 9) for hour in (12, 13, 14) for minute in ("00", "59")]
    looks += ["03-16 18:29", "03-16 18:31", "03-16 15:00"]  # Tuesday in Auckland begins on Monday, UTC
    looks += ["04-06 20:00", "04-06 18:00", "04-06 19:31"]  # after two weeks of downtime, and back again
    told = Counter((name, at) for at in looks for worker in workers for name in house.look(worker, at))
    assert told == {
        (f"2026-W09:{GLOBEX}", "03-02 14:00"): 1,
        (f"2026-W09:{ACME}", "03-09 12:00"): 1,
        (f"2026-W10:{GLOBEX}", "03-09 13:00"): 1,
        (f"2026-W10:{ACME}", "03-16 18:29"): 1,  # nobody looked for a week
        (f"2026-W11:{GLOBEX}", "03-16 18:29"): 1,
        (f"2026-W11:{ACME}", "03-16 18:31"): 1,
        (f"2026-W14:{ACME}", "04-06 20:00"): 1,
        (f"2026-W14:{GLOBEX}", "04-06 20:00"): 1,
        (f"2026-W13:{ACME}", "04-06 18:00"): 1,  # its clock shows that this week is still owed
    }
    assert house.failed == []


def test_a_week_begins_and_works_by_the_clock_of_whom_it_is_told(house: House) -> None:
    house.ledger.keep_repository(PRESS)
    courier = house.courier(**TWO_CLOCKS, **CARDS, tells=["organisation", "repository"], folder=str(house.folder / "w"))
    house.look(courier, "11-10 00:00")
    house.look(courier, "11-25 09:00")
    told = {
        path.parent.relative_to(house.folder / "w").as_posix(): json.loads(path.read_text())
        for path in (house.folder / "w").rglob("2026-W47.json")
    }
    assert {name: (week["zone"], week["starts"]) for name, week in told.items()} == {
        "acme": ("Pacific/Auckland", "2026-11-15T11:00:00+00:00"),
        "acme/shop": ("Pacific/Auckland", "2026-11-15T11:00:00+00:00"),
        "acme/vault": ("UTC", "2026-11-16T00:00:00+00:00"),
        "globex": ("America/New_York", "2026-11-16T05:00:00+00:00"),
        "globex/press": ("America/New_York", "2026-11-16T05:00:00+00:00"),
    }


def test_a_clock_that_is_set_anew_tells_no_week_twice(house: House) -> None:
    house.look(house.courier(**CARDS), "11-18 10:00")
    assert house.look(house.courier(**CARDS), "11-23 08:00") == [f"2026-W47:{ACME}"]
    moved = house.courier(**CARDS, clocks=[{"of": "acme", "zone": "America/New_York", "day": "tue"}])
    assert house.look(moved, "11-24 13:00") == []
    assert house.look(moved, "12-01 13:00") == [f"2026-W48:{ACME}"]
    assert len(house.teams.got) == 2


def test_a_clock_far_ahead_when_the_settings_came_costs_no_monday(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "12-16 09:00")
    house.look(courier, "11-18 10:00")
    assert house.look(courier, "11-23 08:00") == ["2026-W47:org-acme:teams--"]


def test_two_workers_at_the_same_moment_tell_once(house: House) -> None:
    """The engine begins a name once; here both workers see the same names, and one begins each."""
    house.subscribe("11-18 10:00")
    house.look(house.courier(**MAIL), "11-18 12:00")
    house.now = moment("11-23 08:00")
    couriers = [house.courier(**MAIL), house.courier(**MAIL)]
    gate, lock, told = threading.Barrier(2), threading.Lock(), []

    def work(courier: int) -> None:
        gate.wait(60)
        for name, errand in couriers[courier].due(house.now).items():
            with lock:
                is_mine = name not in house.begun
                house.begun.add(name)
            if is_mine:
                couriers[courier].deliver(errand)
                told.append(name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["2026-W47:42:teams-T1-C1", "2026-W47:org-acme:mail"]
    assert (len(house.teams.got), len(house.mail.taken)) == (1, 1)


def test_an_engine_that_forgot_its_finished_work_tells_nothing_again(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-18 10:00")
    house.look(courier, "11-23 08:00")
    house.begun.clear()  # engine.keep_days may be less than a week
    assert house.look(house.courier(**CARDS), "11-26 08:00") == []
    assert len(house.teams.got) == 1


def test_an_errand_that_was_done_already_does_nothing(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-18 10:00")
    house.now = moment("11-23 08:00")
    (errand,) = courier.due(house.now).values()
    courier.deliver(errand)
    house.courier(**CARDS).deliver(errand)
    assert len(house.teams.got) == 1


def test_one_destination_that_is_down_holds_up_and_doubles_none_of_the_others(house: House) -> None:
    house.subscribe("11-18 10:00")
    courier = house.courier(**MAIL, folder=str(house.folder / "weeks"), issue_repository="acme/ops")
    house.look(courier, "11-18 12:00")
    house.mail.answers["MAIL"] = "451 later"
    told = house.look(courier, "11-23 08:00")
    assert told == ["2026-W47:42:teams-T1-C1", "2026-W47:org-acme:folder", "2026-W47:org-acme:issue"]
    assert house.look(courier, "11-23 08:10") == []
    house.mail.answers.clear()
    assert house.look(courier, "11-23 11:00") == ["2026-W47:org-acme:mail"]
    assert house.failed == ["2026-W47:org-acme:mail"] * 2
    assert house.mail.taken[0][1]["Subject"].endswith("(late)")
    assert (len(house.teams.got), len(house.mail.taken), len(house.issues.issues)) == (1, 1, 1)


def test_a_lost_answer_of_the_mail_server_is_made_good_under_the_same_id(house: House) -> None:
    courier = house.courier(**MAIL)
    house.look(courier, "11-18 10:00")
    house.mail.hangs_up_at = "DATA."
    assert house.look(courier, "11-23 08:00") == []
    house.mail.hangs_up_at = ""
    assert house.look(courier, "11-23 08:01") == ["2026-W47:org-acme:mail"]
    first, second = (message["Message-ID"] for _, message in house.mail.taken)
    assert first == second


def test_while_all_is_stopped_nothing_is_told_and_afterwards_it_is(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-18 10:00")
    assert house.look(house.courier(is_paused=True, **CARDS), "11-23 08:00") == []
    assert house.look(house.courier(**CARDS), "11-23 12:00") == ["2026-W47:org-acme:teams--"]


def test_each_way_tells_the_same_week(house: House) -> None:
    house.ledger.keep_backfill(SHOP.id, "2026-08-01T00:00:00Z", "", 8, is_done=True)
    for number, day in enumerate(("11-03", "11-04", "11-10", "11-11", "11-12", "11-17", "11-18", "11-19"), 1):
        pull = PullRequest(
            repository=SHOP, number=number, base_ref="main", base_sha="a" * 40, head_ref="fix", head_sha="b" * 40,
            author=f"dev-{number}", created_at=f"2026-{day}T08:00:00Z",
        )  # fmt: skip
        house.ledger.keep_pull_request(pull)
        house.ledger.keep_event(SHOP.id, number, "opened", f"2026-{day}T08:00:00Z", f"dev-{number}")
        house.ledger.keep_event(SHOP.id, number, "merged", f"2026-{day}T18:00:00Z", "mona")
    house.subscribe("11-18 10:00", "slack", "C9")
    everything = {"tells": ["organisation", "repository"], "channels": ["slack:C9", "teams"]}
    courier = house.courier(
        **MAIL, **everything, folder=str(house.folder / "weeks"), issue_repository="acme/ops", issue_label="weekly"
    )
    house.look(courier, "11-18 12:00")
    told = house.look(courier, "11-23 08:00")
    names = {name.removeprefix("2026-W47:") for name in told}
    ways = ("folder", "issue", "mail", "slack--C9", "teams--")
    expected = {f"{key}:{way}" for key in ("org-acme", "42", "43") for way in ways}
    assert house.failed == []
    assert names == expected - {"42:slack--C9"} | {"42:slack-T1-C9"}
    texts = sorted(path.relative_to(house.folder).as_posix() for path in (house.folder / "weeks").rglob("*.*"))
    assert "weeks/acme/2026-W47.html" in texts
    assert "weeks/acme/shop/2026-W47.md" in texts
    assert len(texts) == 12
    assert json.loads((house.folder / "weeks/acme/2026-W47.json").read_text())["subject"] == "acme"
    assert sorted(issue.title.partition(",")[0] for issue in house.issues.issues.values()) == [
        "acme", "acme/shop", "acme/vault",
    ]  # fmt: skip
    assert {body["channel"] for _, body in house.slack.posted} == {"C9"}
    assert house.slack.called == []
    shown = [(file["bytes"][:4], bool(file["alt_txt"]), file["shown"][0]) for file in house.slack.files.values()]
    assert set(shown) == {(b"\x89PNG", True, "C9")}
    mailed = next(message for _, message in house.mail.taken if message["Subject"].startswith("acme,"))
    page = mailed.get_body(("html",))
    assert page is not None
    named = {part["Content-ID"].strip("<>") for part in mailed.walk() if part.get_content_type() == "image/png"}
    assert named
    assert all(f'src="cid:{name}"' in page.get_content() for name in named)


def test_an_issue_follows_the_one_of_the_week_before(house: House) -> None:
    courier = house.courier(issue_repository="acme/ops")
    for at in ("11-18 10:00", "11-23 08:00", "11-30 08:00"):
        house.look(courier, at)
    first, second = house.issues.issues.values()
    assert first.closed_at is not None
    assert second.closed_at is None
    assert f"Before: #{first.number}" in second.body


def test_an_app_that_may_write_no_issue_fails_with_what_to_grant(house: House) -> None:
    house.github.world.app.permissions["issues"] = "read"
    courier = house.courier(issue_repository="acme/ops")
    (delivered,) = courier.post(W47)
    assert "grant the App issues: write" in delivered.failure


def test_told_by_hand_it_is_not_told_again_by_itself_but_by_hand_it_is(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-18 10:00")
    house.now = moment("11-23 07:00")
    (delivered,) = courier.post(W47)
    assert (delivered.destination.name, delivered.failure) == ("org-acme:teams--", "")
    assert house.look(courier, "11-23 08:00") == []
    courier.post(W47)
    assert len(house.teams.got) == 2


def test_a_week_told_by_hand_before_it_is_over_is_told_again_when_it_is(house: House) -> None:
    courier = house.courier(**CARDS)
    house.look(courier, "11-18 10:00")
    courier.post(W47)
    assert house.look(courier, "11-23 08:00") == ["2026-W47:org-acme:teams--"]


def test_by_hand_a_repository_is_told_to_its_subscribers_and_to_whom_the_settings_name(house: House) -> None:
    house.subscribe("11-18 10:00")
    house.now = moment("11-23 09:00")
    told = house.courier(**MAIL).post(W47, SHOP)
    assert [(each.destination.name, each.failure) for each in told] == [("42:teams-T1-C1", ""), ("42:mail", "")]
