"""Promises that nobody waits for, where that is mostly meant: shown by a scan, said in no review."""

import pytest

from bot.rules import FilePair, ScanOptions, scan_pair
from bot.rules.weighing import SHOWN_ONLY

pytestmark = pytest.mark.usefixtures("heard")

RULE = "fire-and-forget/floating-promise-or-task"


def confidences(body: str, function: str = "async function") -> list[float]:
    code = f"export {function} start(worker) {{\n{body}\n}}\n" if function else f"{body}\n"
    scan = scan_pair(FilePair("shop/stock.ts", None, None, code.encode()), ScanOptions(whole=True))
    return [one.confidence for one in scan.findings if one.rule == RULE]


@pytest.mark.parametrize(
    "body",
    [
        "load().catch(log).then(() => { show(); });",
        "setTimeout(50).then(() => { show(); });",
        "worker.promise.finally(() => { show(); });",
        "const done = deferred();\ndone.finally(() => { show(); });",
    ],
)
def test_what_cannot_fail_or_is_told_elsewhere_is_shown_only(body):
    assert confidences(body) == [SHOWN_ONLY]


@pytest.mark.parametrize(
    "body",
    [
        "load().then(() => { show(); });",
        "load().finally(() => { show(); });",
        "const done = load();\ndone.finally(() => { show(); });",
        "worker.result.finally(() => { show(); });",
    ],
)
def test_the_same_without_that_is_said(body):
    assert confidences(body) == [0.85]


def test_a_chain_at_the_top_of_a_file_ends_its_program_where_it_fails():
    assert confidences("load().then(() => { show(); });", function="") == [SHOWN_ONLY]


@pytest.mark.parametrize(
    "body",
    [
        "load().then(() => { show(); });",
        "try { ready(); } catch (error) { load().then(() => { show(); }); }",
        "try { load().then(() => { show(); }); } finally { show(); }",
        "try { return () => { load().then(() => { show(); }); }; } catch (error) { log(error); }",
    ],
)
def test_who_cannot_wait_leaves_it_on_purpose(body):
    assert confidences(body, "function") == [SHOWN_ONLY]


def test_who_looks_for_its_failure_is_told_that_it_is_not_found_there():
    assert confidences("try { load().then(() => { show(); }); } catch (error) { log(error); }", "function") == [0.85]


def test_a_handler_that_does_nothing_is_one_all_the_same() -> None:
    code = (
        b"class Stock {\n  async unlock() { await db.put(); }\n  async close() {\n"
        b"    this.locks.get(id)?.unlock()\n      .catch(() => {})\n      .finally(() => { done(); });\n  }\n}\n"
    )
    found = scan_pair(FilePair("src/a.ts", None, None, code), ScanOptions()).findings
    assert [one.rule for one in found] == ["swallowed-error/empty-catch"]
