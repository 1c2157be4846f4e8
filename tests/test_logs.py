"""A line says what happened, to which delivery, and never a secret."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import bound, logger, set_up_logs
from bot.settings.service import Log

TOKEN = "ghp_" + "a1B2c3D4e5" * 4


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_what_is_bound() -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="info", format="auto"), stream)
    with bound(delivery="guid-1"), bound(review="71#12"):
        logger("bot.review").info("review finished", findings=2)
    logger("bot.review").info("alone")
    first, second = lines(stream)
    assert (first["event"], first["findings"], first["level"]) == ("review finished", 2, "info")
    assert (first["delivery"], first["review"], first["logger"]) == ("guid-1", "71#12", "bot.review")
    assert first["timestamp"].endswith("Z")
    assert "delivery" not in second


def test_libraries_write_the_same_lines() -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="info", format="json"), stream)
    with bound(delivery="guid-1"):
        logging.getLogger("some.library").warning("retrying %s of %s", 2, 3)
        logging.getLogger("urllib3.connectionpool").info("a connection was made")
    (only,) = lines(stream)
    assert (only["event"], only["level"], only["delivery"]) == ("retrying 2 of 3", "warning", "guid-1")


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_is_written_wherever_it_stands(form: str) -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="debug", format=form), stream)
    log = logger("bot")
    log.info(
        f"token {TOKEN}", token=TOKEN, nested={"a": [TOKEN, (TOKEN,)]}, fault=ValueError(TOKEN), raw=TOKEN.encode()
    )
    try:
        raise RuntimeError(f"refused {TOKEN}")
    except RuntimeError:
        log.exception("it failed")
        logging.getLogger("library").exception("it failed with %s", TOKEN)
    logging.getLogger("library").warning("extra", extra={"authorization": TOKEN})
    written = stream.getvalue()
    assert TOKEN not in written
    assert written.count("[secret masked]") >= 8
    assert "RuntimeError" in written


def test_milder_lines_than_the_level_are_left_out() -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="warning", format="json"), stream)
    logger("bot").info("small talk")
    logging.getLogger("library").info("small talk")
    logger("bot").error("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"]


def test_setting_up_twice_writes_each_line_once() -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="info", format="json"), stream)
    set_up_logs(Log(level="info", format="json"), stream)
    logger("bot").info("once")
    assert len(lines(stream)) == 1


def test_a_value_json_does_not_know_is_written_as_its_text() -> None:
    stream = io.StringIO()
    set_up_logs(Log(level="info", format="json"), stream)
    logger("bot").info("odd", value=object)
    assert "object" in lines(stream)[0]["value"]
