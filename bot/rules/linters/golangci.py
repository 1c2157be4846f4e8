"""golangci-lint, in both forms of its configuration, with staticcheck, govet and gosec inside it."""

import re
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, ClassVar

from bot.rules.linters.linter import Linter, Values, is_true, read_any, table, texts

_STANDARD = frozenset({"errcheck", "govet", "ineffassign", "staticcheck", "unused"})
_BUGS = {
    "bodyclose", "contextcheck", "durationcheck", "errcheck", "errorlint", "fatcontext", "gosec", "govet", "noctx",
    "rowserrcheck", "spancheck", "sqlclosecheck", "staticcheck", "zerologlint",
}  # fmt: skip
_PRESETS = {"bugs": _BUGS, "sql": {"rowserrcheck", "sqlclosecheck"}, "error": {"errcheck", "errorlint"}}


class GolangciLint(Linter):
    prefixes: ClassVar = ("golangci-lint", "govet", "staticcheck", "gosec")
    languages: ClassVar = ("go",)

    @property
    def is_configured(self) -> bool:
        return bool(self._name) or "staticcheck.conf" in self.files

    def enables(self, code: str, path: str) -> bool:
        prefix, _, rule = code.partition(":")
        linter = rule if prefix == "golangci-lint" else prefix
        if prefix == "staticcheck" and "staticcheck.conf" in self.files:
            values = read_any("staticcheck.conf", self.files["staticcheck.conf"])
            return _checks(texts(values.get("checks")), rule)
        return (
            bool(self._name) and self._runs(linter) and not self._leaves_out(linter, path) and self._has(prefix, rule)
        )

    @cached_property
    def _named(self) -> tuple[str, str]:
        return self.first(".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")

    @property
    def _name(self) -> str:
        return self._named[0]

    @cached_property
    def _values(self) -> Values:
        return read_any(*self._named)

    @property
    def _is_second(self) -> bool:
        return str(self._values.get("version", "")) == "2"

    def _runs(self, linter: str) -> bool:
        chosen = table(self._values, "linters")
        if linter in texts(chosen.get("disable")):
            return False
        if linter in texts(chosen.get("enable")):
            return True
        if any(linter in _PRESETS.get(preset, ()) for preset in texts(chosen.get("presets"))):
            return True
        default = str(chosen.get("default", "standard")) if self._is_second else "standard"
        if default in ("all", "fast") or is_true(chosen.get("enable-all")):
            return default != "fast"
        return default == "standard" and linter in _STANDARD and not is_true(chosen.get("disable-all"))

    def _settings(self, linter: str) -> Values:
        if self._is_second:
            return table(self._values, "linters", "settings", linter)
        return table(self._values, "linters-settings", linter)

    def _has(self, prefix: str, rule: str) -> bool:
        settings = self._settings(prefix)
        if prefix == "staticcheck":
            return _checks(texts(settings.get("checks")), rule)
        if prefix == "gosec":
            only = texts(settings.get("includes"))
            return rule not in texts(settings.get("excludes")) and (not only or rule in only)
        if prefix == "govet":
            if rule in texts(settings.get("disable")):
                return False
            return rule in texts(settings.get("enable")) or not is_true(settings.get("disable-all"))
        return True

    def _leaves_out(self, linter: str, path: str) -> bool:
        if self._is_second:
            where = table(self._values, "linters", "exclusions")
            paths, rules = texts(where.get("paths")), where.get("rules")
        else:
            issues, run = table(self._values, "issues"), table(self._values, "run")
            paths = [
                *texts(issues.get("exclude-dirs")), *texts(issues.get("exclude-files")),
                *texts(run.get("skip-dirs")), *texts(run.get("skip-files")),
            ]  # fmt: skip
            rules = issues.get("exclude-rules")
        if any(_found(pattern, path) for pattern in paths):
            return True
        return any(_is_excluded(table(one), linter, path) for one in (rules if isinstance(rules, list) else ()))


def _is_excluded(rule: Values, linter: str, path: str) -> bool:
    """A rule that asks for a text or a source line too is about some findings only."""
    if "text" in rule or "source" in rule or linter not in texts(rule.get("linters")):
        return False
    if rule.get("path-except"):
        return not _found(str(rule["path-except"]), path)
    return _found(str(rule.get("path", "")), path)


def _found(pattern: Any, path: str) -> bool:
    try:
        return bool(re.search(str(pattern), path))
    except re.error:
        return False


def _checks(checks: list[str], rule: str) -> bool:
    """`["all", "-SA1*"]`: the last one that matches decides; without any, all are on."""
    said = True
    for check in checks or ["all"]:
        name = check.removeprefix("-")
        if name in ("all", "*", "inherit") or fnmatchcase(rule, name):
            said = not check.startswith("-")
    return said
