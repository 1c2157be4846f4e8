"""Code that looks mended and is not: the rule falls silent, and nothing is better."""

from tests.life.histories.moving import BASE, GO_BASE, HEAD, JAVA_BASE, TS_BASE
from tests.life.histories.talking import react
from tests.life.history import history
from tests.life.sources import booking, call, fetching, getting, go, java, plain, python, typescript
from tests.life.stage import Stage


@history("python", BASE, {"charge_url)": "ignored", "timeout=None": "ignored"})
def the_timeout_is_none(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push({"pay.py": python(call("charge", ", timeout=None"), plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def its_options_come_from_elsewhere(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push({"pay.py": python("OPTIONS = {}", call("charge", ", **OPTIONS"), plain("refund"))})
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "ignored"})
def its_options_get_a_name(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"))})
    named = fetching("charge").replace("{ method: 'POST' }", "options")
    stage.push({"pay.ts": typescript("const options = { method: 'POST' };", named)})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "ignored"})
def a_swallowed_error_is_swallowed_by_a_return(stage: Stage) -> None:
    stage.open({"Ledger.java": java(booking("book"))})
    stage.push({"Ledger.java": java(booking("book", "return;"))})
    stage.merge()


@history("python", BASE, {"except Exception": "ignored"})
def a_swallowed_error_becomes_nothing(stage: Stage) -> None:
    swallowing = "def charge(order):\n    try:\n        bank(order)\n    except Exception:\n        pass"
    stage.open({"pay.py": python(swallowing, plain("refund"))})
    stage.push({"pay.py": python(swallowing.replace("pass", "order = None"), plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def it_is_called_by_another_name(stage: Stage) -> None:
    stage.open(HEAD)
    aliased = call("charge").replace("requests.post", "send")
    stage.push({"pay.py": python("send = requests.post", aliased, plain("refund"))})
    stage.merge()


@history("go", GO_BASE, {"chargeURL": "ignored", "DefaultClient": "ignored"})
def it_is_handed_to_a_helper(stage: Stage) -> None:
    stage.open({"pay.go": go(getting("charge"))})
    helped = getting("charge").replace("http.Get(order.chargeURL)", "load(order.chargeURL)")
    helper = "func load(url string) (*http.Response, error) {\n\treturn http.DefaultClient.Get(url)\n}"
    stage.push({"pay.go": go(helped, helper)})
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def the_call_becomes_a_comment(stage: Stage) -> None:
    stage.open(HEAD)
    stage.push({"pay.py": python("def charge(order):\n    # requests.post(order.charge_url)\n    return order.paid")})
    stage.merge()


@history("python", BASE, {"charge_url": "disputed"})
def of_two_people_the_second_objects(stage: Stage) -> None:
    stage.open(HEAD)
    react(stage, "charge_url", "+1")
    react(stage, "charge_url", "-1", "erin")
    stage.merge()
