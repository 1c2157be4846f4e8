"""A review by what lies beside the policy: own rules of the base, what linters say already, thresholds per path."""

from datetime import UTC, datetime

from bot.domain import FoundText, PolicyTexts, Review, plain_step
from bot.review.desks import Desks
from bot.review.pipeline import examine
from bot.settings import load_settings
from tests.review.lives import InProcess, Trees
from tests.rules.test_teams import RULE

BASE = {"service/pay.py": "def pay(order):\n    return order\n", "jobs/tidy.py": "x = 1\n"}
HEAD = {
    "service/pay.py": "from functools import cache\n\n\nclass Pay:\n"
    "    @cache\n    def pay(self, order):\n        legacy.send(order)\n",
    "jobs/tidy.py": "import requests\n\nrequests.get(url)\n",
}


class Beside(Trees):
    """Two sets of files, with texts beside the policy of the base."""

    texts = PolicyTexts()

    def policy(self) -> PolicyTexts:
        return self.texts


def review(texts: PolicyTexts, head: dict[str, str] = HEAD) -> Review:
    source = Beside(BASE, head, "a" * 40, {}, "", 3)
    source.texts = texts
    settings = load_settings({})
    desk = Desks(settings, InProcess(), None, lambda: datetime(2026, 9, 1, tzinfo=UTC)).lay(source)  # type: ignore[arg-type]
    return examine(desk, plain_step, lambda _: [])


def rules_of(found: Review) -> set[str]:
    return {finding.rule for finding in found.findings}


EVERY_RULE = "min_confidence = 0.4\n"
"""Also what a scan alone shows, because no record speaks for it."""


def texts(policy: str = "", ruff: str = "", **rules: str) -> PolicyTexts:
    return PolicyTexts(
        repository=EVERY_RULE + policy,
        rules=tuple(FoundText(path=f".github/seawall/rules/{name}.toml", text=text) for name, text in rules.items()),
        linters=(FoundText(path="ruff.toml", text=ruff),) if ruff else (),
    )


TIMEOUT, CACHED = "missing-timeout/http-or-socket-call", "unbounded-cache/cached-method-or-infinite-lru"


def test_own_rules_are_run_counted_and_named_in_the_receipt() -> None:
    found = review(texts(old=RULE, broken="x =", failing=RULE.replace('bad = "legacy', 'bad = "modern')))
    assert rules_of(found) == {TIMEOUT, CACHED, "own/old"}
    assert "own/old" in found.receipt.rules
    assert "own/failing" not in found.receipt.rules
    notes = " ".join(found.receipt.notes)
    assert "broken.toml is not valid TOML" in notes
    assert "own/failing is not run: its bad example 1 raises nothing" in notes


def test_an_own_rule_that_switches_off_on_the_way_is_named(monkeypatch) -> None:
    monkeypatch.setattr("bot.rules.teams.running.LONGEST_S", -1.0)
    found = review(texts(old=RULE))
    assert "own/old" not in found.receipt.rules
    assert "Own rule own/old was switched off for this review: it took" in " ".join(found.receipt.notes)


def test_what_a_linter_says_already_is_counted_and_not_said() -> None:
    found = review(texts(ruff='lint.select = ["B"]'))
    assert rules_of(found) == {TIMEOUT}
    assert [(one.reason, one.detail) for one in found.dropped] == [("left-to-linter", "ruff B019")]
    assert CACHED not in found.receipt.rules
    assert any(f"{CACHED} (ruff B019)" in note for note in found.receipt.notes)


def test_policy_can_have_it_said_here_as_well() -> None:
    found = review(texts('linters = "ignore"', ruff='lint.select = ["B"]'))
    assert rules_of(found) == {TIMEOUT, CACHED}
    assert not any("Left to" in note for note in found.receipt.notes)


def test_a_path_in_shadow_is_counted_and_not_said() -> None:
    found = review(texts('[[paths]]\nmatch = "jobs/"\nmode = "shadow"\n'))
    assert rules_of(found) == {CACHED}
    assert [(one.rule, one.reason) for one in found.dropped] == [(TIMEOUT, "shadow")]


def test_rules_and_thresholds_of_a_path() -> None:
    jobs = '[[paths]]\nmatch = "jobs/"\nmin_severity = "critical"\n'
    service = '[[paths]]\nmatch = "service/"\nrules_off = ["unbounded-cache"]\n'
    found = review(texts(jobs + service))
    assert {one.reason for one in found.dropped} == {"below-severity", "rule-off"}
    assert rules_of(found) == set()


def test_what_a_remark_to_a_linter_settles_is_counted_and_not_said() -> None:
    settled = HEAD["jobs/tidy.py"].replace("(url)", "(url)  # noqa: S113 the mesh limits it")
    found = review(texts(), {**HEAD, "jobs/tidy.py": settled})
    assert rules_of(found) == {CACHED}
    assert [(one.reason, one.detail) for one in found.dropped] == [("suppressed", "# noqa: S113")]
    assert f"Settled by remarks to other linters: {TIMEOUT} at jobs/tidy.py:3 (`# noqa: S113`)." in found.receipt.notes


def test_of_many_settled_findings_three_are_named_and_the_rest_is_counted() -> None:
    line = "requests.get(url)  # noqa: S113\n"
    found = review(texts(), {**HEAD, "jobs/tidy.py": f"import requests\n\n{line * 5}"})
    (note,) = [note for note in found.receipt.notes if note.startswith("Settled")]
    assert note.count("S113") == 3
    assert note.endswith(" and 2 more.")


def test_a_comment_of_our_own_is_no_remark_to_a_linter() -> None:
    ours = HEAD["jobs/tidy.py"].replace("(url)", f"(url)  # seawall: ignore[{TIMEOUT}] the mesh limits it")
    found = review(texts(), {**HEAD, "jobs/tidy.py": ours})
    assert [one.reason for one in found.dropped] == ["suppressed"]
    assert not any(note.startswith("Settled") for note in found.receipt.notes)
