"""What the pages tell, how they are dressed, and that what stands in a repository stays text."""

import csv
import io
import re

import pytest

from bot.errors import LedgerError
from tests.dashboard.two_teams import HERE, OURS, Board
from tests.ledger.postures import AT, a_dependency, a_map
from tests.ledger.records import TOKEN, a_finding, a_pull_request, a_review, a_run

REVIEW = f"/reviews/{OURS}%2312@bbbbbbbbbbbb..aaaaaaaaaaaa~1"
PAGES = ["/", "/repositories", "/repositories/acme/checkout", "/reviews", REVIEW, "/sign-in", "/nowhere"]
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def page(board: Board, path: str) -> str:
    return board.as_person(None, is_admin=True).get(path, base_url=HERE).text


@pytest.mark.parametrize("path", PAGES[:-1])
def test_every_page_has_a_title_a_heading_a_language_and_a_way_past_the_navigation(board: Board, path: str) -> None:
    text = page(board, path)
    assert '<html lang="en">' in text
    assert re.search(r"<title>[^<]+ · Seawall</title>", text)
    assert text.count("<h1>") == 1
    assert '<a class="skip" href="#main">' in text
    assert 'id="main"' in text


@pytest.mark.parametrize("path", PAGES[:-1])
def test_no_page_carries_script_or_style_of_its_own(board: Board, path: str) -> None:
    answer = board.as_person(None).get(path, base_url=HERE)
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", answer.text.replace("onerror=alert", ""))
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for pair in re.findall(r"<(?:input|button|select)[^>]*>", answer.text):
        assert "style" not in pair


@pytest.mark.parametrize(
    "field", ["title", "path", "evidence", "body", "scope", "rule"], ids=lambda field: f"the finding's {field}"
)
def test_what_stands_in_a_repository_stays_text(board: Board, field: str) -> None:
    soiled = a_finding("f9", **{field: EVIL[:80] if field == "title" else EVIL})
    pull = a_pull_request(number=13, title=EVIL)
    board.ledger.keep_review(**a_run(pull_request=pull, review=a_review(soiled, reason=EVIL, notes=(EVIL,)), said={}))
    for path in ("/", "/reviews", "/repositories/acme/checkout", REVIEW.replace("%2312", "%2313")):
        text = page(board, path)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_an_address_on_record_that_would_run_is_no_link(board: Board) -> None:
    pull = a_pull_request(number=14, url="javascript:alert(1)")
    board.ledger.keep_review(**a_run(pull_request=pull))
    assert "javascript:" not in page(board, REVIEW.replace("%2312", "%2314"))


def test_letters_that_turn_the_line_round_are_made_visible(board: Board) -> None:
    board.ledger.keep_review(**a_run(pull_request=a_pull_request(number=15, title="safe\u202egnp.exe")))
    assert "\u202e" not in page(board, "/reviews")
    assert "safe�gnp.exe" in page(board, "/reviews")


def test_a_secret_is_masked_even_where_the_record_holds_it(board: Board) -> None:
    board.ledger.keep_review(**a_run(pull_request=a_pull_request(number=16)))
    with board.ledger._connection.writing() as database:
        database.conn.execute("UPDATE pull_requests SET title = ?", [f"key {TOKEN}"])
    text = page(board, "/reviews")
    assert TOKEN not in text
    assert "[secret masked]" in text


def test_a_review_tells_its_receipt_findings_and_calls(board: Board) -> None:
    board.ledger.keep_model_call(
        "c1", review_key=a_pull_request().review_key, repository_id=OURS, model="openai:gpt-5-mini", prompt="review",
        prompt_version="7", outcome="answered", at="2026-11-20T09:00:03+00:00", cost_usd=0.02,
    )  # fmt: skip
    board.ledger.keep_event(OURS, 12, "pushed", "2026-11-20T09:30:00Z", "mona")
    text = page(board, REVIEW)
    for words in ("Receipt", "bbbbbbbbbb", "US$ 0.02", "openai:gpt-5-mini", "answered", "pushed", "quote-mismatch"):
        assert words in text
    assert "<code># &lt;script&gt;" in text, "the code it stands on"


def test_a_receipt_of_an_earlier_version_is_shown_as_far_as_it_goes(board: Board) -> None:
    with board.ledger._connection.writing() as database:
        database.conn.execute("UPDATE reviews SET receipt = '{}'")
    assert "0 read, 0 not" in page(board, REVIEW)


def test_the_posture_map_puts_calls_without_a_timeout_first_and_says_it_in_words(board: Board) -> None:
    from bot.domain.posture import Timeout

    bare = a_dependency("zebra", timeout=Timeout())
    board.ledger.keep_posture(OURS, a_map(a_dependency("alpha"), bare), AT)
    text = page(board, "/repositories/acme/checkout")
    assert text.index("zebra") < text.index("alpha")
    assert "2 calls to others, 1 without a timeout" in text
    assert '<span class="sign" aria-hidden="true">✗</span> not there' in text
    assert "30 s" in text


def test_a_repository_without_a_map_says_how_to_get_one(board: Board) -> None:
    assert "seawall posture . --keep acme/checkout" in page(board, "/repositories/acme/checkout")


def test_an_empty_record_is_told_and_nothing_fails(board: Board) -> None:
    for repository in ("acme/checkout", "acme/airship"):
        board.ledger.forget(repository=repository)
    for path in ("/", "/repositories", "/reviews"):
        answer = board.as_person(None).get(path, base_url=HERE)
        assert answer.status_code == 200
        assert 'class="empty"' in answer.text


def test_figures_never_stand_without_what_they_are_made_of(board: Board) -> None:
    text = page(board, "/")
    figures = re.findall(r'<div class="figure">.*?</div>', text, re.S)
    assert len(figures) >= 10
    for figure in figures:
        assert re.search(r'class="made">Last week, .*\d', figure, re.S)
        assert re.search(r'class="means">[A-Z][^<]{10,}', figure)


def test_a_table_sorts_by_the_address_and_turns_round(board: Board) -> None:
    def order(query: str) -> list[str]:
        return re.findall(r'href="/repositories/acme/(\w+)"', page(board, f"/repositories?{query}"))

    assert order("") == ["airship", "checkout"]
    assert order("sort=repository&order=desc") == ["checkout", "airship"]
    assert order("repositories.sort=repository&repositories.order=desc") == ["checkout", "airship"]
    assert order("sort=nonsense&order=sideways") == ["airship", "checkout"]
    assert 'aria-sort="descending"' in page(board, "/repositories?sort=repository&order=desc")


def test_a_cell_taken_along_is_no_formula(board: Board) -> None:
    formula = '=HYPERLINK("https://evil.test","open")'
    for number, title in enumerate((formula, "+1", "-1", "@SUM(A1)", "\t=1", " =1"), start=20):
        board.ledger.keep_review(**a_run(pull_request=a_pull_request(number=number, title=title)))
    answer = board.as_person([OURS]).get("/reviews?format=csv", base_url=HERE)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="seawall-reviews.csv"'
    titles = [row["title"] for row in csv.DictReader(io.StringIO(answer.text))]
    assert f"'{formula}" in titles
    assert all(title.lstrip().startswith(("'", "Retry")) for title in titles)


def test_a_table_taken_along_as_json_is_whole(board: Board) -> None:
    told = board.as_person([OURS]).get("/reviews?format=json", base_url=HERE).get_json()
    assert told["total"] == len(told["rows"]) == 1
    assert told["rows"][0]["repository"] == "acme/checkout"


def test_reviews_are_filtered_by_coverage_and_day(board: Board) -> None:
    assert "Change" not in page(board, "/reviews?coverage=degraded")
    assert "No review in this time." in page(board, "/reviews?coverage=degraded")
    assert "No review in this time." in page(board, "/reviews?since=2026-11-22")
    assert "acme/airship" in page(board, "/reviews?since=nonsense&coverage=nonsense")


@pytest.mark.parametrize("form", [{}, {"csrf_token": "forged"}])
def test_a_form_that_is_not_ours_is_refused(board: Board, form: dict[str, str]) -> None:
    browser = board.as_person(None)
    assert browser.post("/sign-out", data=form, base_url=HERE).status_code == 400
    assert browser.get("/repositories", base_url=HERE).status_code == 200, "still signed in"


def test_a_form_from_another_site_is_refused_whatever_it_carries(board: Board) -> None:
    browser = board.as_person(None)
    found = re.search(r'csrf_token" value="([^"]+)', browser.get("/repositories", base_url=HERE).text)
    assert found
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.post("/sign-out", data={"csrf_token": found[1]}, base_url=HERE, headers=headers)
        assert answer.status_code == 403
    theirs = board.as_person(None)
    assert theirs.post("/sign-out", data={"csrf_token": found[1]}, base_url=HERE).status_code == 400, (
        "another session's"
    )


def test_every_route_that_changes_something_is_a_post_with_a_token(board: Board) -> None:
    changing = [
        rule for rule in board.app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.") and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    ]  # fmt: skip
    assert {rule.endpoint for rule in changing} >= {"dashboard.sign_out", "dashboard.use_link"}
    for rule in changing:
        address = _address(board, rule.endpoint, dict.fromkeys(rule.arguments, "1"))
        assert board.as_person(None, is_admin=True).post(address, base_url=HERE).status_code == 400, rule.endpoint


def _address(board: Board, endpoint: str, values: dict[str, str]) -> str:
    with board.app.test_request_context(base_url=HERE):
        return board.app.url_for(endpoint, **values)  # type: ignore[arg-type]


def test_errors_are_pages_that_say_what_to_do_and_nothing_of_the_inside(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = board.as_person(None)
    assert "It does not exist, or you may not see it." in browser.get("/reviews/x", base_url=HERE).text
    assert browser.post("/sign-out", base_url=HERE).status_code == 400

    def away(*_: object, **__: object) -> None:
        raise LedgerError("The ledger /srv/private/ledger.sqlite cannot be used")

    monkeypatch.setattr(board.ledger, "ask", away)
    answer = browser.get("/repositories", base_url=HERE)
    assert (answer.status_code, "private" in answer.text) == (503, False)
    monkeypatch.setattr(board.ledger, "ask", lambda *_, **__: 1 / 0)
    answer = browser.get("/repositories", base_url=HERE)
    assert (answer.status_code, "ZeroDivision" in answer.text) == (500, False)


def test_an_engine_that_is_away_is_said_in_the_overview(board: Board) -> None:
    board.engine.is_away = True
    assert "does not answer" in page(board, "/")
