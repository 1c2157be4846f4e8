"""Policy: the organisation's word, the repository's word, and what is said where one of them cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import PolicyTexts, Severity
from bot.settings import Mode, Policy, PolicyInForce, resolve_policy, skip_reason


def resolved(organisation: str | None = None, repository: str | None = None, **defaults: object) -> PolicyInForce:
    given_defaults = Policy.model_validate(defaults)
    return resolve_policy(given_defaults, PolicyTexts(organisation=organisation, repository=repository))


def test_without_files_the_services_defaults_apply_and_nothing_is_said() -> None:
    assert resolved(mode="gate") == PolicyInForce(Policy(mode=Mode.GATE))


def test_the_repository_wins_over_the_organisation_and_that_over_the_defaults() -> None:
    found = resolved("mode = 'gate'\nmax_comments = 3", "max_comments = 5", strict=True).policy
    assert (found.mode, found.max_comments, found.strict) == (Mode.GATE, 5, True)


def test_a_locked_key_stays_with_the_organisation_and_the_note_says_so() -> None:
    found = resolved("mode = 'gate'\n[lock]\nkeys = ['mode', 'llm']", "mode = 'shadow'\nllm = false\nstrict = true")
    assert (found.policy.mode, found.policy.llm, found.policy.strict) == (Mode.GATE, True, True)
    assert len(found.notes) == 2
    assert all("locked" in note for note in found.notes)


def test_a_repository_can_lock_nothing() -> None:
    found = resolved(None, "mode = 'gate'\nlock = {keys = ['mode']}")
    assert (found.policy.mode, found.notes) == (Mode.GATE, ())


@pytest.mark.parametrize("lock", ["lock = 3", "lock = {keys = 'mode'}", "[lock]\nkeys = [3]"])
def test_a_lock_that_cannot_be_read_is_noted(lock: str) -> None:
    assert "nothing is locked" in resolved(lock, "mode = 'gate'").notes[0]


def test_a_lock_on_no_key_names_the_nearest() -> None:
    assert resolved("[lock]\nkeys = ['mdoe']").notes == (
        "The organisation locks `mdoe`, which is no key (did you mean mode?).",
    )


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("mdoe = 'gate'", "`mdoe` in .github/seawall.toml is no key (did you mean mode?); it is ignored."),
        ("[policy]\nmode = 'gate'", "keys stand at the top, without [policy]"),
        ("mode = 'loud'", "`mode` in .github/seawall.toml is left at its default: "),
        ("max_comments = 1000", "`max_comments`"),
        ("min_confidence = nan", "`min_confidence`"),
        ("skip_authors = 'mona'", "`skip_authors`"),
        ("skip_authors = ['mona', 3]", "`skip_authors`"),
        ("[mode]\nx = 1", "`mode`"),
    ],
)
def test_one_wrong_key_costs_only_itself(text: str, noted: str) -> None:
    found = resolved(None, "strict = true\n" + text)
    assert found.policy == Policy(strict=True)
    assert len(found.notes) == 1
    assert noted in found.notes[0]


def test_several_wrong_keys_are_each_noted() -> None:
    found = resolved(None, "min_confidence = 7\nmax_comments = 'x'\nfail_on = 'high!'\nstrict = true")
    assert (found.policy, len(found.notes)) == (Policy(strict=True), 3)


@pytest.mark.parametrize("text", ["[[", "a = " + "[" * 5000, "mode = 'gate'\nmode = 'gate'", "\x00"])
def test_a_broken_file_is_left_out_with_a_note(text: str) -> None:
    found = resolved("strict = true", text)
    assert found.policy == Policy(strict=True)
    assert "is not valid TOML" in found.notes[0]


def test_what_is_wrong_at_the_organisation_does_not_hide_the_repositorys_word() -> None:
    found = resolved("[[", "mode = 'gate'")
    assert found.policy.mode is Mode.GATE
    assert "organisation" in found.notes[0]


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_breaks_the_policy(organisation: str, repository: str) -> None:
    assert isinstance(resolved(organisation, repository).policy, Policy)


KEYS = st.sampled_from([*Policy.model_fields, "lock", "x"])
VALUES = st.sampled_from(
    ["1", "-1", "true", "'high'", "'*'", "['*']", "[[1]]", "{keys = ['mode']}", "nan", "1979-05-27"]
)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.dictionaries(KEYS, VALUES, max_size=5))
def test_no_values_break_the_policy(organisation: dict[str, str], repository: dict[str, str]) -> None:
    texts = ["\n".join(f"{key} = {value}" for key, value in given.items()) for given in (organisation, repository)]
    found = resolved(*texts)
    assert Policy.model_validate(found.policy.model_dump()) == found.policy


def asked(
    policy: Policy, author: str = "mona", is_bot: bool = False, title: str = "Fix", is_draft: bool = False, *labels: str
) -> str:
    return skip_reason(policy, author, is_bot, title, labels, is_draft)


def test_an_ordinary_pull_request_is_not_skipped() -> None:
    assert asked(Policy()) == ""


def test_drafts_and_bots_are_left_alone_unless_policy_wants_them() -> None:
    assert asked(Policy(), is_draft=True) == "it is a draft"
    assert asked(Policy(review_drafts=True), is_draft=True) == ""
    assert asked(Policy(), "dependabot[bot]", is_bot=True) == "its author is a bot"
    assert asked(Policy(skip_bots=False), "dependabot[bot]", is_bot=True) == ""


def test_authors_match_patterns_in_any_case_and_brackets_are_themselves() -> None:
    policy = Policy(skip_bots=False, skip_authors=("*[bot]", "Mona"))
    assert asked(policy, "renovate[bot]") == "policy leaves renovate[bot] alone"
    assert asked(policy, "mona") == "policy leaves mona alone"
    assert asked(policy, "robot") == ""


def test_titles_and_labels_match_patterns() -> None:
    policy = Policy(skip_titles=("wip*", "chore: release *"), skip_labels=("no-*",))
    assert asked(policy, title="WIP: retries") == "policy leaves this title alone"
    assert asked(policy, "mona", False, "Fix", False, "payments", "no-seawall") == "it is labelled no-seawall"
    assert asked(policy, "mona", False, "Rewip", False, "payments") == ""


def test_a_rule_is_off_by_its_name_or_its_class() -> None:
    policy = Policy(rules_off=("missing-timeout", "retry-storm/no-backoff"))
    assert not policy.allows_rule("missing-timeout/http-or-socket-call")
    assert not policy.allows_rule("retry-storm/no-backoff")
    assert policy.allows_rule("retry-storm/no-limit")
    assert policy.allows_rule("missing-timeouts/x")


def test_severities_are_ordered() -> None:
    assert Severity.CRITICAL.reaches(Severity.LOW)
    assert not Severity.LOW.reaches(Severity.MEDIUM)
    assert not Severity.CRITICAL.reaches(None)
