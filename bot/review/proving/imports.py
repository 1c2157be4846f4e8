"""What a file imports, and whether a repository has it. Pure."""

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from posixpath import dirname, normpath
from typing import NamedTuple

from bot.regex import regex
from bot.review.proving.knowledge import Tongue

_AS = regex(r"\s+as\s+\w+")
_MODULE = regex(r"^module\s+(\S+)", re.MULTILINE)
_PACKAGE = regex(r"^[ \t]*(?:package|namespace)[ \t]+([\w.]+)", re.MULTILINE)
_ALIAS = regex(r"[@~]/|#[\w-]*/?")
"""What stands for a folder of the repository itself, as its own settings say."""
_GO_BLOCK = regex(r"^import[ \t]*\(([^()]*)^\)|^(import[ \t][^\n(]*)$", re.MULTILINE)


class Had(NamedTuple):
    """What the repository has for certain."""

    roots: frozenset[str]
    """Of what its own tests and the file under test import."""
    tested: frozenset[str]
    """The same, of its tests alone."""
    own: frozenset[str]
    """Roots of its own packages."""
    manifests: str

    def plus(self, roots: Iterable[str]) -> "Had":
        """With these, too."""
        return self._replace(roots=self.roots | {*roots})


def imported(code: str, tongue: Tongue) -> list[str]:
    """Everything that the code imports, as it is written there. `code`: without comments."""
    if tongue.name == "go":  # elsewhere a string alone on its line is none
        code = "\n".join(block or line for block, line in _GO_BLOCK.findall(code))
    found: list[str] = []
    for match in tongue.imports.finditer(code):
        text = next((group for group in match.groups() if group), "")
        found += [part.strip() for part in _AS.sub("", text).split(",") if part.strip()]
    return list(dict.fromkeys(found))


def root_of(spec: str, tongue: Tongue) -> str:
    """What a manifest knows an import by; empty for one that is relative."""
    if spec.startswith("."):
        return ""
    match tongue.name:
        case "javascript":
            if alias := _ALIAS.match(spec):
                return alias[0]
            if spec.startswith("node:"):
                return spec
            return "/".join(spec.split("/")[: 2 if spec.startswith("@") else 1])
        case "go":
            return spec
        case "java":
            return ".".join(spec.split(".")[:2])
        case "ruby":
            return spec.split("/")[0]
        case _:
            return spec.split(".")[0]


def had_of(path: str, code: str, tests: Iterable[str], manifests: Sequence[str], tongue: Tongue) -> Had:
    """`code`: of the file at `path`, which is to be tested; `tests`: of tests the repository has."""
    texts = [code, *tests]
    tested = {root_of(spec, tongue) for text in texts[1:] for spec in imported(text, tongue)}
    roots = tested | {root_of(spec, tongue) for spec in imported(code, tongue)}
    manifest = "\n".join(manifests)
    own = set(_MODULE.findall(manifest))
    own |= {root_of(found[1], tongue) for text in texts if (found := _PACKAGE.search(text))}
    if tongue.name == "rust":
        own |= {name.replace("-", "_") for name in re.findall(r'^name\s*=\s*"([\w-]+)"', manifest, re.MULTILINE)}
    if tongue.name in ("python", "ruby"):
        own |= {part.rsplit(".", 1)[0] for part in path.split("/")}
    return Had(frozenset(roots - {""}), frozenset(tested - {""}), frozenset(own - {""}), manifest)


def missing_imports(code: str, had: Had, tongue: Tongue) -> list[str]:
    """What it imports, and neither the language nor the repository has."""
    return [spec for spec in imported(code, tongue) if not _is_had(spec, had, tongue)]


def leads_to(code: str, test_path: str, path: str, names: Collection[str], tongue: Tongue) -> bool:
    """Whether a test imports the file at `path`, or one of `names` from a package around it. True where files of a
    package need no import to see each other."""
    if tongue.name == "javascript":
        wanted = {_bare(path), _bare(path).removesuffix("/index")}
        wanted |= {above for folder in _above(path) for above in (folder, f"{folder}/index")}
        specs = imported(code, tongue)
        near = (_bare(normpath(f"{dirname(test_path)}/{spec}".lstrip("/"))) for spec in specs if spec.startswith("."))
        by_alias = (f"/{_bare(spec[alias.end() :])}" for spec in specs if (alias := _ALIAS.match(spec)))
        return any(spec in wanted for spec in near) or any(_bare(path).endswith(spec) for spec in by_alias)
    if tongue.name == "python":
        stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        stem = path.split("/")[-2] if stem == "__init__" and "/" in path else stem
        line = rf"^[ \t]*(?:from|import)\b[^\n(]*(?:\([^)]*)?\b{re.escape(stem)}\b"
        if re.search(line, code, re.MULTILINE):
            return True
        package = "|".join(re.escape(folder.rsplit("/", 1)[-1]) for folder in _above(path))
        name = "|".join(map(re.escape, names))
        handed_on = rf"^[ \t]*from[ \t]+[\w.]*?\b(?:{package})[ \t]+import\b[^\n(]*(?:\([^)]*)?\b(?:{name})\b"
        return bool(package and name) and re.search(handed_on, code, re.MULTILINE) is not None
    return True


def _is_had(spec: str, had: Had, tongue: Tongue) -> bool:
    root = root_of(spec, tongue)
    if not root or root in had.roots or tongue.standard.fullmatch(root):
        return True
    if tongue.name == "python" and root in sys.stdlib_module_names:
        return True
    if tongue.name == "java" and tongue.standard.fullmatch(root.split(".")[0]):
        return True
    if any(root == own or root.startswith((f"{own}/", f"{own}.")) for own in had.own):
        return True
    return _is_declared(root, had.manifests, tongue)


def _is_declared(root: str, manifests: str, tongue: Tongue) -> bool:
    if tongue.name == "go":
        parts = root.split("/")
        named = ("/".join(parts[:length]) for length in range(2, len(parts) + 1))
        return any(re.search(rf"(?<![\w./-]){re.escape(name)}\s+v", manifests) for name in named)
    if tongue.name == "javascript":
        return f'"{root}"' in manifests
    word = re.escape(root).replace("_", "[-_.]").replace(r"\-", "[-_.]")
    return re.search(rf"(?<![\w-]){word}(?![\w-])", manifests, re.IGNORECASE) is not None


def _above(path: str) -> list[str]:
    """The folders around a path: what a package hands on, it may be imported from."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _bare(path: str) -> str:
    return re.sub(r"\.(?:[cm]?[jt]sx?)$", "", path)
