"""Between the scene and what it talks to: a tap on the wire to GitHub, and an inbox for what chat systems send."""

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from bot.domain import Answer, CommandGiven, Delivery, Reply


@dataclass
class Wiretap:
    """Around the stand-in: keeps what is written to it."""

    behind: WSGIApplication
    written: list[tuple[str, str, Any]] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if environ["REQUEST_METHOD"] != "GET":
            known = json.loads(body) if body else {}
            self.written.append((str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"]), known))
        return self.behind(environ, start_response)


class Door:
    """The inbox behind the edge for chat systems: each command is carried out at once, once."""

    def __init__(
        self, carry_out: Callable[[CommandGiven], Answer], deliver: Callable[[CommandGiven, Answer], None]
    ) -> None:
        self._carry_out = carry_out
        self._deliver = deliver
        self._answers: dict[str, Reply] = {}
        self.known: set[str] = set()

    def command(self, given: CommandGiven) -> bool:
        if given.id in self.known:
            return False
        self.known.add(given.id)
        answer = self._carry_out(given)
        if given.place.transport == "slack":
            self._deliver(given, answer)
        else:
            self._answers[given.id] = answer.reply
        return True

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        return self._answers.get(command_id)

    def submit(self, delivery: Delivery) -> bool:
        raise AssertionError("GitHub's deliveries come by another way here")

    def backlog(self) -> dict[str, int]:
        return {}

    def alive(self) -> bool:
        return True
