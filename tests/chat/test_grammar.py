"""What people type, matched against the forms that people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.command import Declined
from bot.chat.commands import commands
from bot.chat.grammar import Form, tidy, words_of
from bot.chat.understanding import Understood, named, understood

MUTE = "mute <rule> [for <days>] [<reason…>]"


def read(text: str, in_thread: bool = False) -> Understood:
    return understood(named(text), in_thread)


def match(form: str, text: str, in_thread: bool = False) -> dict[str, str] | None:
    line = tidy(text)
    return Form(form).match(line, words_of(line)[1:], in_thread)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("mute resource-leak", {"rule": "resource-leak"}),
        ("MUTE resource-leak FOR 7D", {"rule": "resource-leak", "for": "for", "days": "7D"}),
        ("mute  resource-leak   for 7d", {"rule": "resource-leak", "for": "for", "days": "7d"}),
        ("mute `resource-leak` for 2 weeks", None),
        ('mute resource-leak for "2 weeks"', {"rule": "resource-leak", "for": "for", "days": "2 weeks"}),
        ("mute resource-leak for now we live with it", {"rule": "resource-leak", "reason": "for now we live with it"}),
        ("mute resource-leak “it's by design”", {"rule": "resource-leak", "reason": "it's by design"}),
        ("mute resource-leak it's the pool's", {"rule": "resource-leak", "reason": "it's the pool's"}),
        ("mute 42", None),
    ],
)
def test_slots_options_and_the_rest_of_the_line(text: str, filled: dict[str, str] | None) -> None:
    found = match(MUTE, text)
    if text.endswith("2 weeks"):  # without quotes it is read as a reason, not as a time
        assert found is not None
        assert found["reason"] == "for 2 weeks"
    else:
        assert found == filled


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("?", "help"),
        ("", "help"),
        ("   ", "help"),
        ("HELP", "help"),
        ("/seawall review", "review"),
        ("@Seawall: review", "review"),
        ("full review", "review"),
        ("Full Review", "review"),
        ("why a1b2c3d", "explain"),
        ("unpause", "resume"),
        ("forget g-1234567", "memory"),
        ("subscribe list", "subscriptions"),
        ("who am i", "whoami"),
    ],
)
def test_names_are_found_by_aliases_in_any_case(text: str, name: str) -> None:
    assert named(text).command.name == name


def test_an_alias_may_stand_for_more_than_a_name() -> None:
    assert dict(read("full review").values) == {"full": "full"}
    assert dict(read("forget g-1234567").values) == {"forget": "forget", "id": "g-1234567"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("reveiw", "review"), ("dismis a1b2c3d", "dismiss"), ("statuss", "status")]
)
def test_an_unknown_command_names_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(Declined, match="There is no command") as declined:
        named(typed)
    assert f"Did you mean `{meant}`?" in declined.value.reply.model_dump_json()
    assert declined.value.reply.state == "misunderstood"


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    with pytest.raises(Declined) as declined:
        named("xyzzy")
    assert "Did you mean" not in declined.value.reply.model_dump_json()


def test_wrong_arguments_are_answered_with_the_usage_and_one_example() -> None:
    with pytest.raises(Declined) as declined:
        read("review everything twice")
    said = declined.value.reply.model_dump_json()
    assert "`review [full]`" in said
    assert "for example `review`" in said


def test_in_a_thread_only_what_can_be_nothing_else_is_a_finding() -> None:
    assert dict(read("dismiss dead code", in_thread=True).values) == {"reason": "dead code"}
    assert dict(read("dismiss dead code").values) == {"finding": "dead", "reason": "code"}
    assert read("explain", in_thread=True).use.in_thread
    assert not read("explain missing-timeout", in_thread=True).use.in_thread


def test_in_a_thread_another_finding_can_still_be_named() -> None:
    assert dict(read("explain a1b2c3d", in_thread=True).values) == {"finding": "a1b2c3d"}


def test_quotes_keep_words_together_and_a_lone_one_is_no_quote() -> None:
    assert [word.text for word in words_of('ask "is it safe?" now')] == ["ask", "is it safe?", "now"]
    assert [word.text for word in words_of("ask don't guess")] == ["ask", "don't", "guess"]


def heard(text: str, in_thread: bool = False) -> str:
    """The form that a line was read as, or the title of why it was not."""
    try:
        return read(text, in_thread).use.form
    except Declined as declined:
        return declined.reply.title


@given(st.text(max_size=200), st.booleans())
def test_any_line_is_understood_or_declined(text: str, in_thread: bool) -> None:
    assert heard(text, in_thread)


@given(st.sampled_from(sorted(commands())), st.text(max_size=80))
def test_any_arguments_of_any_command_are_understood_or_declined(name: str, text: str) -> None:
    assert name in heard(f"{name} {text}") or "“" in heard(f"{name} {text}")


@pytest.mark.parametrize("command", commands().values(), ids=lambda command: command.name)
def test_every_command_tells_what_it_is(command) -> None:  # type: ignore[no-untyped-def]
    assert command.summary
    assert not command.summary.endswith(".")
    assert command.uses
    assert command.examples
    assert all(use.grammar.name == command.name for use in command.uses)
    assert all(alias == alias.lower() and alias not in commands() for alias in command.aliases)
