"""What was seen of points, what became of them, and how often each rule was right."""

from bot.ledger import Ledger, RuleCounts
from tests.ledger.records import a_finding, a_pull_request, a_repository, a_run
from tests.ledger.talk import FIRST, LATER, a_point, an_evidence

TIMEOUT = "missing-timeout/http-or-socket-call"
SWALLOWED = "swallowed-error/empty-handler"


def test_evidence_is_kept_once_and_in_the_order_it_happened(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    late = an_evidence(kind="merged", says="ignored", actor="", at="2026-11-21T10:00:00+00:00")
    for evidence in (late, an_evidence(), an_evidence(), an_evidence(detail="And the queue too"), late):
        ledger.keep_evidence(71, 12, FIRST, evidence)
    assert ledger.evidence(71, 12) == {FIRST: [an_evidence(), an_evidence(detail="And the queue too"), late]}
    assert ledger.evidence(71, 13) == {}


def test_evidence_and_fate_of_an_alias_belong_to_the_point(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_points(71, 12, [a_point(now_known_as=LATER)])
    ledger.keep_evidence(71, 12, LATER, an_evidence())
    ledger.keep_fate(71, 12, LATER, "disputed", "2026-11-21")
    assert ledger.evidence(71, 12) == {FIRST: [an_evidence()]}
    assert ledger.fates(71, 12) == {FIRST: "disputed"}


def test_a_later_judgement_stands_and_the_same_one_keeps_its_time(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    for fate, at in (("ignored", "2026-11-21"), ("ignored", "2026-11-22"), ("fixed", "2026-11-23")):
        ledger.keep_fate(71, 12, FIRST, fate, at)
        with ledger._connection.reading() as database:
            (row,) = database.table("outcomes").rows
        assert (row["outcome"], row["at"]) == (fate, "2026-11-23" if fate == "fixed" else "2026-11-21")


def test_records_count_what_was_said_and_believe_the_fate_over_the_state(ledger: Ledger) -> None:
    keep_three_repositories(ledger)
    assert ledger.rule_records(71) == [
        RuleCounts(TIMEOUT, posted=6, fixed=1, accepted=1, disputed=2, ignored=1),
        RuleCounts(SWALLOWED, posted=1, fixed=0, accepted=0, disputed=0, ignored=0),
    ]
    assert ledger.rule_records(71, "class") == [
        RuleCounts("missing-timeout", posted=6, fixed=1, accepted=1, disputed=2, ignored=1),
        RuleCounts("swallowed-error", posted=1, fixed=0, accepted=0, disputed=0, ignored=0),
    ]
    assert [counts.posted for counts in ledger.rule_records(None)] == [9, 1]
    assert ledger.rule_records(71, since="2026-12-01") == []


def test_records_by_prompt_and_model_leave_out_what_rules_found_alone(ledger: Ledger) -> None:
    keep_three_repositories(ledger)
    assert ledger.rule_records(None, "prompt_version") == [RuleCounts("3", 1, 0, 0, 0, 0)]
    assert ledger.rule_records(71, "model") == [RuleCounts("openai:gpt-5-mini", 1, 0, 0, 0, 0)]


def test_the_organisations_record_is_that_of_the_owners_other_repositories(ledger: Ledger) -> None:
    keep_three_repositories(ledger)
    assert ledger.organisation_records(71) == [
        RuleCounts(TIMEOUT, posted=2, fixed=2, accepted=0, disputed=0, ignored=0)
    ]
    assert ledger.organisation_records(73) == []


def keep_three_repositories(ledger: Ledger) -> None:
    """acme/checkout (71) and ACME/basket (72) belong together; other/till (73) is somebody else's."""
    for repository in (
        a_repository(),
        a_repository(id=72, owner="ACME", name="basket"),
        a_repository(id=73, owner="o"),
    ):
        pull_request = a_pull_request(repository=repository)
        ledger.keep_review(**a_run(pull_request=pull_request, posted=None))
    states = ("fixed", "accepted", "disputed", "dismissed", "open", "stale")
    points = [a_point(f"p{number}", state=state) for number, state in enumerate(states)]
    held = a_point("h", said="held", state="fixed")
    swallowed = a_finding("s", rule=SWALLOWED, kind="empty-handler", **{"class": "swallowed-error"})
    by_model = a_point("s", finding=swallowed, prompt_version="3", model="openai:gpt-5-mini")
    ledger.keep_points(71, 12, [*points, held, by_model], at="2026-11-20T09:00:04+00:00")
    ledger.keep_fate(71, 12, "p4", "ignored", "2026-11-21")
    ledger.keep_fate(71, 12, "p0", "unknown", "2026-11-21")  # says nothing: the state stands
    ledger.keep_points(72, 12, [a_point("p0", state="fixed"), a_point("p1")], at="2026-11-20T09:00:04+00:00")
    ledger.keep_fate(72, 12, "p1", "fixed", "2026-11-21")
    ledger.keep_points(73, 12, [a_point("p0", state="disputed")], at="2026-11-20T09:00:04+00:00")
