"""Linters whose configuration is a list of switches: Sonar, .NET analyzers, RuboCop, detekt, Clippy."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from bot.rules.linters.linter import Linter, Values, is_false, is_true, read_toml, read_yaml, table, texts
from bot.settings.globs import is_among


class Sonar(Linter):
    """Which rules run is set on its server. Those that ours name are all in the profile that it comes with, "Sonar
    way", so a project that it analyses has them, except where its file turns them off."""

    prefixes: ClassVar = ("sonar",)
    languages: ClassVar = ("python", "javascript", "typescript", "java", "csharp")
    _of: ClassVar = {"javascript": ".js", "python": ".py", "java": ".java", "csharpsquid": ".cs"}

    @property
    def is_configured(self) -> bool:
        return "sonar-project.properties" in self.files

    def enables(self, code: str, path: str) -> bool:
        language, _, rule = code.partition(":")
        suffix = self._of.get(language, "")
        is_script = suffix == ".js" and bool(re.search(r"\.[cm]?[jt]sx?$", path))
        if not is_script and not path.endswith(suffix):
            return False
        sources = _split(self._properties.get("sonar.sources", "."))
        is_source = any(source in (".", "") or is_among(path, [source, f"{source.rstrip('/')}/"]) for source in sources)
        if not is_source or is_among(path, _split(self._properties.get("sonar.exclusions", ""))):
            return False
        return not any(key.split(":")[-1] == rule and is_among(path, [where]) for key, where in self._ignored())

    @cached_property
    def _properties(self) -> dict[str, str]:
        pairs = (
            line.partition("=") for line in self.files["sonar-project.properties"].replace("\\\n", "").splitlines()
        )
        return {
            name.strip(): value.strip() for name, sign, value in pairs if sign and not name.lstrip().startswith("#")
        }

    def _ignored(self) -> Iterator[tuple[str, str]]:
        many = "sonar.issue.ignore.multicriteria"
        for name in _split(self._properties.get(many, "")):
            key = self._properties.get(f"{many}.{name}.ruleKey", "")
            yield key, self._properties.get(f"{many}.{name}.resourceKey", "**/*")


class DotNet(Linter):
    """Only severities that are written down count; what a project's SDK turns on by itself is not known here."""

    prefixes: ClassVar = ("dotnet",)
    languages: ClassVar = ("csharp",)

    @property
    def is_configured(self) -> bool:
        return "dotnet_diagnostic." in self.files.get(".editorconfig", "")

    def enables(self, code: str, path: str) -> bool:
        said, is_here = "", False
        for line in map(str.strip, self.files[".editorconfig"].splitlines()):
            if line.startswith("["):
                is_here = is_among(path, _expanded(line.strip("[]")))
            name, sign, value = line.partition("=")
            if is_here and sign and name.strip().lower() == f"dotnet_diagnostic.{code.lower()}.severity":
                said = value.split("#")[0].strip().lower()
        return said in ("warning", "error")


class RuboCop(Linter):
    """The cops that ours name are on by default."""

    prefixes: ClassVar = ("rubocop",)
    languages: ClassVar = ("ruby",)

    @property
    def is_configured(self) -> bool:
        return ".rubocop.yml" in self.files

    def enables(self, code: str, path: str) -> bool:
        everyone, cop, department = (table(self._values, name) for name in ("AllCops", code, code.split("/")[0]))
        if is_among(path, [*texts(everyone.get("Exclude")), *texts(cop.get("Exclude"))]):
            return False
        for settings in (cop, department):
            if "Enabled" in settings:
                return is_true(settings["Enabled"])
        return not is_true(everyone.get("DisabledByDefault"))

    @cached_property
    def _values(self) -> Values:
        return read_yaml(self.files[".rubocop.yml"])


class Detekt(Linter):
    """Only rules that are switched on in its file count."""

    prefixes: ClassVar = ("detekt",)
    languages: ClassVar = ("kotlin",)

    @property
    def is_configured(self) -> bool:
        return bool(self.first("detekt.yml", "config/detekt/detekt.yml")[0])

    def enables(self, code: str, path: str) -> bool:
        for group in (table(self._values, name) for name in self._values):
            rule = table(group, code)
            if is_true(rule.get("active")) and not is_false(group.get("active")):
                return not is_among(path, [*texts(rule.get("excludes")), *texts(group.get("excludes"))])
        return False

    @cached_property
    def _values(self) -> Values:
        return read_yaml(self.first("detekt.yml", "config/detekt/detekt.yml")[1])


class Clippy(Linter):
    """Only lints that Cargo.toml sets count."""

    prefixes: ClassVar = ("clippy",)
    languages: ClassVar = ("rust",)

    @property
    def is_configured(self) -> bool:
        return "clippy" in self.files.get("Cargo.toml", "")

    def enables(self, code: str, path: str) -> bool:
        level = self._levels.get(code)
        return (level.get("level") if isinstance(level, dict) else level) in ("warn", "deny", "forbid")

    @cached_property
    def _levels(self) -> Values:
        values = read_toml(self.files["Cargo.toml"])
        return {**table(values, "workspace", "lints", "clippy"), **table(values, "lints", "clippy")}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _expanded(glob: str) -> list[str]:
    """`*.{cs,vb}` → `*.cs`, `*.vb`."""
    found = re.search(r"\{([^{}]*)\}", glob)
    if found is None:
        return [glob]
    return [glob[: found.start()] + part.strip() + glob[found.end() :] for part in found[1].split(",")]
