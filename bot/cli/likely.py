"""Which languages a change is likely to be in, told before anybody has asked git: those that the repository holds."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.regex import regex
from bot.syntax import language_of

MOST_LANGUAGES = 3
_MOST_BYTES = 4 << 20
_NAME_ENDS = regex(rb"(\.[A-Za-z]{1,5})\0")
"""How the name of a file ends in git's index, whatever the version of that; a wrong guess costs some time."""


def likely_paths(folder: Path) -> Sequence[str]:
    """A path such as `x.py` for each language, the commonest first; none where there is no index to look into."""
    index = next((index for at in (folder, *folder.parents) if (index := at / ".git/index").is_file()), None)
    if index is None:
        return ()
    try:
        with open(index, "rb") as opened:
            held = opened.read(_MOST_BYTES)
    except OSError:
        return ()
    found = Counter(f"x{ending.decode().lower()}" for ending in _NAME_ENDS.findall(held))
    return [path for path, _ in found.most_common() if language_of(path)][:MOST_LANGUAGES]
