"""One cause in several places of a file is one comment."""

from bot.domain import Suggestion
from bot.review.render import draft_of
from bot.review.together import MOST_NAMED, also_at, told_together
from bot.settings import load_settings
from tests.review.builders import a_change, a_finding, a_review

POLICY = load_settings({}).policy


def at(line, **more):
    return a_finding(start_line=line, end_line=line, fingerprint=f"{line:016}", **more)


def lines(causes):
    return [(first.start_line, [other.start_line for other in others]) for first, others in causes]


def test_what_one_rule_says_of_one_file_is_told_with_the_first():
    assert lines(told_together([at(20), at(40), at(10)])) == [(20, [10, 40])]


def test_other_rules_files_sides_and_the_model_stand_alone():
    other = at(12, rule="resource-leak/handle-not-closed")
    findings = [at(11), other, at(13, path="b.py"), at(14, side="LEFT"), at(15, source="model"), at(16, source="model")]
    assert lines(told_together(findings)) == [(11, []), (12, []), (13, []), (14, []), (15, []), (16, [])]


def edited(line):
    return at(line, suggestion=Suggestion(start_line=line, end_line=line, text="x"))


def test_a_point_with_an_edit_stands_alone():
    assert lines(told_together([at(11), edited(12), at(13)])) == [(11, [13]), (12, [])]
    assert lines(told_together([edited(11), edited(12), edited(13)])) == [(11, []), (12, []), (13, [])]


def test_more_edits_than_three_are_told_with_the_first():
    assert lines(told_together([edited(12), edited(11), edited(14), edited(13)])) == [(12, [11, 13, 14])]
    assert lines(told_together([at(10), edited(11), edited(12), edited(13), edited(14)])) == [(10, [11, 12, 13, 14])]
    other = edited(15).model_copy(update={"path": "b.py"})
    assert lines(told_together([edited(11), edited(12), edited(13), other])) == [(11, []), (12, []), (13, []), (15, [])]


def test_the_first_of_many_edits_has_its_own_and_names_the_others():
    findings = [edited(11), edited(12), edited(13), edited(14)]
    draft = draft_of(a_review(*findings), findings, a_change(), POLICY, "<!-- m -->", "github.com")
    (comment,) = draft.comments
    assert "```suggestion" in comment.body
    assert "The same stands at lines 12, 13 and 14." in comment.body


def test_the_other_places_are_named_in_words():
    assert also_at(at(1), [at(2)]) == "The same stands at line 2."
    assert also_at(at(1), [at(2), at(5), at(9)]) == "The same stands at lines 2, 5 and 9."
    many = also_at(at(1), [at(line) for line in range(2, 2 + MOST_NAMED + 3)])
    assert many.endswith(", 21 and 3 more.")


def test_where_they_differ_their_titles_are_said():
    assert also_at(at(1), [at(2, title="`get` is lost"), at(5)]).splitlines() == [
        "Also in this file:", "", "- line 2: `get` is lost", f"- line 5: {at(5).title}",
    ]  # fmt: skip


def test_the_review_says_a_cause_once_and_counts_its_places():
    findings = [at(11), at(12), at(90)]
    draft = draft_of(a_review(*findings), findings, a_change(), POLICY, "<!-- m -->", "github.com")
    (comment,) = draft.comments
    assert "The same stands at lines 12 and 90." in comment.body
    assert "3 points" in draft.body
    assert "###" not in draft.body
    assert draft.body_alone.count("###") == 1
    assert "lines 12 and 90" in draft.body_alone
