"""A map and a fleet as text: the same facts in four formats, and names from code that stay names."""

import json
from html.parser import HTMLParser

import pytest

from bot.domain import PostureMap
from bot.domain.fleet import FleetBudget
from bot.posture import budget_of
from bot.posture.formats import FORMATS, render_fleet, render_map
from tests.posture.surveys import mapped
from tests.posture.test_changes import sample
from tests.posture.test_fleet import call, service

FLEET = budget_of(
    [
        service("web", call("gateway", 60, tries=3)),
        service("gateway", call("checkout", 10, tries=3)),
        service("checkout", call("payments", 30), call("web", 1)),
    ]
)


def test_what_no_call_has_is_told_in_a_line_and_takes_no_column() -> None:
    told = render_map(sample("head"), "table", width=220)
    assert "✗ nowhere: breaker, throttle, fallback, metrics" in told
    assert "Breaker" not in told


def test_what_no_call_has_takes_no_column_of_the_page_either() -> None:
    told = render_map(sample("head"), "html")
    assert "✗ nowhere: breaker, throttle, fallback, metrics." in told
    assert ">Breaker<" not in told
    assert ">Timeout<" in told


def test_the_sample_as_a_table() -> None:
    rows = [line.split() for line in render_map(sample("head"), "table", width=220).splitlines()]
    assert [
        "treasury",
        "HTTP",
        "GET",
        "/rates/instalments",
        "payments/rates.py:35",
        "✓",
        "0.7",
        "s",
        *"✗✗✗",
    ] in rows
    assert [
        "HTTP",
        "POST",
        "/plans/{}/charges",
        "payments/instalments.py:67",
        "✗",
        "✓",
        "for",
        "ever",
        *"✗✗",
    ] in rows
    assert ["orders", "HTTP", "GET", "/orders/{}", "payments/api.py:24", "✓", "1.5", "s", "✗", "✓ᵈ", "100"] in [
        row[:11] for row in rows
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_names_every_dependency_and_its_places(format: str) -> None:
    posture = sample("head")
    text = render_map(posture, format, width=200)
    for dependency in posture.dependencies:
        assert dependency.name in text
        text = text.replace("<wbr>", "")  # where a long path may be broken
        assert all(site.place in text or f'"line": {site.line}' in text for site in dependency.sites)


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_a_fleet_is_told_with_its_inversions_and_amplification(format: str) -> None:
    text = render_fleet(FLEET, format, width=160)
    for said in (
        "checkout waits 30 s for payments",
        "gateway gives up at 10 s",
        "3 × 3 = 9 calls on checkout",
        "is a ring",
    ):
        assert said in text


def test_json_comes_back() -> None:
    assert FleetBudget.from_json(json.loads(render_fleet(FLEET, "json"))) == FLEET
    assert PostureMap.from_json(json.loads(render_map(sample("head"), "json"))) == sample("head")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HOSTILE = "import requests\nrequests.get('http://<script>alert(1)</script>\x1b[31m|`.internal')"


@pytest.mark.parametrize("page", [render_map(sample("head"), "html"), render_fleet(FLEET, "html")])
def test_a_page_is_whole_and_fetches_nothing(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "prefers-color-scheme:dark" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_names_from_code_are_text_and_nothing_else(format: str) -> None:
    posture = mapped("python", HOSTILE)
    posture = posture.model_copy(update={"service": "<script>\x1b[2J|`", "unread": ("<script>|`\x1b",)})
    text = render_map(posture, format, is_terminal=False)
    assert "\x1b" not in text
    if format == "html":
        assert "<script" not in text
    if format == "markdown":
        assert all(line.count("|") == 12 for line in text.splitlines() if line.startswith("| "))


@pytest.mark.parametrize("render", [render_map, render_fleet])
def test_another_format_is_refused(render) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="yaml is none of table, markdown, json, html"):
        render(PostureMap() if render is render_map else FleetBudget(), "yaml")


@pytest.mark.parametrize("format", FORMATS)
def test_a_service_that_calls_nobody_is_told_so(format: str) -> None:
    assert "0 calls" in render_map(PostureMap(service="quiet"), format) or format == "json"
