"""What tokens cost. Prices are data (config/models.toml) and settings override them."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from bot.domain import ModelUse
from bot.settings import resource_text
from bot.settings.service import Llm

_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    cached: float
    output: float

    def of(self, use: ModelUse) -> float:
        fresh = max(0, use.input_tokens - use.cached_tokens)
        total = fresh * self.input + use.cached_tokens * self.cached + use.output_tokens * self.output
        return total / 1_000_000


def price_of(model: str, settings: Llm) -> Price | None:
    """The price of `provider:name`, or None where nobody told it. Settings name the price of `llm.model` only."""
    if model == settings.model and (settings.input_usd_per_million or settings.output_usd_per_million):
        fresh = settings.input_usd_per_million
        return Price(input=fresh, cached=fresh, output=settings.output_usd_per_million)
    if settings.base_url and "api.openai.com" not in settings.base_url:
        return None
    provider, _, name = model.partition(":")
    known: dict[str, Any] = tomllib.loads(resource_text("config/models.toml")).get(provider, {}).get("models", {})
    listed = known.get(name) or known.get(_DATED.sub("", name))
    return Price(**listed) if listed else None
