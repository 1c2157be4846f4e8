"""Waiting for a task by blocking, inside async code."""

import re
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.own import gives_future, own_functions
from bot.rules.rule import Alarm, Edit, Rule, csharp
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile, text_of

DONE_ALREADY = regex(r"\.IsCompleted|WhenAll|WhenAny|await\s+{name}\b")


class SyncOverAsync(Rule):
    """## What it finds
    `.Result`, `.Wait()` or `.GetAwaiter().GetResult()` on a task inside an `async` method.

    ## Why it matters
    It blocks the thread that the task may need to finish: with a synchronisation context that is a deadlock at once,
    without one a thread of the pool less for each request. Under load the pool runs dry and the service stands still
    with an idle CPU.

    ## Use instead
    `await`.
    """

    name = "blocking-in-async/sync-over-async"
    severity = Severity.HIGH
    covered_by = ("dotnet:VSTHRD002", "dotnet:CA1849")
    languages = ("csharp",)
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        around = call.function
        if around is None or not around.is_async or call.is_awaited:
            return None
        if call.method == "GetResult" and call.receiver_call is not None:
            waiter = call.receiver_call
            task = (
                waiter.receiver if waiter.method == "GetAwaiter" and self._is_pending(waiter, waiter.receiver) else None
            )
            # on record it is done by then, or the author says why: nobody writes this by mistake
            return replace(self._alarm(call, text_of(task), ()), confidence=SHOWN_ONLY) if task is not None else None
        if call.method == "Wait" and not call.all_arguments and call.receiver_call is not None:
            return self._alarm(call, text_of(call.receiver), ()) if self._gives_task(call.receiver_call) else None
        user = call.user
        if (
            user is not None  # unprovable: narrows the type
            and call.use == "receiver"
            and self._gives_task(call)
        ):
            member = text_of(user.child_by_field_name("name"))
            edit = Edit(call.node.start_byte, user.end_byte, f"(await {call.text})")
            return self._alarm(call, call.text, (edit,)) if member == "Result" else None
        return None

    def _gives_task(self, call: Call) -> bool:
        own = own_functions(call)
        return all(gives_future(f) for f in own) if own else call.method.endswith("Async") or call.name == "Task.Run"

    def _is_pending(self, waiter: Call, task: object) -> bool:
        """Not where the same task was awaited before: then it is only read."""
        name, around = text_of(task), waiter.function  # type: ignore[arg-type]
        if around is None:  # unprovable: narrows the type
            return False
        before = waiter.file.between(around.node.start_byte, waiter.node.start_byte)
        return not (name.isidentifier() and re.search(DONE_ALREADY.pattern.replace("{name}", name), before))

    def _alarm(self, call: Call, task: str, edits: tuple[Edit, ...]) -> Alarm:
        shown = task if len(task) <= 40 and "\n" not in task else f"{task.split('(')[0].rpartition('.')[2].strip()}(…)"
        return Alarm(
            call,
            f"This async method blocks its thread on `{shown}`"[:80],
            "The thread waits here for a task that may need this very thread to finish. With a synchronisation context "
            "that is a deadlock; without one every request holds a pool thread, and under load the service stands "
            "still.",
            "Await it.",
            edits,
        )

    bad = (
        csharp("class A { async Task F() {\n  var o = LoadAsync().Result;\n  await Save(o);\n} }", line=2),
        csharp("class A { async Task F() {\n  client.SendAsync(o).Wait();\n} }", line=2),
        csharp("class A { async Task F() {\n  var o = task.GetAwaiter().GetResult();\n} }", line=2),
        csharp("class A { async Task F() {\n  var o = Load().Result; }\n  Task<O> Load() => db.Get(); }", line=2),
        csharp("class A { async Task F() {\n  var o = LoadAsync().GetAwaiter().GetResult();\n} }", line=2),
        csharp(
            "class A { async Task F() {\n  client.SendToWarehouseAsync(order, reply, limit).Wait();\n"
            "  var o = LoadAsync(\n    1).Result;\n  var n = Task.Run(() => Count()).Result;\n} }",
            line=2,
            also=(3, 5),
        ),
        csharp("class A { static async Task Main() {\n  LoadAsync().GetAwaiter().GetResult();\n} }", line=2),
        csharp(
            "class A { async Task F() {\n  await Task.WhenAll(all);\n  var o = LoadAsync().GetAwaiter().GetResult();\n"
            "} }",
            line=3,
        ),
    )
    good = (
        csharp("class A { async Task F() { var o = await LoadAsync(); } }"),
        csharp("class A { void F() { var o = LoadAsync().Result; } }"),
        csharp("class A { async Task F() { await task; var o = task.GetAwaiter().GetResult(); } }"),
        csharp("class A { async Task F() { var o = Load().Result; }\n  Answer Load() => db.Get(); }"),
        csharp("class A { async Task F() { gate.Open().Wait(); } }"),
        csharp("class A { async Task F() { client.SendAsync(o).Wait(500); } }"),
        csharp("class A { async Task F() { var o = LoadAsync().Id; } }"),
        csharp(
            "Task.Run(() => Save(order)).Wait();",
        ),
        csharp(
            "class A { async Task F() { var o = (await LoadAsync()).Result; SaveAsync(o).AsTask(); "
            "gate.Wait(); await Save(o); } }",
        ),
        csharp(
            "class A { async Task F() { var Result = LoadAsync(); await Save(Result); } }",
        ),
        csharp("class A { async Task F() { var o = kept.GetResult(); Tell(poll.Next().GetResult()); } }"),
    )
