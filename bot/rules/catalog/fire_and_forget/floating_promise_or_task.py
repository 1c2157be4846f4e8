"""A promise, coroutine or future whose outcome nobody looks at."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound, Task
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, python, typescript
from bot.syntax import Call, Function, SourceFile

SETTLERS = frozenset({"catch"})
PASSERS = frozenset({"then", "finally"})


class FloatingPromise(Rule):
    """## What it finds
    An asynchronous call, known as such from this file or from its library, whose result is thrown away: not awaited,
    not returned, no `catch`.

    ## Why it matters
    The code goes on before the work is done, and nobody hears of its failure. In Node.js an unhandled rejection ends
    the process; in Python a coroutine that is not awaited never even starts; a Java future swallows the exception.

    ## Use instead
    `await` it, return it, or handle its failure where it is started.
    """

    name = "fire-and-forget/floating-promise-or-task"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript", "java", "csharp")
    sections = ("task",)
    every_call = True
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.use != "discarded" or call.is_awaited:
            return None
        started = self._started_by(call)
        language = file.language.name
        if started is None or not (self._is_chained(call, language) or self._is_asynchronous(started, file)):
            return None
        what, cost = _COST[language]
        return Alarm(
            call,
            f"Nobody waits for `{started.written}`"[:80],
            f"The {what} of `{started.written}` is thrown away, so this function goes on before the work is done. "
            f"{cost}",
            _FIX[language],
            severity=Severity.MEDIUM if language in ("java", "csharp") else None,
        )

    def _started_by(self, call: Call) -> Call | None:
        """The call that starts the work, through `.then` and `.finally`; None where a handler takes its failure."""
        while call.method in PASSERS or call.method in SETTLERS:
            if call.method in SETTLERS or (call.method == "then" and len(call.arguments) > 1):
                return None
            earlier = call.receiver_call
            if earlier is None:
                return call
            call = earlier
        return call

    def _is_chained(self, call: Call, language: str) -> bool:
        """Only a promise has `then`, apart from the commands of a browser test."""
        return language in ("javascript", "typescript") and call.method in PASSERS and not call.text.startswith("cy.")

    def _is_asynchronous(self, call: Call, file: SourceFile) -> bool:
        language = file.language.name
        task = find(call, Task)
        if task is not None and task.loses == "its error":
            return True
        row = find(call, Outbound)
        if row is not None and row.promise:
            return True
        if language == "java" or not call.name.startswith("./") or call.function is None:
            return False  # at the top of a script the runtime itself reports what fails
        function = file.function_named(call.name.removeprefix("./"))
        return function is not None and function.is_async and not self._guards_itself(function, file)

    def _guards_itself(self, function: Function, file: SourceFile) -> bool:
        """Its whole body is one try with a handler: it settles its failures by itself (not so in Python: never run)."""
        if file.language.name == "python":
            return any(name in function.text for name in ("yield",))
        body = function.body
        statements = [child for child in body.named_children if "comment" not in child.type] if body is not None else []
        return len(statements) == 1 and statements[0].type == "try_statement"

    bad = (
        javascript("loadUser(id).then((user) => show(user));"),  # only a promise has `then`
        python("async def save(order): ...\n\nasync def close(order):\n    save(order)\n    log('saved')", line=4),
        python("class A:\n    async def save(self): ...\n    async def close(self):\n        self.save()", line=4),
        javascript("function report(event) {\n  fetch(url, { method: 'POST', signal });\n}", line=2),
        javascript("async function save(o) { await db.put(o); }\nfunction close(o) {\n  save(o).then(log);\n}", line=3),
        typescript(
            "class Orders {\n  async save(o: Order) { await this.db.put(o); }\n  close(o: Order) {\n"
            "    this.save(o);\n  }\n}",
            line=4,
        ),
        typescript(
            "import axios from 'axios';\nexport function ping() {\n  axios.get(url, { timeout: 500 });\n}", line=3
        ),
        java(
            "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n"
            "  pool.submit(() -> save(order));\n} }",
            line=3,
        ),
        csharp(
            "class A {\n  async Task Save(Order o) { await db.Put(o); }\n  void Close(Order o) {\n    Save(o);\n  }\n}",
            line=4,
        ),
    )
    good = (
        python("async def save(order): ...\n\nasync def close(order):\n    await save(order)"),
        python("def save(order): ...\n\nasync def close(order):\n    save(order)"),
        python("async def save(order): ...\n\nasync def close(group, order):\n    group.start_soon(save, order)"),
        javascript("function report(event) { fetch(url, { signal }).catch(log); }"),
        javascript(
            "async function save(o) { try { await db.put(o); } catch (e) { log(e); } }\nfunction close(o) { save(o); }"
        ),
        typescript("async function save() { await db.put(1); }\nasync function close() { void save(); }"),  # said so
        typescript("async function main() { await run(); }\nmain();"),  # a script's last line
        java(
            "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) { pool.execute(() -> save(o)); } }"
        ),
        java(
            "import java.util.concurrent.*;\n"
            "class A { Object f(ExecutorService pool) { return pool.submit(() -> save(o)); } }"
        ),
        csharp("class A { async Task Save() { await db.Put(); } async Task Close() { await Save(); } }"),
        csharp("class A { async Task Save() { await db.Put(); } void Close() { _ = Save(); } }"),
    )


_COST = {
    "python": ("coroutine", "Python never starts a coroutine that nobody awaits: the work is simply not done."),
    "java": ("future", "Its exception stays inside the future, so the work fails without a line in the log."),
    "csharp": ("task", "Its exception is observed by nobody, so the work fails without a line in the log."),
    "javascript": ("promise", "When it rejects, nothing handles that, and Node.js ends the whole process."),
}
_COST["typescript"] = _COST["javascript"]
_FIX = {
    "python": "Await it, or start it as a task that is kept and whose exception is read.",
    "java": "Keep the future and read it with a timeout, or use `execute` with a handler that logs and counts.",
    "csharp": "Await it, or hand it to something that logs its exception.",
    "javascript": "Await or return it; where it shall run on its own, add `.catch(…)` that logs and counts.",
}
_FIX["typescript"] = _FIX["javascript"]
