"""A chain of calls that a change makes worse, told as a finding where the change did it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import CallSite, Dependency, PostureMap, PostureOnRecord, Protections, Repository, Review, plain_step
from bot.domain.posture import PostureChange, Retry, State, Timeout
from bot.posture import change_lines, map_of, survey, with_chains
from bot.review.desks import Desks
from bot.review.pipeline import examine
from bot.rules import rule_named
from bot.rules.rule import Example
from bot.settings import load_settings
from bot.syntax import parse
from tests.review.lives import InProcess, Trees

HERE = Repository(id=1, owner="acme", name="checkout", installation_id=5)
POLICY = '[posture]\nservice = "checkout"\n'
WAIT, RETRIES = "missing-timeout/deadline-not-propagated", "unbounded-retry/nested-retry"


def on_record(number: int, caller: str, callee: str, seconds: float = 10, tries: int | None = 1) -> PostureOnRecord:
    retry = Retry() if tries == 1 else Retry(state=State.YES, tries=tries) if tries else Retry(state=State.UNKNOWN)
    call = Dependency(
        name=callee, kind="http", method="POST", library="requests", sites=(CallSite(path="client.py", line=3),),
        protections=Protections(timeout=Timeout(state=State.YES, seconds=seconds), retry=retry),
    )  # fmt: skip
    posture = PostureMap(service=caller, dependencies=(call,))
    return PostureOnRecord(repository_id=number, repository=f"acme/{caller}", posture=posture, kept_at="2026-11-20")


GATEWAY = on_record(2, "gateway", "checkout")
EAGER_GATEWAY = on_record(2, "gateway", "checkout", 60, tries=3)


def reviewed(base: dict[str, str], head: dict[str, str], *fleet: PostureOnRecord, policy: str = POLICY) -> Review:
    parsed = [file for path, code in base.items() if (file := parse(path, code.encode())) is not None]
    own = PostureOnRecord(
        repository_id=HERE.id, repository=HERE.full_name, kept_at="2026-11-20",
        posture=map_of([survey(file) for file in parsed], "checkout"),
    )  # fmt: skip

    def in_fleet(change: PostureChange) -> PostureChange:
        return with_chains(change, HERE, (own, *fleet))

    source = Trees(base, head, "a" * 40, {}, policy, 3)
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    return examine(replace(desk, in_fleet=in_fleet), plain_step, lambda _: [])


def pay(timeout: str, comment: str = "") -> dict[str, str]:
    return {
        "pay.py": "import requests\n\nLIMIT = 3\n\n\ndef pay(order):\n"
        f"    requests.post('http://payments.internal/', order, timeout={timeout}){comment}\n"
    }


def told(review: Review) -> list[tuple[str, int]]:
    return [(finding.rule, finding.start_line) for finding in review.findings if finding.rule in (WAIT, RETRIES)]


def test_a_longer_wait_than_the_callers_is_a_finding_at_its_line() -> None:
    review = reviewed(pay("5"), pay("30"), GATEWAY)
    [found] = review.findings
    assert (found.rule, found.path, found.start_line, found.scope) == (WAIT, "pay.py", 7, "pay")
    assert "checkout waits 30 s for `payments` (pay.py:7), gateway gives up at 10 s." in found.body
    assert found.evidence == "    requests.post('http://payments.internal/', order, timeout=30)"
    assert (found.source, found.severity.value, found.confidence) == ("rule", "medium", 0.7)


def test_what_a_finding_tells_the_receipt_does_not_tell_again() -> None:
    review = reviewed(pay("5"), pay("30"), GATEWAY)
    assert review.posture is not None
    assert change_lines(review.posture) == ["timeout on `payments` 5 s → 30 s"]


def test_a_wait_that_gets_shorter_than_the_callees_is_told_where_it_gives_up() -> None:
    review = reviewed(pay("90"), pay("9"), on_record(3, "payments", "bank", 60))
    assert told(review) == [(WAIT, 7)]
    assert review.findings[0].title == "This gives up before what it calls has given up"


def test_a_chain_that_was_bad_before_is_no_finding() -> None:
    assert told(reviewed(pay("30"), pay("5"), GATEWAY)) == []
    assert told(reviewed(pay("5"), pay("6"), GATEWAY)) == []


def test_a_limit_that_is_taken_away_is_told_by_the_rule_for_that_alone() -> None:
    review = reviewed(pay("5"), pay("None"), GATEWAY)
    assert told(review) == []
    assert [one.rule for one in review.findings] == ["missing-timeout/timeout-disabled"]
    assert review.posture is not None
    assert review.posture.chains == ("checkout waits for ever for `payments` (pay.py:7), gateway gives up at 10 s",)


def test_a_line_that_the_change_did_not_write_bears_no_finding() -> None:
    def limited(seconds: int) -> dict[str, str]:
        return {
            "pay.py": f"import requests\n\nLIMIT = {seconds}\n\n\ndef pay(order):\n"
            "    requests.post('http://payments.internal/', order, timeout=LIMIT)\n"
        }

    review = reviewed(limited(5), limited(30), GATEWAY)
    assert told(review) == []
    assert review.posture is not None
    assert review.posture.chains


def test_a_comment_silences_it_and_leaves_the_line_of_the_receipt() -> None:
    review = reviewed(pay("5"), pay("30", f"  # seawall: ignore[{WAIT}] a batch, nobody waits"), GATEWAY)
    assert told(review) == []
    assert [one.reason for one in review.dropped if one.finding and one.finding.rule == WAIT] == ["suppressed"]
    assert review.posture is not None
    assert review.posture.chains


def test_policy_switches_it_off() -> None:
    assert told(reviewed(pay("5"), pay("30"), GATEWAY, policy=f'rules_off = ["{WAIT}"]\n{POLICY}')) == []


def test_its_identity_outlives_other_numbers_and_lines() -> None:
    first = reviewed(pay("5"), pay("30"), GATEWAY).findings[0]
    moved = {"pay.py": "\n\n" + pay("40")["pay.py"]}
    assert reviewed(pay("5"), moved, GATEWAY).findings[0].fingerprint == first.fingerprint


def retried(tries: int) -> dict[str, str]:
    return {
        "pay.py": "import requests\nfrom tenacity import retry, stop_after_attempt, wait_random_exponential\n\n\n"
        f"@retry(stop=stop_after_attempt({tries}), wait=wait_random_exponential())\n"
        "def pay(order):\n    requests.put('http://payments.internal/', order, timeout=2)\n"
    }


ONCE = {"pay.py": pay("2")["pay.py"].replace("post", "put")}


def test_retries_that_multiply_are_told_where_they_are_set() -> None:
    review = reviewed(ONCE, retried(4), EAGER_GATEWAY)
    assert told(review) == [(RETRIES, 5)]
    assert "3 × 4 = 12 calls on `payments` (gateway → checkout → payments)." in review.findings[0].body


def test_where_a_part_of_the_chain_is_not_known_nothing_is_posted() -> None:
    fleet = (on_record(2, "gateway", "checkout", 60, tries=None), on_record(4, "web", "gateway", 90, tries=2))
    review = reviewed(ONCE, retried(4), *fleet)
    assert told(review) == []
    assert [(one.rule, one.reason) for one in review.dropped if one.rule == RETRIES] == [(RETRIES, "below-confidence")]
    assert review.posture is not None
    assert review.posture.chains


FILES = {"python": ".py", "javascript": ".js", "typescript": ".ts", "go": ".go", "java": ".java", "csharp": ".cs"}
EXAMPLES = [(name, example) for name in (WAIT, RETRIES) for example in rule_named(name).bad]
FINE = [(name, example) for name in (WAIT, RETRIES) for example in rule_named(name).good]


def of_example(name: str, example: Example) -> list[tuple[str, int]]:
    path = f"shop/client{FILES[example.language]}"
    fleet = GATEWAY if name == WAIT else EAGER_GATEWAY
    found = told(reviewed({path: ""}, {path: example.code + "\n"}, fleet))
    return [one for one in found if one[0] == name]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{n} {e.language}" for n, e in EXAMPLES])
def test_a_bad_example_is_told_on_the_marked_line(name: str, example: Example) -> None:
    assert of_example(name, example) == [(name, example.line)]


@pytest.mark.parametrize(("name", "example"), FINE, ids=[f"{n} {e.language}" for n, e in FINE])
def test_a_good_example_is_left_alone(name: str, example: Example) -> None:
    assert of_example(name, example) == []
