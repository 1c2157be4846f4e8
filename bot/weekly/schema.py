"""The schema of a week's facts as JSON, made from the records. `python -m bot.weekly.schema` prints it."""

import json
from typing import Any

from bot.review.formats.schema import schema_of
from bot.weekly.facts import Facts

SCHEMA_FILE = "config/schema/weekly.schema.json"


def weekly_schema() -> dict[str, Any]:
    return schema_of(Facts, "Seawall week")


def schema_text() -> str:
    return json.dumps(weekly_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
