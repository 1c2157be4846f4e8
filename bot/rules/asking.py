"""Which rules are asked about a call: most want calls of a few methods, of a few names, or of rows of the catalogue.

A tree has more calls than all else together, and a call such as `len(…)` concerns none of these rules.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, get_args

from bot.rules.api_rows import Catalogue, Row
from bot.rules.apis import known
from bot.rules.rule import Rule
from bot.syntax import Call
from bot.syntax.calls import last_parts

Asked = tuple[Rule, Callable[..., Any]]
"""A rule, and the method of it that looks at a shape."""
Checks = Sequence[Asked]
KINDS_OF_FILES = 256
"""Which rules concern a file depends on its words: so many sets of them are kept in order."""


class Asking:
    """The checks of calls of some rules, by what they want to see."""

    def __init__(self, checks: Checks, language: str) -> None:
        self._always: list[Asked] = []
        by_method: dict[str, list[Asked]] = {}
        self._by_name: dict[str, list[Asked]] = {}
        self._by_kind: dict[type[Row], list[Asked]] = {}
        for one in checks:
            rule, _ = one
            if language in rule.every_call_in or not (rule.methods or rule.names or rule.sections):
                self._always.append(one)
                continue
            for method in rule.methods:
                by_method.setdefault(method, []).append(one)
            for name in rule.names:
                self._by_name.setdefault(name, []).append(one)
            for section in () if rule.methods or rule.names else rule.sections:
                self._by_kind.setdefault(_kind_of(section), []).append(one)
        self._by_method = {method: [*self._always, *some] for method, some in by_method.items()}
        self._endings = last_parts(frozenset(self._by_name))

    def about(self, call: Call) -> Checks:
        """Who is asked about a call, each rule once."""
        method = call.method
        asked = self._by_method.get(method, self._always)
        may_be_named = call.receiver is None or method in self._endings or call.file.hides(method)
        if may_be_named and (named := self._by_name.get(call.name)):
            asked = [*asked, *(one for one in named if one not in asked)]
        if rows := known(call):
            judging = (one for row in rows for one in self._by_kind.get(type(row), ()))
            asked = [*asked, *dict.fromkeys(judging)]
        return asked


@lru_cache(maxsize=KINDS_OF_FILES)
def asking(language: str, checks: tuple[Asked, ...]) -> Asking:
    return Asking(checks, language)


def _kind_of(section: str) -> type[Row]:
    kind: type[Row] = get_args(Catalogue.declared[section][0])[0]
    return kind
