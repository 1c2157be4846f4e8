"""Every rule's page says what it is known from; every kind has a rule, or a reason why it has none."""

import re

import pytest

from bot.errors import NotFound
from bot.rules import all_rules, explain
from bot.rules.known_from import all_sources, sources_of
from bot.rules.left_out import left_out, why_left_out
from bot.settings.taxonomy import taxonomy, taxonomy_groups

RULES = {rule.name for rule in all_rules()}
CLASSES = {rule.class_ for rule in all_rules()}
LEFT_OUT = [name for kinds in left_out().values() for name in kinds]
KINDS = {f"{class_}/{kind}" for class_ in taxonomy_groups()["resilience"] for kind in taxonomy()[class_]}


def test_every_rule_is_known_from_somewhere() -> None:
    assert [name for name in sorted(RULES) if not sources_of(name)] == []


def test_a_source_is_about_rules_that_exist_and_names_its_page() -> None:
    for source in all_sources():
        assert [name for name in source.about if name not in RULES | CLASSES] == [], source
        assert re.fullmatch(r"https://\S+", source.url), source
        assert re.match(r"[^:]+: .", source.page), source
        assert source.tells.endswith("."), source


def test_a_page_tells_of_the_kind_first_and_then_of_its_class() -> None:
    page = explain("missing-timeout/regex-timeout")
    assert page.index("stackstatus.net") < page.index("sre.google") < page.index("## Examples")


def test_every_rule_is_a_kind_of_the_taxonomy() -> None:
    assert sorted(RULES - KINDS) == []


def test_every_kind_has_a_rule_or_a_reason_why_it_has_none() -> None:
    assert sorted(KINDS - RULES) == sorted(LEFT_OUT)
    assert len(set(LEFT_OUT)) == len(LEFT_OUT)


def test_reasons_name_rules_that_exist() -> None:
    for reason in (why_left_out(name) for name in LEFT_OUT):
        named = re.findall(r"\b[a-z][a-z-]+/[a-z][a-z-]+\b", reason)
        assert [name for name in named if name not in RULES] == [], reason


def test_a_kind_without_a_rule_is_explained_and_an_unknown_one_is_not() -> None:
    assert why_left_out("missing-bulkhead/shared-pool") in explain("missing-bulkhead/shared-pool")
    assert why_left_out("missing-timeout/http-or-socket-call") == ""
    with pytest.raises(NotFound):
        explain("missing-bulkhead/shared-pools")
