"""An evaluation as JSON, for figures of one's own."""

import json

from bot.evals.report import Report


def render(report: Report) -> str:
    return json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
