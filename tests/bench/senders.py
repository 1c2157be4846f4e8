"""Senders of signed deliveries in a closed loop: each sends the next once the last is answered. A process of its own,
so that it shares no interpreter with what it measures:

    python tests/bench/senders.py PORT SECRET SENDERS SECONDS PAYLOAD_FILE < /dev/null

It prints JSON: `{"acknowledged": [[guid, status, seconds], …], "broken": n}`. The payload's `"number": 424242` is
replaced by one of 200 numbers, so that the deliveries are of many pull requests.
"""

import hashlib
import hmac
import json
import socket
import sys
import threading
import time
import uuid
from pathlib import Path

MARK = b"424242"
NUMBERS = 200
ANSWER_LIMIT_S = 30.0


def send(port: int, head: bytes, body: bytes) -> int:
    """The status of the answer, on a connection of its own. Raises OSError."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_LIMIT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(head + body)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return int(answer.split(b" ", 2)[1])


class Senders:
    def __init__(self, port: int, secret: str, payload: bytes) -> None:
        self._port = port
        self._secret = secret.encode()
        self._payload = payload
        self.answers: list[tuple[str, int, float]] = []
        self.broken = 0

    def run(self, senders: int, seconds: float) -> None:
        ends = time.monotonic() + seconds
        threads = [threading.Thread(target=self._loop, args=(index, ends)) for index in range(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _loop(self, index: int, ends: float) -> None:
        turn = index
        while time.monotonic() < ends:
            guid = str(uuid.uuid4())
            number = 100_000 + turn % NUMBERS
            turn += 7
            body = self._payload.replace(MARK, str(number).encode())
            head = self._head(guid, body)
            began = time.perf_counter()
            try:
                status = send(self._port, head, body)
            except (OSError, ValueError, IndexError):
                self.broken += 1
                continue
            self.answers.append((guid, status, time.perf_counter() - began))

    def _head(self, guid: str, body: bytes) -> bytes:
        digest = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        lines = {
            "Host": f"127.0.0.1:{self._port}",
            "Connection": "close",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "User-Agent": "GitHub-Hookshot/bench",
            "X-GitHub-Event": "pull_request",
            "X-GitHub-Delivery": guid,
            "X-Hub-Signature-256": f"sha256={digest}",
        }
        return (
            "POST /webhooks/github HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
        ).encode()


def main(port: str, secret: str, senders: str, seconds: str, payload: str) -> None:
    crowd = Senders(int(port), secret, Path(payload).read_bytes())
    crowd.run(int(senders), float(seconds))
    print(json.dumps({"acknowledged": crowd.answers, "broken": crowd.broken}))


if __name__ == "__main__":
    main(*sys.argv[1:])
