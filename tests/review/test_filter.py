"""What is posted must not act, however it is written."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.review.filter import can_be_suggested, code, fenced, safe_markdown

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_as_a_page(text: str) -> tuple[list[str], str]:
    """What a Markdown reader makes of it: the tags that act, and the text that stands outside code."""
    acting: list[str] = []
    prose: list[str] = []
    for token in _READER.parse(text):
        if token.type == "html_block":
            acting.append(token.content)
        for child in token.children or []:
            if child.type in ("image", "html_inline"):
                acting.append(f"{child.type} {child.content}")
            if child.type == "link_open" and not str(child.attrs["href"]).startswith("https://github.com/"):
                acting.append(f"link {child.attrs['href']}")
            if child.type == "text":
                prose.append(child.content)
    return acting, "\n".join(prose)


_PIECES = st.sampled_from(
    ["@bob", "`", "``", "```", "~~~", "\n", "\n\n", " ", "    ", "- ", "> ", "<img src=x>", "<!--", "-->", "![a](", ")",
     "](", "[x]", "[x]: https://evil.example", "https://evil.example/a", "www.evil.example", "/approve", "&#64;bob",
     "&lt;", "\\", "*", "_", "|", "\t", "javascript:alert(1)", "https://github.com/a/b", "\u200b", "word", "1. ", "# "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
@example("- a\n  ```\n@bob\n")
@example("```\n@bob\n```\t\n@bob")
@example("`a\n\n@bob `")
@example("``` a`b\n@bob\n```")
@example("&#64;bob")
@example("[x]\\\n[x]: https://evil.example")
def test_no_markdown_makes_posted_text_act(text: str) -> None:
    posted = safe_markdown(text)
    acting, prose = read_as_a_page(posted)
    assert acting == []
    assert not re.search(r"@\w", prose), posted
    assert not re.search(r"(?i)\bhttps?://(?!github\.com/)|\bwww\.", prose), posted
    assert not re.search(r"(?m)^/[A-Za-z]", posted), posted


def test_words_and_code_stay_as_they_are() -> None:
    text = "The call waits `for ever`.\n\n```python\nif a < b and c & d:\n    pass  # @property\n```\n\nSee [it](https://github.com/a/b)."
    assert safe_markdown(text) == text


def test_links_stay_on_the_own_host() -> None:
    assert "https://ghe.corp/a" in safe_markdown("[x](https://ghe.corp/a)", own_host="ghe.corp")
    assert safe_markdown("[x](https://ghe.corp.evil/a)", own_host="ghe.corp") == "x"
    assert safe_markdown("[x](https://ghe.corp@evil/a)", own_host="ghe.corp") == "x"


def test_secrets_are_masked() -> None:
    assert "ghp_" not in safe_markdown("the key ghp_" + "a" * 36)


@pytest.mark.parametrize("text", ["/approve", "  /merge now", "x = 'AKIA" + "A" * 16 + "'", "a\u202eb"])
def test_replacements_that_would_act_are_no_suggestions(text: str) -> None:
    assert not can_be_suggested(f"ok()\n{text}\nok()")


def test_ordinary_code_can_be_suggested() -> None:
    assert can_be_suggested("// a comment\n/* one */\nreturn fetch(url, { signal })")


@given(st.text(alphabet="`~\na ", max_size=60))
def test_a_fence_holds_whatever_is_in_it(text: str) -> None:
    tokens = _READER.parse(fenced(text, "suggestion"))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == f"{text}\n"


def test_a_path_cannot_leave_its_code_span() -> None:
    acting, prose = read_as_a_page(code("a`@bob <img>\n.py"))
    assert acting == []
    assert "@" not in prose


@pytest.mark.parametrize("title", ["```mermaid graph TD; A[<img src=x>]", "~~~ @mona", "```", "````suggestion x"])
def test_one_line_opens_no_block_that_would_swallow_what_follows(title):
    assert not re.match(r"[`~]{3}", safe_markdown(title))
    assert "\n" not in safe_markdown(title)
