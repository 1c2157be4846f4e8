from markdown_it import MarkdownIt

from bot.domain import Review
from bot.review.formats.markdown import BODY_LIMIT
from tests.review.formats import samples
from tests.review.formats.samples import render


def markdown(review):
    return render(review, "markdown")


def test_it_holds_the_verdict_each_finding_and_the_receipt():
    shown = markdown(samples.FULL)
    assert shown.startswith("## Seawall: 4 findings (1 critical, 1 high, 1 medium, 1 low) in 2 files\n")
    assert "### `shop/payment.py`" in shown
    assert "#### 🟥 critical · The bank is called again" in shown
    assert "lines 9–13 · `retry/no-backoff-or-limit` · rule, confidence 95%" in shown
    assert "line 40 (removed)" in shown
    assert "```ts\n  const lines" in shown
    assert "**Coverage** full" in shown
    assert "package-lock.json" in shown


def test_a_suggestion_is_a_diff_block():
    block = markdown(samples.FULL).split("```diff\n")[1].split("\n```")[0].split("\n")
    assert [row[0] for row in block] == ["-", "+", "+", "+"]
    assert block[2].endswith("timeout=3")


def test_partial_reviews_say_what_is_missing():
    shown = markdown(samples.PARTIAL)
    assert shown.startswith("## Seawall: Nothing found · partial")
    assert "`src/big.py`" in shown
    assert "(should have been)" in shown


def test_code_cannot_leave_its_fence_and_prose_cannot_act():
    bad = samples.finding(
        title="see @octocat <img src=x>",
        body="![x](https://evil.example/p.png)\n\n<script>alert(1)</script>\n/approve\n\n```\nopen",
        evidence="```\n</details>\n@everyone",
        path="a`b.py",
    )
    tokens = MarkdownIt().parse(markdown(Review(receipt=samples.receipt(), findings=(bad,))))
    assert next(token for token in tokens if token.type == "fence").content == "```\n</details>\n@everyone\n"
    inline = [child for token in tokens for child in token.children or []]
    assert not [child for child in inline if child.type in ("image", "html_inline") and "details" not in child.content]
    assert not any("@octocat" in child.content for child in inline if child.type == "text")
    assert any("**Coverage**" in token.content for token in tokens if token.type == "inline"), "the receipt is no code"


def test_a_thousand_findings_fit_a_comment_and_keep_the_receipt():
    many = tuple(samples.finding(start_line=n, end_line=n, fingerprint=str(n)) for n in range(1, 1001))
    shown = markdown(Review(receipt=samples.receipt(), findings=many))
    assert len(shown) <= BODY_LIMIT + 200
    assert "more; see the JSON output" in shown
    assert "**Coverage** full" in shown
    assert shown.count("```") % 2 == 0


def test_what_doubt_refuted_is_counted_and_told_on_demand():
    brief, full = (render(samples.DOUBTED, "markdown", is_verbose=is_verbose) for is_verbose in (False, True))
    assert "- Doubt refuted 1 of 3 claims of the model" in brief
    assert "Refuted" not in brief
    told = "All lines are fetched at once `@here`: A cart holds at most five lines, by `addLine`."
    assert f"- `web/cart.ts:2` `unbounded-concurrency/fan-out` — {told}" in full
    held = "An empty cart is sent `@here`: medium, 70% sure; below-confidence"
    assert f"- `web/cart.ts:9` `correctness/condition` — {held}" in full
    assert "An empty cart" not in brief
