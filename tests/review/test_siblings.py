"""Sibling places: the same failure mode elsewhere in the head, as far as it can be read."""

from dataclasses import replace

import pytest

from bot.review.postmortem import mended_by
from bot.review.proving.siblings import MOST_FILES, siblings_of
from tests.review.repositories import PYTHON, Files

HANGS = "import requests\n\n\ndef track(url):\n    return requests.get(url)\n"
OWN = {("shop/pay.py", "charge")}


def test_places_of_the_same_class_are_found_in_files_that_did_not_change() -> None:
    files = {**PYTHON.files, "shop/track.py": HANGS, "tests/test_track.py": HANGS, "lib/track.rb": "requests"}
    found = siblings_of(replace(PYTHON.desk(), search=Files(files)), "missing-timeout", ["python"], ["requests"], OWN)
    assert [(place.path, place.line) for place in found.places] == [("shop/track.py", 5)]
    assert found.places[0].rule == "missing-timeout/http-or-socket-call"
    assert (found.files, found.alike, found.note) == (2, (), "")


def test_where_no_rule_judges_what_calls_the_same_is_named() -> None:
    files = {**PYTHON.files, "shop/track.py": HANGS}
    found = siblings_of(replace(PYTHON.desk(), search=Files(files)), "stale-cache", ["python"], ["requests"], OWN)
    assert found.places == ()
    assert [(place.path, place.line, place.title) for place in found.alike] == [
        ("shop/track.py", 5, "return requests.get(url)")
    ]


def test_what_policy_ignores_or_switches_off_is_left_out() -> None:
    files = Files({**PYTHON.files, "shop/track.py": HANGS})
    for policy in ({"ignore_paths": ("shop/track.py",)}, {"rules_off": ("missing-timeout",)}):
        desk = replace(PYTHON.desk(**policy), search=files)
        assert siblings_of(desk, "missing-timeout", ["python"], ["requests"], OWN).places == ()


def test_of_too_many_files_the_first_are_read_and_that_is_said() -> None:
    many = {f"shop/t{number:03}.py": HANGS for number in range(MOST_FILES + 5)}
    found = siblings_of(
        replace(PYTHON.desk(), search=Files({**PYTHON.files, **many})), "missing-timeout", ["python"], ["requests"], OWN
    )
    assert found.files == MOST_FILES + 1
    assert f"the first {MOST_FILES} were read" in found.note


def test_without_a_search_it_is_said_that_only_the_change_was_read() -> None:
    found = siblings_of(PYTHON.desk(has_search=False), "missing-timeout", ["python"], ["requests"], set())
    assert [place.path for place in found.places] == ["shop/pay.py"]
    assert found.note == "copies are off"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It hung since acme/shop#7. Fixed in acme/shop#9.", 9),
        ("It hung since #7, mended by #9", 9),
        ("broke in #7; reverted: https://github.com/acme/shop/pull/9", 9),
        ("fixed in other/repo#9", None),
        ("It hung since #7.", None),
        ("We fixed it.\nSee #7", None),
    ],
)
def test_the_fix_is_the_one_that_the_text_calls_so(text: str, number: int | None) -> None:
    assert mended_by(text, "acme/shop") == number
