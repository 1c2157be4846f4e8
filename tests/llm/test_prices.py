"""Prices are data with a source and a date."""

import tomllib
from datetime import date

import pytest

from bot.domain import ModelUse
from bot.llm.prices import price_of
from bot.settings import load_settings, resource_text


def settings(**llm):
    return load_settings({}, llm=llm).llm


def test_every_price_list_says_where_it_is_from_and_when():
    for provider in tomllib.loads(resource_text("config/models.toml")).values():
        assert provider["source"].startswith("https://")
        date.fromisoformat(provider["as_of"])
        for price in provider["models"].values():
            assert price.keys() == {"input", "cached", "output"}
            assert 0 < price["cached"] < price["input"] < price["output"]


@pytest.mark.parametrize("name", ["openai:gpt-5-mini", "openai:gpt-5-mini-2025-08-07"])
def test_a_listed_model_and_its_dated_versions_have_a_price(name):
    price = price_of(name, settings(model=name))
    use = ModelUse(input_tokens=1_000_000, output_tokens=1_000_000, cached_tokens=400_000)
    assert price.of(use) == pytest.approx(0.6 * 0.25 + 0.4 * 0.025 + 2.0)


def test_a_model_nobody_listed_has_none():
    assert price_of("openai:gpt-99", settings(model="openai:gpt-99")) is None


def test_the_same_name_elsewhere_is_another_model():
    given = settings(model="openai:gpt-5-mini", base_url="http://127.0.0.1:1/v1")
    assert price_of("openai:gpt-5-mini", given) is None


def test_settings_name_the_price_of_their_model_only():
    given = settings(model="openai:mine", input_usd_per_million=3.0, output_usd_per_million=9.0)
    assert price_of("openai:mine", given).of(ModelUse(input_tokens=1_000_000)) == 3.0
    assert price_of("openai:other", given) is None
