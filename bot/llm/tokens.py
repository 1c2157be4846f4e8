"""How many tokens a text has, near enough to budget by. Exact counts come with each answer."""

import math

BYTES_PER_TOKEN = 3.5
"""Code in the encodings of today's models has 3.4 to 4.3 bytes a token; the low end keeps us under a model's limit."""


def estimate_tokens(text: str) -> int:
    """Estimated without any encoding table: those are fetched from the network, and differ by model."""
    return math.ceil(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN)
