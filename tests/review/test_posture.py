"""The posture in a receipt: told where it changed, and nowhere else."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain import CallSite, Dependency, PostureChange, Repository, Review, plain_step
from bot.domain.posture import ProtectionChange, State, Timeout
from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.review.desks import Desks
from bot.review.fleet import alone, fleet_of
from bot.review.formats import FORMATS
from bot.review.pipeline import examine
from bot.review.render import check_page, draft_of
from bot.settings import Policy, load_settings
from tests.ledger.postures import a_dependency, a_map
from tests.review.builders import a_change, a_finding, a_review
from tests.review.formats.samples import render
from tests.review.lives import InProcess, Trees

HOST = "github.com"
SITE = CallSite(path="pay.py", line=11, scope="charge")
ADDED = Dependency(name="payments", kind="http", method="POST", target="payments.internal/charges", sites=(SITE,))
LOST = ProtectionChange(
    name="inventory", kind="http", method="PUT", protection="timeout", site=SITE,
    before=Timeout(state=State.YES, value="2 s", seconds=2), after=Timeout(),
)  # fmt: skip
CHANGE = PostureChange(added=(ADDED,), changed=(LOST,), chains=("checkout waits for ever for `payments`",))
TOLD = (
    "checkout waits for ever for `payments`",
    "+1 outbound call: `payments` HTTP POST, timeout no, retry no, breaker no",
    "−1 timeout on `inventory` (was 2 s)",
)


def with_posture(review: Review) -> Review:
    return review.model_copy(update={"posture": CHANGE})


def test_the_check_tells_a_change_and_is_silent_without_one() -> None:
    page = check_page(with_posture(a_review()), {}, HOST)
    assert [line.removeprefix("- ") for line in page.splitlines() if line.removeprefix("- ") in TOLD] == list(TOLD)
    assert "Posture" not in check_page(a_review(), {}, HOST)


def test_the_reviews_body_tells_it_beside_its_findings() -> None:
    review = with_posture(a_review(a_finding()))
    body = draft_of(review, review.findings, a_change(), Policy(), "<!-- m -->", HOST).body
    assert all(f"- {line}" in body for line in TOLD)
    silent = a_review(a_finding())
    assert "Posture" not in draft_of(silent, silent.findings, a_change(), Policy(), "<!-- m -->", HOST).body


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("json", "sarif")])
def test_every_format_for_people_tells_it_only_where_it_changed(format: str) -> None:
    assert "outbound call" in render(with_posture(a_review()), format, width=120)
    assert "osture" not in render(a_review(), format, width=120)


def test_the_json_holds_the_whole_change_or_null() -> None:
    assert PostureChange.from_json(json.loads(render(with_posture(a_review()), "json"))["posture"]) == CHANGE
    assert json.loads(render(a_review(), "json"))["posture"] is None


def test_a_hostile_name_is_filtered_as_all_that_is_posted() -> None:
    hostile = ADDED.model_copy(update={"name": "a` @bob <img src=x> `b"})
    page = check_page(a_review().model_copy(update={"posture": PostureChange(added=(hostile,))}), {}, HOST)
    assert "<img" not in page
    assert "@bob <" not in page.replace("`@bob`", "")


REPOSITORY = Repository(id=72, owner="acme", name="payments", installation_id=5)


def test_the_fleet_on_record_is_asked(ledger_with_a_fleet: Ledger) -> None:
    slow = a_dependency("bank").protections.timeout.model_copy(update={"seconds": 60.0, "value": "60 s"})
    change = PostureChange(service="payments", added=(a_dependency("bank", timeout=slow),))
    told = fleet_of(ledger_with_a_fleet)(REPOSITORY)(change).chains
    assert told[0] == "payments waits 180 s for `bank` (3 × 60 s, pay/client.py:4), checkout gives up at 30 s"
    assert alone(change) == change


def test_a_record_that_cannot_be_read_costs_no_review() -> None:
    class Broken:
        def postures(self) -> None:
            raise LedgerError("The ledger is locked.")

    assert fleet_of(Broken())(REPOSITORY)(CHANGE) == CHANGE  # type: ignore[arg-type]


@pytest.fixture
def ledger_with_a_fleet(tmp_path):  # type: ignore[no-untyped-def]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_repository(Repository(id=71, owner="acme", name="checkout", installation_id=5))
        ledger.keep_posture(71, a_map(), "2026-11-20T09:00:00+00:00")
        yield ledger


PAY = "import requests\n\n\ndef pay(order):\n    requests.post('http://pay.internal/', order, timeout=3)\n"


def reviewed(base: dict[str, str], head: dict[str, str], policy: str = "") -> Review:
    source = Trees(base, head, "a" * 40, {}, policy, 3)
    desk = Desks(load_settings({}), InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    return examine(desk, plain_step, lambda _: [])


def test_a_call_that_goes_with_its_file_is_told() -> None:
    found = reviewed({"pay.py": PAY, "a.py": "x = 1\n"}, {"a.py": "x = 2\n"})
    assert found.posture is not None
    assert [one.name for one in found.posture.removed] == ["pay"]
    assert (found.receipt.files.reviewed, found.findings) == (("a.py",), ())
    assert [(file.path, file.reason) for file in found.receipt.files.skipped] == [("pay.py", "deleted")]


def test_a_call_that_moved_out_of_a_deleted_file_is_no_change() -> None:
    moved = "LIMIT = 3\n" * 20 + PAY.replace("def pay", "def settle")
    assert reviewed({"pay.py": PAY}, {"settling.py": moved}).posture is None


def test_deleted_tests_and_files_that_policy_ignores_held_no_posture() -> None:
    assert reviewed({"tests/test_pay.py": PAY, "a.py": "x = 1\n"}, {"a.py": "x = 2\n"}).posture is None
    ignored = 'ignore_paths = ["vendor/"]\n'
    assert reviewed({"vendor/pay.py": PAY, "a.py": "x = 1\n"}, {"a.py": "x = 2\n"}, ignored).posture is None
