"""Rules, weeks, incidents and waivers, operations, search: what they show, to whom, and what they do with harmful
words."""

import csv
import html
import io
import re

import pytest

from bot.dashboard.api.tokens import make_token
from tests.dashboard.two_teams import (
    EVIL,
    FORMULA,
    HERE,
    NOW,
    OURS,
    RULE,
    SECRET_WORD,
    THEIRS,
    Board,
)
from tests.ledger.talk import an_incident

PAGES = (
    "/rules", f"/rules/{RULE}", "/weeks", "/weeks/2026-W47", "/incidents", "/operations", "/search?q=post",
    f"/operations/deliveries/guid-{OURS}",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_shown_anything_without_signing_in(board: Board, page: str) -> None:
    answer = board.app.test_client().get(page, base_url=HERE)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_shows_its_own_and_nothing_of_another_team(board: Board, page: str) -> None:
    answer = board.as_person([OURS]).get(page, base_url=HERE)
    assert answer.status_code == 200
    assert SECRET_WORD not in answer.text
    assert "airship" not in answer.text
    for format in ("csv", "json", "text", "markdown", "html"):
        taken = board.as_person([OURS]).get(_with(page, f"format={format}"), base_url=HERE)
        assert SECRET_WORD not in taken.text
        assert "airship" not in taken.text


@pytest.mark.parametrize("page", PAGES)
def test_words_on_record_are_words_and_never_html(board: Board, page: str) -> None:
    answer = board.as_person(None, is_admin=True).get(page, base_url=HERE)
    assert "<script" not in answer.text
    assert "<img src=x" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("page", "shown"),
    [("/rules", RULE), (f"/rules/{RULE}", "&lt;script&gt;"), ("/incidents", "&lt;script&gt;"),
     ("/search?q=alert", "&lt;script&gt;"), ("/operations", "&lt;script&gt;"), ("/weeks/2026-W47", "missing-timeout")],
)  # fmt: skip
def test_each_page_shows_what_is_on_record(board: Board, page: str, shown: str) -> None:
    assert shown in board.as_person([OURS]).get(page, base_url=HERE).text


def test_a_drafted_rule_is_shown_with_its_file_and_one_that_failed_is_not(board: Board) -> None:
    page = board.as_person([OURS]).get("/rules", base_url=HERE).text
    assert page.count("<summary>Sent too early") == 1
    assert "title = &#39;Sent too early &lt;script&gt;" in page
    assert "other places it finds: pay/ledger.py:40." in page
    assert "None is applied" in page


@pytest.mark.parametrize(
    "page",
    ["/rules?repository=acme/airship", "/incidents?repository=acme/airship", "/weeks/2026-W47?repository=acme/airship",
     "/search?q=zeppelin&repository=acme/airship", f"/operations/deliveries/guid-{THEIRS}",
     "/operations/deliveries/guid-of-none", "/operations/deliveries/nobody-knows", "/rules/no/such",
     "/weeks/2026-W60", "/weeks/2027-W01", "/weeks/1999-W01", "/charts/flow.svg?week=0001-W05",
     "/charts/flow.svg?week=2027-W01", "/weeks/..%2f..%2fetc"],
)  # fmt: skip
def test_what_is_not_to_be_seen_is_not_there(board: Board, page: str) -> None:
    answer = board.as_person([OURS]).get(page, base_url=HERE)
    assert answer.status_code == 404
    assert SECRET_WORD not in answer.text


def test_who_sees_no_repository_sees_empty_pages(board: Board) -> None:
    client = board.as_person([])
    for page in ("/rules", "/weeks", "/incidents", "/operations", "/search?q=post"):
        answer = client.get(page, base_url=HERE)
        assert answer.status_code == 200, page
        assert "checkout" not in answer.text


def test_what_belongs_to_no_repository_is_for_those_who_see_everything(board: Board) -> None:
    for page in ("/incidents", "/search?q=repository", "/operations"):
        words = "guid-of-none" if page == "/operations" else "Of no repository"
        assert words in board.as_person(None).get(page, base_url=HERE).text, page
        assert words not in board.as_person([OURS, THEIRS]).get(page, base_url=HERE).text, page
        narrowed = _with(page, "repository=acme/checkout")
        assert words not in board.as_person(None).get(narrowed, base_url=HERE).text, page


def test_a_rules_record_counts_what_became_of_what_it_said(board: Board) -> None:
    rows = board.as_person([OURS]).get("/rules?format=json", base_url=HERE).get_json()["rows"]
    assert len(rows) == 1
    assert {name: rows[0][name] for name in ("said", "fixed", "accepted", "disputed", "open", "muted")} == {
        "said": 5, "fixed": 2, "accepted": 1, "disputed": 1, "open": 1, "muted": 1,
    }  # fmt: skip
    assert rows[0]["precision"] == 0.75
    both = board.as_person(None).get("/rules?format=json", base_url=HERE).get_json()["rows"]
    assert (both[0]["said"], both[0]["repositories"]) == (10, 2)
    silent = board.as_person(None).get("/rules?format=json&table=silent", base_url=HERE).get_json()["rows"]
    assert [row["rule"] for row in silent] == ["retry-storm/nested-retries"]


def test_a_time_without_a_word_leaves_the_rules_page_and_its_prose(board: Board) -> None:
    text = board.as_person([OURS]).get(f"/rules/{RULE}?since=2026-11-22", base_url=HERE).text
    assert "It has said nothing in this time." in text
    assert "<h2>What it finds</h2>" in text


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-01", "9999-99-99", "'; DROP TABLE points"])
def test_a_day_that_is_none_is_passed_over(board: Board, since: str) -> None:
    answer = board.as_person([OURS]).get("/rules", query_string={"since": since}, base_url=HERE)
    assert answer.status_code == 200
    assert RULE.partition("/")[2] in answer.text


def test_operations_tell_breakers_budgets_queues_and_backlog(board: Board) -> None:
    page = board.as_person(None, is_admin=True).get("/operations", base_url=HERE).text
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "Models today US$ 0.00 of US$ 20.00 at most, until 2026-11-23 00:00 0%",
        "Backlog 3 of 10,000 at most",
        "GitHub this hour, acme: GraphQL 4,400 of 5,000 at most, until 2026-11-22 12:35 88%",
        "acme: REST 3,900 5,000 2026-11-22 12:40",
        "1 open ✗ model openai:m",
        "Workers 1 heard of just now, 1 silent",
        "github ✓ breaker closed 2026-11-22 08:00 host-a-1 4.2 s ago",
        "github ? silent – host-b-1 10 min ago",
    ):
        assert words in told, told


def test_who_is_no_administrator_reads_neither_hosts_nor_what_all_repositories_cost(board: Board) -> None:
    told = board.as_person([OURS]).get("/operations", base_url=HERE).text
    assert "host-a" not in told
    assert "worker 1" in told
    assert "Models today" not in told
    assert "GitHub this hour" not in told
    assert "hourly limits" not in told
    rows = board.as_person([OURS]).get("/operations?format=json&table=breakers", base_url=HERE).get_json()["rows"]
    assert [(row["worker"], row["dependency"], row["state"]) for row in rows] == [
        ("worker 1", "github", "breaker closed"), ("worker 1", "model openai:m", "breaker open"),
        ("worker 2", "github", "silent"),
    ]  # fmt: skip


@pytest.mark.parametrize("is_admin", [True, False])
def test_where_the_engine_is_away_nothing_is_said_to_be_well(board: Board, is_admin: bool) -> None:
    board.engine.is_away = True
    answer = board.as_person([OURS], is_admin).get("/operations", base_url=HERE)
    assert answer.status_code == 200
    assert "The engine does not answer." in answer.text
    assert ("database" in answer.text) == is_admin
    assert "none open" not in answer.text
    assert answer.text.count("not known right now") == 2


@pytest.mark.parametrize("page", ["/weeks", "/weeks/2026-W47"])
def test_a_week_shows_its_charts_as_pictures_that_are_there(board: Board, page: str) -> None:
    client = board.as_person([OURS])
    pictures = re.findall(r'<img src="(/charts/[^"]+)" alt="([^"]+)"', client.get(page, base_url=HERE).text)
    assert 2 <= len(pictures) <= 3
    for address, alt in pictures:
        assert len(alt) > 40
        picture = client.get(html.unescape(address), base_url=HERE)
        assert picture.status_code == 200
        assert picture.mimetype == "image/svg+xml"
        assert b"<script" not in picture.data


def test_a_week_tells_percentiles_under_their_figure_and_leaves_none_out(board: Board) -> None:
    client = board.as_person([OURS])
    page = client.get("/weeks/2026-W47", base_url=HERE).text
    facts = client.get("/weeks/2026-W47?format=json", base_url=HERE).get_json()
    figures = [one for group in facts["groups"] for one in group["figures"]]
    folded = [one for one in figures if one["name"].endswith(("-p75", "-p90"))]
    assert page.count('<div class="figure">') == len(figures) - len(folded)
    assert page.count('class="means"') == len(figures), "each with its definition"
    assert re.search(r"<summary>P75 [\d.]+ h, P90 ", page)


def test_a_weeks_page_names_the_rules_that_were_muted_in_it(board: Board) -> None:
    told = html.unescape(board.as_person([OURS]).get("/weeks/2026-W47", base_url=HERE).text)
    assert f"Muted this week: {RULE} in acme/checkout, by a person until 2026-11-27." in told
    assert "Muted this week" not in board.as_person([OURS]).get("/weeks/2026-W45", base_url=HERE).text


def test_what_is_taken_along_is_masked_and_turns_nothing_round(board: Board) -> None:
    keep_incident = board.ledger.keep_incident
    keep_incident(an_incident(id="i-9", repository_id=OURS, title="ghp_" + "a1B2" * 9 + " \u202egnp.exe\x07"))
    client = board.as_person([OURS])
    for export in ("csv", "json"):
        told = client.get(f"/incidents?format={export}", base_url=HERE).text
        assert "ghp_a1B2" not in told
        assert not any(char in told or ascii(char)[1:-1] in told for char in "\u202e\x07")
    token = make_token(board.ledger, "wall", "ana", [OURS], NOW, 9)[1]
    api = board.app.test_client().get("/api/v1/incidents", headers={"Authorization": f"Bearer {token}"})
    assert "ghp_a1B2" not in api.text
    assert "202e" not in api.text


@pytest.mark.parametrize("table", ["muted", "inline"])
def test_no_cell_taken_along_is_a_formula(board: Board, table: str) -> None:
    answer = board.as_person([OURS]).get(f"/incidents?format=csv&table={table}", base_url=HERE)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows
    assert rows[0]["reason"] == (f"'{FORMULA}" if table == "inline" else EVIL)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_waivers_say_until_when_and_can_be_narrowed_to_those_in_force(board: Board) -> None:
    client = board.as_person([OURS])
    row = client.get("/incidents?format=json&table=muted", base_url=HERE).get_json()["rows"][0]
    assert (row["state"], row["days_left"]) == ("in force", 4.9)
    assert client.get("/incidents?format=json&table=muted&state=expired", base_url=HERE).get_json()["rows"] == []


@pytest.mark.parametrize("typed", ['"', "NEAR(", "title:", "*", "a AND", "(((", "-", "\x00", "💥", "x" * 5000])
def test_no_search_is_an_error(board: Board, typed: str) -> None:
    assert board.as_person([OURS]).get("/search", query_string={"q": typed}, base_url=HERE).status_code == 200


def test_a_point_that_was_found_by_two_runs_is_found_once(board: Board) -> None:
    from tests.ledger.records import a_finding, a_review, a_run

    board.ledger.keep_review(**a_run(generation=2, review=a_review(a_finding("f1", title="requests.post again"))))
    rows = board.as_person([OURS]).get("/search?q=requests&format=json", base_url=HERE).get_json()["rows"]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("format", "begins"), [("text", "acme"), ("markdown", "#"), ("html", "<!doctype"), ("json", "{")]
)
def test_a_week_is_taken_along_as_a_file(board: Board, format: str, begins: str) -> None:
    answer = board.as_person([OURS]).get(f"/weeks/2026-W47?format={format}", base_url=HERE)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.lstrip().lower().startswith(begins)
    # No browser reads tags in plain text or JSON; where it may, none of a title is left.
    assert "<script" not in answer.text or answer.mimetype in ("text/plain", "application/json")


def test_weeks_lead_back_twelve_by_twelve(board: Board) -> None:
    client = board.as_person([OURS])
    assert "until=2026-W35" in client.get("/weeks", base_url=HERE).text
    older = client.get("/weeks?until=2026-W35", base_url=HERE)
    assert "until=2026-W47" in older.text
    assert client.get("/weeks?until=nonsense", base_url=HERE).status_code == 404


def _with(page: str, argument: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}{argument}"
