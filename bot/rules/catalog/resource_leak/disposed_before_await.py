"""Something disposed of while the work on it still runs."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Edit, Rule, csharp
from bot.syntax import Call, Node, Section, SourceFile, text_of

TASKS = frozenset({"Task", "ValueTask"})


class DisposedBeforeAwait(Rule):
    """## What it finds
    A `using` over a task that was not awaited; and a task returned out of the `using` of what it works on.

    ## Why it matters
    `using` disposes of the task, not of its result: a lock taken that way is never released, a stream never closed. And
    a task that is returned from inside a `using` goes on after the client is disposed of: it fails now and then with
    `ObjectDisposedException`, more often the slower the peer is.

    ## Use instead
    `using (await gate.EnterAsync())`; `return await client.GetAsync(…)` in an async method.
    """

    name = "resource-leak/disposed-before-await"
    severity = Severity.HIGH
    languages = ("csharp",)
    confidence = 0.9

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        for held in section.held:
            if self._is_task(held, section, file):
                function = section.function
                is_async = function is not None and function.is_async
                return Alarm(
                    section,
                    f"`using` over a task: `{text_of(held)[:40]}` is not awaited",
                    "The task is disposed of, and what it gives is not: the lock it takes is never released, the "
                    "handle it opens never closed. The block also begins before the task has ended.",
                    "Await it: `using (await …)`.",
                    (Edit(held.start_byte, held.start_byte, "await "),) if is_async and _is_call(held) else (),
                    last_line=section.start_line,
                )
        return None

    def _is_task(self, held: Node, section: Section, file: SourceFile) -> bool:
        call = file.call_at(held)
        if held.type == "await_expression":
            return False
        if call is not None:
            return call.method.endswith("Async") and call.node.type == "invocation_expression"
        return any(file.canonical(part, section) in TASKS for part in (held, *held.named_children))

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """`using var c = …; return c.GetAsync(…);` in a method that is not async."""
        function = call.function
        if function is None or function.is_async or not call.method.endswith("Async") or not self._leaves(call, file):
            return None
        opened = file.origin(call.receiver, call)
        if opened is None or opened.use != "managed" or opened.function is not function:
            return None
        name = text_of(call.receiver)
        return Alarm(
            call,
            f"`{name}` is disposed of before the returned task ends"[:80],
            f"The method returns the task and leaves the `using` at once, while `{name}.{call.method}` still works on "
            "what is being disposed of. It fails with `ObjectDisposedException` whenever the answer takes a while.",
            "Make the method async and `return await` the task.",
        )

    def _leaves(self, call: Call, file: SourceFile) -> bool:
        return any(jump.node == call.user for jump in file.jumps)

    bad = (
        csharp("class A { async Task F() {\n  using (gate.EnterAsync()) { n++; }\n} }", line=2),
        csharp("class A { void F(Task<IDisposable> t) {\n  using (t) { n++; }\n} }", line=2),
        csharp(
            "class A { Task<string> F() {\n  using var c = new HttpClient();\n  return c.GetStringAsync(u);\n} }",
            line=3,
        ),
        csharp(
            "class A { Task<string> F() {\n  using (var c = new HttpClient()) {\n"
            "    return c.GetStringAsync(u);\n  }\n} }",
            line=3,
        ),
        csharp("class A { async Task F(Task<IDisposable> t) {\n  using (t) { n++; }\n} }", line=2),
        csharp(
            "class A { void F(Task<IDisposable> t, Task<IDisposable> other) {\n  using (t ?? other) { n++; }\n} }",
            line=2,
        ),
        csharp(
            "using (gate.WaitAsync())\n{\n    Save();\n}",
        ),
        csharp(
            "class A { void F() { using (gate.WaitAsync()) { Save(); } } }",
        ),
    )
    good = (
        csharp("class A { async Task F() { using (await gate.EnterAsync()) { n++; } } }"),
        csharp("class A { void F() { using (var r = Open()) { n++; } } }"),
        csharp(
            "class A { async Task<string> F() { using var c = new HttpClient(); return await c.GetStringAsync(u); } }"
        ),
        csharp("class A { HttpClient c; Task<string> F() { return c.GetStringAsync(u); } }"),
        csharp("class A { string F() { using var c = new Reader(); return c.ReadAll(); } }"),
        csharp("class A { Task F() { lock (gate) { return c.RunAsync(); } } }"),
        csharp("class A { async Task F(Task t) { using var c = new HttpClient(); var p = c.RunAsync(); await p; } }"),
        csharp("class A { Task<string> F() { var c = new HttpClient(); return c.GetStringAsync(u); } }"),
        csharp(
            "class A { Task<string> F() { using var c = new Job(); return Later(() => { return c.RunAsync(u); }); } }"
        ),
        csharp("class A { void F() { using (var r = Open()) { Keep(c.RunAsync(r)); } } }"),
        csharp(
            "class A { async Task<string> F() { using var c = new Job(); var t = c.RunAsync(u); return await t; } }"
        ),
        csharp("class A { Task<string> F() { using var c = new Job(); Then(c.RunAsync(u)); return done; } }"),
        csharp(  # an object, made at once
            "class A { void F() { using (new ScopeAsync()) { Save(); } } }",
        ),
    )


def _is_call(node: Node) -> bool:
    return node.type == "invocation_expression"
