"""Findings of a scan that are laid aside, and what shows them."""

from collections.abc import Collection

import pytest

from bot.cli import findings_on_disk
from bot.cli.findings_on_disk import FindingsOnDisk, WholeReview
from bot.domain import Finding
from bot.review.formats import FORMATS, pieces
from bot.review.rank import by_place, in_order
from tests.review.formats import samples
from tests.review.formats.samples import render

BY_FILE = {
    path: [one for one in by_place(samples.FULL.findings) if one.path == path]
    for path in sorted({one.path for one in samples.FULL.findings}, reverse=True)
}


@pytest.fixture(params=[0, 4_000_000], ids=["in a file", "in memory"])
def laid(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(findings_on_disk, "_IN_MEMORY", request.param)
    with FindingsOnDisk() as laid:
        for path, findings in BY_FILE.items():
            laid.add(path, findings)
        laid.add("clean.py", [])
        yield laid


def test_they_come_in_reading_order_and_as_often_as_they_are_asked_for(laid: FindingsOnDisk) -> None:
    expected = by_place(samples.FULL.findings)
    assert len(BY_FILE) > 1
    assert list(laid) == list(laid) == expected
    assert len(laid) == len(expected)
    assert list(zip(laid, laid, strict=True)) == [(one, one) for one in expected]  # two readers at once
    assert expected[0] in laid
    assert expected[0].model_copy(update={"fingerprint": "0"}) not in laid


def test_more_may_come_after_they_were_read(laid: FindingsOnDisk) -> None:
    before = list(laid)
    last = before[0].model_copy(update={"path": "~last.py"})
    laid.add("~last.py", [last])
    assert list(laid) == [*before, last]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_shows_them_as_it_shows_a_review(format_: str, laid: FindingsOnDisk) -> None:
    review = samples.CLEAN.model_copy(update={"findings": tuple(by_place(samples.FULL.findings))})
    assert render(WholeReview(review.receipt, laid), format_, rules={}) == render(review, format_, rules={})


@pytest.mark.parametrize("format_", ["text", "json"])
def test_what_is_shown_is_not_kept_until_the_end(format_: str) -> None:
    class Many(Collection[Finding]):
        given = 0

        def __len__(self) -> int:
            return 50

        def __contains__(self, _: object) -> bool:
            raise NotImplementedError

        def __iter__(self):
            for number in range(len(self)):
                self.given = number + 1
                yield samples.FULL.findings[0].model_copy(update={"path": f"{number:02}.py"})

    many = Many()
    said = pieces(WholeReview(samples.FULL.receipt, many), format_)  # type: ignore[arg-type]
    first = next(piece for piece in said if "00.py" in piece and "49.py" not in piece)
    assert first
    assert many.given < 5


def test_what_is_in_order_is_not_copied(laid: FindingsOnDisk) -> None:
    assert in_order(laid) is laid
    backwards = by_place(laid)[::-1]
    assert in_order(backwards) == by_place(laid)
