"""An answer as a comment: it reads well, and nothing in it acts."""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how

from bot.domain import Button, Buttons, Code, Facts, Reply, Table, Words
from bot.transports.markdown import COMMENT_LIMIT, render
from tests.transports.replies import INJECTIONS, REPLIES


def said(*parts: object, title: str = "", state: str = "done") -> str:
    return render(Reply.model_validate({"state": state, "title": title, "parts": parts}))


def outside_code(comment: str) -> str:
    """The comment without fences and code spans."""
    text = re.sub(r"(?ms)^(`{3,})[^`\n]*\n.*?^\1$", "", comment)
    return re.sub(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", text)


@how(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reply=REPLIES)
def test_any_answer_fits_a_comment_and_gives_no_command(reply: Reply) -> None:
    comment = render(reply)
    assert len(comment) <= COMMENT_LIMIT
    assert not re.search(r"(?m)^/[A-Za-z]", comment)
    assert not re.search(r"(?m)^\s*/[A-Za-z]", re.sub(r"(?ms)^(`{3,})[^`\n]*\n.*?^\1$", "", comment))
    assert "\x1b" not in comment
    assert "\x00" not in comment
    assert comment.encode()


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_injection_acts(text: str) -> None:
    parts = (Words(text=text), Facts(rows=((text, text),)), Table(columns=(text,), rows=((text,),)))
    for part in parts:
        comment = outside_code(said(part, title=text))
        assert not re.search(r"(?<![\w`])@\w", comment), comment
        assert not re.search(r"<[A-Za-z/!]", comment), comment
        assert not re.search(r"(?<!\\)!\[", comment), comment
        assert not re.search(r"(?<!\\)\]\((?!https?://)", comment), comment


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_written_reads_the_same_when_it_is_read_again(text: str) -> None:
    once = said(Words(text=text))
    assert said(Words(text=once)) == once


def test_a_fence_is_longer_than_any_inside() -> None:
    assert said(Code(text="a\n````\nb", language="python")) == "`````python\na\n````\nb\n`````"


def test_a_command_inside_a_fence_is_pushed_off_the_margin() -> None:
    assert "\n /approve" in said(Code(text="/approve"))


def test_a_suggestion_is_kept_as_it_is() -> None:
    assert said(Code(text="\treturn x", language="suggestion")) == "```suggestion\n\treturn x\n```"


def test_buttons_are_words_to_say_never_at_the_margin() -> None:
    buttons = Buttons(buttons=(Button(label="Fix", command="fix `a`"), Button(label="Open", url="javascript:x")))
    assert said(buttons) == "Fix: `/seawall fix ˋaˋ`"


def test_a_pipe_does_not_open_a_column() -> None:
    assert said(Table(columns=("a",), rows=(("x | `y|z`",),))).endswith("| x \\| `y¦z` |")


def test_an_exclamation_mark_does_not_make_an_image_of_a_link() -> None:
    assert said(Words(text="Look\\![here](https://a.b)")) == "Look\\![here](https://a.b)"


def test_an_image_is_a_link_to_it() -> None:
    assert said(Words(text="![pixel](https://a.b/p.png)")) == "[pixel](https://a.b/p.png)"


def test_spans_that_touch_do_not_merge() -> None:
    assert said(Words(text="`a`@mona")) == "`a` `@mona`"


def test_the_end_that_does_not_fit_is_counted() -> None:
    comment = said(Words(text="\n\n".join(["word " * 900] * 20)))
    assert comment.endswith("_… and 7 more parts. Ask for less at once to see them._")


def test_very_long_code_loses_its_end_and_not_all() -> None:
    comment = said(Code(text="line of code\n" * 9000))
    assert comment.count("line of code") > 4000
    assert "more parts" in comment
