"""A report made by hand, with everything in it that a page may have to show: what it says of rules is not ours."""

from bot.backtest.figures import classes_of, telling
from bot.backtest.report import Backtest, Fix, Judged, Said, Took
from bot.domain import Finding, Severity, SkippedFile

HOSTILE = "</code><script>alert(1)</script> @everyone ![x](https://evil.example/x.png) \u202e\x1b[31m|"
TOKEN = "ghp_" + "a1B2" * 9


def said(number: int, rule: str, severity: Severity, **more: object) -> Said:
    class_, kind = rule.split("/")
    finding = Finding(
        path=f"shop/pay_{number}.py",
        start_line=12,
        end_line=13,
        class_=class_,
        kind=kind,
        rule=rule,
        severity=severity,
        confidence=0.9,
        source="rule",
        title=f"`charge_{number}` can wait for ever",
        body="A peer that is slow holds the worker.\n\n**Fix:** set a timeout.",
        evidence="    return post(\n        url)",
        fingerprint=f"{number:016x}",
    )
    values: dict[str, object] = {
        "finding": finding,
        "sha": f"{number:040x}",
        "title": f"Charge {number}",
        "committed_at": f"2026-03-{number:02}T10:00:00+00:00",
        "url": f"https://github.com/acme/shop/blob/{number:040x}/shop/pay_{number}.py#L12",
        "code_start": 10,
        "code": "def charge(url):\n    log(url)\n    return post(\n        url)\n\n",
    }
    return Said.from_json(values | more)


def report(**more: object) -> Backtest:
    """Six findings in 20 commits; two mended; one commit not read in full; one finding full of traps."""
    fix = Fix(sha="f" * 40, title="Do not wait for ever (#9)", days=12.0, url="https://github.com/acme/shop/commit/f")
    trap = Fix(sha="e" * 40, title=HOSTILE, days=0.2)
    heard = [
        said(1, "missing-timeout/http-or-socket-call", Severity.HIGH, fate="fixed", fix=fix),
        said(2, "missing-timeout/http-or-socket-call", Severity.HIGH, fate="standing"),
        said(3, "broad-catch/bare-or-base-except", Severity.LOW, fate="deleted"),
        said(4, "swallowed-error/empty-handler", Severity.MEDIUM, fate="rewritten", url=""),
        said(
            5, "resource-leak/never-closed", Severity.CRITICAL, fate="fixed", fix=trap, title=HOSTILE,
            code=f"# {HOSTILE}\n```\n/approve\ntoken = '{TOKEN}'\nreturn '<b>'",
        ),
        said(5, "missing-timeout/http-or-socket-call", Severity.HIGH, fate="standing"),
    ]  # fmt: skip
    counts = {1: 1, 2: 1, 3: 1, 4: 1, 5: 2}
    unread = (SkippedFile(path="(2600 files)", reason="more than 400 files", expected=False),)
    judged = [
        Judged(
            sha=f"{number:040x}",
            title=f"Charge {number}",
            committed_at=f"2026-03-{number:02}T10:00:00+00:00",
            findings=counts.get(number, 0),
            files=3,
            unread=unread if number == 20 else (),
        )
        for number in range(20, 0, -1)
    ]
    values = {
        "repository": "acme/shop",
        "head_sha": "20" * 20,
        "head_title": "Charge 20",
        "taken": "merges",
        "taken_because": "150 of the latest 200 commits are merges: each stands for a pull request",
        "there_were": 20,
        "notes": ("`unheard_of` in .github/seawall.toml is no key; it is ignored.",),
        "commits": judged,
        "said": heard,
        "classes": classes_of(heard),
        "telling": telling(heard),
        "looked_for_fixes": True,
        "took": Took(wall_s=2.5, cpu_s=1.2, cpu_s_per_commit=0.06),
    }
    return Backtest.from_json(values | more)
