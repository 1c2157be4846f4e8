"""`seawall demo`, as `make demo` runs it: the whole story is told, it ends by itself, and a second run works."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.tour import REASON
from tests.service.model import SmallModel

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()", "demo"]
SCENES = (
    "✓ The delivery is verified, kept on disk and acknowledged",
    "✓ Review posted on #1, check concluded",
    "Seawall check · neutral",
    "payments/instalments.py:69",
    "+ timeout=10,",
    "✓ The command is read, permitted, carried out and answered",
    REASON,
    "The ledger's reviews",
    "POST /repos/{owner}/{repo}/pulls/{number}/reviews",
    "ledger.sqlite",
)


def told(data: Path, **settings: str) -> str:
    """What it says on 80 columns, with single blanks between words."""
    own = {"SEAWALL_DATA_DIR": str(data), "COLUMNS": "80"}
    run = subprocess.run(COMMAND, env=os.environ | own | settings, capture_output=True, text=True, timeout=240)
    assert (run.returncode, run.stderr) == (0, "")
    assert max(map(len, run.stdout.splitlines())) <= 80
    return " ".join(run.stdout.replace("│", " ").split())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_demonstration_tells_the_whole_story_also_where_a_service_is_configured(data: Path) -> None:
    settings = data.parent / "seawall.toml"
    settings.write_text('paused = true\n[policy]\nmode = "shadow"\n')
    for _ in range(2):
        text = told(data, SEAWALL_CONFIG=str(settings), SEAWALL_POLICY__MODE="gate", SEAWALL_LEDGER__WAIT_S="1")
        assert [scene for scene in SCENES if scene not in text] == []
        assert "rules-only" in text
        assert "OPENAI_API_KEY=… make demo" in text
    with sqlite3.connect(data / "demo/ledger.sqlite") as ledger:
        assert ledger.execute("SELECT count(*) FROM reviews").fetchone() == (1,)


def test_with_a_model_it_takes_part(data: Path) -> None:
    model = SmallModel()
    try:
        text = told(data, OPENAI_API_KEY="test", OPENAI_BASE_URL=model.url)
    finally:
        model.close()
    assert model.asked > 1
    assert "Coverage full" in text
    assert "but for what openai:gpt-5-mini is asked" in text
    assert "OPENAI_API_KEY=… make demo" not in text
