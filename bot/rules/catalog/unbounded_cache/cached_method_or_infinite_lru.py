"""A cache that keeps everything for ever."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Class, Function, SourceFile, text_of

CACHES = frozenset({"functools.lru_cache", "functools.cache"})
STATIC = ("@staticmethod", "@classmethod")


class CachedMethodOrInfiniteLru(Rule):
    """## What it finds
    `functools.cache` or `lru_cache` on a method, or without a limit on a function that takes arguments.

    ## Why it matters
    The cache of a method keeps every instance it was ever called on, with all that hangs on it. Without a limit each
    new argument stays for the life of the process: with arguments that come from requests, the memory grows until the
    process is killed.

    ## Use instead
    `cached_property`, or a cache on the instance; a `maxsize`, or an expiry, where arguments come from outside.
    """

    name = "unbounded-cache/cached-method-or-infinite-lru"
    severity = Severity.MEDIUM
    covered_by = ("ruff:B019",)
    languages = ("python",)
    names = CACHES
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        function = self._decorated(call, file) if call.name in CACHES else None
        if function is None:
            return None
        marks = text_of(function.node.parent).split("def ")[0]
        named = list(function.parameters)
        if isinstance(function.outer, Class) and named[:1] == ["self"] and not any(mark in marks for mark in STATIC):
            return Alarm(
                call,
                f"The cache of `{function.name}` keeps every instance alive"[:80],
                f"`self` is part of the key, so the cache of `{function.name}` holds all objects it was called on, and "
                f"all arguments, {_until(call)}. What hangs on these objects is not freed either.",
                "Keep the values on the instance, such as with `functools.cached_property` where there is no argument.",
                confidence=SHOWN_ONLY if _is_small(call) or named == ["self"] else None,
            )
        return None

    def _decorated(self, call: Call, file: SourceFile) -> Function | None:
        above = call.node if call.node.type == "decorator" else call.node.parent
        whole = above.parent if above is not None else None  # unprovable: for the type checker
        return next((one for one in file.functions if one.node.parent == whole), None)

    bad = (
        python(
            "import functools\nclass A:\n    @functools.lru_cache(maxsize=128)\n    def load(self, key):\n"
            "        return q(key)",
            line=3,
        ),
        python("from functools import cache\nclass A:\n    @cache\n    def load(self):\n        return q()", line=3),
        python(
            "import functools\nclass A:\n    @functools.lru_cache(maxsize=None)\n    def load(self, key):\n"
            "        return q(key)\n    @functools.lru_cache(None)\n    def ask(self):\n        return q()\n"
            "    @functools.lru_cache\n    def size(self):\n        return q()",
            line=3,
            also=(6, 9),
        ),
    )
    good = (
        python("import functools\n@functools.lru_cache(maxsize=128)\ndef load(key):\n    return q(key)"),
        python("import functools\nclass A:\n    @functools.cached_property\n    def load(self):\n        return q()"),
        python(
            "import functools\nclass A:\n    @staticmethod\n    @functools.lru_cache\n    def load(self):\n"
            "        return q()"
        ),
        python(
            "import functools\nclass A:\n    @classmethod\n    @functools.lru_cache\n    def load(cls):\n"
            "        return q()"
        ),
        python(
            "import functools\nclass A:\n    def f(self):\n        @functools.cache\n        def load(self):\n"
            "            return q()"
        ),
        python("from functools import cache\nclass A:\n    @cache\n    def load(key): return key"),
    )


def _is_small(call: Call) -> bool:
    """It holds some hundred objects at most, by its own default."""
    limit = call.keywords.get("maxsize") or next(iter(call.arguments), None)
    return call.name == "functools.lru_cache" and (limit is None or limit.text != "None")


def _until(call: Call) -> str:
    return "until others push it out" if _is_small(call) else "for ever"
