"""Pull requests' histories with what is computed of each, told once for all the weeks that ask."""

from functools import cached_property

from bot.domain.timeline import Row, WeekRows
from bot.weekly.course import Course, changed_lines, course_of
from bot.weekly.history import History, history_of, rows_by_pull_request


class Life:
    """A pull request's history, with what is computed of it, once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.reviewed_at = history.reviewed_at

    @cached_property
    def course(self) -> Course:
        return course_of(self.history)

    @cached_property
    def lines(self) -> int | None:
        return changed_lines(self.history)


class Lives:
    """Weeks side by side share nearly all of their pull requests: one whose rows are the same is told from them once.

    It keeps what the latest weeks were told from: make one for a few weeks, and let it go.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[int, int], tuple[Row, list[Row], Life | None]] = {}

    def of(self, rows: WeekRows) -> list[Life]:
        """Of every pull request among the rows that began, in the order of their repository and number."""
        lives = (self._life(pull_request, events) for pull_request, events in rows_by_pull_request(rows))
        return [life for life in lives if life is not None]

    def _life(self, pull_request: Row, events: list[Row]) -> Life | None:
        key = pull_request["repository_id"], pull_request["number"]
        told = self._told.get(key)
        if told is None or told[0] != pull_request or told[1] != events:
            history = history_of(pull_request, events)
            told = self._told[key] = pull_request, events, Life(history) if history else None
        return told[2]
