"""Lines of the log for a process that is too small for the libraries of bot.logs. They look the same.

The standard library alone.
"""

import json
import sys
import time
from collections.abc import Mapping

_LEVELS = ("debug", "info", "warning", "error")


class PlainLog:
    """To standard error; `level` and `format_` as in the settings."""

    def __init__(self, name: str, level: str, format_: str) -> None:
        self._name = name
        self._least = _LEVELS.index(level)
        self._is_json = format_ == "json" or (format_ == "auto" and not sys.stderr.isatty())

    def info(self, event: str, **values: object) -> None:
        self._say("info", event, values)

    def warning(self, event: str, **values: object) -> None:
        self._say("warning", event, values)

    def error(self, event: str, **values: object) -> None:
        self._say("error", event, values)

    def _say(self, level: str, event: str, values: Mapping[str, object]) -> None:
        if _LEVELS.index(level) < self._least:
            return
        known = {name: _masked(value) for name, value in values.items()}
        at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now := time.time()))}.{int(now % 1 * 1e6):06}Z"
        if self._is_json:
            end = {"event": _masked(event), "logger": self._name, "level": level, "timestamp": at}
            line = json.dumps(known | end, ensure_ascii=False)
        else:
            named = " ".join(f"{name}={value!r}" for name, value in sorted(known.items()))
            line = f"{at} [{level:<9}] {_masked(event):<30} [{self._name}] {named}".rstrip()
        print(line, file=sys.stderr, flush=True)


def _masked(value: object) -> object:
    """Loaded when there is a text to be masked: mostly there is none."""
    if not isinstance(value, str):
        return value
    from bot.redaction import masked

    return masked(value)
