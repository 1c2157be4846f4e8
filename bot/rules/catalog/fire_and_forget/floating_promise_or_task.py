"""A promise, coroutine or future whose outcome nobody looks at."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound, Task
from bot.rules.apis import find
from bot.rules.catalog.fire_and_forget.floating_promise_or_task_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.futures import dropped_futures, is_future, nested_blocks
from bot.rules.own import given_functions, gives_future, is_loop_of_tries, is_one_try, own_functions
from bot.rules.places import is_script
from bot.rules.rule import Alarm, Example, Rule, csharp, java, javascript, kotlin, python, rust, typescript
from bot.rules.settling import (
    is_all_that_is_done,
    leaves_failures_to_settled,
    may_be_left,
    settles_its_failures,
    takes_failure,
)
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Class, Function, Shape, SourceFile, text_of

HANDLES_FAILURE = {
    "javascript": frozenset({"catch"}),
    "java": frozenset({"exceptionally", "handle", "handleAsync", "whenComplete", "whenCompleteAsync"}),
}
PASSES_ON = {
    "javascript": frozenset({"then", "finally"}),
    "java": frozenset({"thenAccept", "thenApply", "thenRun", "thenCompose", "thenAcceptAsync", "thenRunAsync"}),
    "csharp": frozenset({"ConfigureAwait", "ContinueWith", "Unwrap"}),
}
HANDLES_FAILURE["typescript"], PASSES_ON["typescript"] = HANDLES_FAILURE["javascript"], PASSES_ON["javascript"]
GIVES_NO_TASK = regex(r"^(?:Download|Upload|Open(?:Read|Write)|RunWorker|Load|Cancel)\w*Async$")
"""Methods of .NET's older event pattern: they end in `Async` and return nothing."""

SETTLES = regex(r"[\w.?!]+\.(?:TrySet\w+|Set(?:Result|Exception|Canceled)|complete|completeExceptionally)\([^;]*\)$")
LOOKS_AT_FAILURE = regex(r"Exception|IsFaulted|IsCompleted|\.Status\b|await \w+")


class FloatingPromise(Rule):
    """## What it finds
    An asynchronous call, known as such from this file or from its library, whose result is thrown away: not awaited,
    not returned, no `catch`. Of JavaScript and TypeScript a review says it where the caller could wait: it is `async`,
    or has a `try` around it.

    ## Why it matters
    The code goes on before the work is done, and nobody hears of its failure. In Node.js an unhandled rejection ends
    the process; in Python a coroutine that is not awaited never even starts, nor does a future in Rust; a Java future
    swallows the exception.

    ## Use instead
    `await` it, return it, or handle its failure where it is started.
    """

    name = "fire-and-forget/floating-promise-or-task"
    severity = Severity.HIGH
    covered_by = (
        "eslint:@typescript-eslint/no-floating-promises",
        "dotnet:CS4014",
        "dotnet:VSTHRD110",
        "dotnet:MA0134",
        "errorprone:FutureReturnValueIgnored",
    )
    languages = ("python", "javascript", "typescript", "java", "csharp", "kotlin", "rust")
    shown_only_in = ("javascript", "java", "kotlin", "csharp")
    """On record best effort, or a task that tells of its failures itself or settles another source; in async methods
    the compiler of C# tells as well."""
    sections = ("task",)
    every_call_in = languages
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        language = file.language.name
        if language == "rust":
            dropped = (
                call.assigned_to == "_"
                and call.user is not None  # unprovable: narrows the type
                and call.user.child_by_field_name("type") is None
            )
            return self._never_polled(call, call) if dropped and is_future(call) else None
        if call.use != "discarded" or call.is_awaited or self._is_said_elsewhere(call, language):
            return None
        started = self._started_by(call, language)
        if started is None or not (self._is_chained(call, language) or self._is_asynchronous(started, file)):
            return None
        if (task := find(started, Task)) is not None and task.loses == "nothing":
            return None
        if self._settles_another(call) or "callback" in started.keywords:
            return None  # what becomes of it is heard of elsewhere
        if b"ignore[unused-coroutine]" in file.line_bytes(call.end_line):
            return None  # its author knows, and the type checker was told
        if call.function is None and language.endswith("script") and is_script(file):
            return None  # its rejection ends the script with an error, as it should
        what, cost = _COST[language]
        told = f"The {what} of `{started.written}` is thrown away, so this function goes on before the work is done."
        return Alarm(
            call,
            f"Nobody waits for `{started.written}`"[:80],
            _NO_PAUSE if started.name in _PAUSES else f"{told} {cost}",  # unprovable: a choice of words
            _FIX[language],
            severity=Severity.MEDIUM if language in ("java", "kotlin", "csharp") else None,
            confidence=SHOWN_ONLY if language.endswith("script") and may_be_left(call, started) else None,
        )

    def check_file(self, file: SourceFile) -> list[Alarm]:
        """Rust: `let _ = future;`, and an `async` block whose value is another one."""
        if file.language.name != "rust":
            return []
        return [self._never_polled(at, made) for at, made in (*dropped_futures(file), *nested_blocks(file))]

    def _never_polled(self, at: Shape, made: Call | None) -> Alarm:
        what = f"`{made.written}`" if made is not None else "this block"
        return Alarm(
            at,
            f"{what[0].upper()}{what[1:]} is never run: nobody awaits it"[:80],
            f"A future does nothing until it is awaited, and the one of {what} is dropped here. The work is simply not "
            "done, and nothing fails that could tell of it.",
            "Write `.await`, or hand it to `tokio::spawn` and keep the handle.",
            last_line=at.start_line,
        )

    def _is_said_elsewhere(self, call: Call, language: str) -> bool:
        """In an async method the C# compiler warns by itself (CS4014)."""
        if language != "csharp":
            return False
        around = call.function
        return around.is_async if around is not None else next(call.around(Class), None) is None

    def _started_by(self, call: Call, language: str) -> Call | None:
        """The call that starts the work, through `.then` and its like; None where a handler takes its failure."""
        passes, handles = PASSES_ON.get(language, frozenset()), HANDLES_FAILURE.get(language, frozenset())
        works_afterwards = False
        while call.method in passes or call.method in handles:
            if takes_failure(call) if language.endswith("script") else call.method in handles:
                return call if works_afterwards else None
            if LOOKS_AT_FAILURE.search(call.text.rpartition("ContinueWith")[2]):
                return None
            works_afterwards = works_afterwards or (call.method == "then" and self._may_fail(call))
            earlier = call.receiver_call
            if earlier is None:
                return call
            call = earlier
        return call

    def _may_fail(self, call: Call) -> bool:
        """What it is given calls something; a few assignments do not fail."""
        file = call.file
        written = [one for given in call.arguments for one in file.within(file.functions, given.node)[:1]]
        return bool(call.arguments) and (not written or any(file.within(file.calls, one.node) for one in written))

    def _settles_another(self, call: Call) -> bool:
        """All it does is to settle another promise, which is where its failure is read."""
        inside = call.file.within(call.file.functions, call.node)
        if not inside:
            return False
        if SETTLES.match(text_of(inside[0].body).strip("{}; \n")):
            return True
        around = call.function
        returned = {
            jump.text.removeprefix("return").strip("; ")
            for jump in call.file.within(call.file.jumps, around.body if around is not None else None)
        }
        given = {a.text for one in call.file.within(call.file.calls, inside[0].node) for a in one.all_arguments}
        return any(name.isidentifier() for name in returned & given)

    def _is_chained(self, call: Call, language: str) -> bool:
        """Only a promise has `then`, apart from the commands of a browser test."""
        if language == "java":
            return call.method in PASSES_ON["java"]
        if not language.endswith("script") or call.method not in PASSES_ON["javascript"]:
            return False
        first = call
        while (earlier := first.receiver_call) is not None:
            first = earlier
        return first.method != "when" and not call.text.startswith("cy.")

    def _is_asynchronous(self, call: Call, file: SourceFile) -> bool:
        language = file.language.name
        task, row = find(call, Task), find(call, Outbound)
        if (task is not None and task.loses == "its error") or (row is not None and row.promise):
            return not any(is_one_try(given) or is_loop_of_tries(given) for given in given_functions(call))
        if call.function is None and language not in ("java", "kotlin", "csharp"):
            return False  # at the top of a script the runtime itself reports what fails
        own = own_functions(call)
        if language == "java" and all(len(one.parameters) != len(call.arguments) for one in own):
            return False  # an overload that another file has
        if own:
            return all(gives_future(function) and not self._settles_itself(function, call) for function in own)
        return language == "csharp" and self._is_named_async(call, file)

    def _is_named_async(self, call: Call, file: SourceFile) -> bool:
        """By .NET's naming rule what ends in `Async` gives a task."""
        return (
            call.receiver is not None
            and call.method.endswith("Async")
            and not GIVES_NO_TASK.match(call.method)
            and not file.functions_named(call.method)
        )

    def _settles_itself(self, function: Function, call: Call) -> bool:
        """Its whole body is one try with a handler (no help in Python: it never runs); or it says it may be left."""
        file = call.file
        if file.language.name == "python":
            return any(name in function.text for name in ("yield",))
        settles = settles_its_failures(function) or leaves_failures_to_settled(function)
        if settles and not is_all_that_is_done(call):
            return True
        same = file.functions_named(function.name)  # what it overrides may say so
        return is_one_try(function) or any("@CanIgnoreReturnValue" in file.language.modifiers(one.node) for one in same)

    bad = (
        javascript("loadUser(id).then((user) => show(user));"),  # only a promise has `then`
        python("async def save(order): ...\n\nasync def close(order):\n    save(order)\n    log('saved')", line=4),
        typescript(
            "class Orders {\n  async save(o: Order) { await this.db.put(o); }\n  close(o: Order) {\n"
            "    this.save(o);\n  }\n}",
            line=4,
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
        kotlin(
            "import java.util.concurrent.*\n\nfun f(pool: ExecutorService) {\n"
            "    pool.submit { save(order) }\n    next()\n}",
            line=4,
        ),
        rust("async fn save(o: Order) {}\n\nfn close(o: Order) {\n    let _ = save(o);\n}", line=4),
        Example(
            "kotlin",
            "import java.util.concurrent.*\n\nval pool: ExecutorService = open()\npool.submit { save(order) }",
            line=4,
            path="scripts/close.kts",
        ),
        *FURTHER_BAD,
    )
    good = (
        javascript("load().then(show).catch(log).finally(done);"),
        python("async def save(callback): ...\ndef close():\n    save(callback=log)"),
        python("async def save(): ...\nasync def many():\n    yield 1\ndef close():\n    many()"),
        java("class A { void f() { client.send(o).thenAccept(r -> store(r)).exceptionally(e -> log(e)); } }"),
        Example("javascript", "loadUser(id).then((user) => show(user));", path="scripts/release.js"),
        csharp("class A { void F() { Task.Run(() => source.TrySetResult(order)); } }"),
        typescript("async function save() { await db.put(1); }\nasync function close() { void save(); }"),  # said so
        kotlin(
            "import java.util.concurrent.*\n\nfun f(pool: ExecutorService) {\n"
            "    pool.execute { save(order) }\n    val done = pool.submit { save(order) }\n    show(done)\n}"
        ),
        rust(
            "async fn save(o: Order) {}\n\nasync fn close(o: Order) {\n    let _ = save(o).await;\n"
            "    let _kept = save(o);\n}"
        ),
        *FURTHER_GOOD,
    )


_COST = {
    "python": ("coroutine", "Python never starts a coroutine that nobody awaits: the work is simply not done."),
    "java": ("future", "Its exception stays inside the future, so the work fails without a line in the log."),
    "csharp": ("task", "Its exception is observed by nobody, so the work fails without a line in the log."),
    "javascript": ("promise", "When it rejects, nothing handles that, and Node.js ends the whole process."),
}
_PAUSES = ("asyncio.sleep", "anyio.sleep", "trio.sleep")
_NO_PAUSE = (
    "Python never starts a coroutine that nobody awaits, so there is no pause here: a loop around it goes round "
    "without one, as fast as it can."
)
_COST["typescript"] = _COST["javascript"]
_COST["kotlin"] = _COST["java"]
_FIX = {
    "python": "Await it, or start it as a task that is kept and whose exception is read.",
    "java": "Keep the future and read it with a timeout, or use `execute` with a handler that logs and counts.",
    "csharp": "Await it, or hand it to something that logs its exception.",
    "javascript": "Await or return it; where it shall run on its own, add `.catch(…)` that logs and counts.",
}
_FIX["typescript"] = _FIX["javascript"]
_FIX["kotlin"] = _FIX["java"]
