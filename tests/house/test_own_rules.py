"""Seawall practises what it preaches: its own rules find nothing in its own code."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_our_own_rules_find_nothing_in_our_code() -> None:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "scan", "bot", "webhooks", "--format", "json"]
    # Some of them are left to our own ruff otherwise.
    environment = os.environ | {"SEAWALL_POLICY__LINTERS": "ignore"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110)
    assert run.returncode == 0, run.stderr
    review = json.loads(run.stdout)
    found = [f"{one['path']}:{one['start_line']} {one['rule']}" for one in review["findings"]]
    assert found == []
    assert len(review["receipt"]["files"]["reviewed"]) > 150
    unread = [file for file in review["receipt"]["files"]["skipped"] if not file["expected"]]
    assert unread == []
