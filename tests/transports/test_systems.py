"""What holds for every chat system, and for the manifest of the Slack app."""

from pathlib import Path

import pytest
import yaml

from bot.domain import CommandGiven, Person, Place, Reply
from bot.errors import Forbidden
from bot.settings import load_settings
from bot.transports.posting.slack import PICTURES_SCOPE, SCOPES
from bot.transports.registry import chat_systems, deliver
from bot.transports.slack import COMMANDS, EVENTS, Slack
from bot.transports.system import NotHeard, command_text

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "config/slack-app.yaml").read_text(encoding="utf-8"))


def test_every_system_is_found_by_itself() -> None:
    assert [system.name for system in chat_systems()] == ["signed", "slack", "teams"]


def test_no_two_systems_are_heard_at_one_address() -> None:
    paths = [path for system in chat_systems() for path in system.paths]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("system", chat_systems(), ids=lambda system: str(system.name))
def test_none_of_them_hears_anything_without_a_secret(system: object, tmp_path: Path) -> None:
    settings = load_settings({}, None, data_dir=str(tmp_path))
    for path in system.paths:  # type: ignore[attr-defined]
        with pytest.raises(NotHeard) as deaf:
            system.hear(path, {}, b"", settings, 0.0)  # type: ignore[attr-defined]
        assert deaf.value.status == 503
        assert "SEAWALL_CHAT__" in str(deaf.value)


def test_a_place_in_no_chat_system_is_not_delivered_to(tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="github"):
        deliver(Place(transport="github"), Reply(state="done"), load_settings({}, None, data_dir=str(tmp_path)))


def test_the_manifest_names_our_routes_and_the_least_scopes() -> None:
    [command] = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/seawall"
    assert command["url"] == "https://{{host}}/chat/" + COMMANDS
    settings = MANIFEST["settings"]
    assert settings["event_subscriptions"]["request_url"] == "https://{{host}}/chat/" + EVENTS
    assert settings["interactivity"]["request_url"] == "https://{{host}}/chat/" + Slack.paths[2]
    assert sorted(MANIFEST["oauth_config"]["scopes"]["bot"]) == sorted((*SCOPES, PICTURES_SCOPE))
    assert set(settings["event_subscriptions"]["bot_events"]) == {"app_mention", "message.im"}


@pytest.mark.parametrize("word", ["@everyone", "<!channel>", "[x](https://evil.test)", "`a`", "x" * 21])
def test_an_acknowledgement_repeats_no_word_that_could_act(word: str) -> None:
    person, place = Person(transport="signed", id="u7"), Place(transport="signed")
    given = CommandGiven(id="x", text=f"{word} now", person=person, place=place, at="2026-11-20T09:30:00+00:00")
    for system in chat_systems():
        answer = system.acknowledge(given, True, None)
        assert word not in str(answer.json)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("", "help"),
        ("/seawall stats", "stats"),
        ("@Seawall: stats\n 7d", "stats 7d"),
        ("seawall", "help"),
        ("a\0b", "ab"),
    ],
)
def test_what_was_asked_stands_on_one_line(said: str, asked: str) -> None:
    assert command_text(said) == asked
