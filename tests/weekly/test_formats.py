"""A week in each format: all of it, within the limits of where it goes, and nothing of it acts there."""

import json
import re
from html.parser import HTMLParser

import jsonschema_rs
import pytest

from bot.domain import Words
from bot.settings import resource_text
from bot.transports.writing import blocks
from bot.weekly.charts import charts_of
from bot.weekly.facts import WorthDoing
from bot.weekly.figure import Figure
from bot.weekly.formats import FORMATS, render
from bot.weekly.formats.chat import slack_messages, teams_messages
from bot.weekly.formats.html import page
from bot.weekly.formats.reply import reply_of
from bot.weekly.formats.sections import muted_told, sparkline
from bot.weekly.formats.sheet import _DARK, _LIGHT
from bot.weekly.schema import SCHEMA_FILE
from bot.weekly.telling import against, made_of
from tests.weekly.rows import facts, no_rows
from tests.weekly.test_charts import _contrast, series
from tests.weekly.told import summary

WEEK = summary()
FIGURES = [figure for group in WEEK.facts.groups for figure in group.figures]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("format_", FORMATS)
def test_every_figure_is_told_with_its_definition(format_: str) -> None:
    text = render(WEEK, format_, width=2000)
    for figure in FIGURES:
        assert figure.title in text
        assert figure.definition in text.replace("&#x27;", "'"), figure.name


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_what_a_figure_is_made_of_stands_beside_it(format_: str) -> None:
    text = render(WEEK, format_, width=2000)
    for figure in FIGURES:
        assert made_of(figure) in text.replace("\\`", "`"), figure.name
    assert "median of 23, 4 missing" in text


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_sentences_come_first_then_figures_then_what_is_worth_doing_then_the_appendix(format_: str) -> None:
    text = flat(render(WEEK, format_, width=2000))
    marks = ["27 pull requests were merged", "Flow: Is work flowing?", "Resilience", "Worth doing", "Stale or blocked",
             "What broke", "Appendix", "nobody is ranked"]  # fmt: skip
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_but_an_address(width: int) -> None:
    wide = [line for line in render(WEEK, "text", width=width).split("\n") if len(line) > width]
    assert [line for line in wide if not line.strip().startswith("https://")] == []


def test_titles_of_pull_requests_do_not_act_on_a_terminal() -> None:
    text = render(WEEK, "text", is_terminal=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "alert(1)" in text, "it is shown, harmless"


def test_titles_of_pull_requests_do_not_act_in_markdown() -> None:
    text = render(WEEK, "markdown")
    assert "<script" not in text
    assert "`@everyone`" in text
    assert "[x](javascript" not in text.replace("\\[", "").replace("\\]", "")
    assert r"\[x\](javascript:" in text, "it is shown, and no link"
    rows = [line for line in text.split("\n") if "alert" in line]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 5, "a bar in a title makes no column"


def test_a_page_too_long_for_an_issue_loses_the_end_of_its_appendix_and_says_so() -> None:
    from bot.weekly.formats.markdown import render as as_markdown

    whole, cut = as_markdown(WEEK), as_markdown(WEEK, limit=7000)
    assert len(cut) <= 7000 < len(whole)
    assert "The rest of the appendix is left out here" in cut
    assert cut.count("<details>") == cut.count("</details>")


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    elements = Elements()
    elements.feed(render(WEEK, "html"))
    tags = {tag for tag, _ in elements.found}
    assert not tags & {"script", "link", "iframe", "object", "form", "base"}
    assert not [attrs for _, attrs in elements.found if any(name.startswith("on") for name in attrs)]
    sources = [attrs["src"] or "" for _, attrs in elements.found if "src" in attrs]
    assert len(sources) == len(charts_of(WEEK.facts)) > 0
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    links = [attrs["href"] or "" for tag, attrs in elements.found if tag == "a"]
    assert links
    assert all(link.startswith("https://") for link in links)


def test_each_picture_has_its_sentence_and_each_table_its_headings() -> None:
    elements = Elements()
    elements.feed(render(WEEK, "html"))
    assert all(attrs.get("alt", "") for tag, attrs in elements.found if tag == "img")
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in elements.found if tag == "th")
    assert [attrs.get("lang") for tag, attrs in elements.found if tag == "html"] == ["en"]


def test_a_mail_shows_the_pictures_that_are_attached_to_it() -> None:
    mail = page(WEEK, image=lambda chart: f"cid:{chart.name}")
    assert [f'src="cid:{chart.name}"' in mail for chart in charts_of(WEEK.facts)]
    assert "data:image" not in mail
    assert "<img" not in page(WEEK, image=lambda chart: "")
    assert len(page(WEEK, image=lambda chart: "cid:x")) < 100_000, "beyond, mail programs cut it"


@pytest.mark.parametrize("colours", [_LIGHT, _DARK], ids=["light", "dark"])
def test_words_of_a_page_stand_out_of_their_background(colours: dict[str, str]) -> None:
    for name in ("text", "faint", "link", "better", "worse"):
        assert _contrast(colours[name], colours["back"]) >= 4.5, name


MUTED = (
    "Muted this week: retry-storm/nested-retries in harbour/pier, by its record (heeded 0 times of 9: surely under "
    "18%); lock-hazard in harbour/pier, by a person until 2026-11-03; resource-leak/file-not-closed in harbour/pier, "
    "by a person, silent no longer. “unmute” lets one speak again."
)


@pytest.mark.parametrize(
    "told",
    [
        flat(render(WEEK, "text", width=120)),
        render(WEEK, "markdown"),
        render(WEEK, "html"),
        *(part.text for part in reply_of(WEEK).parts if isinstance(part, Words) and "Muted" in part.text),
    ],
    ids=["text", "markdown", "html", "chat"],
)
def test_rules_muted_in_the_week_are_named_and_people_are_not(told: str) -> None:
    assert MUTED in told
    assert "zacharias" not in told.lower()


def test_json_names_rules_muted_in_the_week_and_no_people() -> None:
    text = render(WEEK, "json")
    told = [(one["rule"], one["by"], one["is_over"]) for one in json.loads(text)["muted"]]
    assert told == [
        ("retry-storm/nested-retries", "its record", False),
        ("lock-hazard", "a person", False),
        ("resource-leak/file-not-closed", "a person", True),
    ]
    assert "zacharias" not in text.lower()


def test_of_many_rules_muted_the_first_ten_are_named_and_the_rest_counted() -> None:
    many = WEEK.facts.model_copy(update={"muted": WEEK.facts.muted * 4})
    assert muted_told(many).count(" in harbour/pier") == 10
    assert muted_told(many).endswith("; and 2 more. “unmute” lets one speak again.")
    assert muted_told(WEEK.facts.model_copy(update={"muted": ()})) == ""


def test_json_is_as_clean_as_the_other_formats() -> None:
    token = f"ghp_{'a1B2' * 9}"
    spoilt = WEEK.facts.model_copy(update={"worth_doing": (
        WorthDoing(title=f"Rotate {token}\x1b[2J\u202e", reason="two\nlines", url="https://acme.example/1", value=3.0),
    )})  # fmt: skip
    text = render(WEEK.model_copy(update={"facts": spoilt}), "json")
    (one,) = json.loads(text)["worth_doing"]
    assert one["title"].startswith("Rotate [secret masked]")
    assert (one["reason"], one["url"]) == ("two lines", "https://acme.example/1")
    assert not {"\x1b", "\u202e", token} & set(one["title"])
    assert token not in text


def test_json_fits_its_schema_and_has_the_sentences() -> None:
    told = json.loads(render(WEEK, "json"))
    jsonschema_rs.validator_for(json.loads(resource_text(SCHEMA_FILE))).validate(told)
    assert tuple(told["opening"]) == WEEK.sentences.text
    assert told["opening_origin"] == "The sentences come from a template."
    assert len(told["worth_doing"]) == 5


def test_slack_s_messages_are_within_its_limits() -> None:
    messages = slack_messages(WEEK)
    shown = [block for message in messages for block in message["blocks"]]
    assert all(len(message["blocks"]) <= blocks.BLOCKS for message in messages)
    for block in shown:
        assert len(block.get("text", {}).get("text", "")) <= blocks.SECTION
        assert len(block.get("fields", [])) <= blocks.FIELDS
        assert all(len(field["text"]) <= blocks.FIELD for field in block.get("fields", []))
    told = json.dumps(shown, ensure_ascii=False)
    assert "<!" not in told, "nobody is called"
    assert "Ask for less" not in told, "nothing is left out"


def test_cards_are_within_what_teams_takes() -> None:
    messages = teams_messages(WEEK)
    assert all(len(json.dumps(message, ensure_ascii=False).encode()) < 28_000 for message in messages)
    told = json.dumps(messages, ensure_ascii=False)
    assert "27 pull requests were merged" in told
    assert "Ask for less" not in told, "nothing is left out"


def test_an_answer_in_chat_names_every_figure_it_tells_and_why_it_tells_no_other() -> None:
    text = reply_of(WEEK).model_dump_json()
    assert "median of 23, 4 missing" in text
    assert "Not told: " in text
    assert "First commit to merge, of pull requests merged in the week" in text


@pytest.mark.parametrize("format_", FORMATS)
def test_a_week_without_anything_is_told_all_the_same(format_: str) -> None:
    from bot.weekly.summary import summary_of

    empty = summary_of(facts(no_rows()), no_rows())
    text = render(empty, format_, width=100)
    assert "Nothing was merged this week." in text
    assert "Worth doing" not in text


def test_an_unknown_format_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="none of text, markdown"):
        render(WEEK, "pdf")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"change": "lower", "is_good": "lower"}, "▼ from 5.1 h, better"),
        ({"change": "higher", "is_good": "lower"}, "▲ from 5.1 h, worse"),
        ({"change": "higher", "is_good": None}, "▲ from 5.1 h"),
        ({"change": "no clear change"}, "≈ 5.1 h, no clear change"),
        ({"change": "not enough"}, "· 5.1 h, not compared"),
        ({"before": None}, ""),
    ],
)
def test_a_comparison_is_told_by_a_sign_and_in_words(changed: dict[str, object], told: str) -> None:
    pickup = WEEK.facts.figure("pickup")
    assert pickup.before is not None
    before = pickup.before.model_copy(update={"value": 5.1, "text": "5.1 h"})
    assert against(pickup.model_copy(update={"before": before} | changed)) == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "median of 14, 2 missing"),
        ({"missing": 0, "aggregate": "p90"}, "90th percentile of 14"),
        ({"aggregate": "count", "value": 14}, "count, 2 missing"),
        ({"aggregate": "count", "value": 3}, "count, n = 14, 2 missing"),
        ({"value": None, "why": "not measured: no incident is on record", "n": 0, "missing": 0},
         "no incident is on record"),
        ({"value": None, "why": "too few"}, "too few; n = 14, 2 missing"),
    ],
)  # fmt: skip
def test_what_a_figure_is_made_of_is_never_left_out(changed: dict[str, object], told: str) -> None:
    figure: Figure = WEEK.facts.figure("pickup").model_copy(update={"n": 14, "missing": 2} | changed)
    assert made_of(figure) == told


def test_a_sparkline_begins_at_nothing_and_leaves_gaps() -> None:
    assert sparkline(series("Merged", 0, 4, None, 8)) == "▁▄ █"
    assert sparkline(series("Merged", 0, 0)) == "▁▁"
