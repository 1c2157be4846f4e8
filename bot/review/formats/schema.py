"""The schema of the JSON output, made from the records. `python -m bot.review.formats.schema` prints it."""

import json
from typing import Any

from bot.domain import Record, Review

SCHEMA_FILE = "config/schema/review.schema.json"


def review_schema() -> dict[str, Any]:
    return schema_of(Review, "Seawall review")


def schema_of(outermost: type[Record], title: str) -> dict[str, Any]:
    """JSON Schema, draft 2020-12. Every key is always there, so every key is required."""
    schema = outermost.model_json_schema(mode="serialization", by_alias=True)
    for record in (schema, *schema["$defs"].values()):
        if "properties" in record:
            record["required"] = list(record["properties"])
        for name, value in record.get("properties", {}).items():
            record["properties"][name] = _without_noise(value)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def schema_text() -> str:
    return json.dumps(review_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_noise(value: dict[str, Any]) -> dict[str, Any]:
    """A title that repeats the key, and a default that output never leaves to the reader."""
    return {key: item for key, item in value.items() if key not in ("title", "default")}


if __name__ == "__main__":
    print(schema_text(), end="")
