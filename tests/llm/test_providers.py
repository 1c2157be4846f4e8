"""One contract for all providers: what each is asked, and what is made of what it answers. Real HTTP throughout."""

import json
import ssl
import time
from datetime import UTC, datetime

import pytest

from bot.errors import ModelRefused, ModelUnavailable
from bot.llm.endpoint import Endpoint
from bot.settings import load_settings
from tests.llm.conftest import send
from tests.llm.providers import PROVIDERS

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADVICE = {"key": "SEAWALL_LLM__API_KEY", "model": "SEAWALL_LLM__MODEL", "long": r"llm\.max_input_tokens"}


@pytest.fixture(params=PROVIDERS)
def provider(request):
    return PROVIDERS[request.param]


@pytest.fixture
def gateway(bench, endpoint, provider):
    """Made anew with each call of it."""
    return lambda **llm: bench.gateway(now=lambda: NOON, **{**provider.settings(endpoint.url), **llm})


def says(provider, text, ended="stop"):
    kind, body = provider.answer(text, ended)
    return lambda to, _: send(to, 200, body, {"Content-Type": kind})


def fails(provider, what):
    status, body, headers = provider.errors[what]
    return lambda to, _: send(to, status, json.dumps(body), headers)


def those_who(fail):
    return pytest.mark.parametrize(
        "provider", [one for one in PROVIDERS if fail in PROVIDERS[one].errors], indirect=True
    )


def test_each_is_asked_where_and_as_it_expects(gateway, endpoint, provider, inputs, finding):
    endpoint.plays(says(provider, json.dumps({"findings": [finding]})))
    answer = gateway(max_output_tokens=777).review(inputs)
    (request,) = endpoint.requests
    assert endpoint.paths == [provider.path]
    assert request["model"] == provider.name
    header, value = provider.key
    assert endpoint.headers[0][header] == value
    assert provider.system(request).startswith("Name the defects.")
    assert provider.most_output(request) == 777
    assert "findings" in provider.schema(request)["properties"]
    assert [candidate.title for candidate in answer.candidates] == [finding["title"]]
    cached = 40 if provider.has_cached_tokens else 0
    assert (answer.use.input_tokens, answer.use.output_tokens, answer.use.cached_tokens) == (100, 20, cached)
    assert answer.model == provider.model


def test_the_whole_items_of_a_cut_answer_are_kept(gateway, endpoint, provider, inputs, finding):
    whole = json.dumps({"findings": [finding, finding]})
    endpoint.plays(says(provider, whole[: len(whole) - 40], "length"))
    answer = gateway().review(inputs)
    assert (len(answer.candidates), answer.malformed) == (1, 1)
    assert answer.use.output_tokens == 20
    assert len(endpoint.requests) == 1


def test_an_answer_cut_before_it_began_says_what_to_raise(gateway, endpoint, provider, inputs):
    endpoint.plays(says(provider, "", "length"))
    with pytest.raises(ModelRefused, match="max_output_tokens"):
        gateway().review(inputs)
    assert len(endpoint.requests) == 1


def test_what_cannot_be_read_is_sent_back_once_with_the_reason(gateway, endpoint, provider, inputs):
    endpoint.plays(says(provider, '{"issues": []}'), says(provider, '{"findings": []}'))
    answer = gateway().review(inputs)
    assert answer.attempts == 2
    assert "lacks `findings`" in json.dumps(endpoint.requests[1])


@pytest.mark.parametrize("provider", ["openai", "azure", "anthropic"], indirect=True)
def test_a_model_that_declines_is_not_asked_again(gateway, endpoint, provider, inputs):
    endpoint.plays(says(provider, "I cannot help with that", "refusal"))
    with pytest.raises(ModelRefused, match="declined"):
        gateway().review(inputs)
    assert len(endpoint.requests) == 1


@those_who("limit")
def test_a_limit_is_waited_out_as_told(gateway, bench, endpoint, provider, inputs):
    endpoint.plays(fails(provider, "limit"), says(provider, '{"findings": []}'))
    assert gateway().review(inputs).attempts == 2
    assert 2.0 <= sum(bench.slept) <= 2.3


@those_who("credit")
def test_an_account_out_of_credit_is_not_hammered(gateway, endpoint, provider, inputs):
    endpoint.plays(fails(provider, "credit"))
    with pytest.raises(ModelUnavailable, match="out of credit"):
        gateway().review(inputs)
    assert len(endpoint.requests) == 1


@those_who("sick")
def test_a_sick_model_is_tried_again_and_counted(gateway, endpoint, provider, inputs):
    endpoint.plays(fails(provider, "sick"))
    asked = gateway(attempts=2, breaker_failures=2)
    with pytest.raises(ModelUnavailable, match="answers with status 5"):
        asked.review(inputs)
    assert len(endpoint.requests) == 2
    assert asked.state.models[0].breaker == "open"


@pytest.mark.parametrize(
    ("provider", "what"),
    [(one, what) for one in PROVIDERS for what in ADVICE if what in PROVIDERS[one].errors],
    indirect=["provider"],
)
def test_what_asking_again_cannot_mend_is_said_with_advice(gateway, endpoint, provider, inputs, what):
    endpoint.plays(fails(provider, what))
    with pytest.raises(ModelRefused, match=ADVICE[what]):
        gateway().review(inputs)
    assert len(endpoint.requests) == 1


@those_who("filter")
def test_what_a_content_filter_withholds_is_refused(gateway, endpoint, provider, inputs):
    endpoint.plays(fails(provider, "filter"))
    with pytest.raises(ModelRefused, match="content"):
        gateway().review(inputs)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("provider", ["azure", "anthropic", "ollama"], indirect=True)
@pytest.mark.parametrize("ill", ["hangs", "dribbles"])
def test_a_stall_is_left_at_the_deadline_by_each_library(gateway, endpoint, provider, inputs, ill):
    asked = gateway(timeout_s=1.5)
    asked.warm_up()
    endpoint.plays(endpoint.hangs() if ill == "hangs" else endpoint.dribbles(0.02))
    with pytest.raises(ModelUnavailable, match="in time"):
        asked.review(inputs)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("provider", ["anthropic", "ollama"], indirect=True)
def test_nobody_listening_names_the_address_to_check(gateway, inputs):
    with pytest.raises(ModelUnavailable, match="SEAWALL_LLM__BASE_URL"):
        gateway(base_url="http://127.0.0.1:9", attempts=1).review(inputs)


def test_azure_s_version_can_be_named_in_the_address(bench, endpoint, inputs):
    azure = PROVIDERS["azure"]
    endpoint.plays(says(azure, '{"findings": []}'))
    settings = azure.settings(endpoint.url)
    settings["base_url"] += "/?api-version=2026-05-01"
    bench.gateway(**settings).review(inputs)
    assert endpoint.paths == ["/openai/deployments/gpt-5-mini/chat/completions?api-version=2026-05-01"]


def test_a_model_that_takes_no_temperature_is_asked_without_one(bench, endpoint, inputs):
    claude = PROVIDERS["anthropic"]
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` is deprecated"}}
    endpoint.plays(lambda to, _: send(to, 400, json.dumps(body)), says(claude, '{"findings": []}'))
    bench.gateway(**claude.settings(endpoint.url)).review(inputs)
    assert ["temperature" in request for request in endpoint.requests] == [True, False]
    assert "output_config" in endpoint.requests[1]


def test_a_model_whose_library_takes_no_temperature_is_asked_without_one(bench, endpoint, inputs):
    claude = PROVIDERS["anthropic"]
    endpoint.plays(says(claude, '{"findings": []}'))
    answer = bench.gateway(**claude.settings(endpoint.url) | {"model": "anthropic:claude-sonnet-5-5"}).review(inputs)
    assert "temperature" not in endpoint.requests[0]
    assert "output_config" in endpoint.requests[0]
    assert answer.attempts == 2


def test_certificates_are_loaded_once_although_the_library_wants_two_clients(monkeypatch):
    settings = load_settings({}, llm={"model": "openai:small", "base_url": "https://127.0.0.1:9/v1"}).llm
    Endpoint("openai:small", settings, True, time.monotonic, dict).open()  # what it loads at its first time is loaded
    loaded = []
    make = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda *how, **named: loaded.append(1) or make(*how, **named))
    Endpoint("openai:small", settings, True, time.monotonic, dict).open()
    assert loaded == [1]


def test_a_provider_that_nobody_knows_is_said_at_once(bench, endpoint, inputs):
    with pytest.raises(ModelRefused, match="SEAWALL_LLM__MODEL"):
        bench.gateway(model="nobody:x").review(inputs)
    assert endpoint.requests == []
