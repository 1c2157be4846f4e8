"""Folders at the root that hold copies of others' Python libraries, told by what lies in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.domain import FoundFolder
from bot.settings.beside import LIBRARY_FOLDERS
from bot.source import kinds

_FEWEST = 2
"""Copies beside each other that tell of the others; one alone may lie among a project's own modules."""
_LEAST_SHARE = 0.05
"""Of what the folder holds; two copies may lie among hundreds of a project's own modules."""


def folders_of_copies(listed: Iterable[FoundFolder], brought: Iterable[str] = ()) -> frozenset[str]:
    """Those of the folders `listed` that hold copies. `brought`: paths of files that a change has there besides."""
    names: dict[str, set[str]] = defaultdict(set)
    for folder in listed:
        names[folder.path].update(folder.names)
    for path in brought:
        folder_name, _, below = path.partition("/")
        if below and folder_name in LIBRARY_FOLDERS:
            names[folder_name].add(below.partition("/")[0])
    return frozenset(folder for folder, held in names.items() if _are_copies(held))


def copied(name: str) -> str:
    """The distribution that such an entry of a folder of libraries is a copy of, such as `six.py`; mostly none."""
    package, is_module = name.lower().removesuffix(".py"), name.lower().endswith(".py")
    return package if package in (kinds.MODULES if is_module else kinds.DISTRIBUTIONS) else ""


def _are_copies(names: Collection[str]) -> bool:
    """What an installer wrote beside a package tells at once; an `.egg-info` may be of the project's own package."""
    told = {copied(name) or (name if name.endswith(".egg-info") else "") for name in names} - {""}
    return len(told) >= max(_FEWEST, _LEAST_SHARE * len(names)) or any(name.endswith(".dist-info") for name in names)
