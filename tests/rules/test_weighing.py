"""What a finding weighs, by its rule and its place."""

import pytest

from bot.domain import Severity
from bot.errors import NotFound
from bot.rules import FilePair, ScanOptions, explain, scan_pair
from bot.rules.weighing import SHOWN_ONLY

pytestmark = pytest.mark.usefixtures("heard")

CODE = b"import requests\n\ndef pay(url):\n    return requests.post(url)\n"


def severity(path: str, code: bytes = CODE) -> Severity:
    return scan_pair(FilePair(path, None, None, code), ScanOptions()).findings[0].severity


def is_comment(path: str, code: bytes) -> bool:
    """Whether the one finding of a new file is sure enough for a comment."""
    (found,) = scan_pair(FilePair(path, None, None, code), ScanOptions()).findings
    return found.confidence >= 0.5


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
        ("SampleShopClient/pay.py", True),
        ("Acme.Samples/Shop/pay.py", True),
        ("Acme.Shop.Demo/pay.py", True),
        ("ShopDemo/pay.py", True),
        ("Sampler/pay.py", False),
        ("Democracy/pay.py", False),
        ("src/Acme.Demo/pay.py", False),
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
        ("frontend/plugins/theme.ts", b"", True),
        ("apps/mobile/lib/orders.ts", b"", True),
        (
            "pages/logout.js",
            b"import { useEffect } from 'react';\nexport const getServerSideProps = fill;\nuseEffect(f);\n",
            True,
        ),
        ("parts/orders.ts", b"import { html } from 'lit';\n", True),
        ("parts/orders.js", b"import { useToast } from 'react-basics';\n", True),
        ("apps/worker/lib/orders.ts", b"", False),
        ("frontend/server/theme.ts", b"", False),
        ("client/app/services/orders.js", b"", True),
        ("app/javascript/controllers/orders.js", b"", True),
        ("src/orders.ts", b"export const orders = () => fetch('/api/orders');\n", True),
        ("src/orders.ts", b"export const orders = () => fetch('//orders.example/all');\n", False),
        ("src/orders.ts", b"const seen = sessionStorage.getItem('seen');\n", True),
        ("src/orders.ts", b"const box = window.open(url, '_blank');\n", True),
        ("web/page.tsx", b"export const getServerSideProps = fill;\nconst [a, b] = useState(1);\n", True),
        ("web/page.tsx", b"export const getServerSideProps = fill;\n", False),
        ("rebuild/src/store.ts", b"", False),
        ("web-api/src/store.ts", b"", False),
        ("web/server/src/store.ts", b"", False),
        ("web/agent.ts", b"const agent = navigator.userAgent;\n", False),
        ("web/shots.ts", b"import p from 'puppeteer';\np.run(() => document.body.click());\n", False),
    ],
)
def test_in_a_browser_a_wait_is_no_matter_for_a_comment(path: str, head: bytes, is_drawn: bool) -> None:
    code = head + b"import axios from 'axios';\nexport function load(url: string) {\n  return axios.get(url);\n}\n"
    found = scan_pair(FilePair(path, None, None, code), ScanOptions()).findings[-1]
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
    assert (unlimited.confidence >= SHOWN_ONLY) == is_sure


@pytest.mark.parametrize(
    "path",
    [
        *("scripts/pay.py", "ops/tools/pay.py", "extra/pay.py", "docker/pay.py", "app/codegen/pay.py"),
        *(".semgrep/pay.py", "pay-cli/pay.py", "packages/cli-v3/pay.py", "app/update-rates.py"),
        *("app/migrations/pay.py", "app/migrate-pay.py", "crossdock/pay.py", "src/bin/shop/admin/pay.py"),
    ],
)
def test_a_wait_that_ends_with_the_tool_is_no_matter_for_a_comment(path: str) -> None:
    assert scan_pair(FilePair(path, None, None, CODE), ScanOptions()).findings[0].confidence < 0.5


@pytest.mark.parametrize(("path", "is_posted"), [("cmd/shop/pay.go", False), ("cmdline/pay.go", True)])
def test_what_a_command_of_a_go_program_waits_for_is_none_either(path: str, is_posted: bool) -> None:
    code = b'package a\n\nimport "net/http"\n\nfunc pay(a string) {\n\tgot, _ := http.PostForm(a, m)\n\tuse(got)\n}'
    found = scan_pair(FilePair(path, None, None, code), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.class_ == "missing-timeout"] == [is_posted]


def test_work_that_a_tool_does_not_wait_for_is_none_either() -> None:
    code = b"async function save() { await put(); }\nexport async function run() { save(); }\n"
    sure = {
        path: scan_pair(FilePair(path, None, None, code), ScanOptions()).findings
        for path in ("app/run.ts", "scripts/run.ts")
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


@pytest.mark.parametrize(
    ("path", "code", "is_posted"),
    [
        ("a.py", "async def f(o):\n    try:\n        await peer.send(o)\n    except Exception:\n        pass\n", True),
        ("a.py", "async def f(o):\n    try:\n        await peer.ask(o)\n    except Exception:\n        pass\n", False),
        ("a.ts", "async function f(o) { try { await store.deleteToken(o); } catch {} }\n", False),
        ("a.ts", "function f(o) { peer.send(o).catch(() => {}); }\n", False),
    ],
)
def test_silence_is_said_where_a_write_is_lost(path: str, code: str, is_posted: bool) -> None:
    found = scan_pair(FilePair(path, None, None, code.encode()), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.rule == "swallowed-error/empty-catch"] == [is_posted]


@pytest.mark.parametrize(("inside", "is_posted"), [("all?[id] = order;", False), (";", True)])
def test_a_lock_that_the_grammar_cannot_read_is_no_comment(inside: str, is_posted: bool) -> None:
    code = f"class A {{ void F() {{\n  lock (gate)\n    {inside}\n  Next();\n}} }}\n"
    found = scan_pair(FilePair("A.cs", None, None, code.encode()), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.rule == "lock-hazard/lock-discarded"] == [is_posted]


@pytest.mark.parametrize(("took", "is_posted"), [("except Exception:", False), ("except KeyError:", True)])
def test_a_return_that_finds_no_failure_to_drop_is_no_comment(took: str, is_posted: bool) -> None:
    code = f"def f():\n    try:\n        sync()\n    {took}\n        pass\n    finally:\n        return 1\n"
    found = scan_pair(FilePair("a.py", None, None, code.encode()), ScanOptions()).findings
    rule = "swallowed-error/jump-or-throw-in-finally"
    assert [one.confidence >= 0.5 for one in found if one.rule == rule] == [is_posted]


@pytest.mark.parametrize(("limit", "is_posted"), [("(maxsize=64)", False), ("(64)", False), ("(maxsize=None)", True)])
def test_a_small_cache_on_a_method_is_no_comment(limit: str, is_posted: bool) -> None:
    code = f"from functools import lru_cache\nclass A:\n    @lru_cache{limit}\n    def f(self, n):\n        return n\n"
    assert is_comment("a.py", code.encode()) == is_posted


@pytest.mark.parametrize(
    ("code", "is_posted"),
    [
        ("class A { async start() { this.load(); } async load() { await db.get(1); } }", True),
        ("class A { constructor() { this.load(); } async load() { await db.get(1); } }", False),
        ("class A { async start() { this.load(); } async load() { db.on(1); } }", False),
        ("class A { async start() { this.load(); } async load() { return db.get(1); } }", True),
        ("class A { async start() { void load<Order>(1).then(show); } }", False),
        ("async function send() { const sent = all.map((one) => one.send().catch(log)); Promise.all(sent); }", False),
        ("async function send() { const sent = all.map((one) => one.send()); Promise.all(sent); }", True),
        ("async function start() { loading.finally(() => show(1)); }", True),
        ("class A { async start() { this.load().then(show).finally(done); } async load() { await db.get(1); } }", True),
        ("async function start() { loading.then(() => show(1)); }", False),
        ("class A { start() { this.load(); } async load() { await db.get(1); } }", False),
    ],
)
def test_a_promise_that_may_well_be_left_is_no_comment(code: str, is_posted: bool) -> None:
    found = scan_pair(FilePair("a.ts", None, None, code.encode()), ScanOptions()).findings
    rule = "fire-and-forget/floating-promise-or-task"
    assert [one.confidence >= 0.5 for one in found if one.rule == rule] == [is_posted]


@pytest.mark.parametrize(
    ("code", "is_posted"),
    [("await fetch(url);", False), ("import axios from 'axios';\nawait axios.get(url);", True)],
)
def test_what_node_ends_by_itself_is_no_comment(code: str, is_posted: bool) -> None:
    assert is_comment("a.ts", code.encode()) == is_posted


@pytest.mark.parametrize(("never", "is_posted"), [("CancellationToken.None", False), ("default", True)])
def test_a_token_that_somebody_replaced_by_one_spelt_out_as_none_is_no_comment(never: str, is_posted: bool) -> None:
    before = b"class A { Task F(CancellationToken c) => Save(order, c); }\n"
    after = b"class A { Task F(CancellationToken c) => Save(order, %s); }\n" % never.encode()
    (found,) = scan_pair(FilePair("src/A.cs", None, before, after), ScanOptions()).findings
    assert (found.rule, found.confidence >= 0.5) == ("ignored-cancellation/token-removed", is_posted)


@pytest.mark.parametrize(
    ("path", "is_posted"),
    [
        ("utils/generate_api.py", False),
        ("dev/merge_request.py", False),
        ("pants-plugins/release/rules.py", False),
        ("build/targets.py", False),
        ("gateway/test-scripts/load.py", False),
        ("shop-merge-pr.py", False),
        ("shop/build/targets.py", True),
        ("shop/cli/send.py", False),
        ("shop/click/send.py", True),
        ("shop_integrationtests/common/base.py", False),
        ("fvt/sdk.py", False),
        ("lt/client.py", False),
        ("api/load-test/client.py", False),
        ("performance/suite/api.py", False),
        ("app/performance/api.py", True),
        ("app/api 2.py", False),
        ("src/generate_api.py", True),
        ("shop/plugins/rules.py", True),
    ],
)
def test_what_is_run_to_build_or_release_hangs_in_sight_of_somebody(path: str, is_posted: bool) -> None:
    assert is_comment(path, b"import requests\n\ndef f(u):\n    requests.get(u)\n") == is_posted


@pytest.mark.parametrize(
    ("first", "is_posted"),
    [
        ('switch (args[0]) { case "load": load(); }', False),
        ("serve(args);", True),
        ("serve(); } void f(String[] args) { use(args[0]);", True),
    ],
)
def test_a_program_that_does_what_its_first_argument_says_hangs_in_sight_of_somebody(
    first: str, is_posted: bool
) -> None:
    code = "import java.net.URL;\nclass A {\n  public static void main(String... args) { " + first + " }\n"
    code += "  static Object load() throws Exception { return new URL(u).openStream(); }\n}\n"
    assert is_comment("src/A.java", code.encode()) == is_posted


GUARDED = "if __name__ == '__main__':\n    pay(1)\n"


@pytest.mark.parametrize(
    ("path", "first", "last", "is_posted"),
    [
        ("shop/pay.py", "import argparse\n", GUARDED, False),
        ("shop/upload-bills.py", "", GUARDED, False),
        ("shop/cli.py", "", GUARDED, False),
        ("shop/pay.py", "", GUARDED, True),
        ("shop/upload-bills.py", "", "", True),
        ("shop/pay.py", "import argparse\n", "", True),
        ("find_bills.py", "", GUARDED, False),
        ("find_bills.py", "", "", True),
        ("main.py", "", GUARDED, True),
        ("bill_service.py", "", GUARDED, True),
        ("shop/pay.py", "import argparse\n", f"def work():\n    while True:\n        pay(1)\n{GUARDED}", True),
        ("shop/pay.py", "import argparse\napp = Flask(__name__)\n", GUARDED, True),
        ("shop/pay.py", "import argparse\n", "def main():\n    pay(input('Which?'))\n", False),
        ("shop/pay.py", "import argparse\n", "def main():\n    while True:\n        pay(input('Which?'))\n", False),
        ("shop/pay.py", "", "def main():\n    pay(input('Which?'))\n", True),
        ("shop/pay.py", "import argparse\n", "def main():\n    pay(given(1))\n", True),
        ("shop/pay.py", "", "def load_ipython_extension(shell):\n    shell.push(pay)\n", False),
        ("contrib/hook.py", "", "", False),
        ("shop/management/commands/pay.py", "", "", False),
        ("ci/bin/pay.py", "", "", False),
        ("shop/contrib/hook.py", "", "", True),
    ],
)
def test_a_program_that_reads_its_options_and_ends_hangs_in_sight_of_somebody(
    path: str, first: str, last: str, is_posted: bool
) -> None:
    code = f"{first}import requests\n\ndef pay(url):\n    return requests.post(url)\n\n{last}"
    assert is_comment(path, code.encode()) == is_posted


@pytest.mark.parametrize(
    ("first", "decorator", "is_posted"),
    [
        ("import click", "@click.command('pay')", False),
        ("from typer import Typer", "@app.command()", False),
        ("import click", "@cached", True),
        ("from discord.ext import commands", "@bot.command()", True),
    ],
)
def test_what_a_command_asks_for_hangs_in_sight_of_somebody(first: str, decorator: str, is_posted: bool) -> None:
    code = f"import requests\n\ndef hook():\n    {first}\n\n    {decorator}\n"
    code += "    def pay(url):\n        requests.post(url)\n"
    assert is_comment("shop/pay.py", code.encode()) == is_posted


@pytest.mark.parametrize(
    ("condition", "twin", "is_posted"),
    [
        ("limit is not None", "requests.get(url, timeout=limit)", False),
        ("limit is not None", "requests.post(url, timeout=limit)", True),
        ("quick", "requests.get(url, timeout=limit)", True),
        ("limit is not None", "requests.get(url, params=limit)", True),
    ],
)
def test_the_arm_of_those_who_want_no_limit_is_no_comment(condition: str, twin: str, is_posted: bool) -> None:
    code = f"import requests\n\ndef f(url, limit, quick):\n    if {condition}:\n        return {twin}\n    else:\n"
    code += "        with lock:\n            return requests.get(url)\n"
    found = scan_pair(FilePair("src/a.py", None, None, code.encode()), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.start_line == 8] == [is_posted]


@pytest.mark.parametrize(
    ("path", "line", "is_posted"),
    [
        ("src/a.ts", "", True),
        ("shop-vue3/src/views/a.ts", "", False),
        ("src/a.ts", "const peer = new RTCPeerConnection();\n", False),
    ],
)
def test_a_promise_that_a_page_throws_away_is_no_comment(path: str, line: str, is_posted: bool) -> None:
    code = f"{line}class A {{\n  async save() {{ await put(this); }}\n  async close() {{ this.save(); }}\n}}\n"
    (found,) = scan_pair(FilePair(path, None, None, code.encode()), ScanOptions()).findings
    assert (found.rule, found.confidence >= 0.5) == ("fire-and-forget/floating-promise-or-task", is_posted)


@pytest.mark.parametrize(
    ("url", "is_posted"), [("http://localhost:9001/RPC2", False), ("http://127.0.0.1/", False), ("http://peer/", True)]
)
def test_a_call_to_ones_own_machine_is_no_comment(url: str, is_posted: bool) -> None:
    code = f"import requests\n\ndef f():\n    return requests.get('{url}')\n"
    assert is_comment("src/a.py", code.encode()) == is_posted


@pytest.mark.parametrize(
    ("base", "asked", "is_posted"),
    [
        ("'http://localhost:8001'", "f'{self.base}/drop'", False),
        ("'http://localhost:8001'", "self.base + '/drop'", False),
        ("'http://localhost:8001'", "self.base", False),
        ("HERE", "self.base", False),
        ("'http://peer:8001'", "f'{self.base}/drop'", True),
        ("os.getenv('BASE', 'http://localhost:8001')", "f'{self.base}/drop'", True),
        ("'http://localhost:8001'", "f'http://peer/{self.base}'", True),
        ("'http://localhost:8001'", "HERE", True),
        ("AROUND", "self.base", True),
    ],
)
def test_nor_is_one_to_an_address_that_stands_in_a_name(base: str, asked: str, is_posted: bool) -> None:
    code = (
        "import os\nimport requests\n\nHERE = 'http://127.0.0.1:80'\nAROUND = AROUND\n\n\nclass Peer:\n"
        f"    def __init__(self):\n        self.base = {base}\n\n"
        f"    def drop(self, HERE):\n        return requests.post({asked})\n"
    )
    assert is_comment("src/a.py", code.encode()) == is_posted


@pytest.mark.parametrize(
    ("url", "is_posted"),
    [
        ('"http://127.0.0.1:6000/"', False),
        ('"http://localhost:" + port', False),
        ('"http://peer/"', True),
        ("url", True),
        ('pick("http://localhost/", "http://peer/")', True),
    ],
)
def test_nor_is_a_client_beside_the_only_address_that_it_asks(url: str, is_posted: bool) -> None:
    code = (
        'package shop\n\nimport "net/http"\n\nfunc send(port, url string) {\n\tclient := &http.Client{}\n'
        f'\treq, _ := http.NewRequest("POST", {url}, nil)\n\tclient.Do(req)\n}}\n'
    )
    found = [
        one
        for one in scan_pair(FilePair("shop/send.go", None, None, code.encode()), ScanOptions()).findings
        if one.kind == "client-without-timeout"
    ]
    assert [one.confidence >= 0.5 for one in found] == [is_posted]


@pytest.mark.parametrize(
    ("first", "asked", "is_posted"),
    [
        ("const API = `/admin/v2`;", "axios.put(`${this.base}/tenants`)", False),
        ("const API = '/admin/v2';", "axios.get(this.base + '/tenants')", False),
        ("const API = 'http://peer/admin/v2';", "axios.put(`${this.base}/tenants`)", True),
        ("const API = '//peer/admin/v2';", "axios.put(this.base + '/tenants')", True),
        ("const API = '/admin/v2';", "axios.put(peer, this.base)", True),
        ("const asking = axios.create({ withCredentials: true, baseURL: '/api/' });", "0", False),
        ("const asking = axios.create({ baseURL: 'http://peer/api/' });", "0", True),
        ("const API = '/admin/v2'; const asking = axios.create({ baseURL });", "asking.put(this.base)", True),
    ],
)
def test_nor_is_one_to_an_address_that_a_browser_alone_can_ask(first: str, asked: str, is_posted: bool) -> None:
    code = (
        f"import axios from 'axios';\n{first}\nclass Api {{\n  constructor() {{ this.base = API; }}\n"
        f"  async put() {{ return await {asked}; }}\n}}\n"
    )
    found = scan_pair(FilePair("src/a.ts", None, None, code.encode()), ScanOptions()).findings
    assert any(one.confidence >= 0.5 for one in found) == is_posted


@pytest.mark.parametrize(
    ("client", "is_posted"),
    [
        ("ServerProxy('http://127.0.0.1:80')", False),
        ("ServerProxy('http://shop:80')", True),
    ],
)
def test_nor_is_a_client_of_what_runs_beside_it(client: str, is_posted: bool) -> None:
    code = f"from xmlrpc.client import ServerProxy\n\ndef f():\n    return {client}\n"
    assert is_comment("src/a.py", code.encode()) == is_posted


def test_nor_is_that_of_a_page_which_asks_the_server_it_comes_from() -> None:
    code = b"import axios from 'axios';\nawait axios.get(`http://localhost:${process.env.PORT || 80}/api/me`);\n"
    (found,) = scan_pair(FilePair("src/a.ts", None, None, code), ScanOptions()).findings
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    ("given", "is_posted"),
    [
        ("api.NewClient(&http.Client{}, url)", False),
        ("api.WithHTTPClient(&http.Client{})", True),
        ("newClient(&http.Client{}, url)", True),
        ("http.NewRequest(to, url, nil)\n\tclient = &http.Client{}", True),
        ("context.WithTimeout(ctx, limit)\n\tclient = &http.Client{}", False),
    ],
)
def test_a_client_in_go_whose_limits_come_with_each_call_is_no_comment(given: str, is_posted: bool) -> None:
    code = f'package a\n\nimport (\n\t"net/http"\n\t"shop.example/api"\n)\n\nfunc open() {{\n\tmade := {given}\n}}\n'
    found = scan_pair(FilePair("a.go", None, None, code.encode()), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.class_ == "missing-timeout"] == [is_posted]


@pytest.mark.parametrize(("pause", "is_posted"), [("await sleep(500);", False), ("await load(500);", True)])
def test_a_pause_of_ones_own_is_known_by_its_name(pause: str, is_posted: bool) -> None:
    tried = "try { return await axios.get(url, { timeout: 9 }); } catch (e) { last = e; }"
    code = (
        f"import axios from 'axios';\nasync function f() {{\n  for (let i = 0; i < 5; i++) {{ {tried} {pause} }}\n}}\n"
    )
    found = scan_pair(FilePair("a.ts", None, None, code.encode()), ScanOptions()).findings
    assert any(one.confidence >= 0.5 for one in found if one.rule == "unbounded-retry/no-backoff") == is_posted


@pytest.mark.parametrize(
    ("head", "is_posted"), [("//go:build ignore\n\n", False), ("//go:build linux\n\n", True), ("", True)]
)
def test_what_go_builds_into_nothing_is_run_by_hand(head: str, is_posted: bool) -> None:
    load = "func load(url string) {\n\tanswer, _ := http.PostForm(url, all)\n\tuse(answer)\n}\n"
    code = f'{head}package main\n\nimport "net/http"\n\n{load}'
    found = scan_pair(FilePair("assets/load.go", None, None, code.encode()), ScanOptions()).findings
    assert [one.confidence >= 0.5 for one in found if one.class_ == "missing-timeout"] == [is_posted]
