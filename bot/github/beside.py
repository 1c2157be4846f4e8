"""What lies beside the policy on a commit and judges a change too: a team's own rules, its linters' settings,
and what the folders hold that may be copies of libraries.

With GraphQL it comes along with the policy and costs no request; by REST a few listings tell what there is.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.domain import FoundFolder, FoundText
from bot.github.links import is_link_mode
from bot.settings.beside import (
    LIBRARY_FOLDERS,
    LINTER_FILES,
    MOST_BYTES,
    MOST_NAMES,
    MOST_RULES,
    RULES_FOLDER,
    RULES_SUFFIX,
)

Texts = tuple[FoundText, ...]
Listing = Callable[[str], Sequence[Mapping[str, Any]]]
"""The entries of a folder; none where there is no such folder."""
Reading = Callable[[str], bytes | None]


class Beside(NamedTuple):
    rules: Texts = ()
    linters: Texts = ()
    libraries: tuple[FoundFolder, ...] = ()

    def to_text(self) -> str:
        """For caches, which hold texts."""
        return json.dumps([[found.to_json() for found in some] for some in self])

    @classmethod
    def from_text(cls, text: str) -> "Beside":
        rules, linters, *libraries = json.loads(text)  # the last are missing in texts of before they were looked at
        folders = tuple(FoundFolder.from_json(folder) for some in libraries for folder in some)
        return cls(tuple(map(FoundText.from_json, rules)), tuple(map(FoundText.from_json, linters)), folders)


ASKED = {
    RULES_FOLDER: "folder",
    **dict.fromkeys(LINTER_FILES, "blob"),
    **dict.fromkeys(LIBRARY_FOLDERS, "names"),
}
"""What is asked for at a commit, each with its fragment; `b0`, `b1` … in a query."""


def of_answer(repository: Mapping[str, Any]) -> Beside:
    """From the fields `b0` … of a query's answer."""
    told = {path: repository.get(f"b{number}") for number, path in enumerate(ASKED)}
    linters = tuple(FoundText(path=path, text=text) for path in LINTER_FILES if (text := _text(told[path])) is not None)
    libraries = ((path, (told[path] or {}).get("entries") or ()) for path in LIBRARY_FOLDERS)
    return Beside(of_folder(RULES_FOLDER, told[RULES_FOLDER]), linters, _holding(libraries))


def of_folder(folder: str, node: Mapping[str, Any] | None) -> Texts:
    """The rules among a folder's entries. One that is no text is there, and empty of sense: its reader says so."""
    entries = (node or {}).get("entries") or ()
    found = sorted((str(entry["name"]), entry) for entry in entries if _may_be_rule(entry))
    texts = ((name, _text(entry.get("object"))) for name, entry in found[: MOST_RULES + 1])
    return tuple(FoundText(path=f"{folder}/{name}", text="\0" if text is None else text) for name, text in texts)


def by_listing(names: Collection[str], listing: Listing, reading: Reading) -> Beside:
    """The same without GraphQL. `names`: what the top folder holds."""
    wanted = [path for path in LINTER_FILES if path.split("/")[0] in names]
    linters = tuple(file for path in wanted if (file := _read(path, reading)) is not None)
    rules = rules_by_listing(RULES_FOLDER, listing, reading) if ".github" in names else ()
    return Beside(rules, linters, _holding((path, listing(path)) for path in LIBRARY_FOLDERS if path in names))


def rules_by_listing(folder: str, listing: Listing, reading: Reading) -> Texts:
    names = sorted(
        str(entry["name"])
        for entry in listing(folder)
        if entry.get("type") == "file" and str(entry.get("name")).endswith(RULES_SUFFIX)
    )
    found = (_read(f"{folder}/{name}", reading) for name in names[: MOST_RULES + 1])
    return tuple(file for file in found if file is not None)


def _holding(folders: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> tuple[FoundFolder, ...]:
    """Those of the folders that hold anything."""
    return tuple(
        FoundFolder(path=path, names=tuple(str(entry["name"]) for entry in entries[:MOST_NAMES]))
        for path, entries in folders
        if entries
    )


def _may_be_rule(entry: Mapping[str, Any]) -> bool:
    is_file = not is_link_mode(entry["mode"]) and "byteSize" in (entry.get("object") or {})
    return is_file and str(entry["name"]).endswith(RULES_SUFFIX)


def _text(node: Mapping[str, Any] | None) -> str | None:
    """As much as anybody looks at, and a sign more where there is more."""
    text = (node or {}).get("text")
    return None if text is None else str(text)[: MOST_BYTES + 1]


def _read(path: str, reading: Reading) -> FoundText | None:
    content = reading(path)
    return None if content is None else FoundText(path=path, text=content.decode("utf-8", "replace")[: MOST_BYTES + 1])
