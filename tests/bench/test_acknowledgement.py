"""How long GitHub waits for its 202, by the number of senders, while the service reviews; and what was lost.

The mix: each sender sends `pull_request` deliveries of about 21 KB that are kept and noted in the timeline (closed), of
200 pull requests; beside them the stand-in opens a pull request every second, whose review runs as in production.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bench import senders as senders_module
from tests.bench.figures import Figures
from tests.bench.rig import Rig, count, rows
from tests.service.harness import SECRET

pytestmark = pytest.mark.timeout(1200)
PAYLOAD_BYTES = 21_000
REVIEW_EVERY_S = 1.0
DRAIN_LIMIT_S = 120.0
P99_AT_64_MS = 300.0
UNDER_WAY = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING')"


def test_how_long_github_waits(rig: Callable[..., Any], figures: Figures, seconds: float, tmp_path: Path) -> None:
    with rig(with_model=True) as running:
        running.slow_down(0.001)
        payload = tmp_path / "payload.json"
        payload.write_bytes(_payload(running))
        for number in (1, 8, 64):
            _measure(running, figures, payload, number, seconds)


def _measure(running: Rig, figures: Figures, payload: Path, number: int, seconds: float) -> None:
    reviews, branches = _records(running, "SELECT count(*) FROM reviews"), running._branches
    names = [running.branch() for _ in range(int(seconds / REVIEW_EVERY_S))]
    pause = threading.Event()
    opener = threading.Thread(target=_open_each_second, args=(running, names, pause))
    opener.start()
    began = time.monotonic()
    crowd = [sys.executable, senders_module.__file__, str(running.service.port), SECRET, str(number), str(seconds)]
    ran = subprocess.run([*crowd, str(payload)], capture_output=True, text=True, timeout=seconds + 120, check=True)
    took_s = time.monotonic() - began
    pause.set()
    opener.join(30)
    told = json.loads(ran.stdout)
    accepted = {guid for guid, status, _ in told["acknowledged"] if status == 202}
    refused = [status for _, status, _ in told["acknowledged"] if status != 202]
    waits_ms = [1000 * wait for _, status, wait in told["acknowledged"] if status == 202]
    waiting = _engine(running, UNDER_WAY)
    reviewed = _records(running, "SELECT count(*) FROM reviews") - reviews
    drain_began = time.monotonic()
    while _engine(running, UNDER_WAY) and time.monotonic() - drain_began < DRAIN_LIMIT_S:
        time.sleep(0.5)
    drained_s, left = time.monotonic() - drain_began, _engine(running, UNDER_WAY)
    lost = len(accepted - _kept_by_engine(running)) if left else len(accepted - _kept_by_ledger(running))
    note = (
        f"{len(accepted) / took_s:.0f} a second beside {reviewed} reviews; {len(refused)} refused, {told['broken']} "
        f"connections broken; {waiting} jobs waited at the end, drained in {drained_s:.0f} s"
        + (f" but for {left}" if left else "")
    )
    aim = P99_AT_64_MS if number == 64 else 0.0
    name = f"{number} sender{'s' * (number > 1)}"
    figures.add("acknowledgement", name, "ms", waits_ms, aim, "p99", note)
    figures.add("acknowledgement", f"    lost, of {len(accepted)}", "count", [lost])
    assert not lost, f"{lost} acknowledged deliveries are nowhere to be found"
    assert running._branches - branches == len(names)


def _open_each_second(running: Rig, names: list[str], pause: threading.Event) -> None:
    for name in names:
        running.host.open_pull_request(running.repository, "main", name, "Charge", "", author="dana")
        if pause.wait(REVIEW_EVERY_S):
            return


def _payload(running: Rig) -> bytes:
    pull = running.open_silently(running.branch())
    payload = running.host.payload("closed", running.repository, pull)
    payload["pull_request"] |= {"state": "closed", "merged": False, "number": 424242}
    payload["number"] = 424242
    missing = PAYLOAD_BYTES - len(json.dumps(payload))
    payload["pull_request"]["body"] = ("Takes the lock before the stock is read. " * 1000)[: max(0, missing)]
    return json.dumps(payload).encode()


def _records(running: Rig, query: str) -> int:
    return count(running.service.data / "ledger.sqlite", query)


def _engine(running: Rig, query: str) -> int:
    return count(next(running.service.data.glob("engine*.sqlite")), query)


def _kept_by_engine(running: Rig) -> set[str]:
    path = next(running.service.data.glob("engine*.sqlite"))
    ids = rows(path, "SELECT workflow_uuid FROM workflow_status WHERE workflow_uuid LIKE 'gh-%'")
    return {str(id).removeprefix("gh-") for (id,) in ids}


def _kept_by_ledger(running: Rig) -> set[str]:
    return {str(guid) for (guid,) in rows(running.service.data / "ledger.sqlite", "SELECT guid FROM deliveries")}
