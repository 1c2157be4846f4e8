"""The consumer's process."""

import signal
import threading

import boto3
from botocore.config import Config
from prometheus_client import Counter, start_http_server

from parcels.consumer import ParcelConsumer
from parcels.settings import Settings
from parcels.tracking import Tracking

FAILURES = Counter("parcel_events_failed_total", "Events whose handler raised")


def main() -> None:
    settings = Settings()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    start_http_server(settings.metrics_port)
    sqs = boto3.client("sqs", config=Config(connect_timeout=3, read_timeout=30))
    tracking = Tracking(settings.tracking_url)
    consumer = ParcelConsumer(sqs, settings.queue_url, tracking.record, FAILURES.inc)
    try:
        while not stopping.is_set():
            consumer.drain_once()
    finally:
        consumer.close()
