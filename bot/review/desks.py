"""The desks of the reviews under way in this process."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.domain import Model, PullRequest, Repository, Source
from bot.domain.searching import MayShow, Searchable
from bot.errors import GuardError
from bot.review.beyond import Beyond
from bot.review.fleet import InFleet, alone
from bot.review.judging import judging_of
from bot.review.snapshot import Snapshot, take
from bot.review.stages import Desk
from bot.rules import FilePair, ScanOptions, scan_all
from bot.settings import Settings
from bot.settings.globs import is_among
from bot.settings.service import Reading
from bot.source import classify
from bot.spawning import Process
from bot.syntax.guard import Guard

_KEPT = 8


def guard_of(reading: Reading, started: Process | None = None, processes: int | None = None) -> Guard:
    """The guarded processes that settings ask for, or so many; `started` is one of them that is there already."""
    return Guard(processes or reading.guard_processes, reading.guard_timeout_s, reading.guard_memory_mb, started)


def warm_up(guard: Guard) -> None:
    """Starts a guarded process and loads the rules in it, in the background, before there is anything to read."""
    small = FilePair("warm_up.py", None, None, b"x = 1\n")
    threading.Thread(target=_scan_one, args=(guard, small), name="warm-up", daemon=True).start()


def _scan_one(guard: Guard, pair: FilePair) -> None:
    with suppress(GuardError):  # closed already: the work was done before the warming up
        scan_all(guard, [pair], ScanOptions())


class Desks:
    """Reads a change once and keeps it while its review goes on; after a crash it is simply read anew."""

    def __init__(
        self,
        settings: Settings,
        guard: Guard,
        model: Model | None,
        clock: Callable[[], datetime],
        fleet: Callable[[Repository], InFleet] = lambda _: alone,
        beyond: Callable[[PullRequest], Beyond] = lambda _: Beyond(),
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._model = model
        self._clock = clock
        self._fleet = fleet
        self._beyond = beyond
        self._desks: OrderedDict[str, Desk] = OrderedDict()
        self._lock = threading.Lock()
        self._reading: dict[str, threading.Lock] = {}

    def of(self, pull_request: PullRequest, source: Callable[[], Source]) -> Desk:
        """The desk of this head. `source` is only asked for where it must be read."""
        key = pull_request.review_key
        with self._lock:
            one_reader = self._reading.setdefault(key, threading.Lock())
        with one_reader:
            with self._lock:
                if desk := self._desks.get(key):
                    self._desks.move_to_end(key)
                    return desk
            laid = self.lay(source(), self._beyond(pull_request))
            desk = replace(laid, in_fleet=self._fleet(pull_request.repository))
            with self._lock:
                self._desks[key] = desk
                self._reading.pop(key, None)
                while len(self._desks) > _KEPT:
                    self._desks.popitem(last=False)
            return desk

    def clear(self, pull_request: PullRequest) -> None:
        """The review is over."""
        with self._lock:
            self._desks.pop(pull_request.review_key, None)
            self._reading.pop(pull_request.review_key, None)

    def lay(self, source: Source, beyond: Beyond | None = None) -> Desk:
        """Reads a change, without keeping it."""
        snapshot = take(source, self._settings.policy, self._settings.reading)
        beyond = beyond or Beyond()
        desk = Desk(
            snapshot=snapshot,
            guard=self._guard,
            model=None,
            judging=judging_of(self._guard, snapshot.texts, snapshot.policy, [pair.path for pair in snapshot.pairs]),
            has_model=self._model is not None,
            today=self._clock().date().isoformat(),
            input_budget=self._settings.llm.max_input_tokens,
            profile=snapshot.policy.profile or self._settings.llm.profile,
            search=beyond.search or (source.search() if isinstance(source, Searchable) else None),
            search_missing=beyond.why_not,
            may_show=_may_show(snapshot, self._settings.reading),
        )
        if self._model is None or not snapshot.policy.llm:
            return desk
        return _for_a_model(desk, self._model, source, beyond)


def _may_show(snapshot: Snapshot, reading: Reading) -> MayShow:
    kept_back = (*snapshot.policy.ignore_paths, *snapshot.policy.generated_paths)

    def may_show(path: str, content: bytes | None) -> bool:
        return not is_among(path, kept_back) and classify(path, content, reading, snapshot.copies) is None

    return may_show


def _for_a_model(desk: Desk, model: Model, source: Source, beyond: Beyond) -> Desk:
    """The desk with what only a model's questions need. Around the change nothing is read yet."""
    from bot.review.guidelines import guidelines_of
    from bot.review.scopes import scopes_in
    from bot.review.surroundings.around import Around

    snapshot = desk.snapshot
    around = Around(
        snapshot.change, snapshot.contents, desk.guard, desk.search, beyond.why_not, desk.may_show, desk.secrets.hide
    )
    return replace(
        desk,
        model=model,
        around=around,
        scope_of=scopes_in(around.facts),
        guidelines=guidelines_of(source),
        settles=beyond.settles,
    )
