"""The policy of a folder on this machine, and what lies beside it. Symbolic links are not followed."""

import os
from contextlib import suppress
from pathlib import Path

from bot.domain import FoundFolder, FoundText, PolicyTexts
from bot.settings.beside import (
    LIBRARY_FOLDERS,
    LINTER_FILES,
    MOST_BYTES,
    MOST_NAMES,
    MOST_RULES,
    RULES_FOLDER,
    RULES_SUFFIX,
)
from bot.settings.policy import REPOSITORY_FILE


def policy_here(root: Path) -> PolicyTexts:
    """As the files stand: whoever scans a folder has it on their own disk."""
    return PolicyTexts(
        repository=_text(root / REPOSITORY_FILE),
        rules=rules_in(root / RULES_FOLDER, RULES_FOLDER),
        linters=tuple(
            FoundText(path=path, text=text) for path in LINTER_FILES if (text := _text(root / path)) is not None
        ),
        libraries=libraries_in(root),
    )


def libraries_in(root: Path) -> tuple[FoundFolder, ...]:
    """Folders there that may hold copies of libraries; one that cannot be listed is left out."""
    found = []
    for folder in LIBRARY_FOLDERS:
        if not (root / folder).is_symlink():
            with suppress(OSError):
                names = sorted(os.listdir(os.fsencode(root / folder)))[:MOST_NAMES]
                found.append(FoundFolder(path=folder, names=tuple(name.decode("utf-8", "replace") for name in names)))
    return tuple(found)


def rules_in(folder: Path, shown: str) -> tuple[FoundText, ...]:
    """A team's own rules in a folder, ordered by name; one more than are read, so that their reader can say so.

    `shown`: how the folder is called in messages.
    """
    if folder.is_symlink() or not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix == RULES_SUFFIX)
    texts = ((path.name, _text(path)) for path in files[: MOST_RULES + 1])
    return tuple(FoundText(path=f"{shown}/{name}", text=text) for name, text in texts if text is not None)


def _text(path: Path) -> str | None:
    """As much as anybody looks at, and a sign more where there is more; None where there is no such file."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(MOST_BYTES + 1).decode("utf-8", "replace")
    except OSError:
        return None
