"""ESLint: rule tables of `.eslintrc.*`, `package.json`, and those of `eslint.config.*` that stand there as literals."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from bot.regex import regex
from bot.rules.linters.linter import Linter, Values, read_json, read_yaml, table, texts
from bot.settings.globs import is_among
from bot.syntax import SourceFile, parse, text_of

if TYPE_CHECKING:
    from bot.syntax import Node

FLAT = ("eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts")
CLASSIC = (".eslintrc.json", ".eslintrc.yml", ".eslintrc.yaml", ".eslintrc")
_CORE = frozenset({"no-unsafe-finally", "no-empty"})
_TYPED = frozenset({"@typescript-eslint/no-floating-promises", "@typescript-eslint/no-misused-promises"})
_SHARED = (
    (regex(r"eslint:recommended|\b(?:js|eslint|pluginJs)\.configs\.(?:recommended|all)|js/(?:recommended|all)"),
     _CORE),
    (regex(r"recommended-?type-?checked|recommended-requiring-type-checking", re.IGNORECASE), _TYPED),
    (regex(r"strict-?type-?checked", re.IGNORECASE), _TYPED | {"@typescript-eslint/return-await"}),
    (regex(r"plugin:promise/recommended|romise\w*\.configs\[?\W*(?:flat/)?recommended"),
     frozenset({"promise/catch-or-return"})),
)  # fmt: skip
"""What shared configurations bring along, of the rules that ours are covered by."""
_OFF = frozenset({"off", "0"})
_ON = frozenset({"warn", "error", "1", "2"})


@dataclass(frozen=True)
class _Section:
    """One table of rules: rule → on or off, and the files it is about."""

    rules: Mapping[str, bool]
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def is_about(self, path: str) -> bool:
        return (not self.only or is_among(path, self.only)) and not is_among(path, self.never)


class ESLint(Linter):
    prefixes: ClassVar = ("eslint",)
    languages: ClassVar = ("javascript", "typescript")

    @property
    def is_configured(self) -> bool:
        return bool(self._sections)

    def enables(self, code: str, path: str) -> bool:
        """The last table that speaks of the rule decides."""
        if path.endswith(("ts", "tsx")) and "typescript" not in self._text:
            return False  # without a parser for it, ESLint reads no TypeScript
        said = [section.rules[code] for section in self._sections if code in section.rules and section.is_about(path)]
        return bool(said) and said[-1]

    @cached_property
    def _text(self) -> str:
        return self.first(*FLAT, *CLASSIC, "package.json")[1]

    @cached_property
    def _sections(self) -> tuple[_Section, ...]:
        name, text = self.first(*FLAT)
        if name:
            file = parse(name, text.encode())
            return tuple(_of_flat(file)) if file is not None else ()
        name, text = self.first(*CLASSIC)
        if name:
            values = read_json(text) if name.endswith(".json") or text.lstrip().startswith("{") else read_yaml(text)
        else:
            values = table(read_json(self.files.get("package.json", "")), "eslintConfig")
        return tuple(_of_classic(values)) if values else ()


def _of_classic(values: Values) -> Iterator[_Section]:
    never = tuple(texts(values.get("ignorePatterns")))
    yield _Section(_shared(" ".join(texts(values.get("extends")))), never=never)
    yield _Section(_rules(table(values, "rules")), never=never)
    overrides = values.get("overrides")
    for one in overrides if isinstance(overrides, list) else ():
        only = tuple(texts(table(one).get("files")))
        yield _Section(_shared(" ".join(texts(table(one).get("extends")))), only, never)
        yield _Section(_rules(table(one, "rules")), only, never)


def _of_flat(file: SourceFile) -> Iterator[_Section]:
    """Objects with a `rules` table, in the order they stand; whatever is computed is passed over."""
    yield _Section(_shared(_without_comments(file)))
    for node in _objects(file.tree.root_node):
        entries = file.language.entries(node)
        if entries and "rules" in entries:
            rules = {name: _literal(value) for name, value in (file.language.entries(entries["rules"]) or {}).items()}
            only, never = (tuple(_strings(entries.get(key))) for key in ("files", "ignores"))
            yield _Section(_rules(rules), only, never)


def _shared(text: str) -> dict[str, bool]:
    return {rule: True for pattern, rules in _SHARED if pattern.search(text) for rule in rules}


def _rules(values: Mapping[str, Any]) -> dict[str, bool]:
    """Severity is a word or number, alone or before options in a list; any other is passed over."""
    found: dict[str, bool] = {}
    for name, value in values.items():
        first = str(value[0] if isinstance(value, list) and value else value)
        if first in _ON | _OFF:
            found[name.strip("\"'")] = first in _ON
    return found


def _without_comments(file: SourceFile) -> str:
    text = file.text
    for comment in file.comments:
        start, end = comment.node.start_byte, comment.node.end_byte
        text = text[:start] + b" " * (end - start) + text[end:]
    return text.decode("utf-8", "replace")


def _objects(root: "Node") -> Iterator["Node"]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "object":
            yield node
        stack.extend(reversed(node.named_children))


def _literal(node: "Node") -> str:
    inner = node.named_children[0] if node.type == "array" and node.named_children else node
    return text_of(inner).strip("\"'`")


def _strings(node: "Node | None") -> Iterator[str]:
    for child in node.named_children if node is not None and node.type == "array" else ():
        if child.type == "string":
            yield text_of(child).strip("\"'")
