"""One defect, found twice, is said once."""

from bot.domain import Severity, Suggestion
from bot.review.merge import Found, is_same_defect, merged_readings, with_rules
from bot.review.rank import rank
from bot.settings import Policy
from tests.review.builders import a_finding

RULE = a_finding()


def by_model(**more):
    values = {
        "source": "model", "fingerprint": "m" * 16,
        "body": "When `URL` never answers, `requests.post` in `charge` holds the worker for ever. Pass a timeout.",
    }  # fmt: skip
    return a_finding(**(values | more))


def merged(*found):
    kept, dropped = merged_readings([Found(0, reading, finding) for reading, finding in found])
    return [one.finding for one in kept], dropped


def test_one_class_at_one_place_is_one_defect():
    assert is_same_defect(by_model(title="Something else entirely"), RULE)


def test_kindred_classes_at_one_place_are_one_where_they_speak_of_the_same():
    kin = {"class": "hang-never-settled", "title": "requests.post waits for ever"}
    assert is_same_defect(by_model(**kin), RULE)
    other = by_model(**kin | {"title": "Answer is read twice", "body": "When it is empty, the total is wrong."})
    assert not is_same_defect(other, RULE)


def test_unlike_classes_at_one_place_are_two_defects():
    assert not is_same_defect(by_model(**{"class": "security", "title": "requests.post can wait for ever"}), RULE)


def test_another_place_or_file_is_another_defect():
    assert not is_same_defect(by_model(start_line=40, end_line=40), RULE)
    assert not is_same_defect(by_model(path="other.py"), RULE)


def test_the_same_words_a_few_lines_on_are_one_defect_for_two_readings_and_two_for_one():
    first = by_model(scope="charge")
    second = by_model(scope="charge", start_line=20, end_line=20, fingerprint="n" * 16, confidence=0.5)
    assert len(merged(("logic", first), ("failure", second))[0]) == 1
    assert len(merged(("logic", first), ("logic", second))[0]) == 2


def test_one_class_at_one_place_is_said_once_by_one_reading_too():
    first, second = by_model(confidence=0.6), by_model(title="Otherwise told", fingerprint="n" * 16, confidence=0.8)
    (kept,), (dropped,) = merged(("logic", first), ("logic", second))
    assert (kept.title, dropped.reason, dropped.finding) == ("Otherwise told", "duplicate", first)


def test_the_surest_is_kept_as_grave_as_the_gravest_with_a_suggestion_of_any():
    suggestion = Suggestion(start_line=11, end_line=11, text="x")
    sure = by_model(severity=Severity.MEDIUM, confidence=0.9)
    unsure = by_model(severity=Severity.CRITICAL, confidence=0.6, suggestion=suggestion, fingerprint="n" * 16)
    (kept,), (dropped,) = merged(("logic", unsure), ("failure", sure))
    assert (kept.confidence, kept.severity, kept.suggestion) == (0.9, Severity.CRITICAL, suggestion)
    assert (dropped.reason, dropped.finding) == ("duplicate", unsure)


def test_a_rule_keeps_its_identity_and_words_and_takes_the_more_concrete_ones_to_them():
    (kept,), (dropped,) = with_rules([RULE], [by_model()])
    assert (kept.fingerprint, kept.rule, kept.source, kept.title) == (RULE.fingerprint, RULE.rule, "rule", RULE.title)
    assert kept.body == f"{RULE.body}\n\n**Here:** {by_model().body}"
    assert dropped.detail == "of missing-timeout/http-or-socket-call from the rule at line 11"


def test_words_that_are_not_more_concrete_leave_the_rules_as_they_were():
    (kept,), _ = with_rules([RULE], [by_model(body="It hangs. Pass a timeout.")])
    assert kept.body == RULE.body


def test_what_no_rule_found_stays():
    other = by_model(path="other.py")
    kept, dropped = with_rules([RULE], [other])
    assert kept == [RULE, other]
    assert dropped == []


def test_one_line_and_many_of_the_same_names_are_one_defect_in_any_class():
    text = "The `finally` also arms `scanTimer` where `connect` has thrown, so `reset` is called {} `close`."
    first = by_model(**{"class": "correctness", "title": "Timer starts after a failure", "body": text.format("until")})
    second = by_model(**{"class": "resource-leak", "title": "The interval is kept", "body": text.format("without")})
    assert is_same_defect(second, first)
    assert not is_same_defect(second.model_copy(update={"start_line": 12, "end_line": 12}), first)


def test_how_many_lines_two_readers_quote_does_not_make_two_defects_of_one():
    text = "`close` stops `executorService` and leaves the thread that `makeRunSafeService` started {} `close`."
    first = by_model(**{"class": "resource-leak", "title": "An executor is kept", "body": text.format("after")})
    words = {"class": "shutdown-ordering", "title": "Callbacks outlive the client", "body": text.format("beyond")}
    assert is_same_defect(by_model(**words, end_line=first.end_line + 2), first)
    assert not is_same_defect(by_model(**words, start_line=first.start_line + 1, end_line=first.end_line + 2), first)


def test_a_reader_who_files_it_under_correctness_does_not_silence_the_one_who_says_how_it_fails():
    text = "`verdict` suppresses refused credentials, so `invoke` asks `connect` again {} without an end."
    wrong = by_model(**{"class": "correctness", "title": "A case is lost", "body": text.format("and")}, confidence=0.85)
    endless = by_model(
        **{"class": "unbounded-retry", "title": "Refused logins are retried", "body": text.format("and again")},
        confidence=0.8,
        fingerprint="n" * 16,
    )
    for readings in ((wrong, endless), (endless, wrong)):
        (kept,), (dropped,) = merged(*zip(("correctness", "resilience"), readings, strict=True))
        assert (kept.class_, kept.fingerprint, kept.confidence) == ("unbounded-retry", endless.fingerprint, 0.85)
        assert (dropped.reason, dropped.finding) == ("duplicate", wrong)
        assert [finding.class_ for finding in rank([kept], Policy()).findings] == ["unbounded-retry"]


def gone(**more):
    rule = "resource-leak/close-removed"
    return a_finding(
        **{"class": "resource-leak", "kind": "close-removed", "rule": rule, "title": "`stop(timer)` is gone"} | more
    )


def what_follows(**more):
    body = "After an error the attempt goes on counting and ends the next connection."
    return by_model(
        **{"class": "correctness", "title": "A failed attempt cuts the next one", "body": body, "evidence": "fail()"}
        | more
    )


def test_what_the_model_says_where_a_protection_went_is_what_follows_from_it():
    line = gone().start_line
    found = with_rules([gone()], [what_follows(start_line=line + 1, end_line=line + 1)])
    assert [one.rule for one in found.kept] == ["resource-leak/close-removed"]
    assert [dropped.reason for dropped in found.dropped] == ["duplicate"]


def test_two_lines_on_or_on_the_other_side_it_is_another_point():
    line = gone().start_line
    for other in ({"start_line": line + 2, "end_line": line + 2}, {"path": "other.py"}, {"side": "LEFT"}):
        assert len(with_rules([gone()], [what_follows(**other)]).kept) == 2


def test_a_rule_that_names_no_loss_takes_kindred_words_of_its_line_that_share_a_name():
    rule = gone(kind="field-not-closed", rule="resource-leak/field-not-closed", title="`timer` is never stopped")
    growth = {"class": "unbounded-growth", "title": "Each attempt leaves one `timer`"}
    assert len(with_rules([rule], [what_follows(**growth)]).kept) == 1
    assert len(with_rules([rule], [what_follows(**growth | {"title": "Attempts are counted twice"})]).kept) == 2
    assert len(with_rules([rule], [what_follows(**growth | {"class": "security"})]).kept) == 2
