"""A thread per task, without a limit."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, java
from bot.syntax import Call, SourceFile

_GROWS = regex(r"(?i)\b(?:grows?|unbounded|on demand|no (?:upper )?limit|as many)\b")
_ABOVE = 2
CACHED = "java.util.concurrent.Executors.newCachedThreadPool"


class ExecutorWithoutLimit(Rule):
    """## What it finds
    A `newCachedThreadPool`: it starts a thread for every task that finds no idle one.

    ## Why it matters
    When what the tasks wait for gets slow, the tasks pile up, and each has a thread. Thousands of them take a megabyte
    of stack each; the process fails with `unable to create native thread`, and the host with it.

    ## Use instead
    A `ThreadPoolExecutor` with a maximum and a bounded queue, or virtual threads behind a semaphore.
    """

    name = "unbounded-concurrency/executor-without-limit"
    severity = Severity.MEDIUM
    languages = ("java",)
    names = frozenset({CACHED})
    confidence = 0.45  # what bounds the number of tasks may stand elsewhere

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name != CACHED or call.use == "receiver" or self._is_short_lived(call) or self._is_meant(call):
            return None
        return Alarm(
            call,
            "This thread pool has no upper limit",
            "`newCachedThreadPool` starts another thread for every task while the others are busy. When a dependency "
            "gets slow, thousands of threads wait for it, and the process dies for want of memory or of threads.",
            "Use a `ThreadPoolExecutor` with a maximum size and a bounded queue.",
        )

    def _is_meant(self, call: Call) -> bool:
        """A comment above the method, or in it, says that the pool grows."""
        first = call.function.start_line if call.function is not None else call.start_line
        return any(_GROWS.search(c.text) for c in call.file.comments if first - _ABOVE <= c.end_line <= call.start_line)

    def _is_short_lived(self, call: Call) -> bool:
        """A program's `main`, or a pool that a `try` closes."""
        function = call.function
        return call.use == "managed" or (function is not None and function.name == "main")

    bad = (
        java(
            "import java.util.concurrent.Executors;\nclass A {\n  /** For the feeds. */\n"
            "  Object f() { return Executors.newCachedThreadPool(); }\n}",
            line=4,
        ),
        java(
            "import java.util.concurrent.Executors;\nclass A {\n  /** Grows on demand. */\n  int feeds;\n  int rest;\n"
            "\n  Object f() { return Executors.newCachedThreadPool(); }\n  // no limit here\n}",
            line=7,
        ),
        java("import java.util.concurrent.*;\nclass A { final Executor e = Executors.newCachedThreadPool(); }", line=2),
        java(
            "import java.util.concurrent.Executors;\nclass A { void f() {\n"
            "  run(Executors.newCachedThreadPool());\n} }",
            line=3,
        ),
    )
    good = (
        java(
            "import java.util.concurrent.Executors;\nclass A {\n  /** Grows on demand: each feed holds a thread. */\n"
            "  Object f() {\n    int feeds = count();\n    note(feeds);\n"
            "    return Executors.newCachedThreadPool();\n  }\n}"
        ),
        java("import java.util.concurrent.*;\nclass A { final Executor e = Executors.newFixedThreadPool(8); }"),
        java(
            "import java.util.concurrent.*;\nclass A { public static void main(String[] a) {\n"
            "  Executor e = Executors.newCachedThreadPool();\n} }"
        ),
        java(
            "import java.util.concurrent.*;\n"
            "class A { void f() { try (var e = Executors.newCachedThreadPool()) { g(e); } } }"
        ),
        java("import java.util.concurrent.*;\nclass A { void f() { Executors.newCachedThreadPool().submit(task); } }"),
        java("import java.util.concurrent.*;\nclass A { Object p = Executors.newFixedThreadPool(4); }"),
    )
