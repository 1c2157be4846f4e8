"""One place in the code gives one finding of a review, however many rules have something to say of it."""

import pytest

from bot.rules import FilePair, ScanOptions, scan_pair

pytestmark = pytest.mark.usefixtures("heard")

ENOUGH = 0.5
"""Confidence that a review posts by default."""

UNENDING = {
    "feed.py": "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
    "        except Exception:\n            pass",
    "bare.py": "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
    "        except:\n            pass",
    "Two.cs": "class A { async Task Run(TcpListener l) {\n  while (true) {\n"
    "    try { var c = await l.AcceptTcpClientAsync(); Talk(c); }\n    catch (SocketException) { }\n"
    "    catch (Exception) { }\n  }\n} }",
    "feed.go": "package feed\n\nfunc serve(l net.Listener) {\n\tfor {\n\t\tconn, err := l.Accept()\n"
    "\t\tif err != nil {\n\t\t}\n\t\tgo talk(conn)\n\t}\n}",
    "Feed.java": "class A { void run() {\n  while (!Thread.currentThread().isInterrupted()) {\n"
    "    try { poll(); Thread.sleep(1000); }\n    catch (Throwable e) { }\n  }\n} }",
    "Feed.cs": "class A { async Task Run(CancellationToken stop) {\n  while (true) {\n"
    "    try { await Poll(); await Task.Delay(1000, stop); }\n    catch (Exception) { }\n  }\n} }",
}
EMPTY = {
    "save.py": "async def save(order):\n    try:\n        await send(order)\n    except Exception:\n        pass",
}
SHOWN = {
    "turn.js": "async function turn() {\n  while (true) {\n    try { await sync(); } catch (e) {}\n  }\n}",
    "Save.kt": "import kotlinx.coroutines.*\n\nsuspend fun save() {\n    try {\n        delay(500)\n"
    "    } catch (e: Exception) {\n    }\n}",
    "Run.kt": "import kotlinx.coroutines.*\n\nsuspend fun save() {\n    runCatching { delay(500) }\n}",
    "Sync.kt": "fun save() {\n    runCatching { sync(order) }\n}",
}
"""What is said of them a scan shows, and no review posts."""


def _posted(path: str, code: str) -> list[str]:
    found = scan_pair(FilePair(path, None, None, code.encode()), ScanOptions(whole=True)).findings
    return [finding.rule for finding in found if finding.confidence >= ENOUGH]


@pytest.mark.parametrize("path", UNENDING)
def test_of_an_empty_handler_in_a_loop_that_never_ends_the_loop_is_told(path: str) -> None:
    assert _posted(path, UNENDING[path]) == ["unbounded-retry/catches-everything"]


@pytest.mark.parametrize("path", EMPTY)
def test_of_an_empty_handler_alone_its_silence_is_told(path: str) -> None:
    assert _posted(path, EMPTY[path]) == ["swallowed-error/empty-catch"]


@pytest.mark.parametrize("path", SHOWN)
def test_what_is_mostly_meant_is_shown_and_not_posted(path: str) -> None:
    assert _posted(path, SHOWN[path]) == []
    assert scan_pair(FilePair(path, None, None, SHOWN[path].encode()), ScanOptions(whole=True)).findings


ASKS_FOR_EVER = (
    "import requests, time\n\ndef charge(url):\n    while True:\n        try:\n"
    "            return requests.post(url, timeout=3).json()\n        except requests.RequestException:\n            {}"
)


def test_an_endless_retry_that_hands_on_an_answer_and_never_pauses_is_told() -> None:
    assert _posted("pay.py", ASKS_FOR_EVER.format("continue")) == ["unbounded-retry/no-limit"]


def test_one_that_pauses_or_hands_on_nothing_is_shown() -> None:
    assert _posted("pay.py", ASKS_FOR_EVER.format("time.sleep(1)")) == []
    assert _posted("pay.py", ASKS_FOR_EVER.format("continue").replace(".json()", "").replace("return ", "")) == []
    ends = ASKS_FOR_EVER.format("continue").replace("return requests.post(url, timeout=3).json()", "{}")
    assert _posted("pay.py", ends.format("requests.post(url, timeout=3); return")) == []


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("async close() { await this.db.count(); this.save()%s; }", "fire-and-forget/floating-promise-or-task"),
        ("close() { this.db.end(); this.save()%s; }", "unhandled-async-error/handler-removed"),
    ],
)
def test_a_promise_that_lost_its_handler_is_one_point(function: str, told: str) -> None:
    before, after = (
        f"class Stock {{\n  async save() {{ await this.db.put(1); }}\n  {function % handler}\n}}\n".encode()
        for handler in (".catch(log)", "")
    )
    found = scan_pair(FilePair("stock.ts", "stock.ts", before, after), ScanOptions()).findings
    assert [(one.rule, one.confidence) for one in found] == [(told, 0.85)]
    assert "Before this change a handler took" in found[0].body
