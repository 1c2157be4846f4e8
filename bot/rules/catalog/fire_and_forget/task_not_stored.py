"""A task that nothing holds on to."""

from bot.domain import Severity
from bot.rules.api_rows import Task
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Call, Function, SourceFile, text_of

_COLLECTED = frozenset({"list", "tuple", "set", "list_comprehension", "set_comprehension", "expression_list"})


class TaskNotStored(Rule):
    """## What it finds
    `asyncio.create_task(…)` whose result is kept nowhere.

    ## Why it matters
    The event loop keeps only a weak reference. The garbage collector may take the task away in the middle of its work;
    that happens under memory pressure, so in production and not on a laptop. Its exception is lost as well.

    ## Use instead
    A `TaskGroup`, or a set that holds the task until it is done: `tasks.add(t); t.add_done_callback(tasks.discard)`.
    """

    name = "fire-and-forget/task-not-stored"
    severity = Severity.MEDIUM
    covered_by = ("ruff:RUF006", "sonar:python:S7502")
    languages = ("python",)
    sections = ("task",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Task)
        if row is None or row.loses != "the task" or call.is_awaited:
            return None
        chained = self._is_dropped_after(call, file)
        unused = call.assigned_to == "_" or (call.use == "assigned" and self._is_never_used(call, file))
        if call.use not in ("discarded", "returned") and not chained and not unused and not self._is_in_passing(call):
            return None
        if (
            call.node.parent is not None  # unprovable: narrows the type
            and call.node.parent.type == "named_expression"
        ):
            return None
        if call.use == "returned" and not self._is_callback(call.function):
            return None
        return Alarm(
            call,
            f"The task of `{call.written}` may vanish before it is done"[:80],
            "Nothing holds this task but a weak reference of the event loop, so the garbage collector may take it "
            "away half-done. Under load that happens without a trace, and if the task fails its exception is seen by "
            "nobody.",
            "Keep it until it is done (`tasks.add(task); task.add_done_callback(tasks.discard)`), or start it in an "
            "`asyncio.TaskGroup`.",
        )

    def _is_never_used(self, call: Call, file: SourceFile) -> bool:
        """Kept under a local name that nobody reads, in a function that waits for nothing more."""
        name, function = call.assigned_to, call.function
        if function is None:
            return False
        if (
            call.user is None  # unprovable: narrows the type
            or call.user.parent is None  # unprovable: narrows the type
            or call.user.parent.type == "assignment"
        ):
            return False  # `a = b = …`
        mentions = list(file.language.mentions(name, function.node))
        bound = [one for one in file.within(file.bindings, function.body) if text_of(one.target) == name]
        rest = file.between(call.node.end_byte, function.node.end_byte)
        return len(bound) == len(mentions) and "await" not in rest and "async " not in rest and "yield" not in rest

    def _is_in_passing(self, call: Call) -> bool:
        """`[create_task(f(x)) for x in all]` as a statement of its own; or asked whether it is true: it always is."""
        above = call.node.parent
        while (
            above is not None  # unprovable: narrows the type
            and above.type in _COLLECTED
        ):
            above = above.parent
        if above is None:  # unprovable: narrows the type
            return False
        if above.type == "conditional_expression":
            return above.named_children[1] == call.node
        return above.type in ("if_clause", "expression_statement")

    def _is_dropped_after(self, call: Call, file: SourceFile) -> bool:
        """`create_task(…).add_done_callback(log)`: the callback does not hold the task either."""
        outer = file.call_on(call)
        return outer is not None and outer.method == "add_done_callback"

    def _is_callback(self, function: Function | None) -> bool:
        """The lambda is handed to something that throws its result away."""
        if function is None:  # unprovable: narrows the type
            return False
        above = function.node.parent
        taker = function.file.call_at(above.parent) if above is not None else None  # unprovable: narrows the type
        return taker is not None and taker.method in ("call_later", "call_soon", "call_at", "add_signal_handler")

    bad = (
        python(
            "import asyncio\nasync def start(all):\n    [asyncio.create_task(poll(one)) for one in all]\n    log('on')",
            line=3,
        ),
        python("import asyncio\nasync def start():\n    return 1 if asyncio.create_task(poll()) else 2", line=3),
        python(
            "import asyncio\nasync def start(all):\n    return [a for a in all if asyncio.create_task(poll(a))]", line=3
        ),
        python("import asyncio\nasync def start():\n    task = asyncio.create_task(poll())\n    log('on')", line=3),
        python("import asyncio\nasync def start():\n    asyncio.create_task(poll())", line=3),
        python("from asyncio import ensure_future\ndef start():\n    ensure_future(poll())", line=3),
        python("import asyncio\nloop = asyncio.get_event_loop()\nloop.create_task(poll())", line=3),
        python(
            "import asyncio\nasync def start():\n    asyncio.create_task(poll()).add_done_callback(log)",
            line=3,
        ),
        python(
            "import asyncio\ndef start(loop):\n    loop.call_later(5, lambda: asyncio.create_task(poll()))",
            line=3,
        ),
        python(
            "import asyncio\ndef start():\n    pause = 5\n    task = asyncio.create_task(poll(pause))",
            line=4,
        ),
        python("import asyncio\nasync def start():\n    _ = asyncio.create_task(poll())\n    await serve()", line=3),
    )
    good = (
        python("import asyncio\nasync def start():\n    if (task := asyncio.create_task(poll())):\n        keep(task)"),
        python("import asyncio\nasync def start():\n    (task := asyncio.create_task(poll()))\n    keep(task)"),
        python("import asyncio\nasync def start(all):\n    return [asyncio.create_task(poll(one)) for one in all]"),
        python("import asyncio\nasync def start(on):\n    return asyncio.create_task(poll()) if on else None"),
        python("import asyncio\ndef run():\n    task = kept = asyncio.create_task(poll())"),
        python("import asyncio\nasync def run():\n    task = asyncio.create_task(poll())\n    await serve()"),
        python("import asyncio\nasync def run():\n    task = asyncio.create_task(poll())\n    keep(task)"),
        python("import asyncio\ndef run():\n    global task\n    task = asyncio.create_task(poll())"),
        python("import asyncio\nasync def start(self):\n    self.task = asyncio.create_task(poll())"),
        python(
            "import asyncio\nasync def start():\n    async with asyncio.TaskGroup() as tg:\n"
            "        tg.create_task(poll())"
        ),
        python("import asyncio\nasync def start(tasks):\n    tasks.append(asyncio.create_task(poll()))"),
        python("import asyncio\nasync def start():\n    await asyncio.create_task(poll())"),
        python("import asyncio\ndef start():\n    return asyncio.create_task(poll())"),
        python(
            "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(4)\ndef start():\n"
            "    pool.submit(poll)",
        ),
        python(
            "import asyncio\nstart = lambda: asyncio.create_task(poll())",
        ),
        python(
            "import asyncio\nloop = asyncio.new_event_loop()\ntask = loop.create_task(poll())",
        ),
        python(
            "import asyncio\nasync def start():\n    task = asyncio.create_task(poll())\n"
            "    async with server:\n        log('on')",
        ),
        python(
            "import asyncio\nasync def lifespan(app):\n    task = asyncio.create_task(poll())\n    yield",
        ),
        python(
            "import asyncio\nasync def start():\n    asyncio.create_task(poll()).cancel()",
        ),
        python(  # another rule's: it never runs
            "import asyncio\nasync def start():\n    asyncio.sleep(5)",
        ),
        python("import asyncio\napp.on_startup.append(lambda app: asyncio.create_task(poll()))"),
    )
