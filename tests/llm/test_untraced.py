"""langchain, loaded without the tracer that would send the code under review to a third party."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = """
import sys
from datetime import UTC, datetime
from bot.llm import Gateway, MemoryAccount, load_prompt
from bot.settings import load_settings
from tests.service.model import SmallModel

model = SmallModel()
llm = load_settings(environment={}, llm={"model": "openai:small", "base_url": model.url, "api_key": "x"}).llm
gateway = Gateway(llm, MemoryAccount(lambda: datetime.now(UTC)))
answer = gateway.review(dict.fromkeys(load_prompt("review").inputs, "x"))
assert answer.model == "openai:small"
assert len(model.finished) == 1
assert "langsmith.client" not in sys.modules, "the tracer itself was loaded"
model.close()
"""
NEWER = """
import sys
from bot.llm.untraced import loaded_untraced

def load():
    from langsmith import Client, evaluate
    return Client
assert loaded_untraced(load).__module__ == "langsmith.client"
"""


@pytest.mark.parametrize("program", [ASKED, NEWER], ids=["asked", "newer"])
def test_a_model_is_asked_without_a_tracer_and_one_that_is_needed_is_loaded(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert run.returncode == 0, run.stderr
