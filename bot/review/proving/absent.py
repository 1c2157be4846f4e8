"""What a test imports of its own repository, and nobody has written."""

from collections.abc import Mapping
from posixpath import dirname

from bot.errors import SourceError
from bot.review.proving.beside import files_imported
from bot.review.proving.ground import Ground
from bot.review.proving.imports import imported, root_of
from bot.review.stages import Desk

_MOST_PLACES = 200


def absent_imports(laid: Desk, ground: Ground, code: str) -> list[str]:
    """Imports whose file is not in the head, as they are written; none where the head cannot be searched. What the
    code or the model test imports too is believed: it may be made when the project is built."""
    if laid.search is None:
        return []
    tongue = ground.tongue
    believed = {*imported(ground.target.code, tongue), *imported(ground.model, tongue)}
    written = {spec for spec in imported(code, tongue) if _is_own(spec, ground)} - believed
    starts = [folder for path in (ground.path, ground.finding.path) for folder in _folders(path)]
    places = {
        spec: paths for spec, paths in files_imported(code, ground.path, starts, tongue).items() if spec in written
    }
    known = [ground.finding.path, ground.path, ground.model_path, *laid.snapshot.contents]
    asked = {path for paths in places.values() for path in paths if path not in known}
    if not asked or len(asked) > _MOST_PLACES:
        return []
    try:
        there: Mapping[str, bytes] = laid.search.read(sorted(asked))
    except SourceError:
        return []
    return [spec for spec, paths in places.items() if not any(_is_there(path, known, there) for path in paths)]


def _is_own(spec: str, ground: Ground) -> bool:
    return spec.startswith(".") or root_of(spec, ground.tongue) in ground.had.own


def _is_there(path: str, known: list[str], there: Mapping[str, bytes]) -> bool:
    """A Python package may be a folder with nothing of its own."""
    folder = f"{path.removesuffix('.py')}/"
    return path in there or path in known or any(one.startswith(folder) for one in known)


def _folders(path: str) -> list[str]:
    folders: list[str] = []
    while path := dirname(path):
        folders.append(f"{path}/")
    return folders
