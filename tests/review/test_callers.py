"""Who reaches a function: where tests, commands, pages or what does not wait do so alone, what a service would pay for
is held back, and the receipt says so."""

import pytest

from tests.review.test_use import TIMEOUT, Away, reviewed, said

STOCK = "import requests\n\n\ndef stock_of(url):\n    return requests.get(url).json()\n"
TESTED = {"tests/test_stock.py": "from shop.stock import stock_of\n\n\ndef test_stock():\n    assert stock_of(URL)\n"}


def test_a_function_that_tests_alone_call_is_held_back():
    review = reviewed({"shop/stock.py": STOCK, **TESTED}, "shop/stock.py")
    assert (review.findings, [one.rule for one in review.held_back]) == ((), TIMEOUT)
    assert "Nothing but tests calls stock_of: what it would cost a service is held back." in review.receipt.notes


def test_so_is_one_whose_calls_are_commented_out():
    assert said({"shop/stock.py": STOCK, "shop/app.py": "tools = []\n# tools.append(stock_of)\n"}) == []


def test_and_one_of_a_class_or_in_typescript():
    inside = (
        "import requests\n\n\nclass Stock:\n    def stock_of(self, url):\n        return requests.get(url).json()\n"
    )
    assert said({"shop/stock.py": inside, **TESTED}) == []
    typed = "import axios from 'axios';\n\nexport async function stockOf(url) {\n  return await axios.get(url);\n}\n"
    assert said({"shop/stock.ts": typed, "shop/stock.spec.ts": "import { stockOf } from './stock';\n"}) == []


def test_and_one_in_go():
    code = (
        'package shop\n\nimport "net/http"\n\nfunc StockOf(url string) (*http.Response, error) {\n'
        "\tdefer func() { log.Print(url) }()\n\treturn http.PostForm(url, nil)\n}\n"
    )
    bench = {"shop/stock_test.go": "package shop\n\nfunc BenchmarkStock(b *testing.B) {\n\tStockOf(URL)\n}\n"}
    assert said({"shop/stock.go": code, **bench}) == []
    assert said({"shop/stock.go": code}) == TIMEOUT
    assert said({"shop/stock.go": code, **bench, "shop/app.go": "func run() { StockOf(URL) }\n"}) == TIMEOUT


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {**TESTED, "shop/app.py": "from shop.stock import stock_of\n\nprint(stock_of(URL))\n"},
        {**TESTED, "README.md": "# stock_of tells what is there\n"},
        {**TESTED, "jobs.yaml": "- run: shop.stock:stock_of\n"},
        {**TESTED, "shop/app.py": "found = [\n    *stock_of(URL),\n]\n"},
        {**TESTED, "shop/base.py": "class Base:\n    def stock_of(self, url):\n        pass\n"},
    ],
    ids=["nowhere", "taken in", "documented", "set", "spread out", "of an interface"],
)
def test_what_somebody_may_call_is_said(beside):
    assert said({"shop/stock.py": STOCK, **beside}) == TIMEOUT


@pytest.mark.parametrize(
    "code",
    [
        STOCK.replace("def stock_of", "@app.task\ndef stock_of"),
        "import requests\n\n\nclass Stock(Plugin):\n    def stock_of(self, url):\n        return requests.get(url)\n",
        f"{STOCK}\n\nclass Other:\n    def again(self, url):\n        return stock_of(url)\n",
        f"{STOCK}\n\ndef stock_of(url):\n    return None\n",
    ],
    ids=["decorated", "inherits", "called beside it", "twice"],
)
def test_what_a_framework_may_call_is_said(code):
    assert said({"shop/stock.py": code, **TESTED}) == TIMEOUT


def test_a_method_of_a_class_that_extends_another_or_is_decorated_in_typescript():
    tested = {"shop/stock.spec.ts": "new Stock().stockOf(url);\n"}
    code = (
        "import axios from 'axios';\n\nexport class Stock{} {{\n  {}async stockOf(url) {{\n"
        "    return await axios.get(url);\n  }}\n}}\n"
    )
    assert said({"shop/stock.ts": code.format("", ""), **tested}) == []
    assert said({"shop/stock.ts": code.format(" extends Plugin", ""), **tested}) == TIMEOUT
    assert said({"shop/stock.ts": code.format("", "@Get('/stock')\n  "), **tested}) == TIMEOUT


def test_where_the_head_cannot_be_searched_it_is_said():
    review = reviewed({"shop/stock.py": STOCK}, "shop/stock.py", search=Away({}))
    assert [one.rule for one in review.findings] == TIMEOUT


FETCH = "import requests\n\n\ndef fetch(url):\n    return requests.get(url).json()\n"
LIST = "from shop.stock import fetch\n\n\ndef listed(urls):\n    return [fetch(url) for url in urls]\n"
CLICK = (
    "import click\nfrom shop.lists import listed\n\n\n@click.command()\ndef show(urls):\n    click.echo(listed(urls))\n"
)
COMMANDS = "Only commands that somebody waits for reach fetch: what costs a service alone is held back."


def test_what_commands_alone_reach_is_held_back():
    review = reviewed({"shop/stock.py": FETCH, "shop/lists.py": LIST, "shop/show.py": CLICK}, "shop/stock.py")
    assert (review.findings, [one.rule for one in review.held_back]) == ((), TIMEOUT)
    assert COMMANDS in review.receipt.notes


@pytest.mark.parametrize(
    ("lists", "show"),
    [
        (LIST, CLICK.replace("    click.echo", "    while True:\n        click.echo")),
        (LIST, CLICK.replace("@click.command()", "@app.route('/')")),
        (LIST.replace("    return", "    threading.Thread(target=keep).start()\n    return"), CLICK),
        (LIST.replace("import fetch", "import fetch as get").replace("[fetch(", "[get("), CLICK),
        (LIST.replace("[fetch(url) for url in urls]", "pool.map(fetch, urls)"), CLICK),
        (LIST, f"{CLICK}\n\nclass View(Resource):\n    def get(self, urls):\n        return listed(urls)\n"),
        (LIST, f"{CLICK}\n\nFOUND = {{'lists': 'shop.lists.listed'}}\n"),
        (LIST, f"{CLICK}\n\ndef again(urls):\n    return listed(urls)\n"),
        (LIST, CLICK.replace("def show(urls):", "def show(urls):\n    run = lambda: listed(urls)")),
        (LIST, f"{CLICK}\n\nlisted(URLS)\n"),
    ],
    ids=["stays", "routed", "starts others", "renamed", "handed on", "of a framework", "named", "by what nothing calls",
         "kept for later", "when it is loaded"],
)  # fmt: skip
def test_what_a_service_may_reach_is_said(lists, show):
    assert said({"shop/stock.py": FETCH, "shop/lists.py": lists, "shop/show.py": show}) == TIMEOUT


GUARDED = (
    "from shop.stock import fetch\n\n\ndef show():\n    print(fetch(URL))\n\n\nif __name__ == '__main__':\n    show()\n"
)


def test_a_program_with_a_guard_is_a_command_by_itself():
    assert said({"shop/stock.py": FETCH, "shop/show.py": GUARDED}) == []
    assert said({"shop/stock.py": FETCH, "shop/worker.py": GUARDED}) == TIMEOUT
    assert (
        said({"shop/stock.py": FETCH, "shop/show.py": GUARDED.replace("    show()", "    serve_forever(show)")})
        == TIMEOUT
    )


def test_what_lies_beside_the_program_is_run_by_hand():
    assert (
        said(
            {
                "shop/stock.py": FETCH,
                "scripts/show.py": "from shop.stock import fetch\n\n\ndef show():\n    fetch(URL)\n",
            }
        )
        == []
    )
    assert said({"shop/stock.py": FETCH, "shop/tools/show.py": "def show():\n    fetch(URL)\n"}) == TIMEOUT


def test_a_name_that_stands_everywhere_is_not_followed():
    many = {f"shop/a{number}.py": "def one():\n    fetch(URL)\n" for number in range(70)}
    hands = {f"scripts/a{number}.py": "fetch(URL)\n" for number in range(70)}
    assert said({"shop/stock.py": FETCH, **many}) == TIMEOUT
    assert said({"shop/stock.py": FETCH, **hands}) == TIMEOUT
    assert said({"shop/stock.py": FETCH, **dict(list(hands.items())[:50])}) == []


def test_what_leads_too_far_is_not_followed():
    steps = [f"def step{number}():\n    step{number - 1}()\n" for number in range(1, 9)]
    files = {f"shop/s{number}.py": step for number, step in enumerate(steps, 1)}
    first = {"shop/stock.py": FETCH, "shop/s0.py": "def step0():\n    fetch(URL)\n"}
    assert said({**first, "shop/s1.py": steps[0], "scripts/all.py": "step1()\n"}) == []
    assert said({**first, **files, "scripts/all.py": "step8()\n"}) == TIMEOUT


STATUS = """package stock

import "net/http"

func Status(url string) error {
	res, err := http.PostForm(url, nil)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
"""
COBRA = """package main

import "github.com/spf13/cobra"

func statusCmd() *cobra.Command {
	return &cobra.Command{
		Use: "status",
		RunE: func(cmd *cobra.Command, args []string) error {
			return stock.Status(args[0])
		},
	}
}
"""


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (COBRA, []),
        (COBRA.replace("func(cmd *cobra.Command, args []string) error {", "report,").replace(
            "\t\t\treturn stock.Status(args[0])\n\t\t},\n", ""
        ) + "\nfunc report(cmd *cobra.Command, args []string) error {\n\treturn stock.Status(args[0])\n}\n", []),
        ("package main\n\nfunc main() {\n\tcheck(stock.Status(os.Args[1]))\n}\n", []),
        ("package main\n\nfunc main() {\n\tgo stock.Status(URL)\n\tselect {}\n}\n", TIMEOUT),
        (COBRA.replace("return stock", "return srv.ListenAndServe() || stock"), TIMEOUT),
        (COBRA.replace("RunE:", "Args:"), TIMEOUT),
        (COBRA.replace("spf13/cobra", "other/cobra"), TIMEOUT),
        ("package shop\n\nfunc routes(m *http.ServeMux) {\n\tm.HandleFunc(\"/\", stock.Status)\n}\n", TIMEOUT),
        ("package main\n\nfunc main() {\n\tpanic(err)\n}\n\nvar _ = stock.Status\n", TIMEOUT),
        ("package main\n\nfunc main() {\n\tm.HandleFunc(\"/\", func(w W, r *R) { stock.Status(URL) })\n}\n", TIMEOUT),
        ("package main\n\nfunc main() {\n\tfunc() { stock.Status(URL) }()\n}\n", []),
    ],
    ids=["cobra", "by its name", "main", "main stays", "serves", "no run", "another", "routed", "kept",
         "handler", "now"],
)  # fmt: skip
def test_commands_of_go(beside, expected):
    assert said({"stock/stock.go": STATUS, "shop/status.go": beside}) == expected


GET = "import axios from 'axios';\n\nexport async function stockOf(url) {\n  return await axios.get(url);\n}\n"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("import { program } from 'commander';\nprogram.action(async () => {\n  await stockOf(URL);\n});\n", []),
        ("app.get('/show', async (req, res) => {\n  res.send(await stockOf(URL));\n});\n", TIMEOUT),
        ("#!/usr/bin/env node\nconsole.log(await stockOf(URL));\nexport {};\n", []),
        ("export {};\nconsole.log(await stockOf(URL));\n", TIMEOUT),
        ("export function note(url) {\n  stockOf(url).catch(ignore);\n}\n", []),
        ("export function note(url) {\n  return stockOf(url).catch(ignore);\n}\n", TIMEOUT),
        ("export function note(url) {\n  for (const one of url) {\n    stockOf(one).catch(ignore);\n  }\n}\n", TIMEOUT),
        ("export function note(url) {\n  setInterval(() => {\n    stockOf(url);\n  }, 1000);\n}\n", TIMEOUT),
        ("export class Note extends Job {\n  start(url) {\n    stockOf(url).catch(ignore);\n  }\n}\n", TIMEOUT),
        ("export const note = (urls) => Promise.all(urls.map((url) => stockOf(url)));\n", TIMEOUT),
        ("module.exports = { stockOf };\n", TIMEOUT),
    ],
    ids=["commander", "routed", "by its first line", "when it is loaded", "left alone", "given on", "in a loop",
         "timed", "of a framework", "by what nothing calls", "given away"],
)  # fmt: skip
def test_callers_in_javascript(beside, expected):
    assert said({"src/stock.ts": GET, "src/show.ts": beside}) == expected


def test_what_is_handed_to_what_runs_it_at_once_is_followed():
    shown = "const all = (urls) => urls.map((url) => stockOf(url));\n\nprogram.action(() => { all(URLS); });\n"
    assert said({"src/stock.ts": GET, "src/show.ts": f"import {{ program }} from 'commander';\n{shown}"}) == []
    late = shown.replace("urls.map(", "queue.process(")
    assert said({"src/stock.ts": GET, "src/show.ts": f"import {{ program }} from 'commander';\n{late}"}) == TIMEOUT


def test_what_pages_alone_call_is_held_back():
    page = (
        "import { stockOf } from './stock';\n\nexport const Cart = () => { const [a] = useState(); stockOf(URL); };\n"
    )
    files = {"src/stock.ts": GET, "src/Cart.tsx": page, "src/all.ts": "export { stockOf } from './stock';\n"}
    review = reviewed(files, "src/stock.ts")
    assert review.findings == ()
    assert "Only pages in a browser reach stockOf: what costs a service alone is held back." in review.receipt.notes
    assert said({**files, "src/stock.ts": f'import fs from "node:fs";\n{GET}'}) == TIMEOUT


def test_what_fills_a_page_on_its_server_is_no_page():
    page = (
        "import { stockOf } from './stock';\n\n"
        "export async function getServerSideProps() { return await stockOf(URL); }\n"
        "export const Cart = () => { const [a] = useState(); return a; };\n"
    )
    assert said({"src/stock.ts": GET, "src/Cart.tsx": page}) == TIMEOUT
    shown = page.replace("return a;", "stockOf(URL); return a;").replace("getServerSideProps", "loadOnce")
    assert said({"src/stock.ts": GET, "src/Cart.tsx": shown}) == []
    inside = page.replace("await stockOf(URL)", "await axios.get(URL)").replace(
        "{ stockOf } from './stock'", "axios from 'axios'"
    )
    assert said({"src/Cart.tsx": inside}) == TIMEOUT
    assert said({"src/Cart.tsx": inside.replace("getServerSideProps", "loadOnce")}) == []


PACKAGE = '{{"name": "shop", "dependencies": {{{}}}}}'


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({"shop/package.json": PACKAGE.format('"svelte": "4"')}, []),
        ({"shop/package.json": PACKAGE.format('"svelte": "4", "express": "4"')}, TIMEOUT),
        (
            {"shop/package.json": PACKAGE.format('"axios": "1"'), "package.json": PACKAGE.format('"react": "18"')},
            TIMEOUT,
        ),
        ({"package.json": PACKAGE.format('"react": "18"')}, []),
        ({}, TIMEOUT),
    ],
    ids=["pages", "served", "nearest", "root", "none"],
)
def test_a_package_that_draws_pages_and_serves_nothing(packages, expected):
    assert said({"shop/src/stock.ts": GET, **packages}, "shop/src/stock.ts") == expected
