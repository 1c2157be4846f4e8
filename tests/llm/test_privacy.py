"""The code under review goes to the configured endpoint and nowhere else; the room is light until it is used."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

HEAVY = ("langchain", "langchain_core", "langchain_openai", "langsmith", "openai", "httpx2")


@pytest.fixture
def collector():
    """Stands in for a tracing service, and keeps the paths it is asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append(self.path)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PATCH = do_POST

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


ASK = """
import json, sys
from bot.llm import Gateway, MemoryAccount, load_prompt
from bot.settings import load_settings
from datetime import UTC, datetime
settings = load_settings({}, llm={"model": "openai:scripted", "base_url": sys.argv[1], "api_key": "k"}).llm
gateway = Gateway(settings, MemoryAccount(lambda: datetime.now(UTC)))
gateway.review(dict.fromkeys(load_prompt("review").inputs, "x"))
"""
WITHOUT_OUR_GUARD = """
import sys
from langchain.chat_models import init_chat_model
init_chat_model("scripted", model_provider="openai", base_url=sys.argv[1], api_key="k").invoke("x")
"""
FLUSH = "\nfrom langchain_core.tracers.langchain import wait_for_all_tracers\nwait_for_all_tracers()\n"


def ask(script, endpoint, tracing):
    """In a process of its own: these variables are read once."""
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "ls-test",
        "LANGSMITH_ENDPOINT": tracing,
        "OPENAI_BASE_URL": tracing,
    }
    command = [sys.executable, "-c", script + FLUSH, endpoint.url]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_phones_home_even_with_tracing_switched_on(endpoint, collector):
    tracing, asked = collector
    ask(ASK, endpoint, tracing)
    assert asked == []
    assert len(endpoint.requests) == 1


def test_the_collector_would_have_noticed(endpoint, collector):
    tracing, asked = collector
    ask(WITHOUT_OUR_GUARD, endpoint, tracing)
    assert asked


def test_importing_the_room_and_opening_a_gateway_loads_no_model_library():
    script = (
        "import json, sys\nfrom bot.llm import Gateway, MemoryAccount\nfrom bot.settings import load_settings\n"
        "from datetime import UTC, datetime\naccount = MemoryAccount(lambda: datetime.now(UTC))\n"
        'local = {"model": "openai:x", "base_url": "http://127.0.0.1:9/v1"}\n'
        "on = Gateway(load_settings({}, llm=local).llm, account)\n"
        "print(json.dumps([on.name, sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    name, modules = json.loads(done.stdout)
    assert name == "openai:x"
    assert not set(HEAVY) & set(modules)


def test_a_proxy_of_the_environment_is_used(bench, endpoint, inputs, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", endpoint.url.removesuffix("/v1"))
    bench.gateway(base_url="http://model.invalid/v1").review(inputs)
    assert endpoint.headers[0]["host"] == "model.invalid"
