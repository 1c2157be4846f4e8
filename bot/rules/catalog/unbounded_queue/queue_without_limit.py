"""A queue between the outside world and a worker, without a limit."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.unbounded_queue.queue_without_limit_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, java, python, rust
from bot.syntax import Call, SourceFile, text_of

MADE = {
    "python": regex(r"^(?:asyncio\.Queue|queue\.(?:Queue|SimpleQueue))$"),
    "java": regex(r"(?:^|\.)(?:LinkedBlocking(?:Queue|Deque)|Executors\.new(?:FixedThreadPool|SingleThread\w+))$"),
    "csharp": regex(r"(?:^|\.)(?:Channel\.CreateUnbounded|BlockingCollection)$"),
    "rust": regex(r"(?:^|\.)(?:unbounded_channel|(?:channel|crossbeam_channel|flume|mpsc)\.unbounded)$"),
}
POOLS = ("newFixedThreadPool", "newSingleThreadExecutor")
PUTS = frozenset({"put", "put_nowait", "offer", "add", "submit", "execute", "TryWrite", "WriteAsync", "Add", "TryAdd"})
PUTS |= {"send", "unbounded_send"}
RUNS = ("submit", "execute")
"""Callbacks that hand over work are many, and mostly rare ones: for these only the routes of requests count."""
WAITED = regex(r"\bawait\b|\.(?:get|join)\(")
"""After it: whoever puts in waits for the answer, so that as much waits as there are callers."""
LIMITED = regex(rb"(?i)qsize|capacity|semaphore|max_?(?:size|pending|queue|depth|items|buffer|pool|conn|len)")
ARRIVES = regex(r"^_?(?:on_|on[A-Z]|handle|Handle|receive|Receive|enqueue|Enqueue|channelRead)")
ROUTE = regex(
    r"(?:[@\[](?:(?:Get|Post|Put|Delete|Patch|Request|Message)Mapping|GET|POST|PUT|Http(?:Get|Post|Put)|(?:Kafka|Rabbit|Jms|Sqs)Listener)\b)"
    r"|@\w+\.(?:get|post|put|delete|patch|route|websocket)\("
)
AWAITS = regex(r"^(?:async for|while let\b.*\.await)")
READS = regex(r"\.(?:recv\w*|receive\w*|read\w*|accept|poll|consume\w*|next_\w*)\(", re.IGNORECASE)


class QueueWithoutLimit(Rule):
    """## What it finds
    A queue made without a limit that a request handler, a callback for messages or an endless loop fills, and that
    nothing in the file measures: `asyncio.Queue()`, `queue.Queue()`, Java's `LinkedBlockingQueue()` and the pools of
    `Executors` that keep one inside, `Channel.CreateUnbounded`, tokio's `unbounded_channel`, `unbounded()` of
    futures, crossbeam and flume. And a Spring `ThreadPoolTaskExecutor` that is given a size and no `setQueueCapacity`,
    whoever fills it.

    ## Why it matters
    Nothing slows down who puts in. When the worker behind it gets slow, for its database is, the queue takes
    everything until the memory is gone, and the process dies with all that was waiting. Long before that, what comes
    out is minutes old and its callers have given up: the work is done for nobody. Amazon Builders' Library, *Avoiding
    insurmountable queue backlogs*.

    ## Use instead
    A limit, and a decision what happens at the limit: wait (`await queue.put`), refuse (429, a
    `RejectedExecutionHandler`) or drop the oldest (`BoundedChannelFullMode`), counted by a metric.
    """

    name = "unbounded-queue/queue-without-limit"
    severity = Severity.MEDIUM
    languages = ("python", "java", "csharp", "rust")
    shown_only_in = ("python", "csharp")  # on record what fills it is one user, or as rare as a start
    confidence = 0.65
    names = frozenset({"asyncio.Queue", "queue.Queue", "queue.SimpleQueue", "tokio.sync.mpsc.unbounded_channel"})
    methods = frozenset(
        {"LinkedBlockingQueue", "LinkedBlockingDeque", "ThreadPoolTaskExecutor"}
        | {"newFixedThreadPool", "newSingleThreadExecutor", "CreateUnbounded", "BlockingCollection"}
        | {"unbounded_channel", "unbounded"}
    )

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method == "ThreadPoolTaskExecutor":
            bare = b"etQueueCapacity" not in file.text and b"PoolSize(" in file.text
            return self._alarm(call, "Spring's default for it is 2,147,483,647") if bare else None
        if not _is_without_limit(call) or LIMITED.search(file.text):
            return None
        name = _kept_as(call)
        for put in _calls_near(call) if name else ():
            if put.method in PUTS and _simple(text_of(put.receiver)) == name and _comes_from_outside(put):
                return self._alarm(call, f"`{put.written}` in line {put.start_line} never waits")
        return None

    def _alarm(self, call: Call, why: str) -> Alarm:
        return Alarm(
            call,
            "This queue has no limit, and what fills it is never slowed down",
            f"When the worker behind it falls back, everything that arrives piles up here: {why}. Memory grows until "
            "the process is killed with all that was waiting, and what is still worked on is long out of date.",
            "Give it a limit, and decide what happens there: wait, refuse or drop, counted by a metric.",
            last_line=call.start_line,
        )

    bad = (
        python(
            "import asyncio\n\nevents = asyncio.Queue()\n\n@app.post('/events')\nasync def take(event: Event):\n"
            "    events.put_nowait(event)",
            line=3,
        ),
        python(
            "import queue\n\nclass Feed:\n    def __init__(self):\n        self.inbox = queue.Queue()\n\n"
            "    def on_message(self, ws, message):\n        self.inbox.put(message)",
            line=5,
        ),
        java(
            "import java.util.concurrent.*;\nclass Orders {\n"
            "  private final ExecutorService pool = Executors.newFixedThreadPool(8);\n"
            '  @PostMapping("/orders") void take(Order o) { pool.submit(() -> place(o)); }\n}',
            line=3,
        ),
        java(
            "class Config { Executor pool() {\n  ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();\n"
            "  pool.setCorePoolSize(8);\n  pool.setMaxPoolSize(64);\n  return pool;\n} }",
            line=2,
        ),
        csharp(
            "class Mailer {\n  readonly Channel<Mail> mails = Channel.CreateUnbounded<Mail>();\n"
            "  public void Enqueue(Mail mail) { mails.Writer.TryWrite(mail); }\n}",
            line=2,
        ),
        rust(
            "use tokio::sync::mpsc;\nasync fn feed(mut s: Stream) {\n    let limit = 8;\n"
            "    let (tx, rx) = mpsc::unbounded_channel();\n    work(rx);\n"
            "    while let Some(event) = s.next().await {\n        tx.send(event);\n    }\n}",
            line=4,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import asyncio\n\nevents = asyncio.Queue(maxsize=1000)\n\n@app.post('/events')\n"
            "async def take(event: Event):\n    await events.put(event)"
        ),
        java(
            "import java.util.concurrent.*;\nclass Orders {\n"
            "  private final ExecutorService pool = Executors.newFixedThreadPool(8);\n"
            '  @PostMapping("/orders") void take(Order o) { place(o); }\n'
            "  void start() { pool.submit(() -> watch()); }\n}"
        ),
        csharp(
            "class Mailer {\n  readonly Channel<Mail> mails = Channel.CreateBounded<Mail>(1000);\n"
            "  public void Enqueue(Mail mail) { mails.Writer.TryWrite(mail); }\n}"
        ),
        rust(
            "use tokio::sync::mpsc;\nasync fn feed() {\n    let (tx, rx) = mpsc::unbounded_channel();\n    work(rx);\n"
            "    for event in first() {\n        tx.send(event);\n    }\n}"
        ),
        *FURTHER_GOOD,
    )


def _is_without_limit(call: Call) -> bool:
    if MADE[call.file.language.name].search(call.name) is None:
        return False
    given = [argument.text for argument in call.all_arguments]
    return given in ([], ["0"], ["maxsize=0"]) or call.method in POOLS or call.method == "CreateUnbounded"


def _kept_as(call: Call) -> str:
    """The simple name of the queue; in Rust of the half that sends."""
    if call.file.language.name == "rust":
        kept = [text_of(one.target) for one in call.file.bindings if one.value == call.node]
        return kept[0] if kept else ""
    return _simple(call.assigned_to)


def _calls_near(call: Call) -> list[Call]:
    """Where its name means the queue: in Rust the function that makes it, elsewhere the file."""
    file, function = call.file, call.function
    if file.language.name != "rust":
        return file.calls
    return file.within(file.calls, function.node if function is not None else None)  # unprovable: narrows the type


def _simple(name: str) -> str:
    """The last part of a name, a channel's writer taken off."""
    return name.removesuffix(".Writer").rpartition(".")[2]


def _comes_from_outside(put: Call) -> bool:
    """In a handler or callback that does not wait for an answer, or in a loop for as long as something arrives."""
    loop, function, file = put.loop, put.function, put.file
    if loop is not None and (AWAITS.match(loop.header) or (loop.is_endless and READS.search(loop.text))):
        return True
    if function is None or not function.name or WAITED.search(file.between(put.node.end_byte, function.node.end_byte)):
        return False
    above = function.node.parent or function.node  # unprovable: narrows the type
    head = text_of(above if above.type == "decorated_definition" else function.node)
    named = put.method not in RUNS and ARRIVES.match(function.name)
    return bool(named or ROUTE.search(head.partition(function.name)[0]))
