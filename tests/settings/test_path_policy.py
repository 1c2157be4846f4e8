"""Policy for some paths: the most specific table decides, and no table loosens what the organisation has locked."""

import pytest

from bot.domain import PolicyTexts
from bot.settings import Mode, Policy, PolicyInForce, resolve_policy


def resolved(repository: str, organisation: str = "") -> PolicyInForce:
    return resolve_policy(Policy(), PolicyTexts(organisation=organisation, repository=repository))


TABLES = """
min_severity = "medium"
rules_off = ["n-plus-one"]

[[paths]]
match = "services/**"
mode = "gate"
fail_on = "medium"
rules_off = ["log-hygiene"]

[[paths]]
match = "services/payments/**"
fail_on = "low"

[[paths]]
match = ["scripts/", "*_job.py"]
mode = "shadow"
min_confidence = 0.9
linters = "ignore"
"""


@pytest.mark.parametrize(
    ("path", "mode", "fail_on", "off"),
    [
        ("web/app.py", "comment", "high", ("n-plus-one",)),
        ("services/stock/app.py", "gate", "medium", ("n-plus-one", "log-hygiene")),
        ("services/payments/api/app.py", "gate", "low", ("n-plus-one", "log-hygiene")),
        ("scripts/tidy.py", "shadow", "high", ("n-plus-one",)),
        ("services/night_job.py", "gate", "medium", ("n-plus-one", "log-hygiene")),
        ("web/night_job.py", "shadow", "high", ("n-plus-one",)),
    ],
)
def test_the_most_specific_table_that_names_a_path_decides(
    path: str, mode: str, fail_on: str, off: tuple[str, ...]
) -> None:
    found = resolved(TABLES)
    here = found.policy.at(path)
    assert found.notes == ()
    assert (here.mode, here.fail_on, here.rules_off) == (mode, fail_on, off)
    assert here.min_severity == "medium", "what no table says stays as it is"


def test_order_does_not_matter_unless_two_tables_say_as_much() -> None:
    narrow, wide = '[[paths]]\nmatch = "a/b/**"\nfail_on = "low"\n', '[[paths]]\nmatch = "a/**"\nfail_on = "critical"\n'
    assert resolved(narrow + wide).policy.at("a/b/c.py").fail_on == "low"
    assert resolved(wide + narrow).policy.at("a/b/c.py").fail_on == "low"
    again = '[[paths]]\nmatch = "a/**"\nfail_on = "medium"\n'
    assert resolved(wide + again).policy.at("a/c.py").fail_on == "medium"


@pytest.mark.parametrize(
    ("table", "note"),
    [
        (
            'match = "a/"\nfail_onn = "low"',
            "[[paths]] 1 is no key (did you mean fail_on?)",
        ),
        ('match = "a/"\nfail_on = "lo"', "`fail_on` in .github/seawall.toml, [[paths]] 1 is left out"),
        ('match = "a/"\nmin_confidence = 7', "`min_confidence` in .github/seawall.toml, [[paths]] 1 is left out"),
        ('fail_on = "low"', "needs `match`"),
        ("match = []", "needs `match`"),
        ("match = 7", "needs `match`"),
    ],
)
def test_a_table_that_is_wrong_is_named(table: str, note: str) -> None:
    found = resolved(f"[[paths]]\n{table}\n[[paths]]\nmatch = 'b/'\nmode = 'gate'\n")
    assert len(found.notes) == 1
    assert note in found.notes[0]
    assert found.policy.at("b/x.py").mode is Mode.GATE


def test_paths_that_are_no_tables_are_named() -> None:
    assert "must be tables that begin with [[paths]]" in resolved('paths = ["a"]').notes[0]


def test_no_path_loosens_what_the_organisation_has_locked() -> None:
    organisation = 'mode = "gate"\nfail_on = "medium"\n[lock]\nkeys = ["mode", "fail_on", "rules_off"]\n'
    found = resolved(
        '[[paths]]\nmatch = "**"\nmode = "shadow"\nfail_on = "critical"\nrules_off = ["missing-timeout"]\n'
        'min_severity = "high"\n',
        organisation,
    )
    here = found.policy.at("pay.py")
    assert (here.mode, here.fail_on, here.rules_off) == ("gate", "medium", ())
    assert here.min_severity == "high", "what is not locked is the repository's to say"
    assert len(found.notes) == 3
    assert all("the organisation has locked it" in note for note in found.notes)


def test_locking_paths_leaves_the_organisations_own_tables_alone() -> None:
    organisation = '[[paths]]\nmatch = "services/**"\nmode = "gate"\n[lock]\nkeys = ["paths"]\n'
    found = resolved('[[paths]]\nmatch = "services/a/**"\nmode = "shadow"\n', organisation)
    assert found.policy.at("services/a/x.py").mode is Mode.GATE
    assert "`paths` in .github/seawall.toml is ignored" in found.notes[0]


def test_a_repository_adds_its_tables_to_those_of_the_organisation() -> None:
    organisation = '[[paths]]\nmatch = "services/**"\nmode = "gate"\n'
    found = resolved('[[paths]]\nmatch = "services/**"\nfail_on = "low"\n', organisation)
    assert (found.policy.at("services/x.py").mode, found.policy.at("services/x.py").fail_on) == ("gate", "low")
