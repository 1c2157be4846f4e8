"""Something that was closed and no longer is."""

import re
from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.resource_leak.close_removed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.losing import CLOSERS, keeps_alone
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Binding, Call, Comment, Finally, Jump, Shape, SourceFile, encloses, text_of

_ON_PURPOSE = regex(r"(?i)\b(?:not?|non|without|instead of)[- ](?:a )?defer")
"""Words of a comment that says why it is closed by hand."""
TIMERS = frozenset({"clearTimeout", "clearInterval"})
POOLED = frozenset({"CreateClient"})
"""What .NET's `IHttpClientFactory` gives: the connections are the factory's, with or without a `using`."""


class CloseRemoved(Rule):
    """## What it finds
    A `close`, `dispose`, `clearTimeout` or `using` that the base had and the head has not, while what it closed is
    still there; and a close that no longer runs on every path (no `defer`, `finally`, `with`, though code between may
    leave).

    ## Why it matters
    Leaks of this kind show after days: connections, sockets, timers and listeners pile up on the path that used to
    clean up, until a limit of the process or of the peer is reached.

    ## Use instead
    Keep the clean-up, on every path; where something else now owns the thing, close it there.
    """

    name = "resource-leak/close-removed"
    severity = Severity.MEDIUM
    confidence = SHOWN_ONLY  # on record the end has mostly moved elsewhere
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            yield from self._gone(function)
            yield from self._unmanaged(function)
            yield from self._only_at_the_end(function)

    def _gone(self, change: FunctionChange) -> Iterator[Alarm]:

        if any(call.use == "managed" for call in change.calls_after):
            return  # a `with` or `using` may have taken over
        for call in (call for call in change.calls_before if _closes(call)):
            key = _key(call)
            if change.is_gone(key) and self._still_there(change, call) and not self._closed_otherwise(change, call):
                yield self._alarm(change.place(call.start_line), call.text)

    def _still_there(self, change: FunctionChange, call: Call) -> bool:
        """What was closed still stands: it is kept under that name in the head, where the base kept it so."""
        name = _closed(call)
        file = change.after.file
        if name in change.after.parameters and name not in change.before.parameters:
            return False  # whoever hands it in closes it
        if len(file.functions_named(call.method)) < len(change.before.file.functions_named(call.method)):
            return False  # the file's own class need not be closed any more
        if call.method in TIMERS:
            return any(text_of(b.target) == name and "set" in text_of(b.value) for b in file.bindings)
        if change.before.name.lower().removesuffix("async") in CLOSERS:
            return False
        bound = [b for b in change.bindings_after if text_of(b.target) == name]
        if self._is_another(change, bound, name):
            return False
        handled = any(h.start_line <= call.start_line <= h.end_line for h in change.handlers_before)
        if not bound and not (handled and self._is_known_there(change, name)):
            return False
        return not any(jump.text.rstrip(";").endswith(f" {name}") for jump in change.jumps_after)

    def _is_known_there(self, change: FunctionChange, name: str) -> bool:
        """A field that the file still names, or what the function itself still speaks of."""
        if "." in name:
            return name in change.after.file.text.decode("utf-8", "replace")
        return change.mentions(name)

    def _is_another(self, change: FunctionChange, bound: list[Binding], name: str) -> bool:
        """The name now stands for what is got in other ways, or is held elsewhere: whoever gives it may close it."""
        formers = [b for b in change.bindings_before if text_of(b.target) == name]
        made, makes = self._makers(change.before.file, formers), self._makers(change.after.file, bound)
        return bool(made) and made.isdisjoint(makes)

    def _makers(self, file: SourceFile, bindings: list[Binding]) -> set[str]:
        made = (file.origin(b.value, b) for b in bindings if b.value is not None)  # unprovable: narrows the type
        return {call.method for call in made if call is not None}

    def _closed_otherwise(self, change: FunctionChange, call: Call) -> bool:
        """Another closing method on it, or it is handed to a function: one that the base did not give it to, or one
        whose name says that it closes."""
        name = _closed(call)
        return any(
            (_closes(other) and _closed(other) == name)
            or (any(word in other.method.lower() for word in SPEAKING) and name.split(".")[-1] in other.text)
            or (any(a.text == name for a in other.all_arguments) and other.text not in change.before.text)
            or self._takes_its_place(change, name, other)
            or self._is_renamed(change, call, other)
            for other in change.calls_after
        )

    def _takes_its_place(self, change: FunctionChange, name: str, other: Call) -> bool:
        """A new call on it, or on the field that owns it: `self.pool.gone(peer)` where `self.pool.peer.close()` was."""
        owner = name.rpartition(".")[0]
        is_field = owner not in ("", "this", "self")
        on_it = is_field and text_of(other.receiver) in (owner, name)
        return on_it and other.written not in change.before.text

    def _is_renamed(self, change: FunctionChange, call: Call, other: Call) -> bool:
        """The same close of what has a name that the function did not have before."""
        root = text_of(other.receiver).split(".")[0]
        return other.method == call.method and not re.search(rf"\b{re.escape(root)}(?!\w)", change.before.text)

    def _unmanaged(self, change: FunctionChange) -> Iterator[Alarm]:
        """`using var x = f()` that became `var x = f()`."""
        for call in (call for call in change.calls_before if call.use == "managed"):
            again = [c for c in change.calls_after if (c.written, c.chain) == (call.written, call.chain)]
            for head in again:
                if head.use != "assigned" or head.method in POOLED:
                    continue
                if not keeps_alone(change, head) or not change.is_gone(_opening(call)):
                    continue
                yield self._alarm(head, _opening(call))
                break

    def _only_at_the_end(self, change: FunctionChange) -> Iterator[Alarm]:
        """`defer close(c)` that became `close(c)` after code that may return."""
        if any(_ON_PURPOSE.search(comment.text) for comment in self._comments(change)):
            return
        always = {_key(call) for call in change.calls_before if _is_certain(call)}
        for call in change.calls_after:
            key = _key(call)
            if (
                key not in always
                or not _closes(call, every=True)
                or call.use in ("deferred", "managed")  # unprovable: only saves time, the next line asks as well
            ):
                continue
            if any(_key(c) == key and _is_certain(c) for c in change.calls_after) or call.loop is not None:
                continue
            if call.function is not change.after:
                continue  # whoever calls what it stands in now may do so on every path
            made = [b for b in change.bindings_after if text_of(b.target) == _closed(call)]
            leaving = [
                jump
                for jump in change.jumps_after
                if made  # unprovable: what nobody made is not closed with certainty either
                and made[0].end_line + 2 < jump.start_line < call.start_line
                and jump.kind in ("return", "raise")
                and not self._is_closed_ahead(change, key, jump)
            ]
            if leaving:
                yield self._alarm(leaving[0], call.text, every=False)

    def _is_closed_ahead(self, change: FunctionChange, key: str, jump: Jump) -> bool:
        """It is closed by hand in the block that the jump ends."""
        block = jump.node.parent or jump.node  # unprovable: narrows the type
        return any(_key(call) == key and encloses(block, call) for call in change.calls_after)

    def _comments(self, change: FunctionChange) -> list[Comment]:
        return change.after.file.comments_on(change.after.start_line, change.after.end_line)

    def _alarm(self, at: Shape, was: str, every: bool = True) -> Alarm:
        was = " ".join(was.split())
        was = was if len(was) <= 60 else f"{was[:57]}…"
        told = "is gone" if every else "no longer runs on every path"
        return Alarm(
            at,
            f"`{was}` {told}"[:80],
            f"Before this change `{was}` cleaned up here; now it {told}, while what it cleaned up is still "
            "made. Each pass that gets here keeps one more connection, timer or waiter, until a limit is reached and "
            "nothing new can be opened.",
            f"Put `{was}` back, on every path, or close it where it is owned now.",
            was=f"Before this change `{was}` cleaned up here.",
        )

    bad = (
        python(
            "def load(path):\n    peer = dial(path)\n    return peer.read()",
            line=3,
            before="def load(path):\n    peer = dial(path)\n    try:\n        return peer.read()\n    finally:\n"
            "        peer.close()",
        ),
        javascript(
            "function ask(s) {\n  const t = setTimeout(fail, 5);\n  s.on('end', () => {\n    done(1);\n  });\n}",
            line=4,
            before="function ask(s) {\n  const t = setTimeout(fail, 5);\n  s.on('end', () => {\n"
            "    clearTimeout(t);\n    done(1);\n  });\n}",
        ),
        typescript(
            "function ask() {\n  const peer = dial();\n  peer.ask();\n}",
            line=3,
            before="function ask() {\n  const peer = dial();\n  peer.ask();\n  peer.disconnect();\n}",
        ),
        go(
            "func run() error {\n\tjobs := make(chan int)\n\tgo work(jobs)\n\tfor next() {\n\t\tif bad() {\n"
            "\t\t\treturn errBad\n\t\t}\n\t}\n\tclose(jobs)\n\treturn nil\n}",
            line=6,
            before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\tgo work(jobs)\n"
            "\tfor next() {\n\t\tif bad() {\n\t\t\treturn errBad\n\t\t}\n\t}\n\treturn nil\n}",
        ),
        java(
            "class A { void f() {\n  peer = dial();\n  peer.ask();\n} }",
            line=2,
            before="class A { void f() {\n  if (peer != null) peer.close();\n  peer = dial();\n  peer.ask();\n} }",
        ),
        csharp(
            "class A { async Task F() {\n  var channel = await bus.CreateAsync(1);\n  await channel.SendAsync(2);\n} }",
            line=2,
            before="class A { async Task F() {\n  using var channel = await bus.CreateAsync(1);\n"
            "  await channel.SendAsync(2);\n} }",
        ),
        *FURTHER_BAD,
    )
    good = (
        csharp(
            "class Pull { }\nclass A { void F() {\n  var pull = Next();\n  Keep(pull.Body);\n} }",
            before="class Pull { public void Dispose() { } }\nclass A { void F() {\n  var pull = Next();\n"
            "  Keep(pull.Body);\n  pull.Dispose();\n} }",
        ),
        python(
            "def load(path):\n    with dial(path) as peer:\n        return peer.read()",
            before="def load(path):\n    peer = dial(path)\n    try:\n        return peer.read()\n    finally:\n"
            "        peer.close()",
        ),
        go(
            "func wait() {\n\ttimer := take(5)\n\tdefer putBack(timer)\n\t<-timer.C\n}",
            before="func wait() {\n\ttimer := take(5)\n\t<-timer.C\n\ttimer.Stop()\n}",
        ),
        javascript(
            "function ask(s) { s.on('end', () => done(1)); }",
            before="function ask(s) { const t = setTimeout(fail); s.on('end', () => { clearTimeout(t); done(1); }); }",
        ),
        typescript(
            "function ask() { const peer = dial(); peer.ask(); peer.destroy(); }",
            before="function ask() { const peer = dial(); peer.ask(); peer.disconnect(); }",
        ),
        java(
            "class A { void f() { pool.ask(); } }",
            before="class A { void f() { Peer peer = dial(); peer.ask(); peer.close(); } }",
        ),
        *FURTHER_GOOD,
    )


SPEAKING = ("close", "dispose", "cleanup", "clean_up", "shutdown", "teardown", "release", "destroy", "disconnect")


def _closes(call: Call, every: bool = False) -> bool:
    if call.method in TIMERS:
        return len(call.arguments) == 1
    if call.receiver is None:
        return every and call.method == "close" and len(call.arguments) == 1  # Go's channels
    return call.method in CLOSERS


def _closed(call: Call) -> str:
    return text_of(call.receiver) if call.receiver is not None else call.arguments[0].text


def _key(call: Call) -> str:
    return f"{call.method}({_closed(call)})" if call.receiver is None and call.arguments else f"{call.written}("


def _is_certain(call: Call) -> bool:
    return call.use in ("deferred", "managed") or next(call.around(Finally), None) is not None


def _opening(call: Call) -> str:
    """How the base took hold of it: `using var x = f(`."""
    return call.file.line_text(call.start_line).strip().split("(")[0]
