"""A way to be cancelled that a change takes away."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.catalog.ignored_cancellation.check_removed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.logging_calls import writes_a_line
from bot.rules.losing import condition_of, hands_on, likeness, same_work
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Handler, Loop, Shape, text_of

CANCELLATIONS = frozenset(
    {"OperationCanceledException", "TaskCanceledException", "CancelledError", "CancellationException"}
    | {"InterruptedException", "InterruptedIOException", "Cancelled"}
)
_BASES = frozenset({"OperationCanceledException", "CancellationException"})
"""What takes them takes the others, too."""
BROAD = frozenset({"Exception", "BaseException", "Throwable", "RuntimeException", "IOException"})
CHECK = regex(
    r"\w*(?:[cC]tx|[cC]ontext)\.Err\(\)|<-\s*\w*(?:[cC]tx|[cC]ontext)\.Done\(\)|IsCancellationRequested"
    r"|ThrowIfCancellationRequested\(\)|\.isInterrupted\(\)|Thread\.interrupted\(\)|signal\.aborted"
    r"|throwIfAborted\(\)|\.is_set\(\)|\.is_cancelled\(\)|\.isCancelled\(\)|\.isDisposed\(\)"
)
ASKING_WAIT = regex(r"(?:if|while)\b[^\n]*\.[wW]ait(?:One)?\(|<-[\w.()]+\.Done\(\)")
FLAG = regex(
    r"(?i)^[!\s(]*[\w.#$>-]*(?:open|clos(?:ed|ing)|stop(?:ped|ping)?|running|disposed|shut_?down|shutting_?down"
    r"|destroyed|cancell?ed|aborted|started|alive)\w*[\s)]*(?:\(\))?[\s)]*$"
)
"""A loop's condition that asks whether the work is still wanted."""
ASKED = regex(r"(?i)state|status|start|running|open|clos|stop|shut|disposed|cancel|abort|alive|active")
TELLS = regex(r"(?i)(?:publish|emit|raise|notify|invoke|on_?[A-Z]|[A-Z]\w*Event$|\w+Exception$|Error$)")
"""Tells others of an event, which does no harm once everything is stopped."""
_HANDED = regex(r"\w*(?:[cC]tx|[cC]ontext|[tT]oken|[sS]ignal)$")
EVERYWHERE = 3
"""Functions that lost the same guard in one change: it is asked in one place now, through which they all go."""


class CancellationCheckRemoved(Rule):
    """## What it finds
    A check for cancellation that the base had and the head has not: a `catch` for cancellation (or its filter) that
    is gone, a token or stop flag no longer read in a loop, an interruptible wait that became a plain sleep.

    ## Why it matters
    Work that cannot be stopped outlives its caller: it goes on after the request timed out, holds its worker through a
    shutdown until it is killed, or takes a cancellation for a failure and answers it with retries and error messages.

    ## Use instead
    Leave loops when they are cancelled, let a cancellation pass through handlers, and pause in a way that a request to
    stop can end.
    """

    name = "ignored-cancellation/check-removed"
    severity = Severity.MEDIUM
    confidence = 0.8
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            yield from self._handlers(function)
            yield from self._loops(function)
            yield from self._sleeps(function)
        guards = [alarm for function in change.functions for alarm in self._guards(function)]
        went = Counter(alarm.was for alarm in guards)
        yield from (alarm for alarm in guards if went[alarm.was] < EVERYWHERE)

    def _handlers(self, change: FunctionChange) -> Iterator[Alarm]:
        if change.after.file.language.name == "python":
            return  # there `except Exception` lets a cancellation pass
        heads = change.handlers_after
        broad = [h for h in heads if _catches_all(h) and not _filter(h)]
        for handler in change.handlers_before:
            names = {name.rsplit(".", 1)[-1] for name in handler.caught}
            filter_ = _filter(handler)
            if "ancel" in filter_:
                same = [h for h in heads if h.caught == handler.caught]
                same.sort(key=lambda h: likeness(handler, h), reverse=True)
                is_kept = any(map(_filter, same))
                if same and not is_kept and change.is_gone(filter_) and not _is_taken_beside(same[0], heads):
                    yield self._alarm(same[0], filter_, "takes every cancellation for the caller's")
                    continue
            if names & CANCELLATIONS and self._passes_on(handler):
                kept = {name.rsplit(".", 1)[-1] for h in heads for name in h.caught}
                was_broad = any(_catches_all(h) for h in change.handlers_before)
                header = handler.text.split("{")[0].split("\n")[0].rstrip(": ")
                takes_over = [h for h in broad if same_work(handler, h) and "nterrupt" not in h.text]
                takes_over = [h for h in takes_over if not (hands_on(h) or any(c in h.text for c in CANCELLATIONS))]
                if not (names | _BASES) & kept and was_broad and takes_over:
                    yield self._mostly_meant(takes_over[0], header, "takes a cancellation for a failure")

    def _passes_on(self, handler: Handler) -> bool:
        inside = handler.file.within(handler.file.jumps, handler.node)
        return any(jump.kind in ("raise", "return", "break") for jump in inside) or "interrupt()" in handler.text

    def _loops(self, change: FunctionChange) -> Iterator[Alarm]:
        for loop, head in _same_loops(change):
            was = sorted({match for match in CHECK.findall(loop.text) if change.is_gone(match)})
            asks = CHECK.search(head.text) or ASKING_WAIT.search(head.text) or _asks_a_flag(head)
            if was and not asks and not _hands_it_on(loop, head):
                yield self._mostly_meant(head, was[0], "no longer stops when it is cancelled")
                continue
            old, new = _conditions(loop), _conditions(head)
            gone = [part for part in old if part not in new and FLAG.match(part)]
            flag = gone[0].strip("!() ").removesuffix("(") if gone else ""
            if set(new) < set(old) and flag not in head.text:
                yield self._mostly_meant(head, gone[0], "no longer ends when it is stopped")

    def _sleeps(self, change: FunctionChange) -> Iterator[Alarm]:
        waits = [c for c in change.calls_before if c.method in ("wait", "Wait", "WaitOne", "await") and c.loop]
        for call in waits:
            for head in change.calls_after:
                row = find(head, Blocking)
                if row is None or row.does != "sleep" or head.loop is None or not change.is_gone(call.text):
                    continue
                if [a.text for a in head.arguments] == [a.text for a in call.arguments]:
                    yield self._alarm(head, call.text, "sleeps through a request to stop")

    def _guards(self, change: FunctionChange) -> Iterator[Alarm]:
        """`if (!this.isOpen) return …` that is gone."""
        for jump in change.jumps_before:
            condition = condition_of(jump)
            flag = condition.strip("!() ")
            if (
                not FLAG.match(condition)
                or CHECK.search(f"{condition}()")  # told of its loop
                or flag in change.after.text
                or not change.is_gone(flag)
                or change.adds(_stem(flag))
                or flag.encode() not in change.after.file.text  # a flag that is gone altogether had its reasons
                or any(text_of(binding.target) == flag for binding in change.bindings_before)  # its own, and gone
                or all(writes_a_line(call) or TELLS.match(call.method) for call in change.calls_after)
            ):
                continue
            at = change.place(jump.start_line)
            yield self._mostly_meant(at, f"if {condition}", "no longer asks whether it was stopped")
            return

    def _mostly_meant(self, at: Shape, was: str, what: str) -> Alarm:
        """On record what asked in a loop, a handler or ahead of the work has moved, or the work is to be finished."""
        return replace(self._alarm(at, was, what), confidence=SHOWN_ONLY)

    def _alarm(self, at: Shape, was: str, what: str) -> Alarm:
        was = " ".join(was.split())
        was = was if len(was) <= 60 else f"{was[:57]}…"
        return Alarm(
            at,
            f"This {_noun(at)} {what}"[:80],
            f"Before this change there was `{was}` here; without it this {_noun(at)} {what}. Callers that gave up, and "
            "a service that is told to shut down, leave work behind that goes on and holds what it uses.",
            f"Put `{was}` back, or hand on a token, context or flag that ends this work.",
            was=f"Before this change there was `{was}` here.",
        )

    bad = (
        typescript(
            "class A { run(c: C[]) {\n  return this.q.add(c);\n} get up() { return this.socket.isOpen; } }",
            line=2,
            before="class A { run(c: C[]) {\n  if (!this.socket.isOpen) return Promise.reject(new Closed());\n"
            "  return this.q.add(c);\n} get up() { return this.socket.isOpen; } }",
        ),
        python(
            "import time\ndef run(self):\n    while not self.event.is_set():\n        self.work()\n"
            "        time.sleep(self.pause_s)",
            line=5,
            before="import time\ndef run(self):\n    while not self.event.is_set():\n        self.work()\n"
            "        self.event.wait(self.pause_s)",
        ),
        csharp(
            "class A { async Task F() {\n  try { await G(); }\n  catch (Exception e) { await Answer(e); }\n} }",
            line=3,
            before="class A { async Task F() {\n  try { await G(); }\n  catch (OperationCanceledException) { throw; }\n"
            "  catch (Exception e) { await Answer(e); }\n} }",
        ),
        javascript(
            "async function run(signal) {\n  for (const part of parts) {\n    await send(part);\n  }\n}",
            line=2,
            before="async function run(signal) {\n  for (const part of parts) {\n    if (signal.aborted) return;\n"
            "    await send(part);\n  }\n}",
        ),
        go(
            "func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tuse(a)\n\t}\n}",
            line=2,
            before="func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tif ctx.Err() != nil {\n"
            "\t\t\tbreak\n\t\t}\n\t\tuse(a)\n\t}\n}",
        ),
        java(
            "class A { void f() {\n  while (true) {\n    work();\n  }\n} }",
            line=2,
            before="class A { void f() {\n  while (!Thread.currentThread().isInterrupted()) {\n    work();\n  }\n} }",
        ),
        *FURTHER_BAD,
    )
    good = (
        csharp(
            "class A { async Task F() { try { try { Tidy(); } catch (Exception e) { Log(e); } await Run(); }\n"
            "  catch (OperationCanceledException) when (stop.IsCancellationRequested) { }\n"
            "  catch (Exception e) { Log(e); } } }",
            before="class A { async Task F() { try { try { Tidy(); } catch (Exception e) { Log(e); } await Run(); }\n"
            "  catch (Exception e) when (!stop.IsCancellationRequested) { Log(e); } } }",
        ),
        java(
            "class A { void f() {\n  while (state.get() == STARTED) {\n    work();\n  }\n} }",
            before="class A { void f() {\n  while (!Thread.currentThread().isInterrupted()) {\n    work();\n  }\n} }",
        ),
        csharp(
            "class A { async Task F() {\n  try { Note(); }\n  catch (Exception e) { Log(e); }\n  await Closed(G);\n} }",
            before="class A { async Task F() {\n  try { Note(); }\n  catch (Exception e) { Log(e); }\n"
            "  try { await G(); }\n  catch (OperationCanceledException) { return; }\n} }",
        ),  # what it guarded is gone
        python(
            "def run(self):\n    while True:\n        if self.event.wait(self.pause_s):\n            return\n"
            "        self.work()",
            before="def run(self):\n    while not self.event.is_set():\n        self.work()\n"
            "        self.event.wait(self.pause_s)",
        ),
        javascript(
            "async function run(signal) {\n  for (const part of parts) {\n    signal.throwIfAborted();\n"
            "    await send(part);\n  }\n}",
            before="async function run(signal) {\n  for (const part of parts) {\n    if (signal.aborted) return;\n"
            "    await send(part);\n  }\n}",
        ),
        typescript(
            "class A { async connect() { do { await this.dial(); } while (this.isOpen && !this.ready); } }",
            before="class A { async connect() { do { await this.dial(); } while (this.isOpen && !this.isReady); } }",
        ),
        go(
            "func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tif err := ctx.Err(); err != nil {\n"
            "\t\t\treturn\n\t\t}\n\t\tuse(a)\n\t}\n}",
            before="func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tif ctx.Err() != nil {\n"
            "\t\t\tbreak\n\t\t}\n\t\tuse(a)\n\t}\n}",
        ),
        csharp(  # a flag of its own, which another function has as well
            "class A { void F() {\n  foreach (var x in xs) { Take(x); }\n"
            "} void G() { var stopped = Ask(); Use(stopped); } }",
            before="class A { void F() {\n  var stopped = false;\n  foreach (var x in xs) { if (stopped) break;\n"
            "  Take(x); }\n} void G() { var stopped = Ask(); Use(stopped); } }",
        ),
        *FURTHER_GOOD,
    )


def _catches_all(handler: Handler) -> bool:
    return not handler.caught or any(name.rsplit(".", 1)[-1] in BROAD for name in handler.caught)


def _is_taken_beside(handler: Handler, heads: Sequence[Handler]) -> bool:
    """Another handler of the same try takes cancellations."""
    others = [h for h in heads if h.guarded is handler.guarded and h is not handler]
    return any(name.rsplit(".", 1)[-1] in CANCELLATIONS for h in others for name in h.caught)


def _filter(handler: Handler) -> str:
    """C#'s `when (…)`."""
    given = next((child for child in handler.node.named_children if child.type == "catch_filter_clause"), None)
    return text_of(given)


def _same_loops(change: FunctionChange) -> Iterator[tuple[Loop, Loop]]:
    """Loops of both sides in their order, where none came or went."""
    if len(change.loops_before) == len(change.loops_after):
        yield from zip(change.loops_before, change.loops_after, strict=True)


def _conditions(loop: Loop) -> list[str]:
    given = loop.node.child_by_field_name("condition")
    if given is not None and given.type == "parenthesized_expression":
        given = given.named_children[0]
    return [" ".join(part.split()) for part in re.split(r"&&|\band\b", text_of(given))]


def _asks_a_flag(loop: Loop) -> bool:
    """Something else in its condition ends the loop when the work is to stop."""
    return any(ASKED.search(part) for part in _conditions(loop))


def _stem(flag: str) -> re.Pattern[str]:
    """What the flag says, however it is asked now: `f.isClosing()` is `f.closing` elsewhere."""
    word = re.split(r"\W+", flag.rstrip("()"))[-1]
    return re.compile(rf"(?i){re.escape(re.sub(r'^[iI]s_?', '', word))}")


def _hands_it_on(loop: Loop, head: Loop) -> bool:
    """It leaves by what a call says that is newly given the context or token: `value, ok := values.Recv(ctx)`."""
    file = head.file
    given = [call for call in file.within(file.calls, head.node) if f"{call.method}(" not in loop.text]
    leaves = any(jump.leaves(head) for jump in file.within(file.jumps, head.node))
    return leaves and any(_HANDED.match(argument.text) for call in given for argument in call.all_arguments)


def _noun(at: Shape) -> str:
    return "loop" if isinstance(at, Loop) else "handler" if isinstance(at, Handler) else "code"
