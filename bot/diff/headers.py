"""What git says of a file above its hunks: names, modes, blobs (git's documentation, "diff-generate-patch")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import PatchStatus
from bot.regex import regex

SUBMODULE, SYMLINK = "160000", "120000"

_ESCAPE = regex(rb"\\([0-7]{3}|.)", re.DOTALL)
_NAMED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_INDEX = regex(r"index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d{6}))?")
_QUOTED = r'"(?:[^"\\]|\\.)*"'


def unquoted(name: str) -> str:
    r"""The path that git wrote, C-quoted (`"sp\303\251.py"`) or not. Bytes that are not UTF-8 show as `\xe9`."""
    if not (len(name) >= 2 and name.startswith('"') and name.endswith('"')):
        return name
    return path_text(unquoted_bytes(name[1:-1].encode()))


def unquoted_bytes(quoted: bytes) -> bytes:
    """The inside of git's double quotes, with its escapes resolved."""

    def resolve(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _NAMED.get(code, code)

    return _ESCAPE.sub(resolve, quoted)


def path_text(name: bytes) -> str:
    r"""A path for people and JSON, which know no lone bytes: `caf\xe9.py` where the name is not UTF-8."""
    return name.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What stands above the hunks of one file."""

    old_path: str
    new_path: str
    status: PatchStatus
    old_mode: str
    new_mode: str
    blob_sha: str | None
    is_binary: bool

    def has_mode(self, mode: str) -> bool:
        """True where the head, or the base of a deleted file, has this mode."""
        return (self.old_mode if self.status is PatchStatus.REMOVED else self.new_mode) == mode


def parse_header(rows: Sequence[str]) -> FileHeader:
    """The lines from `diff --git` to the first hunk."""
    said: dict[str, str] = {}
    is_binary = False
    for row in rows[1:]:
        for key in _KEYS:
            if row.startswith(key):
                said.setdefault(key, row[len(key) :])
        is_binary = is_binary or row == "GIT binary patch" or (row.startswith("Binary files ") and " differ" in row)
    old_path, new_path = _names(rows[0], said)
    index = _INDEX.match(next((row for row in rows if row.startswith("index ")), ""))
    shared_mode = (index[3] or "") if index else ""
    blob = index[2] if index else ""
    return FileHeader(
        old_path=old_path,
        new_path=new_path,
        status=_status(said),
        old_mode=said.get("old mode ") or said.get("deleted file mode ") or shared_mode,
        new_mode=said.get("new mode ") or said.get("new file mode ") or shared_mode,
        blob_sha=blob if len(blob) >= 40 and blob.strip("0") else None,
        is_binary=is_binary,
    )


_KEYS = (
    "old mode ",
    "new mode ",
    "new file mode ",
    "deleted file mode ",
    "rename from ",
    "rename to ",
    "copy from ",
    "copy to ",
    "--- ",
    "+++ ",
)


def _status(said: dict[str, str]) -> PatchStatus:
    """A mode change with hunks is a modification; the caller knows whether there are hunks."""
    if "new file mode " in said:
        return PatchStatus.ADDED
    if "deleted file mode " in said:
        return PatchStatus.REMOVED
    if "rename to " in said:
        return PatchStatus.RENAMED
    if "copy to " in said:
        return PatchStatus.COPIED
    return PatchStatus.MODE_CHANGED if "new mode " in said else PatchStatus.MODIFIED


def _names(first: str, said: dict[str, str]) -> tuple[str, str]:
    for verb in ("rename", "copy"):
        if f"{verb} to " in said:
            return unquoted(said[f"{verb} from "]), unquoted(said[f"{verb} to "])
    names = [_after_prefix(said.get(key, "")) for key in ("--- ", "+++ ")]
    known = next((name for name in reversed(names) if name), None) or _twice_named(first)
    return known, known


def _after_prefix(name: str) -> str:
    name = unquoted(name.removesuffix("\t"))  # git ends a name that holds a space with a tab
    if name == "/dev/null":
        return ""
    return name[2:] if name[:2] in ("a/", "b/") else name


def _twice_named(first: str) -> str:
    """`diff --git a/NAME b/NAME`: with neither hunks nor a rename both names are one, so spaces are no riddle."""
    names = first.removeprefix("diff --git ")
    if quoted := re.fullmatch(rf"({_QUOTED}) ({_QUOTED})", names):
        return unquoted(quoted[2])[2:]
    return names[len(names) // 2 + 1 :][2:]
