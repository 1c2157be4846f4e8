"""Files under a folder, without git's help."""

import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import SourceError

LEFT_OUT = frozenset({
    ".git", ".hg", ".svn", ".jj",
    "node_modules", "bower_components", "jspm_packages",
    "venv", ".venv", "site-packages", "__pycache__", "__pypackages__",
    ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    ".gradle", ".terraform", ".next", ".nuxt", ".yarn",
})  # fmt: skip
"""Folders that nobody writes by hand."""


def files_under(folder: Path, links: bool = False) -> Iterator[Path]:
    """Regular files, and symbolic links where asked for, in order of their names. Links are never followed.

    Raises SourceError where a folder cannot be opened: leaving it out would look like an all-clear.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as refused:
        raise SourceError(
            f"The folder {folder} cannot be read: {refused.strerror}. Grant access, or leave it out."
        ) from refused
    for entry in found:
        if entry.is_symlink():
            if links:
                yield Path(entry.path)
        elif entry.is_dir():
            if entry.name not in LEFT_OUT and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                yield from files_under(Path(entry.path), links)
        elif entry.is_file():
            yield Path(entry.path)
