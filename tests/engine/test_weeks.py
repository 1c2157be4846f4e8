"""Summaries on a real engine: several workers look at the same moment, and each destination is told once."""

from bot.engine.weeks import rounds
from bot.settings import load_settings
from tests.engine.conftest import PATIENCE_S, Builds, until

DUE = {
    "2026-W47:org-acme:mail": {"channel": "mail"},
    "2026-W47:org-acme:folder": {"channel": "folder"},
    "2026-W47:org-acme:issue": {"channel": "issue", "fails": 2},
    "2026-W47:42:slack-T1-C1": {"channel": "C1", "fails": 99},
}

DRAFT = {"fingerprint": "f1", "fails": 1, "pull_request": {"repository": {"id": 42}}}


def test_two_workers_tell_each_destination_once_and_one_that_is_down_holds_up_none(house: Builds) -> None:
    own = house(sweep_every_s=1, reap_after_s=PATIENCE_S)  # nobody dies: who is slow is not taken for dead
    own.record.set_stage("summaries", DUE)
    own.record.set_stage("drafts", {"acme/shop#7:f1:2026-11-23": DRAFT})
    for slot in ("1", "2"):
        own.begin_worker(slot)
    for worker in own.workers:
        worker.await_ready()
    until(lambda: len(own.record.told("C1")) == 4, "the last try for the one that is down")
    until(lambda: len(own.record.told("f1", "draft")) == 2, "the draft, once its model is back")
    until(lambda: own.record.told("issue", "told summary"), "the one that was down for a while")
    until(lambda: len(own.rows.list_workflows(workflow_id_prefix="sched-sweep")) > 3, "more rounds")
    assert sorted(whom for _, _, whom, _ in own.record.rows("told summary")) == ["folder", "issue", "mail"]
    tries = [len(own.record.told(channel, "summary")) for channel in ("mail", "folder", "issue", "C1")]
    assert tries == [1, 1, 3, 4]
    assert len(own.record.told("f1", "draft")) == 2, "a rule whose model was away is drafted once it is back"


def test_what_was_said_before_a_crash_is_not_said_again_after_it(embedded: Builds) -> None:
    own = embedded(sweep_every_s=86400)
    own.record.set_stage("summaries", {"2026-W47:org-acme:mail": {"channel": "mail", "dies_at": "between"}})
    own.begin_worker().await_exit()  # perhaps before it could say that it is ready
    own.start_worker()
    until(lambda: own.record.told("mail", "told summary"), "the summary")
    assert len(own.record.told("mail", "between")) == 2, "it was resumed"
    assert len(own.record.told("mail", "summary")) == 1


def test_a_worker_that_was_away_on_monday_tells_at_its_start(embedded: Builds) -> None:
    own = embedded(sweep_every_s=86400)
    own.record.set_stage("summaries", {"2026-W47:org-acme:mail": {"channel": "mail"}})
    own.start_worker()
    until(lambda: own.record.told("mail", "told summary"), "the summary")


def test_monday_is_the_organisations_monday() -> None:
    weekly = load_settings({}, None, weekly={"at": "07:45", "zone": "Asia/Kathmandu"}).weekly
    assert rounds(weekly) == {"weekly": ("0 45 7 * * mon", "Asia/Kathmandu")}
