"""One person gives so many commands a minute; the first over it is told, the rest is passed over."""

from datetime import timedelta

from bot.domain import Person, Place
from tests.chat.people import NOW, REPOSITORY
from tests.chat.town import Town, text_of

PLACE = Place(transport="github", repository=REPOSITORY, number=7)


def test_the_eleventh_in_a_minute_is_told_and_the_twelfth_passed_over(town: Town) -> None:
    found = [town.say("whoami", "octocat").reply for _ in range(13)]
    assert [reply.state for reply in found] == ["done"] * 10 + ["refused"] * 3
    assert found[10].title == "More than 10 commands in a minute"
    assert "09:01:00 UTC" in found[10].model_dump_json()
    assert [(reply.title, reply.parts) for reply in found[11:]] == [("", ()), ("", ())]


def test_in_chat_each_refusal_is_said_to_the_asker_alone(town: Town) -> None:
    found = [town.chat("whoami", "octocat").reply for _ in range(12)]
    assert {reply.title for reply in found[10:]} == {"More than 10 commands in a minute"}
    assert not any(reply.is_public for reply in found)


def test_somebody_else_is_not_held_up(town: Town) -> None:
    for _ in range(12):
        town.say("whoami", "octocat")
    assert town.say("whoami", "mona").reply.state == "done"


def test_a_minute_later_it_goes_on(town: Town) -> None:
    for _ in range(10):
        town.say("whoami", "octocat")
    town.later(seconds=61)
    assert town.say("whoami", "octocat").reply.state == "done"


def test_of_a_burst_that_waits_the_first_ten_are_carried_out(town: Town) -> None:
    """All are heard before the first is answered: what came later does not count against what came before."""
    person = Person(transport="github", id="octocat")
    times = [(NOW + timedelta(milliseconds=100 * at)).isoformat(timespec="milliseconds") for at in range(200)]
    burst = [town.given("whoami", person, PLACE, at=at) for at in times]
    for given in burst:
        town.ledger.keep_command(given, "")
    states = [town.answer(given).reply.state for given in burst[:15]]
    assert states == ["done"] * 10 + ["refused"] * 5


def test_heard_out_of_order_they_are_ten_all_the_same_and_one_is_told(town: Town) -> None:
    """GitHub delivers in no order: one that was given earlier and is heard late takes the last place, not the first."""
    person = Person(transport="github", id="octocat")
    times = [
        (NOW + timedelta(seconds=at)).isoformat(timespec="seconds") for at in (9, 3, 8, 0, 1, 7, 2, 9, 5, 6, 4, 0, 1)
    ]
    found = []
    for given in [town.given("whoami", person, PLACE, at=at) for at in times]:
        town.ledger.keep_command(given, "")
        found.append(town.answer(given).reply)
    assert [reply.state for reply in found] == ["done"] * 10 + ["refused"] * 3
    assert [bool(reply.title) for reply in found[10:]] == [True, False, False]


def test_answered_again_after_a_crash_a_command_counts_once(town: Town) -> None:
    given = town.given("whoami", Person(transport="github", id="octocat"), PLACE)
    assert {town.answer(given).reply.state for _ in range(20)} == {"done"}


def test_the_limit_is_a_setting(town: Town) -> None:
    town.settings["chat"] = {"commands_per_minute": 1}
    assert [town.say("whoami").reply.state for _ in range(2)] == ["done", "refused"]


def test_nothing_is_looked_up_for_whoever_is_over_the_limit(town: Town) -> None:
    town.settings["chat"] = {"commands_per_minute": 1}
    town.say("help")
    asked = len(town.permissions.asked)
    found = town.say("dismiss a1b2c3d no", "octocat")
    assert len(town.permissions.asked) == asked
    assert found.wants == ()
    assert text_of(found)


def test_the_terminal_is_not_limited(town: Town) -> None:
    town.settings["chat"] = {"commands_per_minute": 1}
    assert {town.chat("waivers acme/shop", transport="terminal").reply.state for _ in range(3)} == {"done"}
