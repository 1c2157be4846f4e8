"""A real worker process for the tests, forked from a server that has imported the engine already."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.engine import glance
from bot.engine.patience import Backoff, Patience
from bot.engine.worker import run_worker
from bot.errors import SeawallError
from bot.settings import load_settings
from tests.engine.recording import Record, RecordingStory
from tests.engine.recording_talk import RecordingTalk

HURRIED = Patience(
    review=Backoff(first_s=0.2, cap_s=1, tries=3),
    followup=Backoff(first_s=0.2, cap_s=1, tries=3),
    command=Backoff(first_s=0.1, cap_s=0.5, tries=4),
    errand=Backoff(first_s=0.1, cap_s=0.5, tries=4),
    summary=Backoff(first_s=0.1, cap_s=0.5, tries=4),
    ledger=Backoff(first_s=0.05, cap_s=0.2, tries=4),
    hold=Backoff(first_s=3600, cap_s=7200, tries=99),
    recoveries=9,
    call_poll_s=0.05,
)

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["bot.engine.worker"])


def work(record: Path, overrides: dict[str, Any], said: Path, log: Path) -> None:
    """Runs a worker as the command line does: an error is one line and an exit code."""
    for path, stream in ((said, 1), (log, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    glance.LOOK_ANYWAY_S = overrides.pop("look_anyway_s", glance.LOOK_ANYWAY_S)
    settings = load_settings(environment={}, **overrides)
    try:
        sys.exit(run_worker(settings, lambda: (RecordingStory(Record(record)), RecordingTalk(Record(record))), HURRIED))
    except SeawallError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
