"""When a remark is the one that was expected."""

import itertools

import pytest

from bot.domain import Finding
from bot.evals.case import Case, CaseFile, Expected, Place
from bot.evals.figures import judge
from bot.evals.matching import match
from bot.evals.report import Reviewed, Reviewer

PLACE = Place(path="pay.py", start_line=20, end_line=22)


def expecting(*expected: Expected, places: tuple[Place, ...] = (PLACE,), complete: bool = False) -> Case:
    about = CaseFile(title="Pay", expected=expected, clean=not expected, complete=complete)
    return Case(
        name="pay", about=about, before="/before", after="/after", digest="d", places=tuple(places for _ in expected)
    )


def wanted(**more: object) -> Expected:
    values = {"path": "pay.py", "lines": (20, 22), "why": "It is paid twice.", "classes": ("non-idempotent-retry",)}
    return Expected.from_json(values | more)


def remark(line: int = 21, class_: str = "non-idempotent-retry", title: str = "Paid twice", **more: object) -> Finding:
    values = {
        "path": "pay.py", "start_line": line, "end_line": line, "class": class_, "kind": "other",
        "rule": f"{class_}/other", "severity": "high", "confidence": 0.9, "source": "model", "title": title,
        "body": "When the answer is lost.", "evidence": "x", "fingerprint": f"{line}{class_}{title}",
    }  # fmt: skip
    return Finding.from_json(values | more)


@pytest.mark.parametrize(("line", "is_near"), [(16, False), (17, True), (20, True), (25, True), (26, False)])
def test_it_stands_at_the_place_or_a_few_lines_beside(line: int, is_near: bool) -> None:
    assert bool(match(expecting(wanted()), [remark(line)]).found) is is_near


def test_another_file_is_another_place() -> None:
    assert match(expecting(wanted()), [remark(path="refund.py")]).found == {}


def test_it_may_stand_in_any_of_the_places() -> None:
    case = expecting(wanted(), places=(PLACE, Place(path="refund.py", start_line=3, end_line=3)))
    assert match(case, [remark(4, path="refund.py")]).found == {0: 0}


def test_a_class_that_is_not_accepted_needs_the_words() -> None:
    case = expecting(wanted(mentions=("twice|again", "answer")))
    assert match(case, [remark(class_="correctness")]).found == {0: 0}
    assert match(case, [remark(class_="correctness", title="Odd name")]).found == {}


def test_all_patterns_must_be_mentioned_in_whatever_case() -> None:
    case = expecting(wanted(classes=(), mentions=("IDEMPOTEN", "retr(y|ies)")))
    assert match(case, [remark(body="Two tries.", title="Idempotency key per try")]).found == {}
    assert match(case, [remark(body="Retries draw anew.", title="Idempotency key per try")]).found == {0: 0}


def test_each_expected_remark_counts_once_and_more_of_the_same_is_said_again() -> None:
    matched = match(expecting(wanted()), [remark(20), remark(21), remark(22)])
    assert len(matched.found) == 1
    assert len(matched.again) == 2
    assert matched.beyond == ()


def test_the_order_of_remarks_takes_nothing_from_anybody() -> None:
    case = expecting(wanted(), wanted(classes=("correctness", "non-idempotent-retry"), why="And it is logged wrong."))
    remarks = [remark(20), remark(21, "correctness")]
    for order in itertools.permutations(remarks):
        assert len(match(case, order).found) == 2


@pytest.mark.parametrize(
    ("case", "false", "unjudged"),
    [
        (expecting(), 1, 0),
        (expecting(wanted(), complete=True), 1, 0),
        (expecting(wanted()), 0, 1),
    ],
    ids=["clean", "complete", "open"],
)
def test_a_remark_nobody_expected_is_false_only_where_all_is_known(case: Case, false: int, unjudged: int) -> None:
    review = Reviewed(
        case="pay", digest="d", reviewer=Reviewer(profile="economy"), findings=(remark(90),), coverage="full"
    )
    judged = judge(case, review)
    assert (len(judged.false), len(judged.unjudged)) == (false, unjudged)
