"""Whatever is typed is a question that full-text search can answer."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dashboard.searching import as_full_text


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (title)")
    connection.execute("INSERT INTO texts VALUES ('requests.post can wait for ever in send_order')")
    return connection


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", ""), ("   ", ""), ("*", ""), ("___", ""), ('"', ""), ("send_order", '"send_order"*'),
        ("wait  for", '"wait" "for"*'), ("NEAR(a b)", '"NEAR" "a" "b"*'), ("title:x OR -y", '"title" "x" "OR" "y"*'),
        ("Straße", '"Straße"*'),
    ],
)  # fmt: skip
def test_words_are_quoted_and_the_last_may_be_unfinished(typed: str, asked: str) -> None:
    assert as_full_text(typed) == asked


@given(st.text(max_size=400))
def test_nothing_typed_is_an_error(index: sqlite3.Connection, typed: str) -> None:
    words = as_full_text(typed)
    if words:
        index.execute("SELECT * FROM texts WHERE texts MATCH ?", [words]).fetchall()


@pytest.mark.parametrize("typed", ["send_ord", "requests post", "WAIT", "ever wait"])
def test_words_find_what_holds_all_of_them(index: sqlite3.Connection, typed: str) -> None:
    assert index.execute("SELECT 1 FROM texts WHERE texts MATCH ?", [as_full_text(typed)]).fetchall()


def test_a_question_is_bounded() -> None:
    assert len(as_full_text("a" * 5000)) < 100
    assert as_full_text(" ".join("abcdefghijklmnopqrst")).count('"') == 24
