"""The web process loads none of what reviews code."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "tree_sitter",
    "langchain",
    "langchain_core",
    "openai",
    "github",
    "unidiff",
    "sqlite_utils",
    "slack_sdk",
    "bot.review",
)


def test_the_whole_edge_loads_no_parser_no_model_and_no_ledger(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from bot.settings import load_settings\n"
        "from webhooks.app import create_app\n"
        f"create_app(load_settings({{}}, None, data_dir={str(tmp_path)!r}))\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().splitlines()[-1:] in ([], [""]), ran.stdout
