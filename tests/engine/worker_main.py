"""A real worker process for the tests: `worker_main.py RECORD SETTINGS-AS-JSON`."""

import json
import random
import sys
from pathlib import Path

from recording import Record, RecordingStory

from bot.engine.patience import Backoff, Patience
from bot.engine.worker import run_worker
from bot.settings import load_settings

HURRIED = Patience(
    review=Backoff(first_s=0.2, cap_s=1, tries=3),
    followup=Backoff(first_s=0.2, cap_s=1, tries=3),
    errand=Backoff(first_s=0.1, cap_s=0.5, tries=4),
    ledger=Backoff(first_s=0.05, cap_s=0.2, tries=4),
    hold=Backoff(first_s=3600, cap_s=7200, tries=99),
    call_poll_s=0.05,
)

if __name__ == "__main__":
    record, overrides = Path(sys.argv[1]), json.loads(sys.argv[2])
    settings = load_settings(environment={}, **overrides)
    random.seed(7)
    sys.exit(run_worker(settings, lambda: RecordingStory(Record(record)), HURRIED))
