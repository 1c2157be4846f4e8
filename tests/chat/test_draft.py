"""Rules are drafted on request, and by themselves where a finding turned out right; none is applied."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.chat import drafts
from bot.domain import Afforded, Code, DraftedRule, ModelText, Profile, PullRequest
from bot.errors import ModelUnavailable
from bot.rules.teams import read_rules
from bot.settings import Policy
from tests.chat.people import CODE, NOW, PATH, POINT, PULL_REQUEST, REPOSITORY, ScriptedModel
from tests.chat.town import Town, text_of
from tests.rules.test_teams import found

QUERY = """((call function: (attribute object: (identifier) @o attribute: (identifier) @m)) @finding
  (#eq? @o "session") (#eq? @m "post"))"""
RULE = DraftedRule.model_validate({
    "name": "post on the session", "title": "The shared session is posted on", "body": "Two threads share one answer.",
    "fix": "Ask the pool for a session.", "class": "correctness", "severity": "medium", "looks_by": "query",
    "looks_for": QUERY, "bad": ("session.post(url)",), "good": ("pool.session().post(url)",),
})  # fmt: skip
MENDED = CODE.replace("session.post(URL", "pool.session().post(URL")


class Scribe(ScriptedModel):
    """A model that drafts this rule; `profile`: what the caps leave of what is wanted."""

    def __init__(self, rule: DraftedRule | None = RULE, profile: Profile | None = Profile.BALANCED) -> None:
        super().__init__(text="It sees one call.", rule=rule)
        self.profile = profile

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        assert set(tokens) == {Profile.BALANCED, Profile.ECONOMY}
        return Afforded(profile=self.profile, reason="" if self.profile is profile else "the day's cap is near")


class Away(Scribe):
    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        raise ModelUnavailable("429")


@pytest.fixture
def told(town: Town) -> Town:
    """The town, where the finding is a model's."""
    finding = POINT.finding.model_copy(
        update={"source": "model", "rule": "correctness/other", "class_": "correctness", "kind": "other"}
    )
    town.ledger.keep_points(REPOSITORY.id, 7, [POINT.model_copy(update={"finding": finding})])
    return replace(town, model=Scribe())


def heeded(town: Town, fate: str = "fixed") -> Town:
    """The same once the pull request is merged and the finding is known to be right."""
    (point,) = town.ledger.points(REPOSITORY.id, 7)
    town.ledger.keep_points(REPOSITORY.id, 7, [point.model_copy(update={"state": "fixed"})])
    town.ledger.keep_fate(REPOSITORY.id, 7, point.fingerprint, fate, NOW.isoformat(timespec="seconds"))
    return replace(town, code=MENDED)


def test_a_rule_is_shown_and_kept_and_nothing_is_applied(told: Town) -> None:
    answer = told.say("draft", "octocat", in_thread=True)
    assert (answer.reply.state, answer.wants) == ("done", ())
    assert answer.reply.title == "A rule is drafted: The shared session is posted on"
    (code,) = [part for part in answer.reply.parts if isinstance(part, Code)]
    assert read_rules(found(code.text, "post-on-the-session")).problems == ()
    (draft,) = told.ledger.rule_drafts(REPOSITORY.id)
    assert (draft.toml.strip(), draft.asked_by) == (code.text.strip(), "octocat")
    assert "`.github/seawall/rules/post-on-the-session.toml`" in text_of(answer)
    assert f"`{draft.id}`" in text_of(answer)


def test_said_twice_by_the_same_delivery_it_is_drafted_once(told: Town) -> None:
    for _ in range(2):
        told.say("draft a1b2c3d", "octocat", id="delivery-1")
    assert isinstance(told.model, Scribe)
    assert (len(told.model.shown), len(told.ledger.rule_drafts(REPOSITORY.id))) == (1, 1)


def test_why_there_is_none_is_said(told: Town) -> None:
    no_rule = RULE.model_copy(update={"looks_for": ""})
    answer = replace(told, model=Scribe(no_rule)).say("draft a1b2c3d", "octocat")
    assert answer.reply.title == "No rule came of: session.post can wait for ever"
    assert "no rule can tell, says the model: It sees one call." in text_of(answer)


def test_a_model_that_is_away_is_said_and_nothing_kept(told: Town) -> None:
    answer = replace(told, model=Away()).say("draft a1b2c3d", "octocat")
    assert (answer.reply.state, answer.reply.title) == ("failed", "The model is away")
    assert told.ledger.rule_drafts(REPOSITORY.id) == []


@pytest.mark.parametrize("login", ["passer", "stranger"])
def test_whoever_may_not_write_may_not_have_one_drafted(told: Town, login: str) -> None:
    assert told.say("draft a1b2c3d", login).reply.state == "refused"
    assert told.ledger.rule_drafts(REPOSITORY.id) == []


def errands(town: Town) -> list[dict[str, Any]]:
    return list(drafts.due(town.desk, town.now).values())


def test_a_finding_that_turned_out_right_is_drafted_once_by_itself(told: Town) -> None:
    town = heeded(told)
    (name,) = drafts.due(town.desk, town.now)
    assert name == f"{PULL_REQUEST.key}:{POINT.fingerprint}:2026-11-22"
    (errand,) = errands(town)
    asked: list[str] = []

    def read_at(pull_request: PullRequest, commit: str, path: str) -> bytes:
        asked.append(f"{commit[:2]} {path}")
        return CODE.encode()

    desk = replace(town.desk, read_at=read_at)
    for _ in range(2):
        assert "own/post-on-the-session" in drafts.make(desk, errand)
    (draft,) = town.ledger.rule_drafts(REPOSITORY.id)
    assert (draft.is_kept, draft.asked_by) == (True, "")
    assert asked == [f"aa {PATH}"]
    assert isinstance(town.model, Scribe)
    assert len(town.model.shown) == 1
    assert errands(town) == []


@pytest.mark.parametrize("fate", ["ignored", "disputed", "dismissed"])
def test_one_that_nobody_heeded_is_not(told: Town, fate: str) -> None:
    assert errands(heeded(told, fate)) == []


def test_a_kind_that_a_rule_knows_is_left_to_whoever_asks(town: Town) -> None:
    finding = POINT.finding.model_copy(update={"source": "model"})
    town.ledger.keep_points(REPOSITORY.id, 7, [POINT.model_copy(update={"finding": finding})])
    assert errands(heeded(replace(town, model=Scribe()))) == []


@pytest.mark.parametrize(
    "settings",
    [{"llm": {"rule_drafts_per_week": 0}}, {"paused": True}, {"repositories": ("acme/other",)}],
)
def test_where_none_are_wanted_none_are_drafted(told: Town, settings: dict[str, Any]) -> None:
    town = heeded(told)
    assert len(errands(town)) == 1
    assert errands(replace(town, settings=settings)) == []
    assert errands(replace(town, model=None)) == []


def test_a_week_of_a_repository_has_so_many_and_what_people_asked_for_does_not_count(told: Town) -> None:
    told.say("draft a1b2c3d", "octocat")
    (asked_for,) = told.ledger.rule_drafts(REPOSITORY.id)
    elsewhere = asked_for.model_copy(update={"fingerprint": "another"})
    told.ledger.keep_rule_draft(elsewhere)
    town = heeded(replace(told, settings={"llm": {"rule_drafts_per_week": 1}}))
    assert len(errands(town)) == 1
    town.ledger.keep_rule_draft(elsewhere.model_copy(update={"id": "d-2", "asked_by": ""}))
    assert errands(town) == []
    town.later(days=8)
    assert len(errands(town)) == 1


@pytest.mark.parametrize("profile", [Profile.ECONOMY, None])
def test_near_a_cap_none_is_drafted_and_the_next_day_it_is_tried_again(told: Town, profile: Profile | None) -> None:
    town = heeded(replace(told, model=Scribe(profile=profile)))
    (errand,) = errands(town)
    assert drafts.make(town.desk, errand) == "not now: the day's cap is near"
    assert town.ledger.rule_drafts(REPOSITORY.id) == []
    assert len(errands(town)) == 1


def test_a_model_that_is_away_is_asked_again_later(told: Town) -> None:
    town = heeded(replace(told, model=Away()))
    (errand,) = errands(town)
    with pytest.raises(ModelUnavailable):
        drafts.make(replace(town.desk, read_at=lambda *_: CODE.encode()), errand)
    assert town.ledger.rule_drafts(REPOSITORY.id) == []


def test_code_that_policy_keeps_from_the_model_is_not_drafted_of(told: Town) -> None:
    town = heeded(told)
    town.policies.policy = Policy(llm=False)
    (errand,) = errands(town)
    assert drafts.make(town.desk, errand) == "policy keeps this code from the model"
