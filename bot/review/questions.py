"""The questions of one review: what is asked under each profile, in which round, and what it comes to.

A question holds no code, so that it may be stored: the code is packed anew, the same every time, by whoever asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.domain import Finding, Profile
from bot.review.merge import Found
from bot.review.rank import parted, weight
from bot.review.stages import Answered, Background, Desk, Scanned

if TYPE_CHECKING:
    from bot.review.context import Packed

OF_TESTS = "review-tests"
READINGS: Mapping[Profile, tuple[str, ...]] = {
    Profile.ECONOMY: ("review",),
    Profile.BALANCED: ("review-logic", "review-failure"),
    Profile.THOROUGH: (
        "review-correctness",
        "review-concurrency",
        "review-resilience",
        "review-security",
        OF_TESTS,
    ),
}
"""Profile → the prompts that every part of the change is read with."""
DOUBT = "doubt"
CHALLENGED_AT_ONCE: Mapping[Profile, int] = {Profile.ECONOMY: 0, Profile.BALANCED: 5, Profile.THOROUGH: 1}
"""Findings in one challenge; 0: what is found is not challenged."""
MOST_CHALLENGED = 10
"""Findings of one part of the change that are challenged; a part with more is better read again when it is mended."""
_ROOMY_TOKENS = 6000
"""A budget of one prompt in which the longer readings leave room for the code."""
_LIKELY_DOUBTS: Mapping[Profile, int] = {Profile.ECONOMY: 0, Profile.BALANCED: 1, Profile.THOROUGH: 3}
"""Challenges to reckon with for one part of the change."""


def pack_questions(
    desk: Desk, findings: Sequence[Finding], background: Background | None = None, profile: Profile | None = None
) -> "Packed":
    """The parts of the change with their code. The same every time, so that a resumed run asks the same."""
    from bot.review.context import Known, pack

    snapshot, background = desk.snapshot, background or Background()
    profile = profile or desk.profile
    key = repr((profile, background.for_a_question, [finding.fingerprint for finding in findings]))
    with desk.packing.lock:
        if key not in desk.packing.packed:
            desk.packing.packed[key] = pack(
                snapshot.change,
                {path: content for path, content in snapshot.contents.items() if path not in background.unchanged},
                parted(findings, snapshot.policy, desk.judging.left)[0],
                "\n\n".join(
                    part for part in (snapshot.policy.guidelines, background.guidance, desk.guidelines) if part
                ),
                desk.input_budget,
                scope_of=desk.scope_of,
                profile=profile,
                known=Known.at(desk.around, (*desk.settles(), *background.about)),
                prompts=READINGS[profile],
                hide=desk.secrets.hide,
            )
        return desk.packing.packed[key]


def with_room(profile: Profile, budget_tokens: int) -> Profile:
    """The profile, or the cheapest where a prompt of others would leave no room for code."""
    return profile if budget_tokens >= _ROOMY_TOKENS else Profile.ECONOMY


def readings(scanned: Scanned, background: Background) -> list[dict[str, Any]]:
    """The first round: each part of the change with each reading, tests only where there are any."""
    shared = _shared(scanned, background) | {"is_followed": CHALLENGED_AT_ONCE[scanned.profile] > 0}
    return [
        shared | {"index": index, "prompt": prompt}
        for index in range(scanned.questions)
        for prompt in READINGS[scanned.profile]
        if prompt != OF_TESTS or index in scanned.with_tests
    ]


def challenges(scanned: Scanned, background: Background, found: Iterable[Found]) -> list[dict[str, Any]]:
    """The second round, where the profile has one: what was found, with the part of the change it was found in."""
    at_once = CHALLENGED_AT_ONCE[scanned.profile]
    questions = []
    for part, group in groupby(sorted(found, key=lambda one: (one.part, weight(one.finding))), lambda one: one.part):
        challenged = [one.finding.to_json() for one in group][:MOST_CHALLENGED]
        for begin in range(0, len(challenged), at_once):
            question = {"index": part, "prompt": DOUBT, "doubt": challenged[begin : begin + at_once]}
            questions.append(_shared(scanned, background) | question)
    return questions


def found_by(answers: Iterable[Answered]) -> list[Found]:
    """The findings of the first round."""
    return [Found(answer.index, answer.prompt, finding) for answer in answers for finding in answer.findings]


def tokens_of(packed: "Packed", profile: Profile) -> dict[Profile, int]:
    """What the prompts of the whole review come to, estimated, under this profile and each cheaper one."""
    from bot.llm import load_prompt

    come_to: dict[Profile, int] = {}
    wanted: Profile | None = profile
    while wanted is not None:
        asked = [*READINGS[wanted], *[DOUBT] * _LIKELY_DOUBTS[wanted]]
        prompts = [load_prompt(name) for name in asked]
        come_to[wanted] = sum(prompt.overhead(one.inputs) for prompt in prompts for one in packed.questions)
        wanted = wanted.cheaper
    return come_to


def _shared(scanned: Scanned, background: Background) -> dict[str, Any]:
    return {
        "profile": scanned.profile.value,
        "known": [finding.to_json() for finding in scanned.findings],
        "background": background.for_a_question.to_json(),
    }
