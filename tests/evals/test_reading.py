"""A folder of cases, and what is said of a faulty one."""

from pathlib import Path

import pytest

from bot.errors import NotFound, UsageError
from bot.evals.reading import CaseSource, cases_in, read_case

WHOLE = """
title = "Pay in the background"
body = "See the queue."
[[expected]]
why = "Nobody hears of a failure."
path = "pay.py"
quote = "enqueue(order)"
classes = ["swallowed-error"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, WHOLE)
    return tmp_path


def write(folder: Path, about: str, name: str = "pay") -> None:
    for side, text in (("before", "pay(order)\n"), ("after", "import queue\nenqueue(order)\n")):
        (folder / name / side).mkdir(parents=True, exist_ok=True)
        (folder / name / side / "pay.py").write_text(text)
    (folder / name / "case.toml").write_text(about)


def test_a_case_is_read_with_the_lines_of_its_quote(folder: Path) -> None:
    (case,) = cases_in(folder)
    assert case.name == "pay"
    ((place,),) = case.places
    assert (place.path, place.start_line, place.end_line) == ("pay.py", 2, 2)


def test_a_reviewer_sees_its_title_and_body(folder: Path) -> None:
    source = CaseSource(read_case(folder, "pay"), 1_000_000)
    change = source.change()
    source.close()
    assert (change.title, change.body) == ("Pay in the background", "See the queue.")
    assert [patch.path for patch in change.patches] == ["pay.py"]


def test_a_better_expectation_is_the_same_case_and_another_tree_is_not(folder: Path) -> None:
    first = read_case(folder, "pay").digest
    write(folder, WHOLE.replace("swallowed-error", "correctness"))
    assert read_case(folder, "pay").digest == first
    (folder / "pay/before/pay.py").write_text("pay(order)  # at once\n")
    assert read_case(folder, "pay").digest != first


def test_a_twin_may_start_from_the_tree_of_another(folder: Path) -> None:
    write(folder, 'title = "t"\nclean = true\nbefore = "../pay/before"\n', "pay-right")
    assert [case.before.parent.name for case in cases_in(folder)] == ["pay", "pay"]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('quote = "enqueue(order)"', 'quote = "enqueue(basket)"', "does not stand"),
        ('quote = "enqueue(order)"', 'quote = "e"', "stands 2 times"),
        ('quote = "enqueue(order)"', "lines = [2, 9]", "has 2 lines"),
        ('quote = "enqueue(order)"', "", "name a place"),
        ('path = "pay.py"', 'path = "../secret"', "no ../secret in the head"),
        ("swallowed-error", "swalowed", "no such class"),
        ('classes = ["swallowed-error"]', 'mentions = ["("]', "no regular expression"),
        ('classes = ["swallowed-error"]', "", "nothing could be one"),
        ("[[expected]]", "clean = true\n[[expected]]", "one of them"),
        ('title = "Pay in the background"', "", "title"),
        ("body =", 'before = "../.."\nbody =', "leads out"),
        ("body =", 'bodi = "x"\nbody =', "bodi"),
        ("body =", "body", "cannot be read"),
    ],
)
def test_a_faulty_case_is_named_with_what_is_wrong(folder: Path, old: str, new: str, word: str) -> None:
    assert old in WHOLE
    write(folder, WHOLE.replace(old, new))
    with pytest.raises(UsageError, match=r"pay.case\.toml") as raised:
        cases_in(folder)
    assert word in str(raised.value)


def test_a_draft_that_nobody_has_read_need_not_say_what_it_accepts(folder: Path) -> None:
    write(folder, WHOLE.replace('classes = ["swallowed-error"]', "").replace("body =", "read = false\nbody ="))
    assert cases_in(folder)[0].about.read is False


def test_a_name_that_is_not_there_is_told_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match="did you mean pay"):
        cases_in(folder, ["pays"])


def test_a_folder_without_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds no cases"):
        cases_in(tmp_path)
