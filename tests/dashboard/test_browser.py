"""The main pages in a real browser: what is seen, by keyboard, light and dark, narrow and wide, printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.dashboard.people import new_link
from bot.ledger import Ledger
from tests.bench.year import write_year
from tests.bench.year_of_pull_requests import ENDS
from tests.dashboard.browsers import NARROW, WIDE, Watched, chromium, serious
from tests.dashboard.some_github import listening
from tests.ledger.postures import AT, a_map
from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
NOW = ENDS - timedelta(days=2)


@dataclass
class Site:
    address: str
    ledger: Ledger
    browser: Any
    pages: dict[str, str]

    def signed_in(self, **how: Any) -> Watched:
        watched = Watched(self.browser.new_context(**how))
        watched.page.goto(new_link(self.ledger, self.address, NOW))
        watched.page.get_by_role("button", name="Sign in").click()
        watched.page.wait_for_url(f"{self.address}/")
        return watched


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    with chromium() as browser:
        settings = edge_settings(folder)
        write_year(settings.ledger_path, pull_requests=400, repositories=3)
        app = create_app(settings, MemoryInbox(), lambda: NOW)
        with Ledger(settings.ledger_path) as ledger, listening(app) as address:
            first = ledger.known_repositories()[0]
            ledger.keep_posture(first.id, a_map(), AT)
            runs = [run for run in ledger.recent_reviews(100) if run["finding_count"]]
            pages = {
                "overview": "/",
                "repositories": "/repositories",
                "repository": f"/repositories/{first.full_name}",
                "reviews": "/reviews?since=2026-01-01",
                "review": f"/reviews/{quote(runs[0]['id'], safe='')}",
            }
            yield Site(address, ledger, browser, pages)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_fits_and_nothing_complains(site: Site, scheme: str, width: int) -> None:
    watched = site.signed_in(color_scheme=scheme, viewport={"width": width, "height": 900})
    grounds = set()
    for name, path in site.pages.items():
        answer = watched.page.goto(site.address + path, wait_until="load")
        assert answer.status == 200
        across = watched.page.evaluate("document.documentElement.scrollWidth")
        assert across <= width, f"{name} is {across} px wide"
        if (scheme, width) in (("light", NARROW), ("dark", WIDE)):  # colours and layouts each once: it takes a while
            assert serious(watched.page) == [], name
        grounds.add(watched.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert watched.complaints == []
    assert grounds == {"rgb(15, 20, 24)" if scheme == "dark" else "rgb(246, 248, 249)"}


def test_the_way_in_fits_too(site: Site) -> None:
    watched = Watched(site.browser.new_context(viewport={"width": NARROW, "height": 700}))
    watched.page.goto(f"{site.address}/")
    assert watched.page.url == f"{site.address}/sign-in?next=/"
    assert watched.page.get_by_role("heading", name="Sign in", exact=True).is_visible()
    assert serious(watched.page) == []
    assert watched.complaints == []


def test_the_overview_shows_health_flow_value_and_charts(site: Site) -> None:
    page = site.signed_in().page
    for heading in ("Health", "Flow", "Review", "Trends", "Latest reviews"):
        assert page.get_by_role("heading", name=heading).first.is_visible()
    charts = page.locator("figure img")
    assert charts.count() >= 2
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert len(chart.get_attribute("alt")) > 40
    page.locator("select[name=repository]").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**repository=**")


def test_from_the_overview_to_a_finding_and_back_by_keyboard_alone(site: Site) -> None:
    page = site.signed_in().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, "the skip link shows itself"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id == 'main'")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("({tag: document.activeElement.tagName, href: document.activeElement.href || '', "
                             "line: getComputedStyle(document.activeElement).outlineStyle})")  # fmt: skip
        assert here["line"] != "none", f"no focus is to be seen at {here}"
        seen.append(here["href"])
        if "/reviews/" in here["href"]:
            page.keyboard.press("Enter")
            break
    page.wait_for_url("**/reviews/**")
    assert page.get_by_role("heading", name="Receipt").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/")


def test_a_review_shows_its_code_and_what_became_of_it(site: Site) -> None:
    page = site.signed_in().page
    page.goto(site.address + site.pages["review"])
    finding = page.locator("article.finding").first
    assert finding.locator("pre code").inner_text().strip()
    assert finding.locator(".mark").count() == 2
    assert page.get_by_role("heading", name="What happened").is_visible()
    assert page.locator("ol.timeline li").count() >= 2


def test_a_table_is_sorted_by_pressing_its_head_and_taken_along(site: Site) -> None:
    page = site.signed_in().page
    page.goto(site.address + site.pages["reviews"])
    page.get_by_role("link", name="Findings", exact=True).click()
    page.locator("th[aria-sort=descending]", has_text="Findings").wait_for()
    counts = [int(text) for text in page.locator("#reviews tbody td:nth-child(7)").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Findings")
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    assert begun.value.suggested_filename == "seawall-reviews.csv"


def test_printed_it_has_neither_navigation_nor_buttons(site: Site) -> None:
    page = site.signed_in(color_scheme="dark").page
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Subjects").is_visible()
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_pages_need_no_script(site: Site) -> None:
    watched = site.signed_in(java_script_enabled=False)
    for path in site.pages.values():
        assert watched.page.goto(site.address + path).status == 200
    watched.page.get_by_role("button", name="Sign out").click()
    watched.page.wait_for_url("**/sign-in")
    watched.page.goto(site.address)
    assert "/sign-in" in watched.page.url
