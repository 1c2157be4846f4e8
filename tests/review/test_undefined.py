"""Proposed lines that use a name which the file neither defines nor imports are told from those that do not."""

import pytest

from bot.domain import Suggestion
from bot.review.undefined import unknown_names

PYTHON = "import time\n\n\ndef pay(order, key):\n    return post(order)\n"
SCRIPT = 'import { post } from "./http";\n\nexport function pay(order) {\n  return post(order);\n}\n'


def unknown(text: str, path: str = "a.py", code: str = PYTHON, line: int = 5) -> list[str]:
    return unknown_names((path, code.encode(), Suggestion(start_line=line, end_line=line, text=text)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("    return post(order, timeout=3)", []),
        ("    return post(order, deadline=time.monotonic() + 3)", []),
        ("    return post(order.total, key=str(key))", []),
        ("    response = post(order)\n    return response.json()", []),
        ("    return [post(item) for item in order]", []),
        ("    with post(order) as reply:\n        return reply", []),
        ("    return (lambda tried: post(tried))(order)", []),
        ("    if (reply := post(order)) is None:\n        raise ValueError\n    return reply", []),
        ("    return post(order)  # retry_all would be wrong", []),
        ("    return post(order, key='retry_all')", []),
        ("    return retry_all(order)", ["retry_all"]),
        ("    return post(order, timeout=asyncio.Timeout(3))", ["asyncio"]),
        ("    return post(order, key=key_for(order))", ["key_for"]),
    ],
)
def test_in_python(text: str, names: list[str]) -> None:
    assert unknown(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("  return post(order, { signal: AbortSignal.timeout(3000) });", []),
        ("  return post(order).catch((failed) => null);", []),
        ("  const reply = post(order);\n  return reply.body;", []),
        ("  return post(order).then(reply => reply.body);", []),
        ("  return pRetry(() => post(order));", ["pRetry"]),
    ],
)
@pytest.mark.parametrize("path", ["a.js", "a.ts"])
def test_in_javascript_and_typescript(text: str, names: list[str], path: str) -> None:
    assert unknown(text, path, SCRIPT, 4) == names


def test_where_a_name_may_come_from_another_file_nothing_is_said() -> None:
    code = "package pay\n\nfunc Pay(o Order) error {\n\treturn post(o)\n}\n"
    assert unknown("\treturn retryAll(o)", "a.go", code, 4) == []
