"""Sentences that all formats share. Plain text: each format makes it safe in its own way."""

from bot.backtest.figures import counted_pull_requests, fates, half_read, lasted, median_days, mended, percent
from bot.backtest.report import Backtest
from bot.review.receipt import counted

_FATES = {
    "fixed": "fixed by a later commit",
    "standing": "still there",
    "silenced": "silenced by a comment",
    "deleted": "gone with their file",
    "rewritten": "gone with their function, or by a change elsewhere in the file",
}
_UNREAD_SHOWN = 4


def sources(report: Backtest) -> str:
    """What was judged, and why that."""
    head = f"up to {report.head_sha[:10]} ({report.head_title[:60]})"
    return f"{counted_pull_requests(report)} {head}; {report.taken_because}."


def basis(report: Backtest) -> str:
    return (
        "Judged by today's rules and the policy of the newest commit, as `seawall review --rules-only` does: "
        "only what a change brings counts, and tests are left out unless policy says otherwise. Nothing was executed "
        "and nothing was sent."
    )


def times(report: Backtest) -> str:
    took = report.took
    return (
        f"{took.wall_s:.1f} s for {counted(len(report.commits), 'commit')}; "
        f"{took.cpu_s_per_commit * 1000:.0f} ms of processor time each."
    )


def warnings(report: Backtest) -> list[str]:
    """What a reader must know before believing the figures."""
    rows = []
    if report.is_interrupted:
        rows.append(f"Interrupted: {len(report.commits)} of {report.there_were} were judged.")
    rows += report.notes
    missed = half_read(report)
    rows += [f"Not read in full: {commit}: {what}" for commit, what in missed[:_UNREAD_SHOWN]]
    if len(missed) > _UNREAD_SHOWN:
        rows.append(f"Not read in full: {len(missed) - _UNREAD_SHOWN} commits more, in --format json.")
    return rows


def fixes(report: Backtest) -> str:
    """How many were fixed later, how soon, and what became of the others."""
    if not report.looked_for_fixes:
        return ""
    if not report.said:
        return "No finding, so nothing to be fixed."
    fixed = mended(report.said)
    found = fates(report.said)
    others = ", ".join(f"{number} {_FATES[fate]}" for fate, number in found.items() if fate != "fixed")
    share = f"{len(fixed)} of {counted(len(report.said), 'finding')} ({percent(len(fixed) / len(report.said))})"
    soon = f", half of them within {lasted(median_days(fixed))}" if fixed else ""
    return f"{share} {'was' if len(fixed) == 1 else 'were'} fixed by a later commit{soon}" + (
        f"; {others}." if others else "."
    )


def next_step(report: Backtest) -> str:
    if not report.commits:
        return ""
    if not report.said:
        return "Install it and forget it: it speaks when there is something to say."
    noisy = report.classes[0].rules[0].rule
    return (
        "Read the findings above. Would you have wanted them? Then install it. A rule you do not want goes into "
        f'.github/seawall.toml, such as rules_off = ["{noisy}"]; then run this again.'
    )
