"""How pull requests end, and what changes around them."""

from tests.life.histories.mending import MENDED
from tests.life.histories.moving import BASE, GO_BASE, HEAD
from tests.life.history import history
from tests.life.sources import call, getting, go, plain, python
from tests.life.stage import Stage


def unheard(stage: Stage, deed: str) -> None:
    """A push of which no webhook tells."""
    target, stage.there.courier.target = stage.there.courier.target, None
    stage.push({"pay.py": deed})
    stage.there.courier.target = target


@history("python", BASE, {"charge_url": "unknown"})
def it_is_merged_with_a_head_nobody_reviewed(stage: Stage) -> None:
    stage.open(HEAD)
    unheard(stage, HEAD["pay.py"] + "\n\nLIMIT = 3\n")
    stage.merge()


@history(
    "python",
    BASE,
    {"charge_url": "fixed"},
    judged={"charge_url": "unknown"},
    because="the head that mends it was never read",
)
def it_is_mended_in_a_head_nobody_reviewed(stage: Stage) -> None:
    stage.open(HEAD)
    unheard(stage, MENDED["pay.py"])
    stage.merge()


@history("go", GO_BASE, {"chargeURL": "unknown"})
def it_is_closed_without_a_merge(stage: Stage) -> None:
    stage.open({"pay.go": go(getting("charge"))})
    stage.close_unmerged()


@history("python", BASE, {"charge_url": "fixed"})
def it_is_closed_reopened_mended_and_merged(stage: Stage) -> None:
    stage.open(HEAD)
    stage.close_unmerged()
    stage.reopen()
    stage.push(MENDED)
    stage.merge()


@history("python", BASE, {"charge_url": "stale"})
def the_base_switches_its_rule_off(stage: Stage) -> None:
    stage.open(HEAD)
    stage.on_main({".github/seawall.toml": 'rules_off = ["missing-timeout"]\n'})
    stage.rebase()
    stage.merge()


@history("python", BASE, {"charge_url": "stale"})
def the_base_gains_the_same_defect(stage: Stage) -> None:
    stage.open(HEAD)
    stage.on_main(HEAD)
    stage.force_push({"pay.py": python(call("charge"), plain("refund"), plain("audit"))})
    stage.merge()
