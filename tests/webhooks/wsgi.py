"""The edge for a real gunicorn in the tests: settings from SEAWALL_*, deliveries written to a file, one a line."""

import os
import threading
from pathlib import Path

from bot.domain import CommandGiven, Delivery, Reply
from bot.domain.workers import WorkerSeen
from webhooks import app as edge


class FileInbox:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def submit(self, delivery: Delivery) -> bool:
        with self._lock, self._path.open("a") as file:
            file.write(delivery.guid + "\n")
        return True

    def command(self, given: CommandGiven) -> bool:
        with self._lock, self._path.open("a") as file:
            file.write(given.id + "\n")
        return True

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        return None

    def backlog(self) -> dict[str, int]:
        return {}

    def alive(self) -> bool:
        return True

    def workers(self) -> list[WorkerSeen]:
        return []


edge.BODY_DEADLINE_S = 1.0
application = edge.create_app(client=FileInbox(Path(os.environ["SEAWALL_DATA_DIR"]) / "kept"))
