"""Forgetting reaches every table of the conversation, and old texts of commands go by themselves."""

import re
from datetime import UTC, datetime

from bot.domain import Evidence
from bot.ledger import Ledger
from tests.ledger.records import a_finding, a_pull_request, a_repository, a_run
from tests.ledger.talk import (
    FIRST,
    LATER,
    a_command,
    a_guidance,
    a_person,
    a_place,
    a_point,
    a_rule_draft,
    a_waiver,
    an_evidence,
    an_incident,
    keep_a_conversation,
)
from tests.ledger.test_forgetting import bytes_of

LOGIN = "octo-cat"
SLACK = "slack:T1:U0CAT"


def test_a_forgotten_repository_leaves_no_row_in_any_table_of_the_conversation(ledger: Ledger) -> None:
    keep_a_conversation(ledger)
    other = a_pull_request(repository=a_repository(id=72, name="basket"), head_sha="d" * 40, url="https://x.test/2")
    ledger.keep_review(**a_run(pull_request=other, posted=None), digests={"a.py": "d"})
    keep_points_of(ledger, 72)
    elsewhere = a_place(repository=None, number=None)
    ledger.keep_command(a_command(id="names it", text="stats 7d Acme/Checkout", place=elsewhere), "stats")
    before = ledger.counts()
    forgotten = ledger.forget(repository="acme/checkout")
    assert forgotten.pop("commands") == 2  # one deleted, one blanked
    after = ledger.counts()
    assert after == {
        table: count - (1 if table == "commands" else forgotten.get(table, 0)) for table, count in before.items()
    }
    kept = {table for table, count in after.items() if count}
    assert kept == {
        "repositories", "pull_requests", "reviews", "findings", "dropped", "commands", "links", "link_codes",
        "files_read", "points", "point_aliases", "evidence", "outcomes", "waivers", "guidance", "incidents", "pauses",
        "rule_drafts", "subscriptions", "login_links", "sessions",
    }  # fmt: skip
    with ledger._connection.reading() as database:
        for table in kept:
            if "repository_id" in database.table(table).columns_dict:
                assert {row["repository_id"] for row in database.table(table).rows} <= {72, None}, table
    ledger.close()
    assert b"checkout" not in bytes_of(ledger.path).lower()


def test_a_forgotten_person_is_the_same_somebody_in_every_table_of_the_conversation(ledger: Ledger) -> None:
    keep_what_a_person_did(ledger)
    touched = ledger.forget(user=LOGIN)
    assert touched == {
        "commands": 3, "evidence": 2, "guidance": 2, "incidents": 2, "link_codes": 1, "links": 1, "pauses": 2,
        "points": 1, "rule_drafts": 1, "subscriptions": 1, "waivers": 2,
    }  # fmt: skip
    with ledger._connection.reading() as database:
        (somebody,) = {row["owner"] for row in database.table("waivers").rows} - {"mona"}
        assert somebody.startswith("someone-")
        shown = {table: list(database.table(table).rows) for table in touched}
    assert {evidence.actor for evidence in ledger.evidence(71, 12)[FIRST]} == {somebody, "mona"}
    assert f"as {somebody} said" in shown["evidence"][1]["detail"]
    assert {guidance.author for guidance in ledger.guidance(71)} == {somebody, "mona"}
    assert {incident.author for incident in ledger.incidents(71)} == {somebody, "mona"}
    assert ledger.incidents_matching(71, (), (), somebody.removeprefix("someone-"))
    assert {row["paused_by"] for row in shown["pauses"]} == {somebody, "mona"}
    assert {row["ended_by"] for row in shown["pauses"] + shown["waivers"]} == {somebody, ""}
    assert {(row["person_id"], row["person_name"]) for row in shown["commands"]} == {
        (somebody, somebody),
        ("U7", "Mona Lisa"),
    }
    assert [row["text"] for row in shown["commands"]][2] == f"ask what did @{somebody} mean"
    assert ledger.subscribers(71)[0].by == somebody
    assert ledger.login_of(SLACK) == ""
    ledger.close()
    left = bytes_of(ledger.path).lower()
    for word in (b"octo-cat", b"u0cat", b"the octocat"):
        assert not re.search(rb"(?<![a-z0-9-])" + word + rb"(?![a-z0-9-])", left), word
    assert b"octo-cat2" in left  # somebody else


def test_a_person_of_a_chat_system_can_be_forgotten_without_a_login(ledger: Ledger) -> None:
    ledger.keep_command(a_command(person=a_person(id="U0CAT", name="The Octocat")), "help")
    ledger.keep_link_code(SLACK, LOGIN, "digest", "2026-11-20T10:15:00+00:00")
    assert ledger.forget(user=SLACK) == {"commands": 1, "link_codes": 1}
    (row,) = ledger.recent_commands(None)
    assert row["person_name"].startswith("someone-")
    assert row["person_key"] == f"slack:T1:{row['person_name']}"


def test_a_code_that_nobody_used_makes_nobody_else_forgotten(ledger: Ledger) -> None:
    ledger.keep_command(a_command(), "link")
    ledger.keep_link_code("slack:T1:U7", LOGIN, "digest", "2026-11-20T10:15:00+00:00")  # U7 only says so
    assert ledger.forget(user=LOGIN) == {"link_codes": 1}
    assert ledger.recent_commands(None)[0]["person_name"] == "Mona Lisa"


def test_two_spellings_of_a_login_become_one_evidence(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    for actor in ("Octo-Cat", LOGIN):
        ledger.keep_evidence(71, 12, FIRST, an_evidence(actor=actor))
    ledger.forget(user=LOGIN)
    (evidence,) = ledger.evidence(71, 12)[FIRST]
    assert isinstance(evidence, Evidence)
    assert evidence.actor.startswith("someone-")


def test_words_of_ours_that_are_also_logins_break_nothing(ledger: Ledger) -> None:
    keep_a_conversation(ledger)
    ledger.end_command("slack-4242", "started", "Reviewing", "2026-11-20T10:00:01+00:00", awaits="k")
    before = (ledger.points(71, 12), ledger.rule_records(71), ledger.fates(71, 12))
    for word in ("slack", "seawall", "inline", "open", "disputed", "rule", "transport", "github", "RIGHT", "muted"):
        ledger.forget(user=word)
    assert (ledger.points(71, 12), ledger.rule_records(71), ledger.fates(71, 12)) == before
    assert ledger.commands_awaiting("k") == [a_command()]
    assert ledger.waivers(71, "2026-11-21") == [a_waiver()]
    assert ledger.subscribers(71)[0].transport == "slack"


def test_texts_of_commands_and_old_codes_go_after_their_days(ledger: Ledger) -> None:
    ledger.keep_command(a_command(id="old", at="2026-10-21T11:59:59+00:00"), "ask")
    ledger.end_command("old", "done", "What was asked", "2026-10-21T12:00:00+00:00")
    ledger.keep_command(a_command(id="new", at="2026-10-21T12:00:01+00:00"), "ask")
    ledger.keep_link_code(SLACK, LOGIN, "old", "2026-10-21T11:59:59+00:00")
    ledger.keep_link_code("slack:T1:U7", "mona", "new", "2026-10-21T12:00:01+00:00")
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert ledger.retention(30, now) == 2
    assert ledger.retention(30, now) == 0
    new, old = ledger.recent_commands(None)
    assert (old["name"], old["state"], old["text"], old["title"]) == ("ask", "done", "", "")
    assert new["text"] == "stats 7d"
    with ledger._connection.reading() as database:
        assert [row["person_key"] for row in database.table("link_codes").rows] == ["slack:T1:U7"]
        assert {row["answer_url"] for row in database.table("commands").rows} == {""}


def keep_points_of(ledger: Ledger, repository_id: int) -> None:
    at = "2026-11-20T10:00:00+00:00"
    ledger.keep_points(repository_id, 12, [a_point(now_known_as=LATER)], at=at)
    ledger.keep_evidence(repository_id, 12, FIRST, an_evidence())
    ledger.keep_fate(repository_id, 12, FIRST, "fixed", at)
    ledger.keep_waiver(a_waiver(id="w-other00", repository_id=repository_id))
    ledger.keep_guidance(a_guidance(id="g-other00", repository_id=repository_id))
    ledger.keep_incident(an_incident(id="i-other00", repository_id=repository_id, title="Carts were lost"))
    ledger.keep_rule_draft(a_rule_draft(id=f"d-{repository_id}", repository_id=repository_id))
    ledger.pause(repository_id, None, "mona", at)
    ledger.subscribe("slack", "T1", "C1", repository_id, {}, "mona", at)


def keep_what_a_person_did(ledger: Ledger) -> None:
    """What `LOGIN` did, on GitHub and as a linked person of Slack, beside what mona did."""
    at = "2026-11-20T10:00:00+00:00"
    ledger.keep_repository(a_repository())
    ledger.keep_points(71, 12, [a_point(finding=a_finding(FIRST, evidence=f"# {LOGIN}: no timeout needed"))], at=at)
    by_them, about_them = an_evidence(actor="Octo-Cat"), an_evidence(detail=f"No, as {LOGIN} said, and octo-cat2")
    for evidence in (by_them, about_them):
        ledger.keep_evidence(71, 12, FIRST, evidence)
    ledger.keep_waiver(a_waiver(owner=LOGIN))
    ledger.keep_waiver(a_waiver(id="w-2", reason=f"ask @{LOGIN}"))
    ledger.end_waiver("w-2", LOGIN, at)
    ledger.keep_guidance(a_guidance(author=LOGIN))
    ledger.keep_guidance(a_guidance(id="g-2", text=f"{LOGIN} bounds these in the proxy"))
    ledger.keep_incident(an_incident(author=LOGIN))
    ledger.keep_rule_draft(a_rule_draft(asked_by=LOGIN, toml=f"body = 'as {LOGIN} said'"))
    ledger.keep_incident(an_incident(id="i-2", title=f"{LOGIN} was paged", url=f"https://wiki.test/{LOGIN}/9"))
    ledger.pause(71, 12, LOGIN, at, "a release")
    ledger.pause(71, 13, "mona", at, f"{LOGIN} is away")
    ledger.resume(71, 13, LOGIN, at)
    ledger.keep_link_code(SLACK, LOGIN, "digest", "2026-11-20T10:15:00+00:00")
    ledger.confirm_link(LOGIN, "digest", at)
    on_github = a_person(transport="github", workspace="", id="Octo-cat", name=LOGIN)
    ledger.keep_command(a_command(id="1", person=on_github), "")
    ledger.keep_command(a_command(id="2", person=a_person(id="U0CAT", name="The Octocat")), "")
    ledger.keep_command(a_command(id="3", text=f"ask what did @{LOGIN} mean"), "ask")
    ledger.subscribe("slack", "T1", "C1", 71, {}, SLACK, at)
