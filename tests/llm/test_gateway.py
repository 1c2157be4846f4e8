"""What is asked of an endpoint, and what is made of its answers. Real HTTP throughout."""

import json

import pytest

from bot.errors import ModelRefused, ModelUnavailable


def test_findings_come_back_with_their_cost_in_tokens(bench, inputs):
    answer = bench.gateway().review(inputs)
    assert [candidate.title for candidate in answer.candidates] == ["The call can wait for ever"]
    assert (answer.use.input_tokens, answer.use.output_tokens, answer.use.cached_tokens) == (100, 20, 40)
    assert answer.model == "openai:scripted"
    assert (answer.malformed, answer.attempts) == (0, 1)


def test_an_empty_answer_is_an_answer(bench, endpoint, inputs):
    endpoint.plays(endpoint.answers([]))
    answer = bench.gateway().review(inputs)
    assert answer.candidates == ()
    assert answer.malformed == 0
    assert len(endpoint.requests) == 1


def test_the_schema_the_key_and_the_limits_are_sent(bench, endpoint, inputs):
    bench.gateway(max_output_tokens=777, temperature=0.0).review(inputs)
    request = endpoint.requests[0]
    assert request["response_format"]["json_schema"]["strict"] is True
    assert request["max_completion_tokens"] == 777
    assert request["temperature"] == 0.0
    assert "tools" not in request
    assert endpoint.headers[0]["authorization"] == "Bearer test-key"


def test_below_zero_no_temperature_is_sent(bench, endpoint, inputs):
    bench.gateway(temperature=-1.0).review(inputs)
    assert "temperature" not in endpoint.requests[0]


def test_without_a_key_a_local_server_is_asked_without_one_of_ours(bench, endpoint, inputs, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "meant-for-somebody-else")
    bench.gateway(api_key="").review(inputs)
    assert endpoint.headers[0]["authorization"] == "Bearer none"


def test_a_hosted_model_without_a_key_says_what_to_set(bench, inputs):
    with pytest.raises(ModelRefused, match="SEAWALL_LLM__API_KEY"):
        bench.gateway(api_key="", base_url="").review(inputs)


def test_an_endpoint_without_schemas_is_asked_by_function_and_remembered(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(400, "response_format is not supported"), endpoint.answers([]))
    gateway = bench.gateway()
    gateway.review(inputs)
    gateway.review(inputs)
    assert ["response_format" in request for request in endpoint.requests] == [True, False, False]
    assert all(request["tool_choice"]["function"]["name"] == "findings" for request in endpoint.requests[1:])


def test_an_endpoint_without_schemas_and_functions_is_asked_in_words(bench, endpoint, inputs, finding):
    endpoint.plays(
        endpoint.fails(400, "unknown field response_format"),
        endpoint.fails(422, "unknown field tools"),
        endpoint.says("Here you are:\n```json\n" + json.dumps({"findings": [finding]}) + "\n```"),
    )
    answer = bench.gateway().review(inputs)
    assert len(answer.candidates) == 1
    assert answer.attempts == 3
    assert "must fit this schema" in endpoint.requests[-1]["messages"][1]["content"]


def test_a_model_that_takes_no_temperature_keeps_its_schema(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(400, "Unsupported value: 'temperature' does not support 0"), endpoint.answers([]))
    bench.gateway().review(inputs)
    assert "temperature" not in endpoint.requests[1]
    assert "response_format" in endpoint.requests[1]


def test_a_refused_form_is_not_looked_for_again_once_one_has_worked(bench, endpoint, inputs):
    endpoint.plays(endpoint.answers([]), endpoint.fails(400, "this prompt is against our policy"))
    gateway = bench.gateway()
    gateway.review(inputs)
    with pytest.raises(ModelRefused, match="against our policy"):
        gateway.review(inputs)
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    "garbage",
    ["I think the code is fine!", '{"findings": ' + "9" * 5000 + "}", "[" * 100_000],
    ids=lambda text: text[:15],
)
def test_garbage_is_asked_for_once_more(bench, endpoint, inputs, garbage):
    endpoint.plays(endpoint.says(garbage), endpoint.answers([]))
    answer = bench.gateway().review(inputs)
    assert answer.attempts == 2
    assert answer.use.input_tokens == 200
    assert "could not be read" in endpoint.requests[1]["messages"][1]["content"]


def test_garbage_twice_is_no_answer_and_never_a_clean_one(bench, endpoint, inputs):
    endpoint.plays(endpoint.says("nothing to see here"))
    with pytest.raises(ModelUnavailable, match="not the JSON asked for"):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 2
    assert [(call.outcome, call.use.output_tokens) for call in bench.calls] == [("malformed", 40)]


def test_a_bad_item_is_counted_and_takes_no_good_one_with_it(bench, endpoint, inputs, finding):
    endpoint.plays(endpoint.answers([finding, {"title": "no quote"}, "text", finding | {"severity": "apocalyptic"}]))
    answer = bench.gateway().review(inputs)
    assert len(answer.candidates) == 1
    assert answer.malformed == 3


def test_of_a_cut_answer_the_whole_items_are_kept(bench, endpoint, inputs, finding):
    whole = json.dumps({"findings": [finding, finding]})
    endpoint.plays(endpoint.says(whole[: len(whole) - 40], finish="length"))
    answer = bench.gateway().review(inputs)
    assert len(answer.candidates) == 1
    assert answer.malformed == 1
    assert answer.use.output_tokens == 20


def test_an_answer_cut_before_it_began_says_what_to_raise(bench, endpoint, inputs):
    endpoint.plays(endpoint.says("", finish="length"))
    with pytest.raises(ModelRefused, match="max_output_tokens"):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 1


def test_a_model_that_declines_is_not_asked_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.refuses("I cannot help with that"))
    with pytest.raises(ModelRefused, match="declined"):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 1


def test_a_web_page_instead_of_an_answer_points_at_the_address(bench, endpoint, inputs):
    endpoint.plays(endpoint.sends("<html>please log in</html>"))
    with pytest.raises(ModelUnavailable, match="base_url"):
        bench.gateway(attempts=1).review(inputs)


@pytest.mark.parametrize(
    ("status", "message", "advice"),
    [
        (401, "bad key", "SEAWALL_LLM__API_KEY"),
        (403, "not yours", "SEAWALL_LLM__API_KEY"),
        (404, "no such model", "SEAWALL_LLM__MODEL"),
        (400, "This model's maximum context length is 4096 tokens", "max_input_tokens"),
        (413, "too large", "max_input_tokens"),
    ],
)
def test_what_asking_again_cannot_mend_is_refused_at_once_with_advice(bench, endpoint, inputs, status, message, advice):
    endpoint.plays(endpoint.fails(status, message))
    with pytest.raises(ModelRefused, match=advice):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 1
    assert bench.calls[0].outcome == "refused"


def test_every_call_is_recorded_with_what_it_came_to(bench, inputs):
    gateway = bench.gateway(input_usd_per_million=2.0, output_usd_per_million=10.0)
    gateway.review(inputs)
    (call,) = bench.calls
    assert (call.model, call.prompt, call.outcome, call.attempts) == ("openai:scripted", "short", "answered", 1)
    assert call.prompt_version == gateway.prompt_versions()["short"]
    assert call.cost_usd == pytest.approx((100 * 2.0 + 20 * 10.0) / 1e6)
    assert call.at.endswith("+00:00")


def test_an_unknown_price_is_unknown_and_not_nothing(bench, inputs):
    assert bench.gateway().review(inputs).cost_usd is None
    assert bench.calls[0].cost_usd is None
