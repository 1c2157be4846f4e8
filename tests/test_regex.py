"""What is compiled at its first use is compiled here."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from bot.regex import _OnFirstUse, regex

LIGHT = ("rules", "posture", "syntax", "review", "diff", "source", "domain")
"""Where expressions are made so; what else there is imports libraries that take their time."""


@pytest.mark.parametrize("room", LIGHT)
def test_every_expression_at_the_top_of_a_module_compiles(room: str) -> None:
    package = importlib.import_module(f"bot.{room}")
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(package.__path__, f"bot.{room}.")]
    found = list(_within([vars(module) for module in (package, *modules)], {}))
    assert found
    for one in found:
        assert one.groups >= 0, one


def test_an_expression_does_what_a_compiled_one_does() -> None:
    ours, theirs = regex(r"(?P<word>\w+)!", re.IGNORECASE), re.compile(r"(?P<word>\w+)!", re.IGNORECASE)
    text = "Halt! Who goes there? Friend!"
    assert [match["word"] for match in ours.finditer(text)] == [match["word"] for match in theirs.finditer(text)]
    assert ours.sub("?", text) == theirs.sub("?", text)
    assert (ours.pattern, ours.flags, ours.groups) == (theirs.pattern, theirs.flags, theirs.groups)
    assert ours.fullmatch("halt!")


def test_a_flaw_shows_when_the_expression_is_used() -> None:
    flawed = regex("(")
    with pytest.raises(re.error):
        flawed.search("")


def _within(thing: object, seen: dict[int, object]) -> Iterator[_OnFirstUse]:
    """Those that a thing is, or holds: a module's names, a class's fields, a table. `seen`: what it has been to."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    if isinstance(thing, _OnFirstUse):
        yield thing
    elif isinstance(thing, (tuple, list, set, frozenset)):
        for one in thing:
            yield from _within(one, seen)
    elif isinstance(thing, dict):
        yield from _within([*thing.values()], seen)
    elif isinstance(thing, type) and thing.__module__.startswith("bot."):
        yield from _within([*vars(thing).values()], seen)
