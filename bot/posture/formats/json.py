"""For programs: the record as it is."""

import json

from bot.domain.record import Record


def as_json(record: Record) -> str:
    return json.dumps(record.to_json(), indent=2, ensure_ascii=False) + "\n"
