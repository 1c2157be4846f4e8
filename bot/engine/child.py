"""One child process: started, heard, stopped. It says that it is ready by a line of JSON with the key `ready`."""

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import IO, Any

HOLD = "from bot.engine.leash import hold; hold(); from bot.cli import main; main()"


def seawall_command(*arguments: str) -> list[str]:
    """The command line, held by its leash."""
    return [sys.executable, "-c", HOLD, *arguments]


class Child:
    """`ready`: what it said when it was ready, None until then."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.ready: dict[str, Any] | None = None
        self.started_at = time.monotonic()
        self._last_words: deque[str] = deque(maxlen=20)
        self._process = subprocess.Popen(  # noqa: S603 — our own command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # an interrupt from the keyboard comes to the supervisor alone, which passes it on
        )
        self._ears = [
            threading.Thread(target=self._hear, args=(self._process.stdout, sys.stdout), daemon=True),
            threading.Thread(target=self._hear, args=(self._process.stderr, sys.stderr), daemon=True),
        ]
        for ear in self._ears:
            ear.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def last_words(self) -> str:
        """The last line it said, for a reader who wants to know why it ended."""
        for ear in self._ears:
            ear.join(timeout=1)
        return next((line for line in reversed(self._last_words) if line), "it said nothing")

    def terminate(self) -> None:
        if self.exit_code is None:
            self._process.terminate()

    def await_end(self, limit_s: float) -> None:
        """Waits for its end, and kills it where that does not come."""
        try:
            self._process.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)

    def _hear(self, pipe: IO[str], mouth: IO[str]) -> None:
        for line in pipe:
            words = _ready_words(line) if mouth is sys.stdout else None
            if words is not None:
                self.ready = words
                continue
            self._last_words.append(line.strip())
            mouth.write(line)
            mouth.flush()


def _ready_words(line: str) -> dict[str, Any] | None:
    try:
        words = json.loads(line)
    except ValueError:
        return None
    return words if isinstance(words, dict) and "ready" in words else None
