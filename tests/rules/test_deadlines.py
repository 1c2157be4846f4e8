"""Which calls something around them cuts off in time."""

import pytest

from bot.rules.deadlines import is_under_deadline
from bot.syntax import parse

P_TIMEOUT = "import pTimeout from 'p-timeout';\n"
IN_TIME = "{ milliseconds: 3000 }"


def cut_off(path: str, code: str, name: str, is_awaited: bool = False) -> bool:
    file = parse(path, code.encode())
    assert file is not None
    (call,) = [one for one in file.calls if one.method == name]
    return is_under_deadline(call, is_awaited)


@pytest.mark.parametrize(
    ("code", "is_cut_off"),
    [
        ("import anyio\nasync def f():\n    with anyio.fail_after(3):\n        await ask()", True),
        ("import anyio\nasync def f():\n    with anyio.fail_after(None):\n        await ask()", False),
        ("import anyio\nasync def f():\n    with anyio.CancelScope():\n        await ask()", False),
        ("import asyncio\nasync def f():\n    await asyncio.wait_for(ask(), 3)", True),
        ("import asyncio\nasync def f():\n    await asyncio.wait_for(ask(), timeout=None)", False),
        ("import asyncio\nasync def f():\n    await asyncio.gather(ask(), 3)", False),
        (
            "import asyncio\nasync def f():\n    t = asyncio.timeout(3)\n    async with t:\n        await ask()",
            True,
        ),
        ("import asyncio\nasync def f():\n    await asyncio.wait_for(g(), 3)\nasync def g():\n    await ask()", True),
        ("import asyncio\nasync def f():\n    await g()\nasync def g():\n    await ask()", False),
    ],
)
def test_scopes_of_async_code_cut_off_what_is_awaited(code: str, is_cut_off: bool) -> None:
    assert cut_off("a.py", code, "ask", is_awaited=True) is is_cut_off
    assert not cut_off("a.py", code, "ask", is_awaited=False)


@pytest.mark.parametrize(
    ("code", "is_cut_off"),
    [
        ("from timeout_decorator import timeout\n@timeout(5)\ndef f():\n    ask()", True),
        ("from timeout_decorator import timeout\n@cached(5)\n@timeout(5)\ndef f():\n    ask()", True),
        ("@cached(5)\ndef f():\n    ask()", False),
        ("from func_timeout import func_timeout\ndef f():\n    ask()\n\nfunc_timeout(5, f)", True),
        ("from func_timeout import func_timeout\ndef f():\n    ask()\n\nfunc_timeout(5, f)\nf()", False),
        ("from func_timeout import func_timeout\ndef f():\n    ask()\n\nmap(f, urls)", False),
        ("from .limits import time_limit\n@time_limit(5)\ndef f():\n    ask()", True),
        ("from .limits import time_limit\ndef f():\n    with time_limit(5):\n        ask()", True),
        ("import asyncio\nasync def f():\n    async with asyncio.timeout_at(5):\n        ask()", False),
        ("def f():\n    ask()", False),
        ("ask()", False),
    ],
)
def test_a_decorator_or_a_taker_cuts_off_what_blocks(code: str, is_cut_off: bool) -> None:
    assert cut_off("a.py", code, "ask") is is_cut_off


@pytest.mark.parametrize(
    ("code", "is_cut_off"),
    [
        (f"{P_TIMEOUT}pTimeout(ask(), {IN_TIME});", True),
        (f"{P_TIMEOUT}pTimeout(ask().then(read), {IN_TIME});", True),
        (f"{P_TIMEOUT}pTimeout(() => ask(), {IN_TIME});", True),
        (f"{P_TIMEOUT}ask(pTimeout(other(), {IN_TIME}));", False),
        ("import { timeout } from 'cockatiel';\nconst p = timeout(300, 'aggressive');\np.execute(() => ask());", True),
        ("policy.execute(() => ask());", False),
        ("withTimeout(ask(), 3000);", True),
        ("setTimeout(() => ask(), 3000);", False),
        ("Promise.race([ask(), timeout(3000)]);", True),
        ("Promise.race([ask(), other()]);", False),
        ("Promise.all([ask(), timeout(3000)]);", False),
    ],
)
def test_promises_are_cut_off_by_what_they_are_handed_to(code: str, is_cut_off: bool) -> None:
    assert cut_off("a.js", code, "ask") is is_cut_off


@pytest.mark.parametrize(
    ("annotation", "where", "is_cut_off"),
    [("@TimeLimiter(name = 1)", "method", True), ("@TimeLimiter", "class", True), ("@Cached", "method", False)],
)
def test_annotations_cut_off_what_a_method_does(annotation: str, where: str, is_cut_off: bool) -> None:
    code = "import io.github.resilience4j.timelimiter.annotation.TimeLimiter;\n"
    code += f"{annotation if where == 'class' else ''} class A {{ {annotation if where == 'method' else ''} "
    assert cut_off("A.java", code + "Object f() { return ask(); } }", "ask") is is_cut_off


@pytest.mark.parametrize(
    "taken", ["pTimeout($load, { milliseconds: 3000 })", "pTimeout($loaded, { milliseconds: 3000 })"]
)
def test_what_is_handed_on_is_known_by_its_whole_name(taken: str) -> None:
    code = f"{P_TIMEOUT}const $load = async () => {{ await ask(); }};\n{taken};"
    assert cut_off("a.js", code, "ask", is_awaited=True) is ("$load," in taken)
