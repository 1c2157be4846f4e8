"""Small services in four languages, whose defects each carry a name of their own."""

from collections.abc import Iterable

TIMEOUT = ", timeout=3"
SIGNAL = ", signal: AbortSignal.timeout(3000)"


def python(*functions: str, top: str = "") -> str:
    return f"{top}import requests\n\n\n" + "\n\n\n".join(functions) + "\n"


def call(name: str, bound: str = "", to: str = "", result: str = "reply") -> str:
    """A Python function that posts to `order.<name>_url`."""
    url = to or f"order.{name}_url"
    return f"def {name}(order):\n    {result} = requests.post({url}{bound})\n    return {result}.json()"


def plain(name: str) -> str:
    return f"def {name}(order):\n    return order.{name}"


def typescript(*functions: str, top: str = "") -> str:
    return f"{top}import {{ Order }} from './order';\n\n" + "\n\n".join(functions) + "\n"


def fetching(name: str, bound: str = "") -> str:
    return (
        f"export async function {name}(order: Order) {{\n"
        f"  const reply = await fetch(order.{name}Url, {{ method: 'POST'{bound} }});\n"
        "  return reply.json();\n}"
    )


def go(*functions: str, top: str = "") -> str:
    return f'package pay\n\nimport (\n\t"net/http"\n\t"time"\n)\n\n{top}' + "\n\n".join(functions) + "\n"


def getting(name: str, client: str = "http") -> str:
    return (
        f"func {name}(order Order) (*http.Response, error) {{\n"
        f"\treply, err := {client}.Get(order.{name}URL)\n\treturn reply, err\n}}"
    )


def java(*methods: str) -> str:
    return "package pay;\n\nimport java.sql.SQLException;\n\nclass Ledger {\n" + "\n\n".join(methods) + "\n}\n"


def booking(name: str, inside: str = "") -> str:
    """A Java method whose handler holds `inside`."""
    body = f" {inside} " if inside else " "
    return (
        f"    void {name}(Order order) {{\n        try {{\n            store.{name}(order);\n"
        f"        }} catch (SQLException {name}Failed) {{{body}}}\n    }}"
    )


def reserving(lines: Iterable[str] = ("left = STOCK[item]", "STOCK[item] = left - 1"), name: str = "reserve") -> str:
    """A Python function that a model has something to say about."""
    return f"def {name}(item):\n" + "".join(f"    {line}\n" for line in lines) + "    return left"
