"""A task in a process of its own that ends with it."""

import os
from pathlib import Path

import pytest

from bot.engine.passing import in_passing
from bot.errors import EngineUnavailable, SeawallError


def test_what_it_does_is_done_and_what_it_touches_is_not_ours(tmp_path: Path) -> None:
    touched: list[int] = []

    def task() -> None:
        touched.append(os.getpid())
        (tmp_path / "done").write_text(str(os.getpid()))

    in_passing(task)
    assert int((tmp_path / "done").read_text()) != os.getpid()
    assert touched == []


def test_its_error_is_raised_here_whole() -> None:
    def task() -> None:
        raise EngineUnavailable("the disk is full", 7.0)

    with pytest.raises(EngineUnavailable, match="the disk is full"):
        in_passing(task)


def test_a_task_that_dies_is_told_by_its_exit_code() -> None:
    with pytest.raises(SeawallError, match="exit code 7"):
        in_passing(lambda: os._exit(7))


def test_an_error_nobody_foresaw_ends_it_and_is_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    def task() -> None:
        raise ZeroDivisionError("what a number")

    with pytest.raises(SeawallError, match="exit code 1"):
        in_passing(task)
    assert "what a number" in capfd.readouterr().err
