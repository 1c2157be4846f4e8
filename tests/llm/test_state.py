"""How the gateway is, for whoever watches it."""

from prometheus_client import REGISTRY

from bot import metrics


def shown(name, **labels):
    return REGISTRY.get_sample_value(name, labels)


def test_buckets_retries_and_caps_are_shown_and_nobody_is_asked(bench, endpoint, inputs):
    priced = {"input_usd_per_million": 1000.0, "output_usd_per_million": 1000.0, "max_output_tokens": 100}
    gateway = bench.gateway(tokens_per_minute=1000, daily_cap_usd=5.0, review_cap_usd=0.5, **priced)
    metrics.watch_models(lambda: gateway.state)
    assert shown("seawall_model_room", bucket="requests") == 1.0
    assert shown("seawall_model_room", bucket="tokens openai:scripted") == 1.0
    assert shown("seawall_model_cap_usd", cap="day") == 5.0
    assert shown("seawall_model_cap_usd", cap="review") == 0.5
    assert endpoint.requests == []
    gateway.review(inputs)
    gateway.review(inputs | {"title": "another"})
    assert shown("seawall_model_room", bucket="requests") < 1.0
    assert shown("seawall_model_room", bucket="tokens openai:scripted") < 0.9
    assert 0.12 <= shown("seawall_model_spent_today_usd") < 0.3
    assert shown("seawall_model_retries_left") == 3.0
    assert shown("seawall_model_capped", cap="day") == 0.0
