"""A limit on a wait that cannot work: a scope in which nothing waits, a duration times a duration."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.awaiting import ever_awaits, surely_awaits
from bot.rules.rule import Alarm, Rule, go, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, Node, Section, Shape, SourceFile, text_of

UNITS = frozenset(f"time.{unit}" for unit in ("Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour"))
SCOPES = frozenset(
    f"{library}.{scope}"
    for library in ("trio", "anyio")
    for scope in ("move_on_after", "move_on_at", "fail_after", "fail_at", "CancelScope")
) | {"asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "async_timeout.timeout_at"}
FROM_CREATION = ("move_on_after", "fail_after")
"""Scopes whose clock starts when they are made."""
_SAYS_IT_COUNTS = regex(
    r"(?:[a-z](?:S|MS|Ms)|[sS]ec(?:s|onds?)?|[mM]illis(?:econds?)?|[mM]in(?:s|utes?)|[hH]ours?|[dD]ays)$"
)
GIVES_DURATION = frozenset({"time.Since", "time.Until", "time.Duration.Round", "time.Duration.Truncate"})


class TimeoutWithoutEffect(Rule):
    """## What it finds
    In Python a timeout scope (`asyncio.timeout`, `trio.move_on_after`, anyio's) around code that does not await, or not
    on every way through; and one that is made ahead of its `with`. In Go a `time.Duration` multiplied by a unit such as
    `time.Second`: a duration times a duration.

    ## Why it matters
    Such a scope can only cut off an `await`: where none is reached, what it holds may take for ever. Go counts
    durations in nanoseconds, so the product of five seconds and one second is not five seconds but a hundred and fifty
    years, or a negative number after the overflow: a timeout that never fires, or fires at once.

    ## Use instead
    The scope around the call that waits; `asyncio.to_thread` for what blocks. The duration as it is, or a plain number
    times the unit.
    """

    name = "ineffective-timeout/timeout-without-effect"
    severity = Severity.HIGH
    covered_by = ("ruff:ASYNC100", "golangci-lint:durationcheck")
    confidence = 0.9
    languages = ("python", "go")
    methods = frozenset(FROM_CREATION)

    def check_section(self, section: Section, file: SourceFile) -> list[Alarm]:
        function, body = section.function, section.body
        if body is None:  # unprovable: narrows the type
            return []
        if function is None or not function.is_async:
            return []
        scopes = [call for call in map(file.call_at, section.held) if call is not None and call.name in SCOPES]
        if not scopes:  # unprovable: saves time
            return []
        if surely_awaits(body) or "yield" in text_of(body):
            return []
        never = not ever_awaits(body)
        if all(child.type == "pass_statement" or text_of(child) == "..." for child in body.named_children):
            return []
        return [self._cuts_nothing(scope, never) for scope in scopes]

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """`limit = trio.move_on_after(5)`, entered later on."""
        if call.method not in FROM_CREATION or call.name not in SCOPES:
            return None
        name = call.assigned_to
        around = call.function.node if call.function is not None else file.tree.root_node
        if f"with {name}:" not in text_of(around):
            return None
        return Alarm(
            call,
            f"The clock of `{name}` starts before its `with` is entered"[:80],
            f"`{call.written}` counts from this line on, and whatever runs between here and the `with` uses up the "
            "time of what it guards. On a slow day the guarded work is cut off before it has begun.",
            f"Make it where it is entered: `with {text_of(call.node)}:`.",
            severity=Severity.LOW,
            confidence=0.6,
        )

    def _cuts_nothing(self, scope: Call, never: bool) -> Alarm:
        when = "does not await at all" if never else "can be gone through without an `await`"
        return Alarm(
            scope,
            f"`{scope.written}` cannot cut off code that does not await"[:80],
            f"A timeout of an event loop acts at an `await` only, and the code inside {when}. Where it hangs or "
            "computes for minutes the limit does nothing.",
            "Put the scope around the call that waits, or hand what blocks to `asyncio.to_thread` and await that.",
            severity=Severity.MEDIUM if never else Severity.LOW,
            confidence=0.85 if never else SHOWN_ONLY,
        )

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        found = []
        if file.language.name != "go" or b"time." not in file.text:  # unprovable: only saves time
            return []
        stack: list[Node] = [function.body] if function.body is not None else []
        while stack:
            node = stack.pop()
            if node.type == "func_literal":
                continue
            if file.text.find(b"*", node.start_byte, node.end_byte) < 0:  # unprovable: only saves time
                continue
            if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) == "*":
                sides, shape = node.named_children, Shape(node, file, function)
                if all(self._is_duration(side, shape) for side in sides):
                    found.append(self._alarm(shape, any(self._is_declared(side, shape) for side in sides)))
                    continue
            stack.extend(node.named_children)
        return found

    def _is_declared(self, node: Node, at: Shape) -> bool:
        """A parameter or field of that type: on record it mostly holds a count of the unit, and works."""
        return self._only_value(node, at) is None and at.file.canonical(node, at) == "time.Duration"

    def _is_duration(self, node: Node, at: Shape) -> bool:
        if node.type == "parenthesized_expression":
            return self._is_duration(node.named_children[0], at)
        if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) in "+-*":
            return any(self._is_duration(side, at) for side in node.named_children)
        if (value := self._only_value(node, at)) is not None:
            return self._is_duration(value, at)
        name = at.file.canonical(node, at)
        if at.file.call_at(node) is not None:
            return name in GIVES_DURATION
        # `timeoutS time.Duration` is a number that was given the wrong type, and works
        return name in UNITS or (name == "time.Duration" and not _SAYS_IT_COUNTS.search(text_of(node)))

    def _only_value(self, node: Node, at: Shape) -> Node | None:
        """What a local name stands for."""
        function = at.function
        if function is None:  # unprovable: narrows the type
            return None
        local = at.file.within(at.file.bindings, function.body)
        given = [one for one in local if text_of(one.target) == text_of(node)]
        value = given[0].value if len(given) == 1 else None
        comes_before = value is not None and value.end_byte <= node.start_byte
        return value if comes_before else None

    def _alarm(self, at: Shape, may_count: bool) -> Alarm:
        shown = " ".join(at.text.split())[:40]
        return Alarm(
            at,
            f"`{shown}` multiplies a duration by a duration",
            "Both sides already count nanoseconds, so the product is some billion times too long, or negative after an "
            "overflow. The timeout made of it never fires, or fires at once.",
            "Use the duration as it is, or multiply a plain number by the unit.",
            confidence=SHOWN_ONLY if may_count else None,
        )

    bad = (
        go('import "time"\n\nfunc wait() {\n\tn := 2 * time.Second\n\ttime.Sleep(n * time.Second)\n}', line=5),
        python("import asyncio\nasync def f():\n    async with asyncio.timeout(5):\n        compute()", line=3),
        python(
            "import trio\nasync def f(x):\n    with trio.fail_after(5):\n        if x:\n            await g()", line=3
        ),
        python(
            "import trio\nasync def f():\n    limit = trio.move_on_after(5)\n    with limit:\n        await g()", line=3
        ),
        go('import "time"\n\nfunc wait(d time.Duration) {\n\ttime.Sleep(d * time.Second)\n}', line=4),
        go(
            'import "time"\n\nfunc since(t time.Time) time.Duration {\n\treturn time.Since(t) * time.Millisecond\n}',
            line=4,
        ),
        python(
            "import trio\nlimit = trio.move_on_after(5)\nwith limit:\n    compute()",
            line=2,
        ),
        go(
            'import "time"\n\nfunc wait(d time.Duration) {\n\tgo func() {\n\t\ttime.Sleep((d + time.Minute) * '
            "time.Second)\n\t}()\n}",
            line=5,
        ),
        go(
            'import "time"\n\nfunc wait() {\n\tn := 2 * time.Second\n\tm := 3\n\ttime.Sleep(n * time.Second * m)\n}',
            line=6,
        ),
        go(
            'import "time"\n\nfunc tell(limit time.Duration) {\n\tarm(time.Second * limit)\n}',
            line=4,
        ),
        go(
            'import "time"\n\nfunc wait(began time.Duration) {\n\tvar limit time.Duration = 3 * time.Second\n'
            "\tarm(limit * time.Second)\n}",
            line=5,
        ),
    )
    good = (
        go('import "time"\n\nfunc wait() {\n\tn := 2 * 3\n\ttime.Sleep(time.Duration(n) * time.Second)\n}'),
        python("import asyncio\nasync def f():\n    async with asyncio.timeout(5):\n        await compute()"),
        python("import asyncio\ndef f():\n    with asyncio.timeout(5):\n        compute()"),
        python("import trio\nasync def f():\n    with trio.fail_after(5):\n        ..."),
        python("import trio\n@contextmanager\nasync def f(x):\n    with trio.fail_after(5):\n        yield"),
        python("async def f(pool):\n    with pool.limit(5):\n        compute()"),
        python("import trio\nasync def f():\n    with trio.move_on_after(5) as limit:\n        await g(limit)"),
        python("import trio\ndef f():\n    limit = trio.move_on_after(5)\n    return limit"),
        go('import "time"\n\nfunc wait(n int) { time.Sleep(time.Duration(n) * time.Second) }'),
        go('import "time"\n\nfunc wait(d time.Duration) { time.Sleep(2 * d) }'),
        go('import "time"\n\nfunc wait(limitS time.Duration) { time.Sleep(limitS * time.Second) }'),
        go('import "time"\n\nfunc wait(d time.Duration) { time.Sleep(d + time.Second) }'),
        python(
            "import trio\nwith trio.fail_after(5):\n    compute()",
        ),
        python(
            "import trio\n@contextmanager\nasync def f(x):\n    with trio.fail_after(5):\n        if x:\n"
            "            yield",
        ),
        python(
            "import trio\nasync def f():\n    scope = trio.CancelScope()\n    with scope:\n        await g()",
        ),
        python(
            "async def f(pool):\n    limit = pool.move_on_after(5)\n    with limit:\n        await g()",
        ),
        python(
            "import trio\ndef limited():\n    limit = trio.move_on_after(5)\n    return limit\n"
            "async def f(limit):\n    with limit:\n        await g()",
        ),
        go(
            'import "time"\n\nfunc wait() {\n\tn := time.Duration(5)\n\ttime.Sleep(n * time.Second)\n}',
        ),
        go(
            'import "time"\n\nfunc wait(tries int) {\n\tfor n := range tries {\n\t\tn := n * tries\n'
            "\t\ttime.Sleep(pauses[n])\n\t}\n}",
        ),
        go(
            'import "time"\n\nfunc clock() time.Duration\n\nfunc wait(limit *time.Duration, spent time.Duration) {\n'
            "\tarm(*limit + time.Minute + 5*time.Second)\n\tarm((spent / time.Second) * time.Second)\n}",
        ),
        python(
            "import asyncio\nasync def load(peer):\n    async with asyncio.timeout(5):\n        pass",
        ),
    )
