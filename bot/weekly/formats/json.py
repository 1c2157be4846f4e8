"""A week as JSON, as `config/schema/weekly.schema.json` describes it: the facts, and the sentences told before them."""

import json

from bot.weekly.summary import Summary


def as_json(summary: Summary) -> str:
    sentences = {"opening": summary.sentences.text, "opening_origin": summary.origin}
    facts = summary.facts.model_copy(update=sentences)
    return json.dumps(facts.to_json(), indent=2, ensure_ascii=False) + "\n"
