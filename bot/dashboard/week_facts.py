"""The facts of a week, computed once and kept for a little while: they are the one dear thing on these pages."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.logs import logger
from bot.settings import Settings
from bot.weekly.facts import Facts
from bot.weekly.life import Lives
from bot.weekly.reading import read_facts, subject_of
from bot.weekly.week import Week

log = logger(__name__)

FRESH_S = 60.0
FRESH_OVER_S = 600.0
"""Of a week that is over, little changes: what became of a comment, an incident that is told late."""
SERVED_STALE_S = 3600.0
"""So old facts are still shown while they are computed anew: pages say of when they are."""
WAITED_S = 20.0
"""For another's facts to be computed first; the threads that wait here are those that take deliveries in."""
MOST_KEPT = 64
Key = tuple[str, tuple[int, ...]]
Past = frozenset[Any]
"""The looks back at the host that have come to their end, each as it ended."""


class Kept(NamedTuple):
    at: float
    facts: Facts
    past: Past
    """What was known of the past before these facts were computed."""


class WeekFacts:
    """`make(ids, weeks)` computes them. Whoever finds none waits for them; whoever finds old ones gets those, and one
    thread sees to newer ones. Facts made before a look back ended, `past(ids)`, count for none: it changes weeks that
    were over long ago."""

    def __init__(
        self,
        make: Callable[[tuple[int, ...], Sequence[Week]], list[Facts]],
        clock: Callable[[], float],
        waited_s: float = WAITED_S,
        past: Callable[[tuple[int, ...]], Past] = lambda ids: frozenset(),
    ) -> None:
        self._make = make
        self._past = past
        self._clock = clock
        self._waited_s = waited_s
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._under_way: set[Key] = set()
        self._lock = threading.Lock()
        self._computing = threading.Lock()
        self._later = ThreadPoolExecutor(1, "facts")

    def of(self, ids: tuple[int, ...], week: Week) -> Facts:
        return self.of_weeks(ids, [week])[0]

    def of_weeks(self, ids: tuple[int, ...], weeks: Sequence[Week]) -> list[Facts]:
        """Raises LedgerError where there are none to show and the ledger does not answer, or others are waited for too
        long."""
        past = self._past(ids)
        found = [self._find(ids, week, past) for week in weeks]
        if any(one is None for one in found):
            with self._one_at_a_time():
                past = self._past(ids)
                found = [self._find(ids, week, past) for week in weeks]
                lacking = [week for week, one in zip(weeks, found, strict=True) if one is None]
                if lacking:
                    made = iter(self._keep(ids, lacking, self._make(ids, lacking), past))
                    found = [one or next(made) for one in found]
        old = [week for week, one in zip(weeks, found, strict=True) if one and self._is_old(one)]
        if old:
            self._renew(ids, old)
        return [one.facts for one in found if one]

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Ten people on a cold page must not compute the same ten times."""
        if not self._computing.acquire(timeout=self._waited_s):
            raise LedgerError(f"Other figures were not computed within {self._waited_s:g} s. Load the page again.")
        try:
            yield
        finally:
            self._computing.release()

    def _find(self, ids: tuple[int, ...], week: Week, past: Past) -> Kept | None:
        with self._lock:
            kept = self._kept.get((week.name, ids))
            if kept is None or self._age(kept) > SERVED_STALE_S or not past <= kept.past:
                return None
            self._kept.move_to_end((week.name, ids))
            return kept

    def _is_old(self, kept: Kept) -> bool:
        return self._age(kept) > (FRESH_OVER_S if kept.facts.is_over else FRESH_S)

    def _age(self, kept: Kept) -> float:
        return self._clock() - kept.at

    def _keep(self, ids: tuple[int, ...], weeks: Sequence[Week], facts: Sequence[Facts], past: Past) -> list[Kept]:
        kept = [Kept(self._clock(), one, past) for one in facts]
        with self._lock:
            for week, each in zip(weeks, kept, strict=True):
                self._kept[week.name, ids] = each
                self._kept.move_to_end((week.name, ids))
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return kept

    def _renew(self, ids: tuple[int, ...], weeks: Sequence[Week]) -> None:
        with self._lock:
            wanted = [week for week in weeks if (week.name, ids) not in self._under_way]
            self._under_way |= {(week.name, ids) for week in wanted}
        if wanted:
            self._later.submit(self._compute_anew, ids, wanted)

    def _compute_anew(self, ids: tuple[int, ...], weeks: Sequence[Week]) -> None:
        try:
            past = self._past(ids)
            self._keep(ids, weeks, self._make(ids, weeks), past)
        except LedgerError as failed:
            log.warning("the figures could not be made anew", reason=str(failed))
        except Exception:  # nobody waits for this thread: what it does not say itself, nobody hears
            log.exception("the figures could not be made anew")
        finally:
            with self._lock:
                self._under_way -= {(week.name, ids) for week in weeks}


def week_facts(ledger: Ledger, settings: Settings, now: Callable[[], datetime]) -> WeekFacts:
    """Facts from the ledger's rows, each week from those of its own span, as the summary has them."""

    def make(ids: tuple[int, ...], weeks: Sequence[Week]) -> list[Facts]:
        subject = subject_of([one for one in ledger.known_repositories() if one.id in ids])
        told, at = Lives(), now().astimezone(UTC)
        return [read_facts(ledger, ids, subject, week, settings.weekly, at, told)[0] for week in weeks]

    def past(ids: tuple[int, ...]) -> Past:
        ended = ledger.ask("looks-back-ended", repositories=json.dumps(ids))
        return frozenset(tuple(row.values()) for row in ended)

    return WeekFacts(make, lambda: now().timestamp(), past=past)
