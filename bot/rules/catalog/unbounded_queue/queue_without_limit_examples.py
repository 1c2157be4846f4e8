"""Further examples of `unbounded-queue/queue-without-limit`: one for each of its conditions."""

from bot.rules.rule import csharp, java, python, rust

_ROUTE = "\n@app.post('/events')\nasync def take(event: Event):\n"

FURTHER_BAD = (
    python(
        "import asyncio\n\nasync def feed(ws):\n    inbox = asyncio.Queue(0)\n    start(work, inbox)\n"
        "    async for event in ws:\n        await inbox.put(event)",
        line=4,
    ),
    python(
        "import queue, asyncio\n\ninbox = queue.Queue(0)\n\ndef listen(sock):\n    while True:\n"
        "        inbox.put(sock.recv(1024))",
        line=3,
    ),
    python(
        "from queue import SimpleQueue as Inbox\n\ninbox = Inbox()\n\ndef listen(sock):\n    while True:\n"
        "        inbox.put(sock.recv(1024))",
        line=3,
    ),
    rust(
        "use tokio::sync::mpsc::unbounded_channel as channel;\nasync fn feed(mut s: Stream) {\n"
        "    let (tx, rx) = channel();\n    work(rx);\n"
        "    while let Some(event) = s.next().await {\n        tx.send(event);\n    }\n}",
        line=3,
    ),
    rust(
        "use futures::channel::mpsc;\nasync fn feed(mut s: Stream) {\n    let (tx, rx) = mpsc::unbounded();\n"
        "    work(rx);\n    while let Some(event) = s.next().await {\n        tx.unbounded_send(event);\n    }\n}",
        line=3,
    ),
    rust(
        "fn listen(sock: Socket) {\n    let (tx, rx) = crossbeam_channel::unbounded();\n    work(rx);\n"
        "    loop {\n        tx.send(sock.recv());\n    }\n}",
        line=2,
    ),
    java(
        "class Feed {\n  private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();\n"
        "  void onEvent(Event event) { inbox.offer(event); }\n}",
        line=2,
    ),
    csharp(
        "class Mailer {\n  readonly Channel<Mail> mails = Channel.CreateUnbounded<Mail>(options);\n"
        "  [HttpPost]\n  public void Send(Mail mail) { mails.Writer.TryWrite(mail); }\n}",
        line=2,
    ),
)
FURTHER_GOOD = (
    python("import asyncio\n\nevents = mine.Queue()\n" + _ROUTE + "    events.put_nowait(event)"),
    python("import asyncio\n\nevents = asyncio.Queue()\n" + _ROUTE + "    return events.get()"),
    python("import asyncio\n\nevents = asyncio.Queue()\n" + _ROUTE + "    others.put_nowait(event)"),
    python("import asyncio\n\nstart(asyncio.Queue())\n" + _ROUTE + "    put(event)"),
    python("import asyncio\n\nevents = asyncio.Queue()\nevents.put_nowait(first)"),
    python("import asyncio\n\nevents = asyncio.Queue()\n\ndef fill(parts):\n    for p in parts: events.put(p.read())"),
    python(  # whoever puts in waits for the answer
        "import asyncio\n\nevents = asyncio.Queue()\n"
        + _ROUTE
        + "    done = Future()\n    events.put_nowait((event, done))\n    return await done"
    ),
    python(  # it is measured
        "import asyncio\n\nevents = asyncio.Queue()\n"
        + _ROUTE
        + "    if events.qsize() > 1000:\n        raise Busy\n    events.put_nowait(event)"
    ),
    java(
        "class Config { Executor pool() {\n  ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();\n"
        "  pool.setCorePoolSize(8);\n  pool.setQueueCapacity(100);\n  return pool;\n} }"
    ),
    python(
        "import asyncio\n\nevents = asyncio.Queue()\n\nasync def tick():\n    while True:\n"
        "        events.put_nowait(now())\n        await asyncio.sleep(1)"
    ),
    java(
        "import java.util.concurrent.*;\nclass Brokers {\n"
        "  private final ExecutorService pool = Executors.newFixedThreadPool(2);\n"
        "  public void onClosed(Broker b) { pool.submit(() -> tell(b)); }\n}"
    ),
    java("class Config { Executor pool() { return configured(new ThreadPoolTaskExecutor()); } }"),
    java(
        "class Feed {\n  private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>(1000);\n"
        "  void onEvent(Event event) { inbox.offer(event); }\n}"
    ),
    python("import asyncio\n\nevents = asyncio.Queue()\nws.each(lambda event: events.put_nowait(event))"),
    rust(  # another one
        "use tokio::sync::mpsc;\nfn pair() {\n    let (tx, rx) = mpsc::unbounded_channel();\n    work(rx, tx);\n}\n"
        "async fn feed(mut s: Stream, tx: Sender) {\n    loop {\n        tx.send(s.recv().await);\n    }\n}"
    ),
    rust("use tokio::sync::mpsc;\nfn pair() -> Pair {\n    mpsc::unbounded_channel()\n}"),
    rust(
        "use tokio::sync::mpsc;\nasync fn feed(mut s: Stream) {\n    let (tx, rx) = mpsc::unbounded_channel();\n"
        "    while let Some(event) = s.next().await {\n        rx.send(event);\n    }\n}"
    ),
)
