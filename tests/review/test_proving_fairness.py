"""A right test is not refused for what cannot hurt, and what only looks like a deadline or an import is."""

from dataclasses import replace

import pytest

from bot.review.proving.writing import proved
from tests.review.repositories import PROVED, Repository, Writer


def judged(repository: Repository, test: str) -> str:
    """Why the test is refused; empty where it is taken."""
    found = proved(repository.desk(), repository.finding, Writer(test, test))
    return found.none.reason if found.none is not None else ""


STORE = """\
class Store:
    def __init__(self, connection):
        self.connection = connection

    def save(self, order):
        try:
            self.connection.execute("insert into orders values (?)", (order,))
        except Exception:
            pass
"""
SWALLOWED = Repository(
    {
        "app/orders.py": STORE,
        "tests/test_orders.py": "from app.orders import Store\n\n\ndef test_it():\n    assert Store\n",
    },
    "app/orders.py",
    "except Exception:",
    "swallowed-error",
    "empty-catch",
)
PLAIN = """\
from dataclasses import replace

import pytest

from app.orders import Store


class Refusing:
    def execute(self, *asked):
        raise OSError("disk full")


def test_a_refused_write_is_seen():
    with pytest.raises(OSError):
        Store(Refusing()).save(1)
"""


def test_what_cannot_hang_needs_no_deadline() -> None:
    assert judged(SWALLOWED, PLAIN) == ""
    waiting = PLAIN.replace('raise OSError("disk full")', "ended.wait()").replace(
        "import pytest", "import threading\nimport pytest"
    )
    assert "no deadline of its own" in judged(SWALLOWED, waiting)


def test_a_promise_of_a_script_ends_with_its_test() -> None:
    code = "export async function save(db, order) {\n  try { await db.put(order); } catch {}\n}\n"
    used = 'import test from "node:test";\nimport { save } from "../src/orders.js";\ntest("save", () => save);\n'
    repository = Repository(
        {"src/orders.js": code, "test/orders.test.js": used},
        "src/orders.js",
        "catch {}",
        "swallowed-error",
        "empty-catch",
    )
    plain = """\
import assert from "node:assert/strict";
import test from "node:test";

import { save } from "../src/orders.js";

test("a refused write is seen", async () => {
  await assert.rejects(save({ put: async () => { throw new Error("full"); } }, 1));
});
"""
    assert judged(repository, plain) == ""
    assert "no deadline of its own" in judged(repository, plain.replace("new Error", "await once(server); new Error"))


@pytest.mark.parametrize(
    ("host", "is_taken"),
    [("bank.test", True), ("bank.invalid:8443", True), ("bank.example.com", False), ("bank.test.io", False)],
)
def test_a_name_that_nobody_can_own_stands_for_a_host(host: str, is_taken: bool) -> None:
    repository, test, _ = PROVED["pytest"]
    for told in (f'"http://{host}/pay"', f'"{host}"'):
        named = judged(repository, test.replace("    server.close()", f"    bank = {told}\n    server.close()"))
        assert (named == "") is is_taken, named


@pytest.mark.parametrize(
    "line",
    [
        "from concurrent.futures import ThreadPoolExecutor\n    with ThreadPoolExecutor() as pool: ...",
        "asyncio.to_thread(len)",
    ],
)
def test_threads_that_are_joined_without_a_limit_are_no_deadline(line: str) -> None:
    repository, test, _ = PROVED["pytest"]
    assert "waits for its threads without a limit" in judged(
        repository, test.replace("    server.close()", f"    {line}")
    )


SYNC = """\
import asyncio


async def run(stock):
    while True:
        try:
            await stock.levels()
        except asyncio.CancelledError:
            continue
"""
CANCELLED = Repository(
    {"stock/sync.py": SYNC, "tests/test_sync.py": "from stock import sync\n\n\ndef test_it():\n    assert sync\n"},
    "stock/sync.py",
    "except asyncio.CancelledError:",
    "ignored-cancellation",
    "cancellation-swallowed",
)
CANCELS = """\
import asyncio

from stock.sync import run


async def test_it_ends(stock):
    task = asyncio.create_task(run(stock))
    await asyncio.wait_for(stock.reached.wait(), 5)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    assert task in done
"""


def test_waiting_for_a_task_that_may_keep_its_cancellation_has_no_end() -> None:
    assert judged(CANCELLED, CANCELS) == ""
    ended = "asyncio.wait({task}, timeout=5)"
    assert "asyncio.wait" in judged(CANCELLED, CANCELS.replace(ended, "asyncio.wait_for(task, 5), 1"))
    assert "asyncio.wait" in judged(CANCELLED, CANCELS.replace(ended, "asyncio.wait_for(run(stock), 5), 1"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("from shop.nothing import charge, pay", "it imports `shop.nothing`, which is not in the repository"),
        ("from shop.pay import charge as pay", ""),
        ("from shop import charge as pay", ""),
        ("from .pay import pay", "it imports `.pay`, which is not in the repository"),
        ("from shop import cart\n\npay = cart", "it does not import shop/pay.py"),
    ],
)
def test_what_it_imports_of_the_repository_must_be_there(line: str, why: str) -> None:
    repository, test, _ = PROVED["pytest"]
    files = {**repository.files, "shop/cart.py": "total = 1\n"}
    said = judged(replace(repository, files=files), test.replace("from shop import pay", line))
    assert (said == "") if not why else (why in said), said


@pytest.mark.parametrize(
    ("spec", "is_right"),
    [
        ("./rates.js", True),
        ("./index", True),
        ("@/rates", True),
        ("./cart", False),
        ("@/cart", False),
    ],
)
def test_a_module_may_be_had_by_its_index_or_an_alias(spec: str, is_right: bool) -> None:
    repository, test, _ = PROVED["Vitest"]
    used = 'import { test } from "vitest";\nimport { total } from "@/cart";\ntest("cart", () => total());\n'
    files = {**repository.files, "src/index.ts": 'export * from "./rates";\n', "src/rates.alias.test.ts": used}
    said = judged(replace(repository, files=files), test.replace('"./rates"', f'"{spec}"'))
    assert (said == "") is is_right, said


def test_all_that_is_wrong_is_told_at_once_as_it_is_repaired_but_once() -> None:
    repository, test, _ = PROVED["pytest"]
    wrong = test.replace("    assert not caller.is_alive()\n", "").replace("timeout=5", "")
    writer = Writer(wrong, test)
    assert proved(repository.desk(), repository.finding, writer).proof is not None
    assert writer.shown[1]["refused"] == "Refused because it asserts nothing; it has no deadline of its own."
