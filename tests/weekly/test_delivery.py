"""DORA's four figures, on deployments and incidents that can be counted on fingers."""

from tests.weekly.by_hand import TEAM, events_of
from tests.weekly.rows import WEEK, at, by_hand, facts, no_rows, row, shown

DEPLOYED = """
    10-26 13:00 deployed environment=production state=success id=1 sha=a
    10-26 13:05 deployed environment=production state=success id=1 sha=a
    10-27 20:00 deployed environment=Production state=success id=2 sha=b
    10-28 20:00 deployed environment=production state=failure id=3 sha=c
    10-28 21:00 deployed environment=staging state=success id=4 sha=c
    10-29 20:00 deployed environment=prod state=success id=5 sha=c
    10-30 20:00 deployed environment=production state=success id=6 sha=d
    10-31 20:00 deployed environment=production state=success id=7 sha=e"""
BROKEN = """
    10-28 01:00 incident-opened issue=41
    10-28 04:00 incident-closed issue=41
    10-30 10:00 incident-opened issue=42
    10-30 11:00 incident-opened issue=43
    10-30 11:30 incident-closed issue=42"""


def test_without_deployments_nothing_of_delivery_is_guessed() -> None:
    week = facts(by_hand())
    for name in ("deployments", "lead-time", "change-failure", "time-to-restore", "releases"):
        assert week.figure(name).text == "not measured"
        assert week.figure(name).value is None


def test_failures_are_not_measured_where_no_incident_is_known() -> None:
    rows = by_hand()
    rows["events"] += events_of(0, DEPLOYED)
    week = facts(rows)
    assert shown(week, "deployments") == [("5", 5, 0)]
    assert week.figure("change-failure").why == "not measured: no incident is on record"


def test_deployments_are_those_to_production_that_succeeded() -> None:
    rows = by_hand()
    rows["events"] += events_of(0, DEPLOYED + BROKEN)
    week = facts(rows)
    # 1, 2, 5, 6, 7; what came after 2 and after 5 broke; restored after 3 h and 1.5 h, 43 still open
    assert shown(week, "deployments", "change-failure", "time-to-restore") == [
        ("5", 5, 0), ("40%", 5, 0), ("2.2 h", 2, 1),
    ]  # fmt: skip
    # Of all 27 merged only 33 came after the last of them; the first commits of 7, 11, 24 and 34 are unknown
    lead = week.figure("lead-time")
    assert (lead.n, lead.missing) == (22, 4)


def test_lead_time_is_from_first_commit_to_the_first_deployment_after_the_merge() -> None:
    rows = by_hand()
    kept = (1, 2, 3, 4, 9)
    rows["pull_requests"] = [one for one in rows["pull_requests"] if one["number"] in kept]
    rows["events"] += events_of(0, DEPLOYED)
    # 1: 10-26 06:00 to 13:00; 3: merged at 14:00, so from 10-26 08:00 to 10-27 20:00; 2 the same; 4: 07:00; 9: 08:00
    # 7 [12 36] 36 37: in order 7, 12, [36], 36, 37
    assert facts(rows).figure("lead-time").value == 36


def test_releases_are_counted_without_pre_releases() -> None:
    rows = no_rows()
    rows["events"] = events_of(0, "10-27 10:00 released tag=v1\n10-28 10:00 released tag=v2 is_prerelease=true")
    assert shown(facts(rows), "releases") == [("1", 1, 0)]


def test_an_environment_is_production_by_its_name() -> None:
    rows = no_rows()
    rows["events"] = events_of(0, "10-26 13:00 deployed environment=live-eu state=success id=1")
    assert facts(rows).figure("deployments").text == "not measured"
    assert facts(rows, production={"Live-EU"}).figure("deployments").value == 1


def test_only_what_is_first_deployed_in_the_week_has_its_lead_time_there() -> None:
    rows = by_hand()
    rows["events"] += events_of(0, "10-25 23:00 deployed environment=production state=success id=1")
    # 20 was merged in that second, and it is the only one merged before any deployment
    assert shown(facts(rows), "lead-time") == [("too few", 1, 0)]
    rows["events"] += events_of(0, "10-25 22:59 deployed environment=production state=success id=0")
    assert shown(facts(rows, WEEK.back(1)), "deployments", "lead-time") == [("1", 1, 0), ("too few", 0, 0)]


def test_an_incident_told_to_seawall_is_a_failure_of_its_own_repository_alone() -> None:
    def failures(*repository_ids: int | None) -> list[tuple[str, int, int]]:
        rows = no_rows()
        rows["events"] = events_of(0, DEPLOYED)
        rows["incidents"] = [
            row("incidents", id="i-1", repository_id=of, title="Down", url="", broke_at=at(44), verdict="fired")
            | {"class": ""}
            for of in repository_ids
        ]
        return shown(facts(rows), "change-failure")

    assert failures(TEAM) == [("20%", 5, 0)]
    assert failures(TEAM, TEAM) == [("20%", 5, 0)]
    assert failures(TEAM + 1, None) == [("0%", 5, 0)]


def test_a_single_restore_is_told_and_an_incident_opened_again_ends_with_its_next_closing() -> None:
    rows = no_rows()
    rows["events"] = events_of(
        0,
        "10-26 08:00 incident-opened issue=5\n10-26 09:30 incident-closed issue=5\n"
        "10-26 10:00 incident-closed issue=6\n10-27 08:00 incident-opened issue=6",
    )
    assert shown(facts(rows), "time-to-restore") == [("1.5 h", 1, 1)]
