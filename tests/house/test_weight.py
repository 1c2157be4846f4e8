"""What each process loads: memory is spent on import, so what a process does not need must not come in unseen."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIPELINE = {
    "github",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "openai",
    "tree_sitter",
    "unidiff",
    "sqlite_utils",
}
SERVER = {"dbos", "flask", "gunicorn", "sqlalchemy"}
TERMINAL = {"rich", "pygments"}


def _loaded_by(program: str) -> set[str]:
    show = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\n{show}"], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("program", "forbidden"),
    [
        ("import bot.cli", PIPELINE | SERVER | TERMINAL | {"pydantic", "structlog"}),
        ("import bot.cli.service", PIPELINE | SERVER | TERMINAL),
        ("from bot.cli.service import _SHARED\nfor name in _SHARED: __import__(name)", PIPELINE | TERMINAL),
        ("import bot.syntax.guarded", SERVER | TERMINAL | {"pydantic", "asyncio", "requests"}),
        ("import bot.rules.scan, bot.review.scopes", SERVER | TERMINAL | {"pydantic_settings", "asyncio", "github"}),
    ],
    ids=["the command", "serve, web and worker", "what serve forks", "a guarded process", "the guarded tasks"],
)
def test_it_loads_no_more_than_it_needs(program: str, forbidden: set[str]) -> None:
    assert _loaded_by(program) & forbidden == set()


def test_what_serve_forks_has_no_thread_of_its_own() -> None:
    program = "from bot.cli.service import _SHARED\nfor name in _SHARED: __import__(name)\n"
    program += "import threading; assert threading.active_count() == 1, threading.enumerate()"
    assert "dbos" in _loaded_by(program)
