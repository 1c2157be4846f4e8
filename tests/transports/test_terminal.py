"""An answer on a terminal: plain, and unable to move the cursor."""

import unicodedata

from hypothesis import HealthCheck, given
from hypothesis import settings as how

from bot.domain import Button, Buttons, Facts, Reply, Table, Words
from bot.transports.terminal import render
from tests.transports.replies import INJECTIONS, REPLIES


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reply=REPLIES)
def test_no_answer_controls_the_terminal(reply: Reply) -> None:
    text = render(reply)
    assert [sign for sign in text if unicodedata.category(sign) == "Cc" and sign != "\n"] == []
    assert text.encode()


def test_prose_is_wrapped_and_lists_hang() -> None:
    text = render(Reply(state="done", parts=(Words(text="- " + "word " * 20),)), 40)
    assert text.splitlines()[0] == "• word word word word word word word"
    assert text.splitlines()[1].startswith("  word")


def test_a_wide_table_folds_its_widest_cells() -> None:
    table = Table(columns=("Rule", "Why"), rows=(("a/b", "because " * 20), ("c/d", "no")))
    text = render(Reply(state="done", parts=(table,)), 60)
    assert max(map(len, text.splitlines())) <= 60
    assert text.count("because") == 20


def test_links_show_their_address_and_buttons_what_to_type() -> None:
    parts = (
        Facts(rows=(("Worst", "[#12](https://github.com/acme/checkout/pull/12)"),)),
        Buttons(buttons=(Button(label="Dismiss", command="dismiss a1b2c3d it's fine"),)),
    )
    assert render(Reply(state="done", parts=parts)) == (
        "Worst  #12 (https://github.com/acme/checkout/pull/12)\n\nDismiss: seawall chat 'dismiss a1b2c3d it'\\''s fine'"
    )


def test_every_injection_is_shown_as_what_it_is() -> None:
    text = render(Reply(state="done", parts=tuple(Words(text=each) for each in INJECTIONS)))
    assert "<!channel>" in text
    assert "@everyone" in text
