"""A review in GitHub's Markdown: inline comments, the review's body, the check's page."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain import Change, Comment, Finding, PostureChange, Receipt, Review, ReviewDraft
from bot.posture import change_lines
from bot.review.filter import can_be_suggested, code, fenced, safe_markdown
from bot.review.rank import by_place
from bot.review.receipt import counted, doubt_told, is_over, severities, worst_by_path
from bot.review.together import Cause, also_at, told_together
from bot.settings import Policy

_SIGN = {"critical": "🟥", "high": "🟧", "medium": "🟨", "low": "⬜"}
NOTHING_BELOW: Mapping[str, str] = MappingProxyType({})
_BODY_LIMIT = 60_000
"""Under GitHub's 65,536 characters."""
_MOST_UNCERTAIN = 30
"""Lines of what was not said that the check's page lists."""


def draft_of(
    review: Review,
    fresh: Sequence[Finding],
    change: Change,
    policy: Policy,
    marker: str,
    own_host: str,
    lead: str = "",
    below: Mapping[str, str] = NOTHING_BELOW,
    beside: Sequence[Comment] = (),
) -> ReviewDraft:
    """One review with the findings not said before. The weightiest go inline, up to policy's number; the rest is
    listed, or named in the comment on the first of its cause.

    `lead` opens the body, such as the word that this is the model's part, come late. `below`: fingerprint → what
    stands under a finding, safe as it is; `beside`: comments that say it on lines of their own instead, where they can.
    """
    inline: list[Comment] = []
    listed: list[Cause] = []
    causes = told_together(fresh)
    for finding, others in causes:
        comment = comment_of(finding, change, own_host, others) if len(inline) < policy.max_comments else None
        if comment:
            apart = any(other.fingerprint.startswith(finding.fingerprint) for other in beside)
            inline.append(comment if apart else _with_below(comment, below))
        else:
            listed.append((finding, others))
    asks = policy.request_changes and is_over(worst_by_path(fresh), policy)
    return ReviewDraft(
        marker=marker,
        body=_body(review, fresh, listed, own_host, lead, marker, below),
        body_alone=_body(review, fresh, causes, own_host, lead, marker, below),
        comments=(*inline, *beside),
        event="REQUEST_CHANGES" if asks else "COMMENT",
    )


def comment_of(finding: Finding, change: Change, own_host: str, others: Sequence[Finding] = ()) -> Comment | None:
    """The inline comment, on lines that can carry one; None where there are none. `others`: of the same cause."""
    patch = change.by_path.get(finding.path)
    if patch is None:
        return None
    can_carry = patch.commentable(finding.side)
    suggestion = finding.suggestion
    if suggestion and can_be_suggested(suggestion.text) and finding.side == "RIGHT":
        replaced = range(suggestion.start_line, suggestion.end_line + 1)
        hunk = patch.hunk_at(suggestion.start_line)
        if all(line in can_carry for line in replaced) and hunk and hunk is patch.hunk_at(suggestion.end_line):
            block = fenced(suggestion.text, "suggestion")
            told = finding_text(finding, own_host, block, others)
            return _comment(finding, suggestion.start_line, suggestion.end_line, told)
    lines = [line for line in range(finding.start_line, finding.end_line + 1) if line in can_carry]
    if not lines:
        return None
    hunk = patch.hunk_at(lines[0], finding.side)
    end = max(line for line in lines if patch.hunk_at(line, finding.side) is hunk)
    if end - lines[0] > 30:  # a comment on a whole function hides what it is about
        end = lines[0]
    return _comment(finding, lines[0], end, finding_text(finding, own_host, _edit(finding), others))


def finding_text(finding: Finding, own_host: str, edit: str = "", others: Sequence[Finding] = ()) -> str:
    """What a comment says: the point, the reason, where else its cause stands, the edit, and its name."""
    parts = [
        f"{_SIGN[finding.severity]} **{safe_markdown(finding.title, own_host)}**",
        safe_markdown(finding.body, own_host),
    ]
    if others:
        parts.append(safe_markdown(also_at(finding, others), own_host))
    if edit:
        parts.append(edit)
    by = "rule" if finding.source == "rule" else "model"
    name = f"{code(finding.rule)} · {code(handle_of(finding))}"
    parts.append(f"<sub>{finding.severity} · {name} · {by} · confidence {finding.confidence:.0%}</sub>")
    return "\n\n".join(parts)


def handle_of(finding: Finding) -> str:
    """What people type to name it; that of its point."""
    return finding.fingerprint[:7]


def check_page(review: Review, said: Mapping[str, str], own_host: str) -> str:
    """The check's summary: the findings and the receipt. `said`: fingerprint → inline, listed, earlier or held."""
    parts = []
    if review.findings:
        rows = ["| | where | what | said |", "|---|---|---|---|"]
        for finding in by_place(review.findings)[:200]:
            place = _cell(code(f"{finding.path}:{finding.start_line}"))
            title = _cell(safe_markdown(finding.title, own_host))
            how = said.get(finding.fingerprint, "—")
            rows.append(f"| {_SIGN[finding.severity]} {finding.severity} | {place} | {title} | {how} |")
        parts.append("\n".join(rows))
    parts += [_uncertain(review, own_host), receipt_text(review.receipt, own_host, review.posture)]
    return _fit([part for part in parts if part])


def _uncertain(review: Review, own_host: str) -> str:
    """What thresholds kept from being said, for whoever opens the page; empty where there is none."""
    kept = [one for one in review.held_back if one.why.startswith("below-")]
    if not kept:
        return ""
    rows = [
        f"- {code(f'{one.path}:{one.start_line}')} {safe_markdown(one.title, own_host)} "
        f"({code(one.rule)}, {one.severity}, confidence {one.confidence:.0%})"
        for one in kept[:_MOST_UNCERTAIN]
    ]
    if len(kept) > _MOST_UNCERTAIN:
        rows.append(f"- and {len(kept) - _MOST_UNCERTAIN} more: `seawall review --verbose` names all")
    summary = f"{counted(len(kept), 'finding')} too mild or too uncertain for a comment"
    return "\n".join([f"<details><summary>{summary}</summary>", "", *rows, "", "</details>"])


def receipt_text(receipt: Receipt, own_host: str, posture: PostureChange | None = None) -> str:
    """The receipt for people: what was read, by what, what was not and why; and what becomes of the posture."""
    lines = [
        f"**Coverage** {receipt.coverage} · **result** {receipt.result}"
        + (f" — {safe_markdown(receipt.reason, own_host)}" if receipt.reason else ""),
        "",
        f"- Base {code(receipt.base_sha[:12])}, head {code(receipt.head_sha[:12])}; {receipt.duration_s:.1f} s",
        f"- Reviewed: {counted(len(receipt.files.reviewed), 'file')}; rules run: {len(receipt.rules)}",
    ]
    if receipt.model:
        cost = "cost not known" if receipt.cost_usd is None else f"${receipt.cost_usd:.4f}"
        tokens = f"{receipt.tokens.input_tokens:,} + {receipt.tokens.output_tokens:,} tokens"
        prompts = ", ".join(f"{name} {version}" for name, version in sorted(receipt.prompt_versions.items()))
        lines.append(f"- Model: {code(receipt.model)}, prompt {prompts or '—'}, {tokens}, {cost}")
    if told := doubt_told(receipt):
        lines.append(f"- {told}")
    lines += [f"- Note: {safe_markdown(note, own_host)}" for note in receipt.notes]
    lines += posture_text(posture, own_host)
    if receipt.files.skipped:
        lines += ["", f"<details><summary>{counted(len(receipt.files.skipped), 'file')} not read</summary>", ""]
        for file in receipt.files.skipped[:300]:
            mark = "" if file.expected else " **(should have been)**"
            lines.append(f"- {code(file.path)}: {safe_markdown(file.reason, own_host)}{mark}")
        lines += ["", "</details>"]
    return "\n".join(lines)


def posture_text(posture: PostureChange | None, own_host: str) -> list[str]:
    """Lines of a list under a heading; none where the posture did not change."""
    if posture is None:
        return []
    return ["", "**Posture**", "", *(f"- {safe_markdown(line, own_host)}" for line in change_lines(posture))]


def _comment(finding: Finding, start: int, end: int, body: str) -> Comment:
    return Comment(
        path=finding.path, start_line=start, end_line=end, side=finding.side, body=body, fingerprint=finding.fingerprint
    )


def _edit(finding: Finding) -> str:
    """The suggestion as plain text, where it cannot be committed with a click."""
    if finding.suggestion is None or not can_be_suggested(finding.suggestion.text):
        return ""
    lines = f"line {finding.suggestion.start_line}"
    if finding.suggestion.end_line != finding.suggestion.start_line:
        lines = f"lines {finding.suggestion.start_line}–{finding.suggestion.end_line}"
    return f"Instead of {lines}:\n\n{fenced(finding.suggestion.text)}"


def _body(
    review: Review,
    fresh: Sequence[Finding],
    listed: Sequence[Cause],
    own_host: str,
    lead: str,
    marker: str,
    below: Mapping[str, str],
) -> str:
    points = "One point" if len(fresh) == 1 else f"{len(fresh)} points"
    parts = [lead or f"**Seawall**: {points} ({severities(fresh)})."]
    for finding, others in listed:
        place = code(f"{finding.path}:{finding.start_line}")
        parts.append(f"### {place}\n\n{finding_text(finding, own_host, _edit(finding), others)}")
        parts += [text for text in [below.get(finding.fingerprint, "")] if text]
    if review.posture is not None:
        parts.append("\n".join(posture_text(review.posture, own_host)[1:]))
    receipt = review.receipt
    unread = "" if not receipt.reason else f" — {safe_markdown(receipt.reason, own_host)}"
    files = f"{counted(len(receipt.files.reviewed), 'file')} read"
    read = f"Coverage **{receipt.coverage}**{unread} · {files} · head {code(receipt.head_sha[:10])}"
    how_to = f" · {code(f'/seawall dismiss {handle_of(fresh[0])}')} and a reason takes a point off" if fresh else ""
    parts.append(f"<sub>{read}{how_to}</sub>")
    return f"{_fit(parts)}\n\n{marker}"


def _with_below(comment: Comment, below: Mapping[str, str]) -> Comment:
    text = below.get(comment.fingerprint, "")
    return comment.model_copy(update={"body": f"{comment.body}\n\n{text}"}) if text else comment


def _cell(text: str) -> str:
    """For a table, whose cells end at a bar wherever it stands: in code too, and after a backslash of one's own."""
    return text.replace("|", "¦")


def _fit(parts: Sequence[str]) -> str:
    """As many whole parts as GitHub takes; a part cut in the middle could leave a fence open."""
    kept: list[str] = []
    left = _BODY_LIMIT
    for part in parts:
        left -= len(part) + 2
        if left < 0:
            kept.append(f"… and {len(parts) - len(kept)} more, in the check and in the record.")
            break
        kept.append(part)
    return "\n\n".join(kept)
