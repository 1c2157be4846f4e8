"""Markdown is read once: what is clearly meant gets its style, all else stays as it was typed."""

import time

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from bot.transports.writing.inline import Run, in_pieces, plain, runs
from bot.transports.writing.lines import lines

READ = {
    "plain": [Run("plain")],
    "**bold** and *it*": [Run("bold", is_bold=True), Run(" and "), Run("it", is_italic=True)],
    "a `b *c*` d": [Run("a "), Run("b *c*", is_code=True), Run(" d")],
    "`` a`b ``": [Run("a`b", is_code=True)],
    "[x](https://a.b/?c=1&amp;d=2)": [Run("x", url="https://a.b/?c=1&d=2")],
    "[`p`](https://a.b)": [Run("p", is_code=True, url="https://a.b")],
    "[a \\[b\\]](https://a.b)": [Run("a [b]", url="https://a.b")],
    "see https://a.b/c.": [Run("see "), Run("https://a.b/c", url="https://a.b/c"), Run(".")],
    "snake_case_name 2 * 3 * 4": [Run("snake_case_name 2 * 3 * 4")],
    "[x](javascript:alert)": [Run("x")],
    "[x](//evil.test)": [Run("x")],
    "\\*a\\* &lt;b&gt; &amp;amp;": [Run("*a* <b> &amp;")],
    "`open": [Run("`open")],
    "**[x](https://a.b)**": [Run("x", is_bold=True)],
}


@pytest.mark.parametrize("text", READ)
def test_it_is_read(text: str) -> None:
    found = runs(text)
    if text.startswith("**["):
        assert [(run.text, run.is_bold, run.url) for run in found] == [("x", True, "https://a.b")]
    else:
        assert found == READ[text]


@how(max_examples=200, deadline=None)
@given(st.text(alphabet="ab *_`[]()\\&<>!h:/.\n", max_size=120))
def test_nothing_plain_gets_lost(text: str) -> None:
    letters = [sign for sign in text if sign in "ab"]
    links = "".join(run.url for run in runs(text))
    assert len([sign for sign in plain(text) + links if sign in "ab"]) >= len(letters) - text.count("](") * 120
    if "](" not in text:
        assert [sign for sign in plain(text) if sign in "ab"] == letters


@pytest.mark.parametrize(
    "text", ["**" * 20_000, "`" * 40_000, "[" * 40_000, "*a " * 15_000, "` `` ``` " * 5000, "_a*b" * 10_000]
)
def test_stray_marks_cost_little(text: str) -> None:
    began = time.process_time()
    runs(text)
    assert time.process_time() - began < 2


@given(
    st.lists(
        st.builds(Run, text=st.text(max_size=60), url=st.sampled_from(["", "https://a.b/" + "x" * 40])), max_size=8
    )
)
def test_pieces_hold_everything_within_their_size(found: list[Run]) -> None:
    pieces = in_pieces(found, 50)
    assert "".join(run.text for piece in pieces for run in piece) == "".join(run.text for run in found)
    for piece in pieces:
        whole = sum(len(run.text) + len(run.url) for run in piece)
        assert whole <= 50 or (len(piece) == 1 and len(piece[0].text) <= 50)


def test_lists_quotes_headings_and_code_are_told_apart() -> None:
    text = "# Title\nwords\n\n- one\n  1. two\n> said\n```python\nx = 1\n```\n"
    assert [(line.kind, line.text, line.depth, line.number) for line in lines(text)] == [
        ("text", "Title", 0, ""),
        ("text", "words", 0, ""),
        ("blank", "", 0, ""),
        ("item", "one", 0, ""),
        ("item", "two", 1, "1"),
        ("quote", "said", 0, ""),
        ("code", "x = 1", 0, ""),
    ]
