"""A pull request's life in memory: real rules, a scripted model, real matching; no host, no processes, no disk."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.diff import parse_hunks
from bot.domain import (
    Afforded,
    Candidate,
    Change,
    FileRef,
    Finding,
    Model,
    ModelAnswer,
    Patch,
    PatchStatus,
    Point,
    PolicyTexts,
    Profile,
    PullRequest,
    Repository,
    Waiver,
    plain_step,
)
from bot.review.desks import Desks
from bot.review.following import Recalled, with_points
from bot.review.head_reading import head_of
from bot.review.lifecycle import Followed, follow
from bot.review.likeness import quoted_code
from bot.review.pipeline import examine_again, reason
from bot.review.stages import Background, Examined
from bot.review.unchanged import digests_of, unchanged
from bot.settings import Settings, load_settings

Files = Mapping[str, str]
START = datetime(2026, 9, 1, 8, tzinfo=UTC)
SETTINGS = load_settings({"SEAWALL_POLICY__MIN_CONFIDENCE": "0", "SEAWALL_LLM__PROFILE": "economy"})


class InProcess:
    """Stands in for the guarded processes: the same functions, here."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> list[Any]:
        return [function(item) for item in items]

    def stream(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> Iterator[Any]:
        yield from self.map(function, items, progress)


class Scripted:
    """A scripted model: says what it is told to of the files it is shown, each as (path, quote, class)."""

    name = "scripted"

    def __init__(self, script: Callable[[str], Sequence[Candidate]]) -> None:
        self.script = script
        self.shown: list[str] = []
        self.guidelines: list[str] = []

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        return Afforded(profile=profile)

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        self.shown.append(inputs["code"])
        self.guidelines.append(inputs["guidelines"])
        return ModelAnswer(
            candidates=tuple(self.script(inputs["code"])), model=self.name, prompt="review", prompt_version="1"
        )

    def prompt_versions(self) -> Mapping[str, str]:
        return {"review": "1"}


def claim(path: str, quote: str, **more: Any) -> Candidate:
    """What a model says of one line; where it stands is found by the quote."""
    values = {
        "path": path, "start_line": 1, "end_line": 1, "quote": quote, "class": "correctness", "kind": "other",
        "severity": "high", "confidence": 0.9, "title": "Lost update", "body": "Two orders overwrite each other.",
    }  # fmt: skip
    return Candidate.model_validate(values | more)


class Trees:
    """A Source on two sets of files. `renames`: new path → old path, as git would have found."""

    def __init__(self, base: Files, head: Files, sha: str, renames: Files, policy: str, context: int) -> None:
        self._files = {"LEFT": base, "RIGHT": head}
        self._policy = policy
        patches = [_patch(path, base, head, renames, context) for path in sorted(base.keys() | head.keys())]
        self._change = Change("b" * 40, sha, tuple(patch for patch in patches if patch))

    def change(self) -> Change:
        return self._change

    def read(self, wanted: Sequence[FileRef]) -> dict[FileRef, bytes]:
        return {ref: self._files[ref.side][ref.path].encode() for ref in wanted if ref.path in self._files[ref.side]}

    def policy(self) -> PolicyTexts:
        return PolicyTexts(repository=self._policy)

    @property
    def unread(self) -> dict[FileRef, str]:
        return {}


def _patch(path: str, base: Files, head: Files, renames: Files, context: int) -> Patch | None:
    old_path = renames.get(path)
    before, after = base.get(old_path or path), head.get(path)
    if path in renames.values() and after is None:
        return None
    if before == after and not old_path:
        return None
    lines = [*difflib.unified_diff((before or "").splitlines(), (after or "").splitlines(), lineterm="", n=context)][2:]
    status = PatchStatus.MODIFIED if before is not None else PatchStatus.ADDED
    status = PatchStatus.REMOVED if after is None else PatchStatus.RENAMED if old_path else status
    return Patch(path=path, status=status, old_path=old_path, hunks=parse_hunks("\n".join(lines)))


class Life:
    """One pull request. Every push is reviewed; what would be posted is kept in `said`, each as (handle, title)."""

    def __init__(
        self, base: Files, model: Model | None = None, policy: str = "", settings: Settings = SETTINGS
    ) -> None:
        self.settings = settings
        self.base = dict(base)
        self.policy = policy
        self.model = model
        self.points: tuple[Point, ...] = ()
        self.said: list[Finding] = []
        self.fixed: list[tuple[str, str]] = []
        self.waivers: list[Waiver] = []
        self.read: dict[str, str] = {}
        self.pushes = 0
        self.last: Followed = Followed()
        self.failing: tuple[str, ...] = ()

    def push(
        self, head: Files, *, base: Files | None = None, renames: Files | None = None, context: int = 3,
        is_full: bool = False,
    ) -> Followed:  # fmt: skip
        self.pushes += 1
        self.base = dict(base) if base is not None else self.base
        sha = f"{self.pushes:040x}"
        source = Trees(self.base, head, sha, renames or {}, self.policy, context)
        at = (START + timedelta(hours=self.pushes)).isoformat(timespec="milliseconds")
        desk = Desks(self.settings, InProcess(), self.model, lambda: START).lay(source)  # type: ignore[arg-type]
        as_read: tuple[str, ...] = ()
        if self.model and not is_full:
            now = digests_of(desk.snapshot.change, desk.snapshot.contents, desk.scope_of)
            as_read = unchanged(now, self.read)
        background = Background(unchanged=as_read)
        examined = examine_again(
            desk, plain_step, lambda asked: [reason(desk, one).to_json() for one in asked], background
        )
        self.read |= digests_of(desk.snapshot.change, examined.read_by_model, desk.scope_of)
        head_read = head_of(desk, self.points, examined)
        pull_request = self.pull_request(sha)
        followed = follow(self.points, examined.review, head_read, pull_request, at, self.waivers)
        self.review = with_points(examined.review, followed, Recalled(background=background, at=at))
        fresh = {finding.fingerprint for finding in followed.fresh}
        self.points = tuple(
            point.model_copy(update={"said": "inline", "comment_id": 1000 * self.pushes + number})
            if point.fingerprint in fresh else point
            for number, point in enumerate(followed.points)
        )  # fmt: skip
        self.said += followed.fresh
        self.fixed += [(point.handle, sha) for point in followed.became_state("fixed")]
        self.waivers += [*followed.waivers]
        self.waivers = [waiver for waiver in self.waivers if waiver.id not in followed.lifted]
        self.last = followed
        return followed

    def pull_request(self, sha: str) -> PullRequest:
        return PullRequest(
            repository=Repository(id=1, owner="acme", name="shop"), number=7, base_ref="main", base_sha="b" * 40,
            head_ref="feature", head_sha=sha, author="dana",
        )  # fmt: skip

    def states(self) -> dict[str, str]:
        """Evidence's first line → state."""
        return {quoted_code(point.finding.evidence)[0]: point.state for point in self.points}

    def dismiss(self, point: Point) -> None:
        """As `/seawall dismiss` writes it."""
        self.waivers.append(
            Waiver(
                id=f"w-{point.handle}",
                kind="dismissed",
                repository_id=1,
                rule=point.finding.rule,
                fingerprint=point.fingerprint,
                code_digest=point.code_digest,
                number=7,
                owner="dana",
                at="2026-09-01",
            )
        )


__all__ = ["Examined", "Life", "Scripted", "claim"]
