"""A summary as files, for whoever reads, mails or publishes them by other means."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.errors import RetryableError, SettingsError


def write(folder: Path, subject: str, week: str, texts: Mapping[str, str]) -> list[Path]:
    """`<folder>/acme/shop/2026-W47.html` and so on, by the ending that each text has; the files written.

    Written again, they are replaced as a whole. Raises RetryableError where the disk does not take them, SettingsError
    for a subject that is no name of a repository or an organisation.
    """
    parts = subject.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise SettingsError(f"A summary of {subject!r} is not written: that names no place below weekly.folder.")
    there = folder.expanduser().joinpath(*parts)
    try:
        there.mkdir(parents=True, exist_ok=True)
        return [_replaced(there / f"{week}.{ending}", text) for ending, text in texts.items()]
    except OSError as failed:
        raise RetryableError(
            f"The summary cannot be written to {there}: {failed.strerror or failed}. See that weekly.folder is there, "
            "may be written to and has space."
        ) from failed


def _replaced(path: Path, text: str) -> Path:
    """Nobody ever reads half of it."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        written.write_text(text, encoding="utf-8")
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    return path
