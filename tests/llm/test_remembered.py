"""No question is paid twice."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import LedgerError, ModelRefused, ModelUnavailable
from bot.ledger import Ledger
from bot.llm.chain import REMEMBERED
from bot.llm.occasion import asking_for
from bot.llm.prompts import parse_prompt
from bot.llm.remembered import said_in
from bot.review.spending import LedgerAnswers
from tests.llm.conftest import PROMPT
from tests.llm.test_caps import REVIEW

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NEWER = parse_prompt("short", PROMPT.replace('version = "1"', 'version = "2"'))


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def record(ledger):
    return LedgerAnswers(ledger, 24.0, lambda: NOON)


def test_the_same_question_is_paid_once_whoever_asks_and_whenever(bench, endpoint, inputs, record):
    first = bench.gateway(record=record).review(inputs)
    again = bench.gateway(record=record).review(inputs)
    assert len(endpoint.requests) == 1
    assert again.candidates == first.candidates
    assert (again.use.input_tokens, again.cost_usd, again.attempts) == (0, 0.0, 0)
    assert again.notes == (REMEMBERED,)
    assert [call.outcome for call in bench.calls] == ["answered", "remembered"]


@pytest.mark.parametrize("change", ["inputs", "prompt", "model"])
def test_another_question_another_prompt_or_another_model_is_asked(bench, endpoint, inputs, record, change):
    bench.gateway(record=record).review(inputs)
    other = {"prompt": {"prompt": NEWER}, "model": {"model": "openai:other"}}.get(change, {})
    bench.gateway(record=record, **other).review(inputs | ({"title": "x"} if change == "inputs" else {}))
    assert len(endpoint.requests) == 2


def test_answers_are_asked_for_anew_after_their_time(bench, endpoint, inputs, ledger):
    bench.gateway(record=LedgerAnswers(ledger, 24.0, lambda: NOON), now=lambda: NOON).review(inputs)
    later = NOON + timedelta(hours=25)
    bench.gateway(record=LedgerAnswers(ledger, 24.0, lambda: later), now=lambda: later).review(inputs)
    assert len(endpoint.requests) == 2


def test_an_answer_too_deep_to_be_kept_is_still_given(bench, endpoint, inputs, record):
    deep = "[" * 700 + "]" * 700
    endpoint.plays(endpoint.says('{"findings": [], "more": ' + deep + "}"))
    for _ in range(2):
        assert bench.gateway(record=record).review(inputs).candidates == ()
    assert len(endpoint.requests) == 2


def test_what_is_kept_is_what_the_answer_says_and_no_prompt(bench, endpoint, inputs, ledger, record, finding):
    endpoint.plays(endpoint.says("Sure, here: " + json.dumps({"findings": [finding]}) + " Anything else?"))
    with asking_for(REVIEW):
        bench.gateway(record=record).review(inputs | {"code": "7 + never_to_be_kept()"})
    ledger.close()
    kept = b"".join(path.read_bytes() for path in ledger.path.parent.glob("ledger.db*"))
    assert b"can wait for ever" in kept
    assert b"never_to_be_kept" not in kept
    assert b"Anything else" not in kept


def test_a_torn_answer_is_used_and_not_kept(bench, endpoint, inputs, record, finding):
    whole = json.dumps({"findings": [finding, finding]})
    endpoint.plays(endpoint.says(whole[: len(whole) - 40], finish="length"), endpoint.answers([finding]))
    gateway = bench.gateway(record=record)
    assert len(gateway.review(inputs).candidates) == 1
    gateway.review(inputs)
    assert len(endpoint.requests) == 2


def test_while_the_model_is_away_an_older_prompt_s_answer_stands_in_and_says_so(bench, endpoint, inputs, record):
    old = bench.gateway(record=record, now=lambda: NOON).review(inputs)
    endpoint.plays(endpoint.fails(503))
    gateway = bench.gateway(record=record, prompt=NEWER, attempts=1)
    answer = gateway.review(inputs)
    assert answer.candidates == old.candidates
    assert answer.prompt_version == old.prompt_version != NEWER.version
    assert "The model is away: what openai:scripted said on 2026-11-22" in answer.notes[0]
    assert old.prompt_version in answer.notes[0]
    with pytest.raises(ModelUnavailable):
        gateway.review(inputs | {"code": "8 + changed()"})


def test_an_older_answer_does_not_hide_that_the_key_is_wrong(bench, endpoint, inputs, record):
    bench.gateway(record=record).review(inputs)
    endpoint.plays(endpoint.fails(401))
    with pytest.raises(ModelRefused):
        bench.gateway(record=record, prompt=NEWER).review(inputs)


def test_what_a_stand_in_said_is_used_again_while_the_first_is_away_and_no_longer(bench, endpoint, inputs, record):
    endpoint.plays(endpoint.fails(503), endpoint.answers([]), endpoint.fails(503), endpoint.answers([]))
    options = {"attempts": 1, "fallback_model": "openai:second", "record": record}
    bench.gateway(**options).review(inputs)
    assert bench.gateway(**options).review(inputs).model == "openai:second"
    assert [request["model"] for request in endpoint.requests] == ["scripted", "second", "scripted"]
    assert bench.gateway(**options).review(inputs).model == "openai:scripted"


def test_a_record_that_fails_costs_money_and_never_an_answer(bench, endpoint, inputs):
    class Broken:
        def find(self, *_):
            raise LedgerError("disk full")

        find_older = keep = find

    gateway = bench.gateway(record=Broken())
    assert gateway.review(inputs).candidates
    endpoint.plays(endpoint.fails(503))
    with pytest.raises(ModelUnavailable, match="503"):
        bench.gateway(record=Broken(), attempts=1).review(inputs)


def meeting(endpoint, step):
    """The step, not played before it is told to; and when the request has come."""
    came, may_go = threading.Event(), threading.Event()

    def play(to, body):
        came.set()
        may_go.wait(30)
        step(to, body)

    endpoint.plays(play)
    return came, may_go


def test_who_asks_what_is_being_asked_shares_the_answer(bench, endpoint, inputs):
    came, may_go = meeting(endpoint, endpoint.answers([]))
    gateway = bench.gateway()
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(gateway.review, inputs)
        assert came.wait(30)
        others = [pool.submit(gateway.review, inputs) for _ in range(2)]
        may_go.set()
        answers = [call.result(30) for call in (first, *others)]
    assert len(endpoint.requests) == 1
    assert sum(answer.use.input_tokens for answer in answers) == 100
    assert sum(call.use.input_tokens for call in bench.calls) == 100
    assert sorted(call.outcome for call in bench.calls) == ["answered", "remembered", "remembered"]


def test_who_asks_what_is_being_asked_shares_the_failure_too(bench, endpoint, inputs):
    came, may_go = meeting(endpoint, endpoint.fails(401))
    gateway = bench.gateway()
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(gateway.review, inputs)]
        assert came.wait(30)
        calls.append(pool.submit(gateway.review, inputs))
        may_go.set()
        for call in calls:
            with pytest.raises(ModelRefused, match="SEAWALL_LLM__API_KEY"):
                call.result(30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"findings": []}', '{"findings": []}'),
        ('Look {at} this: {"text": "é"} bye', None),
        ("```json\n[1, 2]\n```", "[1, 2]"),
        ('{"text": "two\nlines"}', '{"text": "two\\nlines"}'),
        ('{"findings": [', None),
        ("no JSON at all", None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_only_the_json_of_an_answer_is_kept(text, said):
    assert said_in(text) == said
