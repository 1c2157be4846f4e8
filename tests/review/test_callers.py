"""Functions that nothing but tests calls: what they lack is held back, and the receipt says so."""

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
        "\tdefer func() { log.Print(url) }()\n\treturn http.Get(url)\n}\n"
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
