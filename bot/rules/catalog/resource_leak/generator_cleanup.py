"""A generator that holds something while its caller may never come back."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Section, SourceFile, text_of

DRIVEN = ("contextmanager", "fixture", "transform", "lifespan", "trio_async_generator")
"""Decorators that run a generator to its end by themselves."""

HOLDS_NOTHING = "suppress("


class GeneratorCleanup(Rule):
    """## What it finds
    An async generator that yields several times while it is inside a `with`.

    ## Why it matters
    A consumer that breaks out of its loop leaves the generator suspended, with all that it holds: nothing closes it
    until the garbage collector asks the event loop to, at some later moment, in another task. Connections stay out of
    the pool, locks stay locked, and a timeout scope may cancel the wrong task.

    ## Use instead
    Open the resource in the caller, or make the consumer use `async with contextlib.aclosing(generator)`.
    """

    name = "resource-leak/generator-cleanup"
    severity = Severity.LOW
    languages = ("python",)
    confidence = 0.7

    def check_section(self, section: Section, file: SourceFile) -> list[Alarm] | None:
        function = section.function
        if function is None or not function.is_async or all(HOLDS_NOTHING in text_of(held) for held in section.held):
            return None
        above = function.node.parent
        marks = [text_of(child) for child in above.children if child.type == "decorator"] if above is not None else []
        if any(word in mark for mark in marks for word in DRIVEN):
            return None
        inside = [one for one in file.within(file.yields, section.body) if one.function is function]
        nearest = [one for one in inside if next(one.around(Section), None) is section]
        several = len([one for one in file.within(file.yields, function.body) if one.function is function]) > 1
        return [
            Alarm(
                one,
                "The generator holds a resource while it is suspended here",
                "A consumer that stops early leaves this generator suspended inside its `with` block. What it holds "
                "stays open until the garbage collector happens by, and is then released in another task.",
                "Open it in the consumer, or have the consumer use `async with contextlib.aclosing(…)`.",
            )
            for one in nearest[:1]
            if several or one.loop is not None  # one yield alone is a dependency of a framework, which comes back
        ]

    bad = (
        python(
            "async def rows(pool):\n    async with pool.acquire() as connection:\n"
            "        async for row in connection.cursor(q):\n            yield row",
            line=4,
        ),
    )
    good = (
        python(
            "import contextlib\nasync def rows(all):\n    with contextlib.suppress(KeyError):\n"
            "        for row in all:\n            yield row"
        ),
        python("async def session():\n    async with Session() as one:\n        yield one"),
        python(
            "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def rows(pool):\n"
            "    async with pool.acquire() as c:\n        for row in c:\n            yield row"
        ),
        python("def rows(pool):\n    with pool.acquire() as c:\n        for row in c:\n            yield row"),
        python(
            "async def rows(pool):\n    async with pool.acquire() as c:\n        all = await c.fetch(q)\n"
            "    for row in all:\n        yield row"
        ),
        python(
            "async def rows(pool):\n    async with pool.acquire() as c:\n        def each():\n"
            "            for row in c:\n                yield row\n        use(each)"
        ),
    )
