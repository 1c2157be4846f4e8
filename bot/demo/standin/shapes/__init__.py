"""GitHub's JSON, made of the stand-in's records: one module for each family of objects."""

from datetime import UTC, datetime
from typing import Any

JSON = dict[str, Any]


def iso(at: datetime) -> str:
    """`2026-03-02T09:30:00Z`"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(at: datetime | None) -> str | None:
    return iso(at) if at else None
