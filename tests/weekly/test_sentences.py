"""Three sentences: those of the template, and those of a model, which are believed only as far as the facts go."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.protocols import ModelAnswer, ModelText
from bot.errors import ModelUnavailable
from bot.llm.prompts import load_prompt
from bot.weekly.prose_check import MOST_CHARS, fault_of
from bot.weekly.sentences import PROMPT, by_model, by_template, told_to_model
from bot.weekly.summary import summary_of
from tests.weekly.rows import facts, no_rows
from tests.weekly.told import EVIL, facts_of_all, rows_of_all

FACTS = facts_of_all()
GOOD = (
    "Work is flowing: 27 pull requests were merged, at a median cycle time of 4.5 h. "
    "Of the 13 points said, 54% were heeded. "
    "The incident that got through deserves attention next."
)


class Voice:
    """A model that says one thing, or is away."""

    name = "openai:small"

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.heard: dict[str, str] = {}

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        self.heard = {"prompt": prompt, **inputs}
        if not self.text:
            raise ModelUnavailable("the breaker is open")
        return ModelText(text=self.text, model=self.name, prompt=prompt, prompt_version="1")

    def review(self, inputs: Mapping[str, str]) -> ModelAnswer:
        raise AssertionError("nobody reviews here")

    def prompt_versions(self) -> Mapping[str, str]:
        return {}


def test_the_template_says_flow_review_and_what_is_next() -> None:
    assert by_template(FACTS).text == (
        "27 pull requests were merged (higher than 0 before); the median cycle time was 4.5 h and the median pickup "
        "was 2 h.",
        "Seawall said 13 points; of the 13 judged, 54% were heeded.",
        "Most worth doing next: learn from 1 incident that got through (i-0a1b2c3, retry-storm: nothing had been said "
        "of it).",
    )


def test_the_template_has_words_for_a_week_in_which_nothing_happened() -> None:
    assert by_template(facts(no_rows())).text == (
        "Nothing was merged this week.",
        "Seawall reviewed nothing this week.",
        "Nothing stands out that should be done next.",
    )


def test_what_the_template_says_stands_the_check_that_a_model_s_prose_must_stand() -> None:
    prose = " ".join(by_template(FACTS).text)
    assert fault_of(prose, FACTS, given=" ".join(told_to_model(FACTS).values())) == ""


def test_what_a_model_writes_from_the_facts_is_told_with_its_name() -> None:
    told = by_model(FACTS, Voice(GOOD))
    assert told.text == tuple(f"{part.rstrip('.')}." for part in GOOD.split(". "))
    assert told.writer == "openai:small"
    assert told.origin.startswith("Written by openai:small")


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("27 pull", "28 pull", "28 is no figure"),
        ("4.5 h", "4.6 h", "4.6 h is no figure"),
        ("4.5 h", "5 h", "5 h is no figure"),
        ("4.5 h", "4.5 days", "4.5 days is no figure"),
        ("4.5 h", "4.5%", "4.5% is no figure"),
        ("54%", "54", "54 is no figure"),
        ("54%", "0.54", "0.54 is no figure"),
        ("54%", "US$ 54", "US$ 54 is no figure"),
        ("54%", "54x", "54x is no figure"),
        ("4.5 h", "2 h", "2 h is no figure that its sentence names"),
        ("The incident", "The 7 incidents", "7 is no figure"),
        ("54%", "over half", "a number as a word"),
        ("13 points", "thirteen points", "a number as a word"),
        ("Work is flowing", "Work is flowing faster", "“faster” is not what the figures say"),
        ("54% were", "54% and thus fewer were", "“fewer” is not what the figures say"),
        ("Work is flowing", "Flow improved", "“improved” is not what the figures say"),
        ("next.", "next, says Miller.", "names"),
        ("Work is", "Thanks to ana work is", "names"),
        ("next.", "next, see https://evil.test.", "a link, a mention or markup"),
        ("next.", "next, @everyone.", "a link, a mention or markup"),
        ("next.", "next, <b>now</b>.", "a link, a mention or markup"),
        ("next.", "next. And more is to come.", "not three sentences"),
        ("Of the 13 points said, 54% were heeded. ", "", "not three sentences"),
        ("next.", f"next{', and' * 150}.", "empty or too long"),
    ],
)
def test_prose_that_says_anything_else_is_not_used(said: str, instead: str, fault: str) -> None:
    prose = GOOD.replace(said, instead)
    assert prose != GOOD
    told = by_model(FACTS, Voice(prose), people=("ana", "ben"))
    assert fault in told.origin
    assert told.text == by_template(FACTS).text
    assert told.writer == ""


def test_a_sentence_that_asks_is_one_of_the_three() -> None:
    told = by_model(
        FACTS, Voice(GOOD.replace("Work is flowing: ", "Is work flowing? ").replace("heeded. The", "heeded; the"))
    )
    assert told.writer, told.origin
    assert [text[0:4] for text in told.text] == ["Is w", "27 p", "Of t"]


def test_a_change_may_be_told_beside_the_number_of_the_figure_that_changed() -> None:
    rise = GOOD.replace("27 pull requests were merged", "merged pull requests rose to 27")
    assert by_model(FACTS, Voice(rise)).writer
    assert "fell" in by_model(FACTS, Voice(rise.replace("rose", "fell"))).origin


def test_a_login_that_is_a_word_of_the_facts_spoils_nothing() -> None:
    assert by_model(FACTS, Voice(GOOD), people=("seawall", "work", "pickup", "harbour")).writer


def test_a_model_that_is_away_is_no_reason_for_silence() -> None:
    told = by_model(FACTS, Voice())
    assert told.text == by_template(FACTS).text
    assert told.origin == "The model did not answer; the sentences come from a template."


def test_the_model_is_shown_what_its_prompt_declares_and_nobody_s_name() -> None:
    rows = rows_of_all()
    voice = Voice(GOOD)
    told = summary_of(facts(rows), rows, voice)
    assert told.sentences.writer == voice.name
    assert set(voice.heard) - {"prompt"} == set(load_prompt(PROMPT).inputs)
    shown = " ".join(voice.heard.values())
    people = {row["author"] for row in rows["pull_requests"]} | {event["actor"] for event in rows["events"]} - {""}
    assert not people & set(shown.replace("/", " ").replace(",", " ").split())
    assert EVIL not in shown, "titles of pull requests are not shown to it"
    assert load_prompt(PROMPT).reply.body_chars > MOST_CHARS


def test_a_late_summary_says_so() -> None:
    rows: Any = rows_of_all()
    assert summary_of(facts(rows), rows).model_copy(update={"is_late": True}).origin.startswith("Late: ")
