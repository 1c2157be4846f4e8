"""Code that goes elsewhere, or looks different, and is no better for it."""

from tests.life.history import history
from tests.life.sources import (
    TIMEOUT,
    booking,
    call,
    fetching,
    getting,
    go,
    java,
    plain,
    python,
    typescript,
)
from tests.life.stage import Stage

BASE = {"pay.py": python(plain("charge"), plain("refund"))}
HEAD = {"pay.py": python(call("charge"), plain("refund"))}
TS_BASE = {"pay.ts": typescript("export const charge = 1;")}
GO_BASE = {"pay.go": go("func charge() {}")}
JAVA_BASE = {"Ledger.java": java("    void hold(Order order) {\n    }")}


@history("python", BASE, {"charge_url": "ignored"})
def lines_are_written_above_it(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push(
        {"pay.py": python(call("charge"), plain("refund"), top='"""Payments."""\n\nimport logging\nimport os\n')}
    )
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "ignored"})
def its_function_moves_to_the_end_of_the_file(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"), "export const RATE = 2;", "export const SUM = 3;")})
    stage.push({"pay.ts": typescript("export const RATE = 2;", "export const SUM = 3;", fetching("charge"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def it_is_laid_out_anew(stage: Stage) -> None:
    stage.open(HEAD)
    wide = "def charge(order):\n    reply = requests.post(\n        order.charge_url,\n    )\n    return reply.json()"
    stage.push({"pay.py": python(wide, plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def its_variable_is_renamed(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push({"pay.py": python(call("charge", result="answer"), plain("refund"))})
    stage.merge()


@history("go", GO_BASE, {"chargeURL": "ignored"})
def only_white_space_changes(stage: Stage) -> None:
    stage.open({"pay.go": go(getting("charge"))})
    stage.push({"pay.go": go(getting("charge").replace("\treply, err", "\n\t\treply, err"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def the_file_of_the_base_is_renamed(stage: Stage) -> None:
    long = [plain(f"step_{number}") for number in range(12)]
    stage.on_main({"pay.py": python(plain("charge"), *long)})
    stage.open({"pay.py": python(call("charge"), *long)})
    stage.push({"pay.py": None, "payments.py": python(call("charge"), *long)})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "ignored"})
def the_new_file_is_renamed(stage: Stage) -> None:
    stage.open({"Books.java": java(booking("book"))})
    stage.push({"Books.java": None, "Journal.java": java(booking("book"))})
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "ignored"})
def its_function_is_renamed(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"))})
    stage.push({"pay.ts": typescript(fetching("charge").replace("function charge", "function chargeOrder"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored", "refund_url": "ignored"})
def two_functions_swap_places(stage: Stage) -> None:
    stage.open({"pay.py": python(call("charge"), call("refund"))})
    stage.push({"pay.py": python(call("refund"), call("charge"))})
    stage.merge()


@history("python", BASE, {"charge_url": "fixed", "refund_url": "ignored"})
def two_functions_swap_places_and_one_is_mended(stage: Stage) -> None:
    stage.open({"pay.py": python(call("charge"), call("refund"))})
    stage.push({"pay.py": python(call("refund"), call("charge", TIMEOUT))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def it_is_wrapped_in_a_handler(stage: Stage) -> None:
    stage.open(HEAD)
    wrapped = (
        "def charge(order):\n    try:\n        reply = requests.post(order.charge_url)\n"
        "    except requests.RequestException:\n        raise PaymentFailed(order)\n    return reply.json()"
    )
    stage.push({"pay.py": python(wrapped, plain("refund"))})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "ignored"})
def only_another_line_of_its_function_changes(stage: Stage) -> None:
    stage.open({"Ledger.java": java(booking("book"))})
    stage.push({"Ledger.java": java(booking("book").replace("store.book(order);", "store.book(order.normalised());"))})
    stage.merge()


@history("go", GO_BASE, {"chargeURL": "ignored"})
def only_a_test_changes(stage: Stage) -> None:
    stage.open({"pay.go": go(getting("charge"))})
    stage.push({"pay_test.go": 'package pay\n\nimport "testing"\n\nfunc TestCharge(t *testing.T) {\n}\n'})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def a_rebase_brings_other_changes_of_the_same_file(stage: Stage) -> None:
    stage.open(HEAD)
    stage.on_main({"pay.py": python(plain("charge"), plain("refund"), plain("audit"), top="import os\n")})
    stage.rebase()
    stage.merge()


@history(
    "python",
    BASE,
    {"charge_url": "ignored"},
)
def its_function_moves_to_another_file(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push({"pay.py": python(plain("refund")), "gateway.py": python(call("charge"))})
    stage.merge()


@history(
    "python",
    BASE,
    {"reply = requests.post(order.charge_url)": "ignored", "requests.post(order.charge_url)#2": "ignored"},
)
def it_is_copied_further_down(stage: Stage) -> None:
    stage.open(HEAD)
    twice = call("charge").replace("    return", "    reply = requests.post(order.charge_url)\n    return")
    stage.push({"pay.py": python(twice, plain("refund"))})
    stage.merge()
