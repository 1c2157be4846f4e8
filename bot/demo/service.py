"""The real service as a child process, for the length of a demonstration."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import SeawallError

START_S = 45.0
STOP_S = 40.0


class DemoService:
    """`seawall serve` as a child process; its log goes to a file."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self.port = 0

    def __enter__(self) -> "DemoService":
        command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 — our own command
                command, env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        self.port = self._await_ready()
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_S)

    def wait(self, is_true: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
        """Waits for it. Raises SeawallError, with the way to the log, when it takes too long or the service ends."""
        ends = time.monotonic() + timeout_s
        while not is_true():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise SeawallError(f"Something is wrong: {otherwise}. The service's log: {self._log}")
            time.sleep(0.05)

    def _await_ready(self) -> int:
        assert self._process.stdout is not None, "it was opened as a pipe"
        ends = time.monotonic() + START_S
        buffer = b""
        while time.monotonic() < ends and self._process.poll() is None:
            readable, _, _ = select.select([self._process.stdout], [], [], 0.2)
            if not readable:
                continue
            buffer += os.read(self._process.stdout.fileno(), 65536)
            for line in buffer.split(b"\n"):
                if b'"ready": "serve"' in line:
                    return int(json.loads(line)["port"])
        self.__exit__()
        raise SeawallError(f"The service did not start within {START_S:.0f} s. Its log: {self._log}")
