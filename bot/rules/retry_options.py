"""What a library's retry is told: by keywords, by place, in an options object, or by builder methods."""

from collections.abc import Mapping

from bot.regex import regex
from bot.rules.api_rows import Retry
from bot.syntax import Call, text_of

_BY_TIME = regex(r"(?i)time|delay|deadline|signal")


def retry_options(row: Retry, call: Call) -> Mapping[str, str] | None:
    """Name → value, as written; of builder methods the values are left empty. None where it cannot be told."""
    if call.has_splat:
        return None
    given = {name: argument.text for name, argument in call.keywords.items()} | dict.fromkeys(call.chain, "")
    if row.options_at is not None and len(call.arguments) > row.options_at:
        entries = call.file.language.entries(call.arguments[row.options_at].node)
        if entries is not None and "*" not in entries:
            return given | {name: text_of(value) for name, value in entries.items()}
        if entries is not None or row.position != row.options_at:
            return None
    if row.position is not None and len(call.arguments) > row.position:
        given[next(iter(row.limit), "")] = call.arguments[row.position].text
    return given


def endless_option(row: Retry, given: Mapping[str, str]) -> str:
    """The option that takes the limit away, such as `forever: true`, where no limit of time is left; or empty."""
    off = [name for name, value in given.items() if f"{name}={value}" in row.endless]
    is_timed = any(name in given and name not in off and _BY_TIME.search(name) for name in row.limit)
    return f"{off[0]}: {given[off[0]]}" if off and not is_timed else ""
