"""Logs: one line an event, JSON for machines or text for people, secrets masked, libraries included."""

import contextlib
import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, TextIO

if "rich" not in sys.modules:  # structlog would load it, for tracebacks of a kind that we do not show
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog

    del sys.modules["rich"]
import structlog

from bot.redaction import masked
from bot.settings.service import Log

_QUIET = (
    "urllib3",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "dbos",
    "gunicorn.access",
    "github.Requester",
)
"""Libraries whose news is only worth a line when something is wrong."""

Event = MutableMapping[str, Any]


def set_up_logs(log: Log, stream: TextIO | None = None) -> None:
    """Routes our own events and those of every library to one stream (standard error). May be called again."""
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    shown = logging.StreamHandler(stream)
    shown.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log, stream)],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(shown)
    root.setLevel(log.level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger: `log.info("review finished", findings=2)`."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


@contextlib.contextmanager
def bound(**context: Any) -> Iterator[None]:
    """Within the block every line carries these values: `with bound(delivery=guid):`, `with bound(review=key):`."""
    with structlog.contextvars.bound_contextvars(**context):
        yield


def mask_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Masks secrets in every value of a line, parts of parts too."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {_masked(name): _masked(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(part) for part in value]
    if isinstance(value, (bytes, BaseException)):
        return masked(str(value))
    return value


def _renderer(log: Log, stream: TextIO) -> structlog.typing.Processor:
    if log.format == "json" or (log.format == "auto" and not stream.isatty()):
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: masked(repr(value)))
    return structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
