"""A thread pool whose limits do not do what they say."""

from bot.domain import Severity
from bot.rules.api_rows import Blocking, Outbound
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, java
from bot.syntax import Call, SourceFile

POOL = "java.util.concurrent.ThreadPoolExecutor"
QUEUES = frozenset({"java.util.concurrent.LinkedBlockingQueue", "java.util.concurrent.LinkedBlockingDeque"})
COMMON = frozenset(
    {"java.util.concurrent.CompletableFuture.supplyAsync", "java.util.concurrent.CompletableFuture.runAsync"}
)


class ExecutorSizing(Rule):
    """## What it finds
    A `ThreadPoolExecutor` with an unbounded queue in front of its maximum size; and a `CompletableFuture` that blocks a
    thread of the common pool on a remote call.

    ## Why it matters
    A pool starts threads above its core size only when its queue is full, and an unbounded queue never is: the pool
    stays at its core size, and the queue grows until the memory is gone. The common pool has one thread a core, shared
    by all parallel streams and futures of the process: a few slow calls stop all of them.

    ## Use instead
    A queue with a capacity and a rejection policy; an executor of its own for work that blocks.
    """

    name = "unbounded-concurrency/executor-sizing"
    severity = Severity.MEDIUM
    languages = ("java",)
    names = COMMON | {POOL}
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name == POOL and len(call.arguments) >= 5:
            return self._never_grows(call, file)
        if call.name in COMMON and len(call.arguments) == 1:
            return self._blocks_the_common_pool(call, file)
        return None

    def _never_grows(self, call: Call, file: SourceFile) -> Alarm | None:
        core, most = call.arguments[0].text, call.arguments[1].text
        queue = file.origin(call.arguments[4].node, call)
        if core == most or queue is None or queue.name not in QUEUES or queue.arguments:
            return None
        return Alarm(
            call,
            f"The pool never grows past its core size ({core}): its queue is never full"[:80],
            f"Threads beyond `{core}` start only when the queue is full, and this queue has no limit. Under load the "
            "pool stays small while tasks pile up until the heap is gone, and `setMaximumPoolSize` changes nothing.",
            "Give the queue a capacity, and the pool a `RejectedExecutionHandler`.",
        )

    def _blocks_the_common_pool(self, call: Call, file: SourceFile) -> Alarm | None:
        given = call.arguments[0].node
        if given.type != "lambda_expression":
            return None
        slow = next((one for one in file.within(file.calls, given) if self._blocks(one)), None)
        if slow is None:
            return None
        return Alarm(
            call,
            f"`{slow.written}` blocks a thread of the common pool"[:80],
            "Without an executor the future runs in the common pool, which has about one thread a core for the whole "
            f"process. A few calls of `{slow.written}` that take long stop every other future and parallel stream.",
            "Hand in an executor of its own for blocking work, with a bounded queue.",
        )

    def _blocks(self, call: Call) -> bool:
        outbound = find(call, Outbound)
        return (outbound is not None and outbound.blocks) or find(call, Blocking) is not None

    bad = (
        java(
            "import java.util.concurrent.*;\nclass A { Executor e =\n"
            "  new ThreadPoolExecutor(2, 50, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()); }",
            line=3,
        ),
        java(
            "import java.util.concurrent.*;\nclass A { void f() {\n"
            "  CompletableFuture.runAsync(() -> Thread.sleep(5000));\n} }",
            line=3,
        ),
        java(
            "import java.net.URL;\nimport java.util.concurrent.*;\nclass A { void f(String address) {\n"
            "  CompletableFuture.supplyAsync(() -> new URL(address).openStream());\n} }",
            line=4,
        ),
    )
    good = (
        java(
            "import java.util.concurrent.*;\nclass A { Executor e =\n"
            "  new ThreadPoolExecutor(8, 8, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()); }"
        ),
        java(
            "import java.util.concurrent.*;\nclass A { Executor e =\n"
            "  new ThreadPoolExecutor(2, 50, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(100)); }"
        ),
        java(
            "import java.util.concurrent.*;\nclass A { Executor e =\n"
            "  new ThreadPoolExecutor(2, 50, 1, TimeUnit.MINUTES, new SynchronousQueue<>()); }"
        ),
        java(
            "import java.util.concurrent.*;\nclass A { void f() {\n"
            "  CompletableFuture.runAsync(() -> Thread.sleep(5000), own);\n} }"
        ),
        java("import java.util.concurrent.*;\nclass A { void f() { CompletableFuture.supplyAsync(() -> n + 1); } }"),
        java("import java.util.concurrent.*;\nclass A { Object p = new ThreadPoolExecutor(4); }"),
        java("import java.util.concurrent.*;\nclass A { Object p = new ThreadPoolExecutor(4, 8, 1, S, queue); }"),
        java(
            "import java.util.concurrent.*;\n"
            "class A { void f() { CompletableFuture.runAsync(task(() -> Thread.sleep(9))); } }"
        ),
        java("import java.util.concurrent.*;\nclass A { void f() { CompletableFuture.runAsync(() -> count(1)); } }"),
        java(  # a pool of its own making, and a call that does not block
            "import java.util.concurrent.*;\nimport java.net.http.*;\nclass A {\n"
            "  ExecutorService p = new TracedPool(2, 8, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>());\n"
            "  void f(HttpClient c, HttpRequest r) { CompletableFuture.runAsync(() -> c.sendAsync(r, null)); }\n}",
        ),
    )
