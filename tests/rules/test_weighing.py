"""What a finding weighs, by its rule and its place."""

import pytest

from bot.domain import Severity
from bot.errors import NotFound
from bot.rules import FilePair, ScanOptions, explain, scan_pair

CODE = b"import requests\n\ndef pay(url):\n    return requests.post(url)\n"


def severity(path: str, code: bytes = CODE) -> Severity:
    return scan_pair(FilePair(path, None, None, code), ScanOptions()).findings[0].severity


@pytest.mark.parametrize("path", ["service/pay.py", "app/binary/pay.py", "src/toolsmith/pay.py", "worker/pay.py"])
def test_on_a_requests_path_and_in_a_worker_a_finding_weighs_what_its_rule_says(path: str) -> None:
    assert severity(path) is Severity.HIGH


@pytest.mark.parametrize("path", ["scripts/pay.py", "ops/tools/pay.py", "bin/pay.py", "hack/pay.py", "noxfile.py"])
def test_in_a_script_it_is_one_step_milder(path: str) -> None:
    assert severity(path) is Severity.MEDIUM


def test_a_first_line_that_says_how_it_is_run_makes_a_script() -> None:
    assert severity("service/pay.py", b"#!/usr/bin/env python\n" + CODE) is Severity.MEDIUM


@pytest.mark.parametrize(
    ("path", "is_an_example"),
    [
        ("examples/pay.py", True),
        ("shop-examples/src/pay.py", True),
        ("shop/benchmarks/pay.py", True),
        ("demo/pay.py", True),
        ("src/shop/demo/pay.py", False),
        ("src/main/sample/pay.py", False),
        ("bin/pay.py", False),
        ("docs/snippets/pay.py", True),
        ("src/shop/docs/pay.py", False),
        ("bin/release_manager.py", True),
        ("_examples/shop/pay.py", True),
        (".evergreen/pay.py", True),
        ("setup.py", True),
        ("merge-pr.py", True),
        ("packages/shop/build-docs.py", True),
        ("packages/shop/src/merge-carts.py", False),
        ("bin/seed-orders.py", True),
        ("doctests/pay.py", True),
        ("shop/src/main/java/examples/pay.py", True),
        ("shop/src/main/java/shop/examples/pay.py", False),
        ("shop/release_manager.py", False),
    ],
)
def test_in_an_example_no_finding_is_sure_enough_for_a_comment(path: str, is_an_example: bool) -> None:
    found = scan_pair(FilePair(path, None, None, CODE), ScanOptions()).findings[0]
    assert (found.confidence < 0.5) == is_an_example


@pytest.mark.parametrize(
    ("path", "head", "is_drawn"),
    [
        ("web/orders.tsx", b"", True),
        ("web/orders.ts", b"import { useState } from 'react';\n", True),
        ("web/orders.ts", b"const vue = require('vue');\n", True),
        ("web/orders.ts", b"import { react } from './events';\n", False),
        ("server/page.tsx", b"import { renderToPipeableStream } from 'react-dom/server';\n", False),
        ("shop/static/js/orders.ts", b"", True),
        ("shop/static/orders.ts", b"", False),
        ("web/orders.ts", b"const list = document.getElementById('orders');\n", True),
        ("web/orders.ts", b"$(document).ready(load);\n", True),
        ("ui/src/message/store.ts", b"", True),
        ("frontend/src/render.ts", b"import http from 'node:http';\n", False),
        ("stores/orders.ts", b"import { action } from 'mobx';\n", True),
        ("web/again.ts", b"const isOff = navigator?.onLine === false;\n", True),
        ("web/worker.js", b"self.clients.openWindow('/');\n", True),
        ("ui-next/src/app/store.ts", b"", True),
        ("admin-web/main/src/store.ts", b"", True),
        ("dashboard/app/store.ts", b"", True),
        ("build/src/store.ts", b"", False),
        ("web-api/src/store.ts", b"", False),
        ("web/server/src/store.ts", b"", False),
        ("web/agent.ts", b"const agent = navigator.userAgent;\n", False),
        ("web/shots.ts", b"import p from 'puppeteer';\np.run(() => document.body.click());\n", False),
    ],
)
def test_in_a_browser_a_wait_is_no_matter_for_a_comment(path: str, head: bytes, is_drawn: bool) -> None:
    code = head + b"export function load(url: string) {\n  return fetch(url);\n}\n"
    found = scan_pair(FilePair(path, None, None, code), ScanOptions()).findings[0]
    assert (found.confidence < 0.5) == is_drawn


@pytest.mark.parametrize("word", ["severity", "confidence"])
def test_the_words_are_explained(word: str) -> None:
    page = explain(word)
    assert page.startswith(f"# {word.title()}: ")
    assert "[[paths]]" in page
    assert [one for one in Severity if f"| {one} |" not in explain("severity")] == []


def test_a_word_that_is_neither_is_no_rule() -> None:
    with pytest.raises(NotFound):
        explain("severty")


def test_a_rules_page_names_the_linters_it_makes_room_for() -> None:
    page = explain("mutable-default/mutable-default-arg")
    assert "`ruff B006`" in page
    assert 'linters = "ignore"' in page


@pytest.mark.parametrize(
    ("given", "is_sure"), [("w http.ResponseWriter, r *http.Request", True), ("r *http.Request", False)]
)
def test_who_is_given_the_request_alone_may_be_given_a_limited_one(given: str, is_sure: bool) -> None:
    code = f'package a\n\nimport (\n\t"io"\n\t"net/http"\n)\n\nfunc f({given}) {{\n\tio.ReadAll(r.Body)\n}}\n'
    found = scan_pair(FilePair("a/hook.go", None, None, code.encode()), ScanOptions()).findings
    (unlimited,) = [one for one in found if one.rule == "unbounded-read/upload-size-unlimited"]
    assert (unlimited.confidence >= 0.5) == is_sure


@pytest.mark.parametrize("path", ["scripts/pay.py", "ops/tools/pay.py"])
def test_a_wait_that_ends_with_the_tool_is_no_matter_for_a_comment(path: str) -> None:
    assert scan_pair(FilePair(path, None, None, CODE), ScanOptions()).findings[0].confidence < 0.5


def test_a_program_that_a_tool_cannot_start_is_none_either() -> None:
    code = (
        b'import { spawn } from "node:child_process";\nconst child = spawn(shell, options);\nchild.on("exit", stop);\n'
    )
    sure = {
        path: scan_pair(FilePair(path, None, None, code), ScanOptions()).findings
        for path in ("app/run.mjs", "scripts/run.mjs")
    }
    assert [[one.confidence >= 0.5 for one in found] for found in sure.values()] == [[True], [False]]


def test_what_outlives_the_tool_is() -> None:
    code = (
        b"import requests\n\ndef pay(o):\n    try:\n        requests.post(o, timeout=3)\n"
        b"    except Exception:\n        pass\n"
    )
    assert scan_pair(FilePair("scripts/pay.py", None, None, code), ScanOptions()).findings[0].confidence >= 0.5


@pytest.mark.parametrize(
    ("comment", "is_posted"),
    [("", True), ("# the outbox sends it again within a minute", False), ("# TODO tell somebody", True)],
)
def test_a_decision_that_says_why_is_no_comment(comment: str, is_posted: bool) -> None:
    reason = f"    {comment}\n" if comment else ""
    code = (
        "import requests\n\ndef pay(o):\n    try:\n        requests.post(o, timeout=3)\n"
        f"{reason}    except Exception:\n        pass\n"
    )
    (finding,) = scan_pair(FilePair("app/pay.py", None, None, code.encode()), ScanOptions()).findings
    assert finding.rule == "swallowed-error/empty-catch"
    assert (finding.confidence >= 0.5) == is_posted
