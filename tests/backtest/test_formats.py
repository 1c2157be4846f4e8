"""A report as people get it. `SEAWALL_GOLDEN=1 pytest tests/backtest/test_formats.py` writes the golden pages anew."""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.backtest.formats import FORMATS, Format, render
from bot.backtest.report import Backtest
from tests.backtest.made_up import TOKEN, report

GOLDEN = Path(__file__).parent / "golden"
WRITES = os.environ.get("SEAWALL_GOLDEN")
EMPTY = {"said": (), "classes": (), "telling": ()}


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_each_format_is_as_it_was_last_looked_at(format: Format) -> None:
    text = render(report(), format)
    golden = GOLDEN / f"{format}.golden"
    if WRITES:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_json_is_the_whole_record() -> None:
    assert Backtest.from_json(json.loads(render(report(), "json"))) == report()


class Page(HTMLParser):
    """Tags must close in order, and only these may be there."""

    open_: list[str]
    KNOWN = """html head meta title style body main h1 h2 h3 p code section div b span table tr th td svg rect
        details summary article a pre mark i br footer"""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open_, self.links = [], list[str]()
        self.feed(text)
        assert self.open_ == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN.split(), tag
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "br"):
            self.open_.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN.split()

    def handle_endtag(self, tag: str) -> None:
        assert self.open_.pop() == tag


@pytest.mark.parametrize("more", [{}, EMPTY, {"looked_for_fixes": False}, {**EMPTY, "commits": ()}])
def test_the_page_is_well_formed_loads_nothing_and_runs_nothing(more: dict[str, object]) -> None:
    text = render(report(**more), "html")
    page = Page(text)
    assert all(link.startswith("https://github.com/acme/shop/") for link in page.links)
    assert "default-src 'none'" in text
    assert not re.search(r"<script|@import|url\(|javascript:", text.replace("&lt;script", ""))


@pytest.mark.parametrize("format", FORMATS)
def test_secrets_and_signs_that_act_do_not_get_through(format: Format) -> None:
    text = render(report(), format)
    if format != "json":  # JSON is for programs: it holds the words as they are, escaped; the code is masked when read
        assert TOKEN not in text
        assert "\x1b[31m" not in text
        assert "\u202e" not in text
    if format == "markdown":
        assert not re.search(r"(?m)^/approve", text)
        prose = re.sub(r"`[^`]*`", "", re.sub(r"(?ms)^(`{3,}).*?\n\1$", "", text))
        assert "![" not in prose
        assert "<script" not in prose
        assert not re.search(r"(?<!\u200b)@everyone", prose)


def test_no_finding_is_an_answer_too() -> None:
    for format in ("text", "markdown", "html"):
        text = render(report(**EMPTY), format)
        assert "Seawall would have said nothing about the last 20 merges" in text
        assert "tell most" not in text


def test_an_interrupted_run_says_so_first() -> None:
    text = render(report(is_interrupted=True, there_were=40), "text")
    assert text.index("Interrupted: 20 of 40 were judged") < text.index("How often")


def test_colours_are_for_terminals_only() -> None:
    assert "\x1b[" not in render(report(), "text")
    assert "\x1b[" in render(report(), "text", is_terminal=True, width=100)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, render(report(), "text", width=width).split("\n"))) <= width
