"""Where the files would lie that a test imports of its own repository. Pure."""

import re
from collections.abc import Iterable, Sequence
from posixpath import dirname, join, normpath, splitext

from bot.regex import regex
from bot.review.proving.imports import imported
from bot.review.proving.knowledge import Tongue

_SCRIPTS = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx")
_FROM = regex(r"^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#(]+))", re.MULTILINE)


def files_imported(code: str, path: str, folders: Iterable[str], tongue: Tongue) -> dict[str, list[str]]:
    """Import, as it is written → paths of which one is its file. `folders`: where packages may begin, each with its
    slash; the top is the empty text. Languages whose imports name no file have none."""
    if tongue.name == "javascript":
        specs = (spec for spec in imported(code, tongue) if spec.startswith("."))
        return {spec: _scripts(normpath(join(dirname(path), spec))) for spec in specs}
    if tongue.name == "python":
        starts = list(dict.fromkeys(["", "src/", *folders]))
        return {spec: _modules(spec, path, starts) for spec in _python_specs(code, tongue)}
    return {}


def _python_specs(code: str, tongue: Tongue) -> list[str]:
    """Modules, and what might be one: `from tests import fakes` is of `tests` and of `tests.fakes`."""
    specs = imported(code, tongue)
    for module, several, plain in _FROM.findall(code):
        names = (part.split(" as ")[0].strip() for part in (several or plain).split(","))
        specs += [f"{module}{'' if module.endswith('.') else '.'}{name}" for name in names if name.isidentifier()]
    return list(dict.fromkeys(specs))


def _modules(spec: str, path: str, starts: Sequence[str]) -> list[str]:
    dots = len(spec) - len(spec.lstrip("."))
    inside = spec.strip(".").replace(".", "/")
    if dots:
        folder = dirname(path)
        for _ in range(dots - 1):
            folder = dirname(folder)
        starts = [f"{folder}/" if folder else ""]
    return [f"{start}{inside}{end}" for start in starts for end in (".py", "/__init__.py")] if inside else []


def _scripts(bare: str) -> list[str]:
    stem, suffix = splitext(bare)
    ends = [bare] if suffix in (*_SCRIPTS, ".json") else []
    stems = [bare, stem] if suffix in _SCRIPTS else [bare]
    return [*ends, *(f"{one}{end}" for one in stems for end in (*_SCRIPTS, *(f"/index{end}" for end in _SCRIPTS)))]
