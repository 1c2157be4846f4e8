"""What goes out to the pull request."""

from bot.domain import HeldBack, Severity, Suggestion, marker_of
from bot.review.render import check_page, comment_of, draft_of
from bot.settings import load_settings
from tests.review.builders import a_change, a_finding, a_patch, a_review

POLICY = load_settings({}).policy
HOST = "github.com"


def test_a_finding_on_an_added_line_is_an_inline_comment() -> None:
    comment = comment_of(a_finding(), a_change(), HOST)
    assert comment
    assert (comment.path, comment.start_line, comment.end_line, comment.side) == ("pay.py", 11, 11, "RIGHT")
    assert "requests.post can wait for ever" in comment.body


def test_a_suggestion_inside_the_hunk_is_committable_and_takes_its_lines() -> None:
    suggestion = Suggestion(start_line=11, end_line=12, text="    pass")
    comment = comment_of(a_finding(suggestion=suggestion), a_change(), HOST)
    assert comment
    assert (comment.start_line, comment.end_line) == (11, 12)
    assert "```suggestion\n    pass\n```" in comment.body


def test_a_suggestion_beyond_the_hunk_becomes_plain_text() -> None:
    suggestion = Suggestion(start_line=11, end_line=40, text="    pass")
    comment = comment_of(a_finding(suggestion=suggestion), a_change(), HOST)
    assert comment
    assert "```suggestion" not in comment.body
    assert "Instead of lines 11–40" in comment.body


def test_a_suggestion_that_would_act_when_posted_is_left_out() -> None:
    suggestion = Suggestion(start_line=11, end_line=11, text="/approve")
    comment = comment_of(a_finding(suggestion=suggestion), a_change(), HOST)
    assert comment
    assert "approve" not in comment.body


def test_a_line_that_cannot_carry_a_comment_goes_into_the_body() -> None:
    far = a_finding(start_line=90, end_line=90, fingerprint="e" * 16, rule="resource-leak/handle-not-closed")
    review = a_review(a_finding(), far)
    draft = draft_of(review, review.findings, a_change(), POLICY, "<!-- m -->", HOST)
    assert [comment.fingerprint for comment in draft.comments] == ["f" * 16]
    assert "`pay.py:90`" in draft.body
    assert "`pay.py:11`" not in draft.body
    assert "`pay.py:11`" in draft.body_alone
    assert draft.body.endswith("<!-- m -->")
    assert draft.body_alone.endswith("<!-- m -->")


def test_at_most_so_many_comments_go_inline_and_the_rest_is_listed() -> None:
    findings = [a_finding(fingerprint=f"{number:016}", source="model") for number in range(14)]
    review = a_review(*findings)
    draft = draft_of(review, findings, a_change(), POLICY, "<!-- m -->", HOST)
    assert len(draft.comments) == POLICY.max_comments == 10
    assert draft.body.count("### `pay.py:11`") == 4


def test_changes_are_requested_only_by_policy() -> None:
    review = a_review(a_finding(severity=Severity.CRITICAL))
    assert draft_of(review, review.findings, a_change(), POLICY, "m", HOST).event == "COMMENT"
    asking = POLICY.model_copy(update={"request_changes": True})
    assert draft_of(review, review.findings, a_change(), asking, "m", HOST).event == "REQUEST_CHANGES"


def test_a_huge_review_stays_under_the_hosts_limit_and_ends_in_its_marker() -> None:
    findings = [
        a_finding(path=f"other{number}.py", fingerprint=f"{number:016}", body="why " * 300) for number in range(200)
    ]
    review = a_review(*findings)
    draft = draft_of(review, findings, a_change(), POLICY, "<!-- m -->", HOST)
    assert len(draft.body) < 65_000
    assert "more, in the check" in draft.body
    assert draft.body.endswith("<!-- m -->")


def test_the_checks_page_escapes_hostile_paths_and_titles() -> None:
    finding = a_finding(path="a`@bob`.py", title="x | y @bob <img>")
    page = check_page(a_review(finding), {}, HOST)
    assert "<img>" not in page
    assert "`x \\| y" not in page
    assert "x ¦ y `@bob`" in page


def test_the_checks_page_lists_folded_what_was_too_uncertain_for_a_comment() -> None:
    def kept(why: str, number: int) -> HeldBack:
        return HeldBack(
            path="pay.py", start_line=number, end_line=number, rule="a/b", severity=Severity.HIGH, confidence=0.45,
            source="rule", title="`send` @bob <img>", why=why,
        )  # fmt: skip

    assert "<details>" not in check_page(a_review(), {}, HOST)
    one = a_review().model_copy(update={"held_back": (kept("below-confidence", 3), kept("shadow", 4))})
    page = check_page(one, {}, HOST)
    assert "<details><summary>1 finding too mild or too uncertain for a comment</summary>" in page
    assert "- `pay.py:3` `send` `@bob`" in page
    assert "(`a/b`, high, confidence 45%)" in page
    assert "<img>" not in page
    many = a_review().model_copy(update={"held_back": tuple(kept("below-severity", n + 1) for n in range(40))})
    page = check_page(many, {}, HOST)
    assert page.count("`a/b`") == 30
    assert "- and 10 more" in page


def test_a_binary_or_unknown_path_has_no_inline_comment() -> None:
    assert comment_of(a_finding(path="gone.py"), a_change(a_patch()), HOST) is None


def test_markers_tell_heads_and_rounds_apart() -> None:
    assert marker_of("1#2", "main", "a", 0) == marker_of("1#2", "main", "a", 0)
    assert len({marker_of("1#2", "main", head, generation) for head in "ab" for generation in (0, 1)}) == 4


def test_a_point_can_be_named_and_the_command_is_told_once() -> None:
    findings = [a_finding(fingerprint=f"{number:x}" * 16, source="model") for number in range(10, 14)]
    draft = draft_of(a_review(*findings), findings, a_change(), POLICY, "<!-- m -->", HOST)
    assert [comment.body.splitlines()[-1].split(" · ")[2] for comment in draft.comments] == [
        f"`{sign * 7}`" for sign in "abcd"
    ]
    for text in (draft.body, draft.body_alone):
        assert text.count("/seawall") == text.count("`/seawall dismiss aaaaaaa`") == 1
    assert not any("/seawall" in comment.body for comment in draft.comments)
