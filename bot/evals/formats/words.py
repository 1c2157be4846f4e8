"""What all formats share: cells and sentences. Plain text: each format makes it safe in its own way."""

from collections.abc import Iterator

from bot.domain import Finding
from bot.evals.report import Figures, Judged, Rate, Report, Share
from bot.evals.results import key_of
from bot.evals.run import RULES_ONLY
from bot.review.receipt import counted

WORTH = ("reviewer", "cases", "recall", "precision", "clean left alone", "comments a change", "… a clean one")
COST = (
    "reviewer",
    "tokens a review",
    "in",
    "out",
    "cost a review",
    "cost a defect found",
    "findings that survived",
    "… each",
)
_NOTHING = "—"
_TITLE_CHARS = 70


def headline(report: Report) -> str:
    now = report.figures[0]
    if not now.cases:
        return "Nothing was reviewed."
    found = f"{now.recall.hits} of {counted(now.recall.of, 'defect')} found" if now.recall.of else "no defect to find"
    false = counted(now.precision.of - now.precision.hits, "false alarm")
    return f"{found}, {false}, in {counted(now.cases, 'case')}."


def reviewer(figures: Figures) -> str:
    """Such as `balanced · openai:gpt-5-mini · prompts 3f2a91c0`."""
    who = figures.reviewer
    if who.profile == RULES_ONLY:
        return RULES_ONLY
    return f"{who.profile} · {who.model} · {key_of(who)}"


def worth(figures: Figures) -> tuple[str, ...]:
    return (
        reviewer(figures),
        str(figures.cases),
        _share(figures.recall),
        _share(figures.precision),
        _share(figures.quiet),
        _rate(figures.comments),
        _rate(figures.comments_if_clean),
    )


def has_cost(report: Report) -> bool:
    return any(figures.reviewer.profile != RULES_ONLY for figures in report.figures)


def cost(figures: Figures) -> tuple[str, ...]:
    """Costs are what the answers cost when they were given, paid now or earlier."""
    reviews, use = figures.cases, figures.tokens
    total = use.input_tokens + use.output_tokens
    per_finding = f"{_each(total, figures.by_model)} tokens, {_usd(figures.cost_usd, figures.by_model)}"
    return (
        reviewer(figures),
        _each(total, reviews),
        _each(use.input_tokens, reviews),
        _each(use.output_tokens, reviews),
        _usd(figures.cost_usd, reviews),
        _usd(figures.cost_usd, figures.recall.hits),
        _kept(figures),
        per_finding if figures.by_model else _NOTHING,
    )


def prompts(report: Report) -> Iterator[str]:
    """Which prompts the short signs stand for; of earlier reviewers only what differs from now."""
    now = report.figures[0].reviewer.prompts
    for figures in report.figures:
        who = figures.reviewer
        told = who.prompts if figures.is_now else {k: v for k, v in who.prompts.items() if now.get(k) != v}
        if told:
            versions = ", ".join(f"{name} {version}" for name, version in sorted(told.items()))
            yield f"{key_of(who)}: {versions}" + ("" if figures.is_now else " (an earlier run)")


def warnings(report: Report) -> Iterator[str]:
    """What a reader must know before believing the figures."""
    if report.is_interrupted:
        yield "Interrupted: what was reviewed is kept; run it again to go on."
    yield from report.notes
    if report.unread:
        names = ", ".join(report.unread[:5]) + (" …" if len(report.unread) > 5 else "")
        yield (
            f"{counted(len(report.unread), 'case')} made from history nobody has read yet, so they do not count: "
            f"{names}. Read them, say what a remark must mention, and set read = true."
        )
    now = report.figures[0]
    if now.unjudged:
        yield (
            f"{counted(now.unjudged, 'remark')} beyond what is expected, in cases that do not claim to list all that "
            "is wrong: not counted as false, nor as right. Read them; set complete = true where the list is."
        )


def verdict(judged: Judged) -> str:
    """One case in a few words."""
    if judged.troubled:
        return "not judged"
    found = f"{judged.found} of {judged.expected} found" if judged.expected else "clean"
    more = [
        counted(len(judged.false), "false alarm") if judged.false else "",
        f"{len(judged.unjudged)} not judged" if judged.unjudged else "",
        f"{judged.again} said again" if judged.again else "",
    ]
    return ", ".join([found, *filter(None, more)])


def is_right(judged: Judged) -> bool:
    return not judged.troubled and judged.found == judged.expected and not judged.false


def remark(finding: Finding) -> str:
    return f"{finding.path}:{finding.start_line} {finding.rule} — {finding.title[:_TITLE_CHARS]}"


def basis(report: Report) -> str:
    kept = f"{report.kept} of {report.kept + report.ran} reviews were kept by earlier runs ({report.results}). "
    return (
        (kept if report.kept else "")
        + "A remark counts where it stands within three lines of the place and is of an accepted class or in accepted "
        "words; remarks beyond that are false only in clean cases and in those that list everything. "
        "Intervals: 95 %, Wilson for shares, score interval of a Poisson mean for comments."
    )


def _share(of: Share) -> str:
    if of.share is None:
        return _NOTHING
    return f"{of.share:.0%} ({of.low:.0%}–{of.high:.0%}) {of.hits}/{of.of}"


def _rate(of: Rate) -> str:
    return _NOTHING if of.mean is None else f"{of.mean:.2f} ({of.low:.2f}–{of.high:.2f})"


def _each(total: int, of: int) -> str:
    return f"{total / of:,.0f}" if of and total else _NOTHING


def _usd(cost: float | None, of: int) -> str:
    if cost is None:
        return "price unknown"
    if not of or not cost:
        return _NOTHING
    return f"${cost / of:.4f}" if cost / of < 0.1 else f"${cost / of:.2f}"


def _kept(figures: Figures) -> str:
    """Findings of the model that survived, and what did not."""
    if figures.reviewer.profile == RULES_ONLY:
        return _NOTHING
    gone = ", ".join(f"{number} {reason}" for reason, number in sorted(figures.dropped.items()))
    return f"{figures.by_model} kept" + (f" ({gone})" if gone else "")
