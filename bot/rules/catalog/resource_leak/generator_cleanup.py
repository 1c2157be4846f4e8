"""A generator that holds something while its caller may never come back."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Function, Handler, Section, Shape, SourceFile, Try, encloses, text_of

DRIVEN = ("contextmanager", "fixture", "transform", "lifespan", "trio_async_generator")
"""Decorators that run a generator to its end by themselves."""

MANAGERS = ("contextmanager", "asynccontextmanager")
CLEANS_UP = regex(
    r"^_?(?:a?close|release|rollback|unlock|clean_?up|tear_?down|disconnect|shutdown|rmtree|unlink|remove|restore|reset"
    r"|stop|cancel|terminate|kill|put_?conn|delete|pop|detach|undo|end)(?:_\w+)?$"
)
EVERYTHING = frozenset({"Exception", "BaseException"})
HOLDS_NOTHING = "suppress("


class GeneratorCleanup(Rule):
    """## What it finds
    An async generator that yields several times while it is inside a `with`; and a `@contextmanager` whose cleaning up
    stands behind its `yield` without a `try … finally`.

    ## Why it matters
    What fails inside of a `with` is raised at the `yield`, so the lines behind it do not run: the connection is not
    given back exactly when something went wrong. And a consumer that breaks out of its loop leaves an async generator
    suspended, with all that it holds: nothing closes it until the garbage collector asks the event loop to, at some
    later moment, in another task. Connections stay out of the pool, locks stay locked, and a timeout scope may cancel
    the wrong task.

    ## Use instead
    `try: yield` with the cleaning up in `finally`. Open the resource in the caller, or make the consumer use
    `async with contextlib.aclosing(generator)`.
    """

    name = "resource-leak/generator-cleanup"
    severity = Severity.LOW
    languages = ("python",)
    needs = (b"yield",)
    confidence = 0.45  # whether a consumer stops half-way, or fails inside, stands elsewhere

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        """`@contextmanager def f(): open(); yield; close()`."""
        if b"contextmanager" not in file.text:  # unprovable: only saves time
            return None
        if not any(mark in _marks(function) for mark in MANAGERS):
            return None
        inside = [one for one in file.within(file.yields, function.body) if one.function is function]
        if len(inside) != 1 or _is_guarded(inside[0], file):
            return None
        later = [
            call for call in file.within(file.calls, function.body) if call.node.start_byte > inside[0].node.end_byte
        ]
        on_failure = [handler.node for handler in file.handlers if _guards(handler, inside[0])]
        skipped = next(
            (
                call
                for call in later
                if CLEANS_UP.match(call.method)
                and call.function is function
                and not any(encloses(node, call) for node in on_failure)
            ),
            None,
        )
        if skipped is None:
            return None
        return Alarm(
            inside[0],
            f"`{skipped.written}` is skipped when the code in the `with` fails"[:80],
            "What fails inside of the `with` is raised here, at the `yield`, and the lines below do not run. "
            f"`{skipped.written}` is so left out exactly when something went wrong.",
            "Write `try:` around the `yield`, and put the cleaning up into its `finally`.",
            severity=Severity.MEDIUM,
            confidence=0.8,
        )

    def check_section(self, section: Section, file: SourceFile) -> list[Alarm] | None:
        function = section.function
        if function is None or not function.is_async or all(HOLDS_NOTHING in text_of(held) for held in section.held):
            return None
        if any(word in _marks(function) for word in DRIVEN):
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
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    c = pool.get()\n"
            "    yield c\n    pool.release(c)",
            line=5,
        ),
        python(
            "import contextlib\n@contextlib.asynccontextmanager\nasync def borrowed(pool):\n    c = await pool.get()\n"
            "    try:\n        yield c\n    except KeyError:\n        log()\n    await pool.close(c)",
            line=6,
        ),
        python(
            "async def rows(pool):\n    async with pool.acquire() as connection:\n"
            "        async for row in connection.cursor(q):\n            yield row",
            line=4,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    def each():\n"
            "        yield 1\n    yield pool.get(each)\n    pool.release()",
            line=6,
        ),
        python(
            "async def rows(pool):\n    async with pool.acquire() as connection:\n"
            "        async with connection.transaction():\n            for row in connection.rows():\n"
            "                yield row",
            line=5,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    try:\n        log()\n"
            "    except KeyError:\n        try:\n            yield pool.get()\n        except OSError:\n"
            "            raise\n    pool.release()",
            line=8,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    try:\n"
            "        check()\n    finally:\n        yield pool.get()\n    pool.release()",
            line=7,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    yield pool.get()\n"
            "    pool.release()\n    try:\n        log()\n    except Exception:\n        pass",
            line=4,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    try:\n        log()\n"
            "    except Exception:\n        pass\n    try:\n        yield pool.get()\n    except KeyError:\n"
            "        pass\n    pool.release()",
            line=9,
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n"
            "    yield pool.get()\n    try:\n        count()\n    except OSError:\n        pool.release()",
            line=4,
        ),
        python(
            "async def ends(path):\n    async with open_lines(path) as lines:\n        yield await lines.first()\n"
            "        yield await lines.last()",
            line=3,
        ),
    )
    good = (
        python(
            "from contextlib import contextmanager\n\n@contextmanager\ndef told():\n    try:\n        yield\n"
            "    except OSError:\n        pool.reset()\n        raise"
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    c = pool.get()\n"
            "    try:\n        yield c\n    finally:\n        pool.release(c)"
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef timed():\n    begin = now()\n    yield\n"
            "    log(now() - begin)"
        ),
        python(
            "import pytest\n@pytest.fixture\ndef borrowed(pool):\n    c = pool.get()\n    yield c\n    pool.release(c)"
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    if pool is None:\n"
            "        yield None\n        return\n    yield one(pool)\n    pool.close()"
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    c = pool.get()\n"
            "    try:\n        yield c\n    except Exception:\n        undo()\n    pool.release(c)"
        ),
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
        python(
            "from contextlib import contextmanager\ndef borrowed(pool):\n    c = pool.get()\n    yield c\n"
            "    pool.release(c)"
        ),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n    pool.release(old)\n"
            "    yield pool.get()"
        ),
        python(
            "async def session(pool):\n    def each():\n        yield 1\n"
            "    async with pool.acquire() as connection:\n        yield connection"
        ),
        python("contextmanager = 1\nwith pool.get() as c:\n    show(c)"),
        python(
            "from contextlib import contextmanager\n@contextmanager\ndef borrowed(pool):\n"
            "    yield pool.get()\n    atexit.register(lambda: pool.close())"
        ),
        python(
            "from contextlib import contextmanager\n\n@contextmanager\ndef session(pool):\n    peer = pool.take()\n"
            "    try:\n        yield peer\n    except:\n        peer.rollback()\n        raise\n    peer.close()",
        ),
    )


def _marks(function: Function) -> str:
    """The decorators over a function."""
    above = function.node.parent
    around = above.children if above is not None else ()  # unprovable: for the type checker
    return " ".join(text_of(one) for one in around if one.type == "decorator")


def _guards(handler: Handler, one: Shape) -> bool:
    """It runs just when the code in the `with` fails."""
    return (
        handler.guarded is not None  # unprovable: narrows the type
        and encloses(handler.guarded.node, one)
    )


def _is_guarded(one: Shape, file: SourceFile) -> bool:
    """Inside of a try with a `finally`, or one that takes every failure."""
    for attempt in one.around(Try):
        if not attempt.holds(one):
            continue
        taken = [handler for handler in file.handlers if handler.guarded is attempt]
        broad = any(not handler.caught_nodes or EVERYTHING & {*handler.caught} for handler in taken)
        if broad or any(last.outer is attempt for last in file.finallies):
            return True
    return False
