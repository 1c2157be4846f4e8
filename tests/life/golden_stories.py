"""Stories as people live them; what their pages show is kept in `golden/`."""

from collections.abc import Callable
from pathlib import Path

from tests.life.sources import TIMEOUT, call, plain, python
from tests.life.stage import Stage
from tests.life.transcript import transcript

PLAIN = [plain("charge"), plain("refund"), plain("audit")]
BASE = {"pay.py": python(*PLAIN)}


def a_pull_request_from_opening_to_merge(stage: Stage) -> str:
    """One finding is fixed, one moves, one is dismissed; main moves on, the branch is rebased and rewritten."""
    stage.open({"pay.py": python(call("charge"), call("refund"), call("audit"))}, "Talk to the bank")
    moved = [plain("limits"), call("refund"), call("charge", TIMEOUT), call("audit")]
    stage.push({"pay.py": python(*moved)}, "Bound the charge, sort the functions")
    stage.on_main({"stock.py": python(plain("stock"))})
    stage.rebase()
    comment = stage.thread("audit_url")
    stage.by("erin", "write", lambda erin: erin.reply(
        stage.pull, comment, "/seawall dismiss the audit runs in a batch that is killed after a minute"
    ))  # fmt: skip
    moved[1] = call("refund", TIMEOUT)
    stage.force_push({"pay.py": python(*moved)}, "Talk to the bank, within limits")
    stage.merge()
    stage.sweep()
    return transcript(stage, stage.pull)


def two_people_of_whom_one_may_not(stage: Stage) -> str:
    """Mallory may read the repository, dana may push to it."""
    stage.open({"pay.py": python(call("charge"), *PLAIN[1:])}, "Charge the bank")
    comment = stage.thread("charge_url")
    pull = stage.pull
    stage.by("mallory", "read", lambda mallory: mallory.reply(pull, comment, "/seawall dismiss this is fine"))
    stage.by("mallory", "", lambda mallory: mallory.comment(pull, "/seawall pause"))
    stage.by("mallory", "", lambda mallory: mallory.comment(pull, "/seawall whoami"))
    stage.by("mallory", "", lambda mallory: mallory.reply(pull, comment, "/seawall explain"))
    stage.by("dana", "", lambda dana: dana.comment(pull, "/seawall dismis everything"))
    stage.by("dana", "", lambda dana: dana.reply(pull, comment, "/seawall dismiss the gateway enforces two seconds"))
    stage.by("dana", "", lambda dana: dana.comment(pull, "/seawall review"))
    stage.by("dana", "", lambda dana: dana.comment(pull, "/seawall waivers"))
    stage.merge()
    return transcript(stage, pull)


def an_incident_is_remembered(stage: Stage) -> str:
    """What broke after one pull request is cited on a later one."""
    stage.open({"pay.py": python(call("charge"), *PLAIN[1:])}, "Charge the bank")
    stage.merge()
    first = stage.pull
    stage.clock.pass_by(days=7)
    told = "/seawall incident 2026-03-05 missing-timeout: the bank hung and every worker of charge waited for it"
    stage.by("dana", "", lambda dana: dana.comment(first, told))
    stage.git("checkout", "-q", "-f", "main")
    stage.git("merge", "-q", "--no-edit", first.head_ref)
    stage.open({"pay.py": python(call("charge"), call("refund"), PLAIN[2])}, "Refund through the bank")
    second = stage.pull
    stage.by("dana", "", lambda dana: dana.comment(second, "/seawall incident list"))
    return f"{transcript(stage, first)}\n{transcript(stage, second)}"


def a_rule_mutes_itself_and_speaks_again(stage: Stage) -> str:
    """Nobody heeds it on four pull requests; on the fifth it is silent, until somebody wants it back."""
    names = ["charge", "refund", "audit", "book"]
    for turn in range(4):
        codes = [call(f"{name}_{turn}") for name in names]
        files = {f"step_{turn}.py": python(*codes[:2]), f"next_{turn}.py": python(*codes[2:])}
        stage.open(files, f"Step {turn + 1}")
        for name in names:
            comment = stage.thread(f"{name}_{turn}_url")
            stage.by("dana", "", lambda dana, comment=comment: dana.react(stage.pull, comment, "-1"))
        stage.merge()
        stage.clock.pass_by(days=1)
    rule = "missing-timeout/http-or-socket-call"
    stage.open({"last.py": python(call("settle"))}, "Settle accounts")
    pull = stage.pull
    stage.by("dana", "", lambda dana: dana.comment(pull, "/seawall waivers"))
    stage.by("erin", "write", lambda erin: erin.comment(pull, f"/seawall unmute {rule}"))
    stage.by("erin", "", lambda erin: erin.comment(pull, "/seawall review full"))
    return transcript(stage, pull)


STORIES: list[Callable[[Stage], str]] = [
    a_pull_request_from_opening_to_merge,
    two_people_of_whom_one_may_not,
    an_incident_is_remembered,
    a_rule_mutes_itself_and_speaks_again,
]


def told(story: Callable[[Stage], str], folder: Path) -> str:
    """The story's page, under its title."""
    stage = Stage(folder, BASE)
    try:
        page = story(stage)
    finally:
        stage.close()
    title = story.__name__.replace("_", " ").capitalize()
    return f"# {title}\n\n{story.__doc__}\n\n{page}"
