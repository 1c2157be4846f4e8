"""Which of the clients that files keep a file means: found only where just one can be meant."""

import posixpath
from collections.abc import Iterable, Sequence

from bot.domain.posture import CallSite
from bot.posture.asking import MADE
from bot.posture.records import FileSurvey, KeptClient

_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_ROOTED = ("@/", "~/")
"""How build tools let a module be named from the root of the sources."""


def clients_for(surveys: Sequence[FileSurvey]) -> dict[str, dict[str, KeptClient]]:
    """Path → what its file asked for → the client that another file keeps. Files without an answer are left out."""
    tree = _Tree(surveys)
    if not tree.clients:
        return {}
    found = {one.path: {ask: kept for ask in one.asks if (kept := tree.answer(ask, one))} for one in surveys}
    return {path: answers for path, answers in found.items() if answers}


def without_called(surveys: Iterable[FileSurvey | None], called: Iterable[KeptClient]) -> list[FileSurvey | None]:
    """The surveys, without the clients that are listed for themselves although other files call them."""
    made = [(one.name.endswith(MADE), one.found.site) for one in called if one.found is not None]
    paths = {site.path for _, site in made}
    return [
        survey.model_copy(
            update={"calls": tuple(call for call in survey.calls if not (call.is_client and _is_made(call.site, made)))}
        )
        if survey is not None and survey.path in paths
        else survey
        for survey in surveys
    ]


def _is_made(site: CallSite, made: Iterable[tuple[bool, CallSite]]) -> bool:
    """True for a client that others call; of a function that gives one, for all that it builds on its ways."""
    return any(
        site.path == other.path and (site.line == other.line or (by_function and site.scope == other.scope))
        for by_function, other in made
    )


class _Tree:
    """The files of a survey, and the clients they keep."""

    def __init__(self, surveys: Sequence[FileSurvey]) -> None:
        self.paths = {one.path for one in surveys}
        self.clients = [client for one in surveys for client in one.clients]
        self._passed_on = {one.path: one.passes_on for one in surveys if one.passes_on}
        self._at: dict[tuple[str, str], KeptClient] = {}
        self._in_folder: dict[tuple[str, str], list[KeptClient]] = {}
        self._by_name: dict[str, list[KeptClient]] = {}
        for client in self.clients:
            if client.reach == "module":
                self._at[client.path, client.name] = client
                self._in_folder.setdefault((posixpath.dirname(client.path), client.name), []).append(client)
                self._by_name.setdefault(client.name, []).append(client)
        self._go_folders = {posixpath.dirname(path) for path in self.paths if path.endswith(".go")}

    def answer(self, ask: str, asking: FileSurvey) -> KeptClient | None:
        path = asking.path
        if ask.startswith("bean:"):
            return self._bean(*ask.removeprefix("bean:").split("#"))
        if ask.startswith("class:"):
            return self._of_class(*ask.removeprefix("class:").split("#"))
        if path.endswith((".py", ".pyi")):
            return self._of_python(ask, path)
        if path.endswith(".go"):
            return self._of_go(ask, path)
        if path.endswith(_SCRIPTS):
            return self._of_script(ask, path)
        return _the_one(self._by_name.get(ask, []), path)

    def _bean(self, type_: str, field: str) -> KeptClient | None:
        """As containers do it: by type, and among several of a type by the field's name."""
        same = [one for one in self.clients if one.reach == "bean" and one.type == type_]
        named = [one for one in same if one.name == field]
        return same[0] if len(same) == 1 else named[0] if len(named) == 1 else None

    def _of_class(self, class_: str, type_: str) -> KeptClient | None:
        """A client that is configured for one class."""
        same = [one for one in self.clients if one.reach == "class" and (one.name, one.type) == (class_, type_)]
        return same[0] if len(same) == 1 else None

    def _of_python(self, ask: str, path: str, depth: int = 0) -> KeptClient | None:
        module, _, name = ask.rpartition(".")
        if not name or depth > 2:
            return None
        files = self._python_files(module, path)
        if module.startswith(".."):  # `from . import http` is named as `from ..http import …` is
            files += [file for file in self._python_files(module[1:], path) if file not in files]
        kept = [self._at.get((file, name)) or self._passed(file, name, depth) for file in files]
        found = [one for one in kept if one is not None]
        return found[0] if len(found) == 1 else None

    def _passed(self, file: str, name: str, depth: int) -> KeptClient | None:
        """What a package imports for others to take."""
        passed = self._passed_on.get(file, {}).get(name, "")
        return self._of_python(passed, file, depth + 1) if passed else None

    def _python_files(self, module: str, path: str) -> list[str]:
        """Files that a module's name may mean, for a file at that path."""
        names = module.lstrip(".").replace(".", "/")
        up = len(module) - len(module.lstrip("."))
        folder = posixpath.dirname(path)
        if up:
            for _ in range(up - 1):
                folder = posixpath.dirname(folder)
            roots = [folder]
        else:
            roots = [root for root in _with_parents(folder) if posixpath.join(root, "__init__.py") not in self.paths]
        tails = (f"{names}.py", f"{names}/__init__.py") if names else ("__init__.py",)
        return [file for root in roots for tail in tails if (file := posixpath.join(root, tail)) in self.paths]

    def _of_go(self, ask: str, path: str) -> KeptClient | None:
        if "/" not in ask and "." not in ask:
            kept = self._in_folder.get((posixpath.dirname(path), ask), [])
            return _the_one([one for one in kept if one.path.endswith(".go")], path)
        package, _, name = ask.rpartition(".")
        parts = package.split("/")
        folders = ["/".join(parts[index:]) for index in range(1, len(parts))]
        folder = next((folder for folder in folders if folder in self._go_folders), None)
        return _the_one(self._in_folder.get((folder, name), []), path) if folder is not None else None

    def _of_script(self, ask: str, path: str) -> KeptClient | None:
        module, _, name = ask.rpartition(".")
        whole = [self._at.get((file, "default")) for file in self._scripts(ask, path)]
        named = [self._at.get((file, name)) for file in self._scripts(module, path)] if "/" in module else []
        found = [one for one in (*whole, *named) if one is not None]
        return found[0] if len(found) == 1 else None

    def _scripts(self, module: str, path: str) -> list[str]:
        if module.startswith("."):
            bases = [posixpath.normpath(posixpath.join(posixpath.dirname(path), module))]
        elif module.startswith(_ROOTED):
            roots = _with_parents(posixpath.dirname(path))
            bases = [posixpath.join(root, source, module[2:]) for root in roots for source in ("", "src")]
        else:
            return []
        bases += [base[: -len(".js")] for base in bases if base.endswith(".js")]  # written for what it compiles to
        ends = ("", *_SCRIPTS, *(f"/index{end}" for end in _SCRIPTS))
        return [*dict.fromkeys(file for base in bases for end in ends if (file := base + end) in self.paths)]


def _with_parents(folder: str) -> list[str]:
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return found


def _the_one(same: Sequence[KeptClient], path: str) -> KeptClient | None:
    return same[0] if len(same) == 1 and same[0].path != path else None
