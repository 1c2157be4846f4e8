"""What commands do, and that doing them twice is doing them once."""

import pytest

from bot.chat.commands import commands
from bot.domain import (
    CallSite,
    CancelReviews,
    CommandGiven,
    Coverage,
    Dependency,
    Person,
    Place,
    PostureChange,
    PostureMap,
    PullRequest,
    Receipt,
    Result,
    Review,
    StartReview,
)
from tests.chat.people import FINDING, POINT, PULL_REQUEST, REPOSITORY, THREAD
from tests.chat.town import Town, text_of
from tests.ledger.talk import a_waiver

AT = "2026-11-22T09:00:00+00:00"


def reviewed(town: Town) -> None:
    receipt = Receipt(coverage=Coverage.FULL, result=Result.FINDINGS, head_sha="a" * 40, base_sha="b" * 40)
    review = Review(receipt=receipt, findings=(FINDING,))
    key = f"{PULL_REQUEST.review_key}:review"
    town.ledger.keep_review(key, PULL_REQUEST, 0, "review", "comment", review, None, {}, AT, AT)


def given(town: Town, text: str, in_thread: bool = False) -> CommandGiven:
    place = Place(transport="github", repository=REPOSITORY, number=7, thread=THREAD if in_thread else "")
    return town.given(text, Person(transport="github", id="octocat"), place)


def test_a_dismissal_keeps_a_waiver_and_evidence_and_closes_nothing(town: Town) -> None:
    asked = given(town, "dismiss the gateway enforces two seconds", in_thread=True)
    assert {town.answer(asked).reply.state for _ in range(3)} == {"done"}
    (waiver,) = [waiver for waiver in town.ledger.waivers(REPOSITORY.id, AT) if waiver.kind == "dismissed"]
    assert (waiver.fingerprint, waiver.code_digest, waiver.owner) == (POINT.fingerprint, "c0de", "octocat")
    assert (waiver.reason, waiver.number, waiver.path) == ("the gateway enforces two seconds", 7, FINDING.path)
    (seen,) = town.ledger.evidence(REPOSITORY.id, 7)[POINT.fingerprint]
    assert (seen.kind, seen.says, seen.actor, seen.detail) == ("command", "dismissed", "octocat", waiver.reason)
    assert [point.state for point in town.ledger.points(REPOSITORY.id, 7)] == ["open"]


def test_a_dismissed_finding_is_not_open_posture(town: Town) -> None:
    assert "`missing-timeout`" in text_of(town.say("posture"))
    assert "src/pay.py:8" in text_of(town.say("posture"))
    town.say("dismiss a1b2c3d by design")
    found = town.say("posture")
    assert found.reply.title == "No classes of protection are open on acme/shop#7"
    assert "findings on record" in text_of(found)


def test_posture_tells_what_a_pull_request_changes_and_what_a_repository_calls(town: Town) -> None:
    assert "changes nothing about the calls" in text_of(town.say("posture"))
    assert "No map of its calls is on record" in text_of(town.say("posture acme/shop"))
    site = CallSite(path="src/pay.py", line=8, scope="charge")
    bank = Dependency(name="bank", kind="http", method="POST", target="bank.internal/pay", sites=(site,))
    receipt = Receipt(coverage=Coverage.FULL, result=Result.CLEAN, head_sha="a" * 40, base_sha="b" * 40)
    review = Review(receipt=receipt, posture=PostureChange(added=(bank,)))
    key = f"{PULL_REQUEST.review_key}:review"
    town.ledger.keep_review(
        key, PULL_REQUEST, 9, "review", "comment", review, None, {}, AT, "2026-11-23T09:00:00+00:00"
    )
    told = "+1 outbound call: `bank` HTTP POST, timeout no, retry no, breaker no"
    assert told in text_of(town.say("posture"))
    town.ledger.keep_posture(REPOSITORY.id, PostureMap(service="shop", dependencies=(bank,)), AT)
    assert "`src/pay.py:8`" in text_of(town.say("posture acme/shop"))
    assert "as last kept" in text_of(town.say("posture acme/shop"))


def test_a_mute_ends_by_itself_or_by_hand(town: Town) -> None:
    def muted(at: str) -> set[str]:
        return {waiver.rule for waiver in town.ledger.waivers(REPOSITORY.id, at) if waiver.kind == "muted"}

    town.say("mute resource-leak for 7d the pool closes them")
    town.say("mute fire-and-forget")
    assert muted(AT) >= {"resource-leak", "fire-and-forget"}
    assert "resource-leak" not in muted("2026-11-29T09:00:01+00:00")
    assert town.say("unmute fire-and-forget").reply.title == "fire-and-forget speaks again in acme/shop"
    assert "fire-and-forget" not in muted(AT)


@pytest.mark.parametrize("span", ["0d", "999w", "400d"])
def test_a_time_that_makes_no_sense_is_declined(town: Town, span: str) -> None:
    assert town.say(f"mute resource-leak for {span}").reply.state == "misunderstood"


def test_a_kind_alone_names_its_rule(town: Town) -> None:
    assert town.say("mute http-or-socket-call", "mona").reply.title.startswith("missing-timeout/http-or-socket-call")
    assert "did you mean resource-leak" in text_of(town.say("mute resorce-leak"))


def test_a_paused_pull_request_is_not_reviewed_and_says_by_whom(town: Town) -> None:
    town.say("pause until the release is out", "mona")
    found = town.say("review full")
    assert (found.reply.state, found.wants) == ("refused", ())
    assert "by mona since 2026-11-22 09:00 UTC: until the release is out" in text_of(found)
    town.say("resume")
    assert town.say("review").wants == (StartReview(pull_request=PULL_REQUEST),)


def test_a_paused_repository_stays_paused_on_each_pull_request(town: Town) -> None:
    town.chat("pause acme/shop", "mona")
    assert town.say("review").reply.state == "refused"
    assert town.say("resume").reply.title == "acme/shop is still paused as a whole"


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"is_open": False}, "acme/shop#7 is closed"),
        ({"is_draft": True}, "Policy leaves acme/shop#7 alone"),
        ({"labels": ("no-seawall",)}, "Policy leaves acme/shop#7 alone"),
    ],
)
def test_a_review_that_would_not_run_is_not_promised(town: Town, change: dict[str, object], title: str) -> None:
    town.pull_requests.now = PullRequest.model_validate(PULL_REQUEST.model_dump() | change)
    found = town.say("review full")
    assert (found.reply.state, found.reply.title, found.wants) == ("refused", title, ())


def test_a_service_that_is_paused_promises_nothing(town: Town) -> None:
    town.settings["paused"] = True
    assert town.say("review").reply.title == "Seawall is paused everywhere"


def test_a_head_that_has_its_review_says_so_and_full_starts_anyway(town: Town) -> None:
    reviewed(town)
    found = town.say("review")
    assert (found.reply.state, found.wants, found.awaits) == ("done", (), "")
    assert found.reply.title == "This head of acme/shop#7 has its review already"
    assert "review full" in text_of(found)
    started = town.say("review full")
    assert started.wants == (StartReview(pull_request=PULL_REQUEST, is_full=True),)
    assert started.awaits == PULL_REQUEST.review_key


def test_a_review_under_way_is_waited_for_instead_of_started_again(town: Town) -> None:
    town.under_way = [f"review:{PULL_REQUEST.review_key}~0.1"]
    found = town.say("review")
    assert (found.reply.state, found.wants, found.awaits) == ("started", (), PULL_REQUEST.review_key)
    cancelled = town.say("cancel")
    assert cancelled.wants == (CancelReviews(pull_request=PULL_REQUEST),)


def test_a_run_names_the_review_to_cancel(town: Town) -> None:
    run = town.say("review").reply.run_id
    town.under_way = [f"review:{PULL_REQUEST.review_key}~0.1"]
    assert town.chat(f"cancel {run}").wants == (CancelReviews(pull_request=PULL_REQUEST),)
    run = town.chat("review acme/shop#7").reply.run_id
    assert town.chat(f"cancel {run}").wants == (CancelReviews(pull_request=PULL_REQUEST),)


def test_status_tells_how_things_stand(town: Town) -> None:
    reviewed(town)
    run = town.say("pause", "mona").reply.run_id
    said = text_of(town.say("status"))
    for fact in ("coverage `full`", "1 open", "`a1b2c3d` session.post can wait for ever", "by mona since"):
        assert fact in said
    assert town.say(f"status {run}").reply.title == f"{run} is done"
    assert town.chat("status").reply.title == "acme/shop: 1 review in 14 days"


def test_config_shows_what_differs_and_no_secret(town: Town) -> None:
    town.settings["github"] = {"webhook_secret": "hush-hush-hush"}
    town.policies.policy = town.policies.policy.model_copy(update={"max_comments": 3, "skip_authors": ("renovate*",)})
    said = text_of(town.say("config"))
    assert '"`max_comments`","`3`","`.github/seawall.toml`' in said
    assert "renovate*" in said
    assert "hush" not in said
    assert "secret" not in said


def test_a_channel_subscribes_and_everybody_there_reads_it(town: Town) -> None:
    town.ledger.unsubscribe("slack", "T1", "C1", REPOSITORY.id)
    found = town.chat("subscribe acme/shop findings HIGH+ weekly", "octocat")
    assert found.reply.is_public
    (heard,) = town.ledger.subscriptions("slack", "T1", "C1")
    assert (heard.repository.id, heard.wants, heard.by) == (
        REPOSITORY.id,
        {"findings": "high", "weekly": True},
        "octocat",
    )
    town.chat("subscribe acme/shop weekly")
    assert town.ledger.subscriptions("slack", "T1", "C1")[0].wants == {"findings": "", "weekly": True}
    assert town.chat("unsubscribe").reply.title == "This channel no longer hears of acme/shop"


def test_a_repository_that_may_not_be_seen_is_not_subscribed_to(town: Town) -> None:
    assert town.chat("subscribe acme/vault", "octocat").reply.state == "refused"
    assert town.chat("subscribe acme/shop", "passer").reply.state == "refused"


@pytest.mark.parametrize(
    ("text", "verdict", "class_", "number"),
    [
        ("incident 2026-11-02 a missing timeout held every worker", "fired", "missing-timeout", 7),
        ("incident 2026-11-02 a thundering herd after the cache expired", "missing", "thundering-herd", 7),
        ("incident somebody pulled the plug", "unknown", "", 7),
    ],
)
def test_an_incident_is_judged_by_what_was_said(town: Town, text: str, verdict: str, class_: str, number: int) -> None:
    assert {town.answer(asked).reply.state for asked in [given(town, text)] * 2} == {"done"}
    (incident,) = town.ledger.incidents(REPOSITORY.id)
    assert (incident.verdict, incident.class_, incident.number) == (verdict, class_, number)
    assert incident.broke_at == ("2026-11-02" if "2026" in text else "")
    assert (incident.rule == FINDING.rule) is (verdict == "fired")


def test_an_incident_in_chat_finds_its_pull_request(town: Town) -> None:
    town.chat("incident https://github.com/acme/shop/pull/7 a missing timeout: https://status.example/42")
    (incident,) = town.ledger.incidents(REPOSITORY.id)
    assert (incident.number, incident.url, incident.verdict) == (7, "https://status.example/42", "fired")
    assert "1 incident is known of acme/shop" in text_of(town.chat("incident list"))


def test_memory_is_shown_and_deleted(town: Town) -> None:
    assert "The gateway enforces two seconds." in text_of(town.say("memory"))
    town.say("memory forget G-0A1B2C3")
    assert town.ledger.guidance(REPOSITORY.id) == []


def test_figures_stand_beside_their_definition_and_n(town: Town) -> None:
    reviewed(town)
    said = text_of(town.say("stats 7d"))
    for part in ("1 run", "1 said", "none judged yet", "merged untouched", "US$ 0.00", "0 calls"):
        assert part in said
    weekly = text_of(town.say("weekly"))
    assert "2026-11-16 (so far)" in weekly
    assert "0 of 1" in weekly
    assert "week 46: 9 to 15 November 2026" in weekly
    assert "Pull requests merged in the week, by people, not by bots." in weekly


def test_a_rule_that_muted_itself_is_named_once_in_the_week_and_afterwards(town: Town) -> None:
    for day, rule in (("2026-11-11", "lock-hazard/held"), ("2026-10-05", "retry-storm/nested")):
        owned = {"id": f"w-{day[5:7]}00000", "repository_id": REPOSITORY.id, "owner": "seawall", "expires_at": ""}
        town.ledger.keep_waiver(a_waiver(rule=rule, reason="heeded 0 of 9", at=f"{day}T10:00:00+00:00", **owned))
    weekly = text_of(town.say("weekly"))
    assert weekly.count("lock-hazard/held") == 1, "the week itself names it"
    assert weekly.count("retry-storm/nested") == 1, "it was muted before the week"


def test_no_figure_names_a_person(town: Town) -> None:
    reviewed(town)
    for text in ("stats 7d", "weekly", "posture"):
        assert not {"mona", "octocat"} & set(text_of(town.say(text, "mona")).replace('"', " ").split())


def test_the_terminal_sees_all_repositories(town: Town) -> None:
    assert town.chat("stats 24h", transport="terminal").reply.title == "All repositories in 24 hours"
    weekly = town.chat("weekly", transport="terminal").reply.title
    assert weekly == "All repositories, week 46: 9 to 15 November 2026"


def test_help_names_every_form_that_can_be_said_there_and_no_other(town: Town) -> None:
    on_github, in_chat = text_of(town.say("help")), text_of(town.chat("help"))
    at_the_terminal = text_of(town.chat("help", transport="terminal"))
    uses = [use for command in commands().values() for use in command.uses if not use.in_thread]
    assert {use.where for use in uses} == {"anywhere", "github", "chat"}
    for use in uses:
        form = f"`{use.form}`"
        assert (form in on_github) == (use.where != "chat"), form
        assert (form in in_chat) == (use.where != "github"), form
        assert (form in at_the_terminal) == (use.where == "anywhere"), form


def test_help_on_one_command_shows_lines_that_can_be_typed_there(town: Town) -> None:
    assert "`/seawall dismiss a1b2c3d the gateway enforces 2 s`" in text_of(town.say("help dismiss"))
    assert "`/seawall dismiss a1b2c3d the gateway enforces 2 s owner/repo#12`" in text_of(town.chat("help dismiss"))
    assert "in the thread of a finding" not in text_of(town.chat("help dismiss"))
    assert "mising-timeout" not in text_of(town.say("help explain")), "what is not understood is no example"
