"""Time that passes when it is told to, and an App that signs by it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A Monday morning; it stands still until somebody does something."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def seconds(self) -> float:
        return self._at.timestamp()

    def pass_by(self, **span: float) -> None:
        """`pass_by(days=7)`."""
        self._at += timedelta(**span)

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds=seconds)


class Signer:
    """The App's statement about itself, dated by this clock and not by the machine's."""

    def __init__(self, app: Any, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    @property
    def token(self) -> str:
        now = int(self._clock.seconds())
        claims = {"iat": now - 60, "exp": now + 300, "iss": str(self._app.id)}
        return jwt.encode(claims, self._app.private_key, algorithm="RS256")
