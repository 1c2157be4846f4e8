"""A generator or coroutine in a cache: used up by the first caller."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Call, Function, SourceFile

CACHES = frozenset({"functools.lru_cache", "functools.cache", "functools.cached_property"})


class CachedGenerator(Rule):
    """## What it finds
    `functools.cache`, `lru_cache` or `cached_property` on a generator or a coroutine function.

    ## Why it matters
    What is cached is the generator or coroutine itself, and it can be used once. The second caller gets an empty
    sequence, or `RuntimeError: cannot reuse already awaited coroutine`; it passes every test that asks once.

    ## Use instead
    Cache a list, or the result of the await.
    """

    name = "unbounded-cache/cached-generator"
    severity = Severity.HIGH
    languages = ("python",)
    names = CACHES
    confidence = 0.95

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name not in CACHES:
            return None
        above = call.node if call.node.type == "decorator" else call.node.parent
        whole = above.parent if above is not None else None  # unprovable: for the type checker
        function = next((one for one in file.functions if one.node.parent == whole), None)
        if function is None or not (what := self._used_up(function, file)):
            return None
        return Alarm(
            call,
            f"The cache keeps a {what}, which only its first caller can use"[:80],
            f"`{function.name}` returns a {what}, and the cache hands the same one to every caller. The first one uses "
            "it up; all later ones get nothing, or an error.",
            "Cache the finished result: a list, or what the await gives.",
        )

    def _used_up(self, function: Function, file: SourceFile) -> str:
        if any(one.function is function for one in file.within(file.yields, function.body)):
            return "generator"
        return "coroutine" if function.is_async else ""

    bad = (
        python("import functools\n@functools.cache\ndef rows(n):\n    for i in range(n):\n        yield i", line=2),
        python(
            "from functools import lru_cache\n@lru_cache(maxsize=9)\nasync def load(key):\n    return await q(key)",
            line=2,
        ),
    )
    good = (
        python("import functools\n@functools.cache\ndef rows(n):\n    return list(range(n))"),
        python(
            "import functools\n@functools.cache\ndef rows(n):\n    def each():\n        yield n\n"
            "    return list(each())"
        ),
        python("from async_lru import alru_cache\n@alru_cache\nasync def load(key):\n    return await q(key)"),
        python(
            "import functools\ndef each():\n    yield 1\n\n@functools.cache\ndef all_of():\n    return list(each())\n\n"
            "@functools.cache\nclass Rates: ..."
        ),
    )
