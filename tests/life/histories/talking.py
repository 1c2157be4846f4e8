"""What people say and press, and what it says of the code."""

from tests.life.histories.mending import MENDED
from tests.life.histories.moving import BASE, HEAD, JAVA_BASE, TS_BASE
from tests.life.history import history
from tests.life.sources import TIMEOUT, booking, call, fetching, java, plain, python, typescript
from tests.life.stage import Stage


def say(stage: Stage, code: str, words: str, who: str = "dana") -> None:
    comment = stage.thread(code)
    stage.by(who, "write", lambda person: person.reply(stage.pull, comment, words))


def react(stage: Stage, code: str, content: str, who: str = "dana") -> None:
    comment = stage.thread(code)
    stage.by(who, "write", lambda person: person.react(stage.pull, comment, content))


@history("python", BASE, {"charge_url": "accepted"})
def a_thumb_goes_up_and_nothing_follows(stage: Stage) -> None:
    stage.open(HEAD)
    react(stage, "charge_url", "+1")
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "ignored"})
def a_thumb_goes_up_and_is_taken_back(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"))})
    comment = stage.thread("chargeUrl")
    thumb = stage.by("dana", "write", lambda dana: dana.react(stage.pull, comment, "+1"))
    stage.sweep()
    stage.by("dana", "", lambda dana: dana.take_back(stage.pull, comment, thumb))
    stage.merge()


@history("python", BASE, {"charge_url": "disputed"})
def a_thumb_goes_down_and_the_code_changes_for_another_reason(stage: Stage) -> None:
    stage.open(HEAD)
    react(stage, "charge_url", "-1")
    stage.sweep()
    stage.push({"pay.py": python("def charge(order):\n    return BANK.charge(order)", plain("refund"))})
    stage.merge()


@history("java", JAVA_BASE, {"bookFailed": "accepted"})
def fixed_is_said_and_not_done(stage: Stage) -> None:
    stage.open({"Ledger.java": java(booking("book"))})
    say(stage, "bookFailed", "Fixed, thanks!")
    stage.merge()


@history("python", BASE, {"charge_url": "disputed"})
def somebody_objects_with_a_reason(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "I disagree: the gateway in front of it enforces two seconds.")
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def somebody_only_asks(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "Is that not handled in the gateway already?")
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def somebody_agrees_and_mends_it(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "Good catch, will fix.")
    stage.push(MENDED)
    stage.merge()


@history("typescript", TS_BASE, {"chargeUrl": "ignored"})
def the_thread_is_resolved_without_a_change(stage: Stage) -> None:
    stage.open({"pay.ts": typescript(fetching("charge"))})
    comment = stage.thread("chargeUrl")
    stage.by("dana", "write", lambda dana: dana.resolve(stage.pull, comment))
    stage.merge()


@history("python", BASE, {"charge_url": "dismissed"})
def it_is_dismissed_in_its_thread(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "/seawall dismiss the gateway bounds it")
    stage.push({"pay.py": HEAD["pay.py"] + "\n\nLIMIT = 3\n"})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def it_is_dismissed_and_raised_again_when_its_function_changed(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "/seawall dismiss the gateway bounds it")
    other = call("charge").replace("    reply", "    order.gateway = None\n    reply")
    stage.push({"pay.py": python(other, plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "fixed"})
def it_is_dismissed_raised_again_and_mended(stage: Stage) -> None:
    stage.open(HEAD)
    say(stage, "charge_url", "/seawall dismiss the gateway bounds it")
    other = call("charge").replace("    reply", "    order.gateway = None\n    reply")
    stage.push({"pay.py": python(other, plain("refund"))})
    stage.push({"pay.py": python(other.replace("_url)", f"_url{TIMEOUT})"), plain("refund"))})
    stage.merge()


@history("python", BASE, {"charge_url": "ignored"})
def somebody_who_may_not_push_tries_to_dismiss_it(stage: Stage) -> None:
    stage.open(HEAD)
    comment = stage.thread("charge_url")
    stage.by("mallory", "read", lambda mallory: mallory.reply(stage.pull, comment, "/seawall dismiss it is fine"))
    stage.merge()


@history("python", BASE, {"charge_url": "dismissed"})
def a_comment_in_the_code_answers_for_it(stage: Stage) -> None:
    stage.open(HEAD)
    noted = call("charge").replace(
        "    reply", "    # seawall: ignore[missing-timeout] the gateway bounds it\n    reply"
    )
    stage.push({"pay.py": python(noted, plain("refund"))})
    stage.merge()
