"""ruff: which rules are selected, by the most specific prefix, and for which files."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, ClassVar

from bot.regex import regex
from bot.rules.linters.linter import Linter, Values, read_toml, table, texts
from bot.settings.globs import is_among

DEFAULTS = ("E4", "E7", "E9", "F")
_GROUPS = {"PL": ("PLC", "PLE", "PLR", "PLW"), "C": ("C4", "C90"), "T": ("T10", "T20")}
_LETTERS = regex(r"[A-Z]+")


class Ruff(Linter):
    prefixes: ClassVar = ("ruff",)
    languages: ClassVar = ("python",)

    @property
    def is_configured(self) -> bool:
        return bool(self._settings) or any(name in self.files for name in (".ruff.toml", "ruff.toml"))

    def enables(self, code: str, path: str) -> bool:
        settings = self._settings
        lint = table(settings, "lint")

        def listed(name: str) -> list[str]:
            return texts(lint.get(name, settings.get(name)))

        if is_among(path, [*texts(settings.get("exclude")), *texts(settings.get("extend-exclude"))]):
            return False
        chooses = "select" in lint or "select" in settings
        selected = [*(listed("select") if chooses else DEFAULTS), *listed("extend-select")]
        ignored = [*listed("ignore"), *listed("extend-ignore")]
        if is_among(path, texts(lint.get("exclude"))) or not _is_on(code, selected, ignored):
            return False
        per_file: dict[str, Any] = {
            **table(settings, "per-file-ignores"),
            **table(lint, "per-file-ignores"),
            **table(lint, "extend-per-file-ignores"),
        }
        return not any(
            _matches(path, pattern) and any(_covers(one, code) for one in texts(codes))
            for pattern, codes in per_file.items()
        )

    @cached_property
    def _settings(self) -> Values:
        name, text = self.first(".ruff.toml", "ruff.toml")
        return read_toml(text) if name else table(read_toml(self.files.get("pyproject.toml", "")), "tool", "ruff")


def _is_on(code: str, selected: Iterable[str], ignored: Iterable[str]) -> bool:
    """The most specific selector decides; of two as specific, the one that ignores."""
    on = max((_specificity(one) for one in selected if _covers(one, code)), default=-1)
    off = max((_specificity(one) for one in ignored if _covers(one, code)), default=-1)
    return on > off


def _covers(selector: str, code: str) -> bool:
    if selector == "ALL" or selector == code:
        return True
    if selector in _GROUPS:
        return any(_covers(one, code) for one in _GROUPS[selector])
    letters = _LETTERS.match(code)
    same = _LETTERS.match(selector)
    return bool(letters and same and letters[0] == same[0] and code.startswith(selector))


def _specificity(selector: str) -> int:
    if selector == "ALL":
        return 0
    return 1 if selector in _GROUPS else len(_LETTERS.sub("", selector)) + 2


def _matches(path: str, pattern: str) -> bool:
    """As ruff does: by the file's name or by the path, where `*` crosses folders; `!` turns it round."""
    if pattern.startswith("!"):
        return not _matches(path, pattern[1:])
    plain = pattern.removeprefix("./").replace("**/", "*").replace("**", "*")
    return any(fnmatchcase(name, plain) for name in (path, path.rsplit("/", 1)[-1]))
