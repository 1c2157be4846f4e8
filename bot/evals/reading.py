"""Reads cases from their folders, and says of a faulty one what is wrong with it."""

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.domain import Change
from bot.errors import NotFound, UsageError
from bot.evals.case import At, Case, CaseFile, Place
from bot.settings.nearest import did_you_mean
from bot.source import TwoTrees
from bot.source.walk import files_under

FILE = "case.toml"


class CaseSource(TwoTrees):
    """The two trees of a case, under the title and the body of its pull request."""

    def __init__(self, case: Case, max_file_bytes: int) -> None:
        super().__init__(case.before, case.after, max_file_bytes)
        self._about = case.about

    def change(self) -> Change:
        bare = super().change()
        return Change(
            bare.base_sha, bare.head_sha, bare.patches, self._about.title, self._about.body, bare.unlisted_files
        )


def cases_in(folder: Path, only: Sequence[str] = ()) -> list[Case]:
    """The cases of a folder by name, or those named. Raises UsageError and NotFound."""
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    names = sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))
    if not names:
        raise NotFound(f"{folder} holds no cases: a case is a folder with {FILE}, before/ and after/.")
    for name in only:
        if name not in names:
            raise UsageError(f"There is no case {name} in {folder}{did_you_mean(name, names)}.")
    return [read_case(folder, name) for name in names if not only or name in only]


def read_case(folder: Path, name: str) -> Case:
    """One case. Raises UsageError, naming the file and what is wrong in it."""
    file = folder / name / FILE
    try:
        about = CaseFile.from_json(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as invalid:
        raise UsageError(f"{file}: {_explained(invalid)}") from invalid
    except (OSError, ValueError) as broken:  # a broken TOML or a broken encoding is a ValueError
        raise UsageError(f"{file} cannot be read: {broken}") from broken
    before, after = (_tree(folder, file, given) for given in (about.before, about.after))
    places = tuple(tuple(_place(file, after, at) for at in expected.places) for expected in about.expected)
    return Case(name=name, about=about, before=before, after=after, digest=_digest(about, before, after), places=places)


def _tree(folder: Path, file: Path, given: str) -> Path:
    tree = (file.parent / given).resolve()
    if not tree.is_relative_to(folder.resolve()):
        raise UsageError(f"{file}: {given} leads out of the folder of cases.")
    if not tree.is_dir():
        raise UsageError(f"{file}: there is no folder {given} beside it.")
    return tree


def _place(file: Path, after: Path, at: At) -> Place:
    """Where it stands in the head. A quote must stand there once: twice would leave open which is meant."""
    path = (after / at.path).resolve()
    if not path.is_relative_to(after) or not path.is_file():
        raise UsageError(f"{file}: there is no {at.path} in the head.")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if at.lines:
        if at.lines[1] > len(lines):
            raise UsageError(f"{file}: {at.path} has {len(lines)} lines, not {at.lines[1]}.")
        return Place(path=at.path, start_line=at.lines[0], end_line=at.lines[1])
    found = list(_standing(lines, [line.strip() for line in at.quote.strip().splitlines()]))
    if len(found) != 1:
        how_often = f"stands {len(found)} times" if found else "does not stand"
        raise UsageError(f"{file}: the quote {at.quote.strip()[:60]!r} {how_often} in {at.path}.")
    return Place(path=at.path, start_line=found[0], end_line=found[0] + len(at.quote.strip().splitlines()) - 1)


def _standing(lines: Sequence[str], quoted: Sequence[str]) -> Iterator[int]:
    """First lines at which the quote stands, indentation aside; a quote of one line may be part of it."""
    for start in range(len(lines) - len(quoted) + 1):
        here = [line.strip() for line in lines[start : start + len(quoted)]]
        if here == list(quoted) or (len(quoted) == 1 and quoted[0] in here[0]):
            yield start + 1


def _digest(about: CaseFile, before: Path, after: Path) -> str:
    """What is expected is no part of it: a better expectation costs no new review."""
    digest = hashlib.sha256(f"{about.title}\0{about.body}\0".encode())
    for tree in (before, after):
        for path in sorted(files_under(tree)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(tree).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        digest.update(b"\0\0")
    return digest.hexdigest()[:16]


def _explained(invalid: ValidationError) -> str:
    faults = []
    for error in invalid.errors():
        where = ".".join(str(part) for part in error["loc"])
        faults.append(f"{where}: {error['msg'].removeprefix('Value error, ')}" if where else error["msg"])
    return "; ".join(faults)
