"""A call that stops a thread wherever it happens to be, or never starts it."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, csharp, java, python
from bot.syntax import Call, Function, SourceFile

STOPS = frozenset({"stop", "suspend", "resume", "destroy", "Abort", "Suspend", "Resume"})
THREADS = frozenset({"java.lang.Thread", "Thread", "System.Threading.Thread"})
CURRENT = ("Thread.currentThread", "Thread.CurrentThread")
STARTS_PROCESS = frozenset(f"subprocess.{name}" for name in ("Popen", "run", "call", "check_call", "check_output"))


class DangerousThreadCall(Rule):
    """## What it finds
    `Thread.stop`, `suspend`, `resume` in Java, `Thread.Abort` and its like in .NET; a Java thread whose `run()` is
    called instead of `start()`; and `preexec_fn` of Python's `subprocess`.

    ## Why it matters
    A thread that is stopped from outside lets go of its locks in the middle of a change, or keeps them for ever while
    it is suspended. `preexec_fn` runs Python between fork and exec, where a lock that another thread held at the fork
    is never released: the child hangs, now and then, in processes that use threads.

    ## Use instead
    Ask the thread to end (`interrupt()`, `CancellationToken`, an event); `start_new_session=True`, `process_group=0`,
    `umask=` or `user=` instead of `preexec_fn`.
    """

    name = "lock-hazard/dangerous-thread-call"
    severity = Severity.HIGH
    languages = ("python", "java", "csharp")
    methods = STOPS | {"run", "Popen", "call", "check_call", "check_output"}
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if file.language.name == "python":
            return self._runs_python_after_fork(call) if call.name in STARTS_PROCESS else None
        if call.method not in STOPS and call.method != "run":
            return None
        if not self._is_thread(call, file):
            return None
        if call.method == "run":
            return self._runs_here(call) if not self._is_in_another_thread(call) else None
        return Alarm(
            call,
            f"`{call.written}` stops a thread wherever it happens to be"[:80],
            "The thread is stopped between any two instructions: it leaves half-made changes behind, and its locks "
            "either open over them or held for good. Newer runtimes refuse the call altogether.",
            "Ask it to end: interrupt it or cancel its token, and let it leave where its state is whole.",
        )

    def _is_thread(self, call: Call, file: SourceFile) -> bool:
        name = file.canonical(call.receiver, call)
        return name in THREADS or name.endswith(CURRENT)

    def _is_in_another_thread(self, call: Call) -> bool:
        """`new Thread(() -> { pause(); hook.run(); })`: that one is the thread that it runs in."""
        tasks = (
            function.node.parent
            for function in call.around(Function)
            if function.node.parent is not None  # unprovable: narrows the type
        )
        takers = (call.file.call_at(task.parent) for task in tasks)
        return any(taker is not None and taker.name in THREADS for taker in takers)

    def _runs_here(self, call: Call) -> Alarm:
        return Alarm(
            call,
            f"`{call.written}` runs the work in this very thread"[:80],
            "`run()` is an ordinary method: no thread is started, and the caller waits until all is done. A request "
            "that was to hand its work over blocks instead.",
            "Call `start()`.",
        )

    def _runs_python_after_fork(self, call: Call) -> Alarm | None:
        given = call.keywords.get("preexec_fn")
        if given is None or given.text == "None":
            return None
        return Alarm(
            call,
            "`preexec_fn` can hang the child in a process with threads",
            "This function runs after the fork, with every lock as the other threads held it and no thread left to "
            "release them. Now and then the child so hangs before it has begun, and whoever waits for it as well.",
            "Use `start_new_session=True`, `process_group=0`, `umask=` or `user=`, which need no Python in the child.",
        )

    bad = (
        python("import os, subprocess\np = subprocess.Popen(['job'], preexec_fn=os.setsid)", line=2),
        java("class A { void f(Thread worker) {\n  worker.stop();\n} }", line=2),
        java("class A { void f() {\n  Thread.currentThread().suspend();\n} }", line=2),
        java("class A { void f() {\n  Thread t = new Thread(job);\n  t.run();\n} }", line=3),
        java("class A { void f(Thread worker) {\n  retry(() -> worker.run());\n} }", line=2),
        csharp("class A { Thread _t; void F() {\n  _t.Abort();\n} }", line=2),
    )
    good = (
        python("import subprocess\np = subprocess.Popen(['job'], start_new_session=True)"),
        python("import subprocess\np = subprocess.Popen(['job'], preexec_fn=None)"),
        python("start(job, preexec_fn=prepare)"),
        java("class A { void f(Thread worker) { worker.interrupt(); } }"),
        java("class A { void f(Server server) { server.stop(); } }"),
        java("class A { void f(Runnable job) { job.run(); } }"),
        java("class A { void f(Thread hook) { new Thread(() -> { pause(); hook.run(); }).start(); } }"),
        csharp("class A { void F(HttpContext c) { c.Abort(); } }"),
        csharp("class A { void F(Thread t) { t.Run(); } }"),
    )
