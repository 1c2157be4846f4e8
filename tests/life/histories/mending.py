"""Code that is mended, or seems to be."""

from tests.life.histories.moving import BASE, GO_BASE, HEAD, JAVA_BASE, TS_BASE
from tests.life.history import history
from tests.life.sources import SIGNAL, TIMEOUT, booking, call, fetching, getting, go, java, plain, python, typescript
from tests.life.stage import Stage

MENDED = {"pay.py": python(call("charge", TIMEOUT), plain("refund"))}


@history("python", BASE, {"charge_url": "fixed"})
def a_timeout_is_added(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push(MENDED)
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "fixed", "refundUrl": "ignored"})
def one_of_two_calls_gets_a_signal(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"), fetching("refund"))})
    stage.push({"pay.ts": typescript(fetching("charge", SIGNAL), fetching("refund"))})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "fixed"})
def a_swallowed_error_is_raised(stage: Stage) -> None:
    stage.open({"Ledger.java": java(booking("book"))})
    stage.push({"Ledger.java": java(booking("book", "throw new BookingFailed(order, bookFailed);"))})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "ignored"})
def a_swallowed_error_gets_a_promise_to_do_it_later(stage: Stage) -> None:
    stage.open({"Ledger.java": java(booking("book"))})
    stage.push({"Ledger.java": java(booking("book", "/* TODO: handle it */"))})
    stage.merge()


@history(
    "go",
    GO_BASE,
    {"chargeURL": "fixed"},
    judged={"chargeURL": "ignored"},
    because="the call goes through another client now, and whether that one bounds it is not followed",
)
def the_client_with_a_timeout_is_used_instead(stage: Stage) -> None:
    stage.open({"pay.go": go(getting("charge"))})
    client = "var client = &http.Client{Timeout: 3 * time.Second}\n\n"
    stage.push({"pay.go": go(getting("charge", "client"), top=client)})
    stage.merge()


@history(
    "python",
    BASE,
    {"charge_url": "fixed"},
    judged={"charge_url": "ignored"},
    because="the timeout is set on the session, in another place than the call, and the call itself has another name",
)
def the_timeout_moves_to_the_session(stage: Stage) -> None:
    stage.open(HEAD)
    session = "session = requests.Session()\nsession.mount('https://', TimeoutAdapter(3))\n"
    through = call("charge").replace("requests.post", "session.post")
    stage.push({"pay.py": python(session, through, plain("refund"))})
    stage.merge()


@history("typescript", TS_BASE, {"while (true)": "fixed"})
def an_endless_loop_gets_a_limit(stage: Stage) -> None:
    body = (
        "    try {\n      return await fetch(order.url, { signal });\n"
        "    } catch (failed) {\n      await sleep(2 ** tries * 100 * Math.random());\n    }\n  }\n}"
    )
    stage.open({"pay.ts": typescript(f"export async function charge(order: Order) {{\n  while (true) {{\n{body}")})
    loop = f"export async function charge(order: Order) {{\n  for (let tries = 0; tries < 3; tries++) {{\n{body}"
    stage.push({"pay.ts": typescript(loop)})
    stage.merge()


@history(
    "python",
    BASE,
    {"reply = requests.post(order.charge_url)": "fixed", "reply = requests.post(order.charge_url)#2": "ignored"},
)
def the_first_of_two_equal_calls_is_mended(stage: Stage) -> None:
    twice = call("charge").replace(
        "    return", "    keep(reply)\n    reply = requests.post(order.charge_url)\n    return"
    )
    stage.open({"pay.py": python(twice, plain("refund"))})
    stage.push({"pay.py": python(twice.replace("_url)", f"_url{TIMEOUT})", 1), plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def the_fix_is_reverted(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push(MENDED)
    stage.push(HEAD, "Revert the timeout")
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def the_fix_comes_in_a_force_push(stage: Stage) -> None:
    stage.open(HEAD)
    stage.force_push({"pay.py": python(call("charge", TIMEOUT), plain("refund"), plain("audit"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def a_force_push_goes_back_behind_the_fix(stage: Stage) -> None:
    stage.open(HEAD)
    first = stage.pull.head_sha
    stage.push(MENDED)
    stage.push_head(first)
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "fixed"})
def the_line_is_deleted(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"))})
    stage.push({"pay.ts": typescript("export async function charge(order: Order) {\n  return order.paid;\n}")})
    stage.merge()


@history("go", GO_BASE, {"chargeURL": "stale"})
def its_function_is_deleted(stage: Stage) -> None:
    stage.open({"pay.go": go("func charge() {}", getting("refund").replace("refundURL", "chargeURL"))})
    stage.push({"pay.go": go("func charge() {}", "func audit() {}")})
    stage.merge()


@history("python", BASE, {"charge_url": "stale"})
def its_file_is_deleted(stage: Stage) -> None:
    stage.open({"gateway.py": python(call("charge"))})
    stage.push({"gateway.py": None, "notes.txt": "It is not needed.\n"})
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def the_base_gains_the_fix_and_the_rest_is_rebased(stage: Stage) -> None:
    stage.open(HEAD)
    stage.on_main(MENDED)
    stage.force_push({"pay.py": python(call("charge", TIMEOUT), plain("refund"), plain("audit"))})
    stage.merge()


@history("python", BASE, {"charge_url": "stale"})
def the_base_gains_the_fix_and_nothing_of_the_file_is_left(stage: Stage) -> None:
    stage.open(HEAD)
    stage.on_main(MENDED)
    stage.force_push({**MENDED, "notes.txt": "Charging has come by another way.\n"})
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def the_suggestion_is_committed_with_the_button(stage: Stage) -> None:
    stage.open(HEAD)
    comment = stage.thread("charge_url")
    stage.by("dana", "", lambda dana: dana.commit_suggestion(stage.pull, comment))
    stage.merge()
