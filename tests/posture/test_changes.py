"""What a change does to the posture, in records and in words."""

from pathlib import Path

import pytest

from bot.domain import PostureChange, PostureMap
from bot.posture import FileSurvey, change_lines, change_of, map_of, survey
from bot.posture.applying import applied
from bot.posture.scanning import scan_and_survey
from bot.rules import FilePair, ScanOptions
from bot.syntax import language_of, parse
from tests.posture.surveys import mapped

SAMPLE = Path(__file__).parents[2] / "bot/demo/sample"
CHARGE = "import requests\ndef charge():\n    return requests.post('http://payments.internal/charges'{})\n"
HOLD = "import requests\ndef hold():\n    return requests.put('http://inventory.internal/holds', timeout=2)\n"


def lines(before: str, after: str, language: str = "python") -> list[str]:
    change = change_of(mapped(language, before), mapped(language, after))
    return [] if change is None else change_lines(change)


def test_a_new_call_is_told_with_what_protects_it() -> None:
    assert lines("x = 1", CHARGE.format(", timeout=2")) == [
        "+1 outbound call: `payments` HTTP POST, timeout 2 s, retry no, breaker no"
    ]


def test_a_call_that_goes_is_told() -> None:
    assert lines(CHARGE.format("") + HOLD, HOLD) == ["−1 outbound call: `payments` HTTP POST"]


def test_a_timeout_that_goes_is_told_with_what_it_was() -> None:
    assert lines(HOLD, HOLD.replace(", timeout=2", "")) == ["−1 timeout on `inventory` (was 2 s)"]


def test_a_protection_that_comes_is_told_with_its_value() -> None:
    retried = "import requests, stamina\n@stamina.retry(on=OSError, attempts=3)\n" + HOLD.split("\n", 1)[1]
    assert lines(HOLD, retried) == ["+1 retry on `inventory` (3 tries, backoff, jitter)"]


def test_another_value_is_told_from_and_to() -> None:
    assert lines(HOLD, HOLD.replace("timeout=2", "timeout=30")) == ["timeout on `inventory` 2 s → 30 s"]


def test_what_cannot_be_told_on_one_side_is_no_change() -> None:
    assert lines(HOLD, HOLD.replace("timeout=2", "**options")) == []


@pytest.mark.parametrize(
    "after",
    [
        "import logging\n\n\n" + HOLD,
        HOLD.replace("hold()", "keep()"),
        "class Stock:\n" + "".join(f"    {line}\n" for line in HOLD.splitlines()),
        HOLD.replace("requests", "r").replace("import r", "import requests as r"),
    ],
)
def test_code_that_only_moved_or_was_renamed_changes_nothing(after: str) -> None:
    assert lines(HOLD, after) == []


def test_the_same_loss_at_several_calls_is_one_line() -> None:
    two = HOLD + HOLD.split("\n", 1)[1].replace("hold()", "again()")
    assert lines(two, two.replace(", timeout=2", "")) == ["−1 timeout on `inventory` (was 2 s) (2 calls)"]


def test_a_renamed_file_is_the_same_file() -> None:
    code = HOLD.encode()
    scan = scan_and_survey(FilePair("shop/new.py", "shop/old.py", code, code), ScanOptions())
    assert scan.base == scan.head
    assert scan.head is not None
    assert scan.head.calls[0].site.path == "shop/new.py"


def test_a_test_file_has_no_posture() -> None:
    scan = scan_and_survey(FilePair("tests/test_x.py", None, None, HOLD.encode()), ScanOptions())
    assert (scan.base, scan.head) == (None, None)


def test_a_survey_that_fails_costs_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> FileSurvey:
        raise RecursionError("too deep")

    monkeypatch.setattr("bot.posture.scanning.survey", fail)
    scan = scan_and_survey(FilePair("shop/x.py", None, None, CHARGE.format("").encode()), ScanOptions())
    assert [finding.rule for finding in scan.rules.findings] == ["missing-timeout/http-or-socket-call"]
    assert scan.flaw == "RecursionError: too deep"


SURVEYED = [path for path in sorted(SAMPLE.rglob("*")) if path.is_file() and language_of(path.name)]


def sample(side: str) -> PostureMap:
    found = []
    for path in SURVEYED:
        if path.is_relative_to(SAMPLE / side):
            file = parse(path.relative_to(SAMPLE / side).as_posix(), path.read_bytes())
            assert file is not None
            found.append(survey(file))
    return map_of(found, side)


@pytest.mark.parametrize("side", ["base", "head"])
def test_the_sample_against_itself_is_no_change(side: str) -> None:
    assert change_of(sample(side), sample(side)) is None


def test_records_come_back_from_json() -> None:
    change = change_of(sample("base"), sample("head"))
    assert change is not None
    assert PostureChange.from_json(change.to_json()) == change
    assert PostureMap.from_json(sample("head").to_json()) == sample("head")


def test_a_change_applied_to_the_base_gives_the_head() -> None:
    base, head = sample("base"), sample("head")
    change = change_of(base, head)
    assert change is not None
    after = applied(base, change)
    assert change_of(head, after.model_copy(update={"service": "head"})) is None
    assert after.call_count == head.call_count


def test_many_lines_are_cut_with_their_number() -> None:
    code = "import requests\n" + "".join(f"requests.get('http://s{n:02}.internal', timeout=1)\n" for n in range(30))
    told = lines("x = 1", code)
    assert (len(told), told[-1]) == (12, "and 19 more")


def test_a_name_from_code_cannot_leave_its_code_span() -> None:
    assert "`" not in lines("x = 1", "import requests\nrequests.get('http://a`b`c.internal')")[0].split("`")[1]
