"""A limit on a wait that a change takes away."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.missing_timeout.timeout_removed_examples import FURTHER_BAD
from bot.rules.catalog.missing_timeout.timeout_removed_good_examples import FURTHER_GOOD
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.logging_calls import writes_a_line
from bot.rules.losing import LIMIT_NAME, OFF, defaults, is_new, is_own, named_arguments, same_call_without, switched_off
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Shape, text_of

LIMITERS = frozenset(
    {"settimeout", "set_timeout", "setSoTimeout", "setReadTimeout", "setConnectTimeout", "setQueryTimeout"}
    | {"SetDeadline", "SetReadDeadline", "SetWriteDeadline", "WithTimeout", "WithDeadline", "WithTimeoutCause"}
    | {"wait_for", "fail_after", "move_on_after", "orTimeout", "completeOnTimeout", "CancelAfter"}
)
"""Methods that do nothing but limit a wait."""
OF_CONTEXT = frozenset({"WithTimeout", "WithDeadline", "WithTimeoutCause"})
"""In Go, those of the package `context`: elsewhere they make an option for somebody else."""
QUALIFIED = frozenset({"asyncio.timeout", "asyncio.timeout_at", "AbortSignal.timeout"})
WAITS = frozenset({"join", "wait", "result", "acquire", "await", "Wait", "WaitOne", "get"})
ENDLESS_TWIN = {
    "tryLock": "lock", "tryAcquire": "acquire", "poll": "take", "offer": "put", "DialTimeout": "Dial", "get": "get",
}  # fmt: skip
"""A method that waits for a limited time → the one that waits for ever."""
_UNIT = regex(r"(?:^|\.)(?:NANO|MICRO|MILLI)?SECONDS$|(?:^|\.)(?:MINUTES|HOURS|DAYS)$|[uU]nit$")
_A_TIME = regex(
    r"(?i)\d|time|sec|milli|_?ms\b|wait|delay|duration|interval|deadline|limit|period|ttl|max|poll|patience"
)
_LIMIT = regex(r"(?i)(?:time_?out|deadline)\w*[\"']?\s*(?::?=(?!=)|:)\s|\.abort\(")
"""A line of the change that gives one a value: it is set another way now."""
_OF_CLIENT = regex(r"[cC]lient\.Timeout$")
_CANCELS = regex(r"\bCancelAfter\(")
_AT_ONCE = frozenset({"Cancel", "cancel", "Close", "close", "LocalAddr", "RemoteAddr"})
"""What is asked of a connection and answered at once."""
WAITS_FOR_PEER = regex(r"\bWithBlock\(|\bWithReturnConnectionError\(|\bFailOnNonTempDialError\(")
"""Options with which a dial of gRPC waits; without them it connects by itself, later."""
NO_LIMIT = ("context.Background()", "context.TODO()")


class TimeoutRemoved(Rule):
    """## What it finds
    A timeout or deadline that the base had and the head has not: an argument or option that is gone, a
    `context.WithTimeout` or `wait_for` unwrapped, a wait that lost its limit, a default that is now "none".

    ## Why it matters
    The limit was there because somebody needed it, often after an outage. Without it the same call works in every test
    and waits for ever on the first day that the other side stalls.

    ## Use instead
    Keep the limit, or a larger one; where the caller's own deadline now covers the call, say so in the code.
    """

    name = "missing-timeout/timeout-removed"
    severity = Severity.HIGH
    confidence = 0.85
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            told: set[int] = set()
            for alarm in (*self._arguments(function), *self._waits(function), *self._limiters(function)):
                if alarm.at.start_line not in told:
                    told.add(alarm.at.start_line)
                    yield alarm
            yield from self._defaults(function)

    def _arguments(self, change: FunctionChange) -> Iterator[Alarm]:
        """`timeout=…` among the arguments."""
        for call in change.calls_before:
            for argument in named_arguments(call):
                if not LIMIT_NAME.search(argument.name) or argument.text in OFF:
                    continue
                head = switched_off(change, call, argument)
                if head is None:
                    head = same_call_without(change, call, argument)
                    if head is None or change.is_added(argument.name):
                        continue  # set another way
                if is_own(head):
                    continue  # the project's own, which may set it inside
                # on record the library has one of its own, or it is set elsewhere now
                alarm = self._alarm(head, f"`{head.written}`", f"{argument.name} {argument.text}")
                yield replace(alarm, confidence=SHOWN_ONLY)

    def _waits(self, change: FunctionChange) -> Iterator[Alarm]:
        """`event.wait(5)` that became `event.wait()`, `lock.tryLock(1, SECONDS)` that became `lock.lock()`."""
        if change.after.file.language.name not in ("python", "java", "csharp", "go"):
            return
        for call in change.calls_before:
            if call.loop is not None and call.loop.is_endless:
                continue  # how often it looked, not how long it waited
            if text_of(call.receiver) in ("self", "this"):
                continue  # its own method, which may be told elsewhere how long
            twin = ENDLESS_TWIN.get(call.method) if len(call.arguments) >= 2 else None
            if twin is None and call.method not in WAITS:
                continue
            for head in change.calls_after:
                if text_of(head.receiver) != text_of(call.receiver):
                    continue
                is_bare = head.method == call.method in WAITS and call.method != "get" and not head.all_arguments
                is_bare = is_bare and bool(call.arguments) and call.arguments[0].text not in OFF
                is_bare = is_bare and bool(_A_TIME.search(call.arguments[0].text))
                is_unlimited = (
                    is_bare
                    or (head.method == twin and _is_without_time(call, head))
                    or (twin == "Dial" == head.method and len(head.arguments) == 2)
                )
                if is_unlimited and change.is_gone(call.text) and is_new(change, head) and not change.adds(_CANCELS):
                    yield self._alarm(head, f"`{head.written}`", call.text)

    def _limiters(self, change: FunctionChange) -> Iterator[Alarm]:
        """`ctx, cancel := context.WithTimeout(…)` that is gone while what it limited is still called."""
        before = [call for call in change.calls_before if _limits(call) and not (_clears(call) or _repeats(call))]
        after = [call for call in change.calls_after if _limits(call)]
        if len(after) >= len(before):
            return
        for call in before:
            if any(head.method == call.method and _key(head) == _key(call) for head in after):
                continue
            stem = call.method.removeprefix("set")  # `setReadTimeout(…)` that became `readTimeout(…)`
            is_added = any(change.is_added(f"{name}(") for name in (call.method, f"{stem[:1].lower()}{stem[1:]}"))
            is_added = is_added or change.adds(_LIMIT)
            has_moved = is_added or not change.is_gone(f"{call.method}(")
            head = self._unlimited(change, call) if not has_moved else None
            if head is not None:
                yield self._alarm(head, f"`{head.written}`", call.text)

    def _unlimited(self, change: FunctionChange, limiter: Call) -> Call | None:
        """The call that the limiter held for, as the head makes it."""
        name = limiter.assigned_to
        added = set(change.after.parameters) - set(change.before.parameters)
        if name:
            limited = [c for c in change.calls_before if any(a.text == name for a in c.arguments)]
        elif limiter.method == "wait_for":
            limited = [c for c in change.calls_before if any(a.node.id == c.node.id for a in limiter.all_arguments)]
        elif limiter.use == "discarded":
            owner = text_of(limiter.receiver)
            limited = [c for c in change.calls_before if text_of(c.receiver) == owner]
            limited = [c for c in limited if c.node.start_byte > limiter.node.start_byte]
        else:
            limited = [c for c in change.calls_before if c.start_line > limiter.start_line]
        takes = {(call.written, len(call.arguments)) for call in limited}  # with one less it takes no limit any more
        names = {written for written, _ in takes} if not name else set()
        heads = [c for c in change.calls_after if c.written in names or (c.written, len(c.arguments)) in takes]
        heads = [c for c in heads if not (_limits(c) or c.node.type == "composite_literal" or _dials_at_leisure(c))]
        heads = [c for c in heads if not any(a.text in added for a in c.all_arguments)]
        heads = [c for c in heads if not (c.method in _AT_ONCE or writes_a_line(c))]
        # a derived context: what stands in its place must be one that has no limit of this function's making
        heads = [c for c in heads if not any(a.text == name for a in c.arguments) or name in change.after.parameters]
        return min(heads, key=lambda c: abs(c.start_line - change.line_after(limiter.start_line)), default=None)

    def _defaults(self, change: FunctionChange) -> Iterator[Alarm]:
        """`enforceTimeout = true` that became `enforceTimeout = false`."""
        before = {name: value for name, value, _ in defaults(change.before)}
        for name, value, _ in defaults(change.after):
            was = before.get(name, value)
            is_set_later = any(text_of(binding.target) == name for binding in change.bindings_after)
            is_set_later |= f"if {name} is None:\n".encode() in change.after.file.text  # in what it is handed on to
            if LIMIT_NAME.search(name) and value in OFF and was not in OFF and not is_set_later:
                node = change.after.file.language.mentions(name, change.after.node)
                at = Shape(next(node, change.after.node), change.after.file, change.after)
                yield self._alarm(at, f"`{name}`, off by default now,", f"{name} {was}")

    def _alarm(self, at: Shape, what: str, was: str) -> Alarm:
        was = " ".join(was.split())
        was = was if len(was) <= 70 else f"{was[:67]}…"
        return Alarm(
            at,
            f"{what} lost its timeout"[:80],
            f"Before this change the wait was limited by `{was}`; now nothing here limits it. When the other side "
            "stalls, the caller hangs with all it holds, and enough such callers stop the whole service.",
            f"Keep a limit, as `{was}` was, or say in the code what limits the wait now.",
            was=f"Before this change it was limited by `{was}`.",
        )

    bad = (
        go(
            'import ("context"; "google.golang.org/grpc")\n\nfunc open(ctx context.Context) {\n'
            "\tgrpc.DialContext(ctx, addr, grpc.WithBlock())\n}",
            line=4,
            before='import ("context"; "google.golang.org/grpc")\n\nfunc open(ctx context.Context) {\n'
            "\tctx, cancel := context.WithTimeout(ctx, limit)\n\tdefer cancel()\n"
            "\tgrpc.DialContext(ctx, addr, grpc.WithBlock())\n}",
        ),
        python(
            "def load(self, req):\n    return self.pool.open(req)",
            line=2,
            before="def load(self, req):\n    return self.pool.open(req, timeout=self.timeout)",
        ),
        javascript(
            "class A { constructor({ host, enforceTimeout = false }) { this.e = enforceTimeout; } }",
            before="class A { constructor({ host, enforceTimeout = true }) { this.e = enforceTimeout; } }",
        ),
        typescript(
            "function ask(c: Client) { return c.send('a'); }",
            before="function ask(c: Client) { return c.send('a', { timeout: 500 }); }",
        ),
        go(
            "func load(addr string) error {\n\treturn resolve(context.Background(), addr)\n}",
            line=2,
            before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
            "\tdefer cancel()\n\treturn resolve(ctx, addr)\n}",
        ),
        java(
            "class A { void f() {\n  lock.lock();\n} }",
            line=2,
            before="class A { void f() {\n  lock.tryLock(1, TimeUnit.SECONDS);\n} }",
        ),
        csharp(
            "class A { void F() {\n  task.Wait();\n} }",
            line=2,
            before="class A { void F() {\n  task.Wait(5000);\n} }",
        ),
        *FURTHER_BAD,
    )
    good = (
        java(
            "class A { Object f(B b) {\n  return b\n    .readTimeout(Duration.of(r, MS))\n    .build();\n} }",
            before="class A { Object f(B b) {\n  return b\n    .setReadTimeout(Duration.of(r, MS))\n    .build();\n} }",
        ),
        java(
            "class A { void f() {\n  box.offer(item, day);\n  box.put(other);\n} }",
            before="class A { void f() {\n  box.offer(item, 5, SECONDS);\n  box.offer(other, day);\n} }",
        ),
        go(
            'import ("context"; "google.golang.org/grpc")\n\nfunc open(ctx context.Context) {\n'
            "\tgrpc.DialContext(ctx, addr, opts...)\n}",
            before='import ("context"; "google.golang.org/grpc")\n\nfunc open(ctx context.Context) {\n'
            "\tctx, cancel := context.WithTimeout(ctx, limit)\n\tdefer cancel()\n"
            "\tgrpc.DialContext(ctx, addr, opts...)\n}",
        ),
        python(
            "def load(self):\n    self.set_wait(5)\n    self.wait()",
            before="def load(self):\n    self.wait(5)",
        ),
        python(
            "def pause(t):\n    t.ready.wait()",
            before="def pause(t):\n    while True:\n        if t.closed:\n            break\n        t.ready.wait(0.1)",
        ),
        python(
            "def load(self, req):\n    return self.pool.open(req, timeout=9)",
            before="def load(self, req):\n    return self.pool.open(req, timeout=self.timeout)",
        ),
        javascript(
            "import { Ask } from './ask';\nfunction ask(c) { return new Ask({ body: 1 }); }",
            before="import { Ask } from './ask';\n"
            "function ask(c) { return new Ask({ body: 1, requestTimeout: 500 }); }",
        ),
        typescript(
            "function ask(c: Client) {\n  c.defaults.requestTimeout = 500;\n  return c.send({ body: 1 });\n}",
            before="function ask(c: Client) {\n  return c.send({ body: 1, requestTimeout: 500 });\n}",
        ),
        go(
            "func load(addr string) error {\n\treturn resolve(context.Background(), addr)\n}\n\n"
            "func resolve(ctx context.Context, addr string) error {\n\tctx, cancel := context.WithTimeout(ctx, t)\n"
            "\tdefer cancel()\n\treturn dial(ctx, addr)\n}",
            before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
            "\tdefer cancel()\n\treturn resolve(ctx, addr)\n}\n\n"
            "func resolve(ctx context.Context, addr string) error {\n\treturn dial(ctx, addr)\n}",
        ),  # it holds further down now
        *FURTHER_GOOD,
    )


def _limits(call: Call) -> bool:
    if call.file.language.name == "go" and call.method in OF_CONTEXT:
        return call.name.rpartition("/")[2] == f"context.{call.method}"
    return call.method in LIMITERS or call.written in QUALIFIED


def _clears(call: Call) -> bool:
    """`SetReadDeadline(time.Time{})` takes a limit away."""
    return any(argument.text in ("time.Time{}", *OFF) for argument in call.arguments[:1])


def _repeats(call: Call) -> bool:
    """`context.WithTimeout(ctx, client.Timeout)`: without it the client's own limit holds."""
    return any(_OF_CLIENT.search(argument.text) for argument in call.arguments[1:])


def _key(call: Call) -> str:
    return text_of(call.receiver) + call.assigned_to + "".join(argument.text for argument in call.arguments[-1:])


def _is_without_time(call: Call, head: Call) -> bool:
    """`get(5, SECONDS)` and then `get()`; other arguments are what they were."""
    *others, _, unit = [argument.text for argument in call.arguments]
    return bool(_UNIT.search(unit)) and [argument.text for argument in head.arguments] == others


def _dials_at_leisure(call: Call) -> bool:
    return call.name == "google.golang.org/grpc.DialContext" and not WAITS_FOR_PEER.search(
        call.function.text if call.function is not None else ""  # unprovable: narrows the type
    )
