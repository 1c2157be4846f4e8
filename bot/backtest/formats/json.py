"""JSON: the records of `bot.backtest.report`, every finding among them."""

import json

from bot.backtest.report import Backtest


def render(report: Backtest) -> str:
    return json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
