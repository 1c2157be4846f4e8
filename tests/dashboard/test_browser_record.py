"""The pages of rules, weeks, incidents, operations and search in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.dashboard.people import new_link
from bot.ledger import Ledger
from tests.dashboard.browsers import NARROW, WIDE, Watched, chromium, serious
from tests.dashboard.some_github import listening
from tests.dashboard.two_teams import NOW, OURS, RULE, Board, a_board, keep_two_teams

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PAGES = (
    "/rules", f"/rules/{RULE}", "/weeks", "/weeks/2026-W47", "/incidents", "/operations",
    f"/operations/deliveries/guid-{OURS}", "/search?q=post", "/search",
)  # fmt: skip


@dataclass
class Site:
    board: Board
    address: str
    browser: Any

    def signed_in(self, **how: Any) -> Watched:
        watched = Watched(self.browser.new_context(**how))
        watched.page.goto(new_link(self.board.ledger, self.address, NOW))
        watched.page.get_by_role("button", name="Sign in").click()
        watched.page.wait_for_url(f"{self.address}/")
        return watched


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("record")
    with chromium() as browser, Ledger(folder / "ledger.sqlite") as ledger:
        keep_two_teams(ledger)
        board = a_board(folder, ledger)
        with listening(board.app) as address:
            yield Site(board, address, browser)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_fits_and_nothing_complains(site: Site, width: int, scheme: str) -> None:
    watched = site.signed_in(color_scheme=scheme, viewport={"width": width, "height": 900})
    for path in PAGES:
        assert watched.page.goto(site.address + path).status == 200, path
        across = watched.page.evaluate("document.documentElement.scrollWidth")
        assert across <= width, f"{path} is {across} px wide"
        if (width, scheme) in ((NARROW, "dark"), (WIDE, "light")):  # colours and layouts each once: it takes a while
            assert serious(watched.page) == [], path
    assert watched.complaints == []


def test_a_weeks_charts_are_drawn_and_its_percentiles_unfold_by_keyboard(site: Site) -> None:
    page = site.signed_in(java_script_enabled=True).page
    for path in ("/weeks", "/weeks/2026-W47"):
        page.goto(site.address + path)
        charts = page.locator("figure img")
        assert charts.count() >= 2
        for chart in charts.all():
            chart.scroll_into_view_if_needed()
            assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
            assert len(chart.get_attribute("alt")) > 40
    summary = page.locator("details.spread summary").first
    definition = page.locator("details.spread .means").first
    assert not definition.is_visible()
    summary.press("Enter")
    definition.wait_for(state="visible")


def test_operations_say_which_breaker_is_open_without_relying_on_colour(site: Site) -> None:
    page = site.signed_in().page
    page.goto(f"{site.address}/operations")
    row = page.get_by_role("row", name="model openai:m")
    assert "breaker open" in row.inner_text()
    assert page.get_by_text("1 open").is_visible()
    assert page.get_by_text("GitHub this hour").first.is_visible()
    assert page.locator("meter").count() == 3, "the day of the models, the backlog, the hour of GitHub"


def test_harmful_words_are_read_and_do_nothing(site: Site) -> None:
    watched = site.signed_in()
    watched.page.on("dialog", lambda dialog: watched.complaints.append(f"a dialog: {dialog.message}"))
    for path in PAGES:
        watched.page.goto(site.address + path)
        assert watched.page.locator("script, img[src=x]").count() == 0
    watched.page.goto(f"{site.address}/incidents")
    assert watched.page.get_by_text('Stood still <script>alert("1")</script>').first.is_visible()
    assert watched.complaints == []


def test_one_finds_a_rule_by_keyboard_and_reads_its_page(site: Site) -> None:
    page = site.signed_in(java_script_enabled=False).page
    page.goto(f"{site.address}/search")
    page.get_by_label("Words").press_sequentially("requests zepp")
    page.get_by_label("Words").press("Enter")
    page.wait_for_url("**/search?q=requests+zepp**")
    page.get_by_role("link", name=RULE).first.press("Enter")
    page.wait_for_url(f"**/rules/{RULE}")
    assert page.get_by_role("heading", name="What it finds").is_visible()
    assert page.get_by_text("95 %").first.is_visible()


def test_a_delivery_is_put_in_line_again_by_pressing_its_button(site: Site) -> None:
    page = site.signed_in(java_script_enabled=False).page
    page.goto(f"{site.address}/operations")
    page.get_by_role("link", name=f"guid-{OURS}").press("Enter")
    page.get_by_role("button", name="Put in line again").press("Enter")
    page.wait_for_url("**?told=queued")
    assert page.get_by_role("status").inner_text() == "It is in line again."
    assert [one.guid.partition("+")[0] for one in site.board.engine.taken] == [f"guid-{OURS}"]
    page.goto(f"{site.address}/operations")
    assert page.get_by_role("cell", name=f"delivery guid-{OURS}").is_visible()


def test_a_week_is_taken_along_from_its_page(site: Site) -> None:
    page = site.signed_in().page
    page.goto(f"{site.address}/weeks")
    page.get_by_role("link", name="2026-W47").click()
    with page.expect_download() as begun:
        page.get_by_role("link", name="markdown").click()
    assert begun.value.suggested_filename == "seawall-2026-W47.md"
