"""A request that is not accepted."""

from bot.errors import UsageError


class Refusal(UsageError):
    """The request is turned away with this HTTP status; the message is the one line its sender reads."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


class Malformed(Refusal):
    """The payload is not what GitHub sends (400)."""

    def __init__(self, line: str) -> None:
        super().__init__(400, line)
