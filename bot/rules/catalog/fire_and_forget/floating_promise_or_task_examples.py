"""Further examples of fire-and-forget/floating-promise-or-task: each proves a condition of the rule."""

from bot.rules.rule import csharp, java, javascript, kotlin, python, rust, typescript

FURTHER_BAD = (
    typescript(
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "async function close(o) {\n  await save(o);\n  await db.end(o);\n}\nfunction end(o) {\n  close(o);\n}",
        line=10,
    ),
    typescript(
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "async function close(o) {\n  await save(o);\n  if (!o) throw new Error('gone');\n}\n"
        "function end(o) {\n  close(o);\n}",
        line=10,
    ),
    typescript(
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "async function close(o) {\n  await save(o);\n  await left;\n}\nfunction end(o) {\n  close(o);\n}",
        line=10,
    ),
    python("class A:\n    async def save(self): ...\n    async def close(self):\n        self.save()", line=4),
    javascript("function report(event) {\n  fetch(url, { method: 'POST', signal });\n}", line=2),
    javascript("async function save(o) { await db.put(o); }\nfunction close(o) {\n  save(o).then(log);\n}", line=3),
    typescript("import axios from 'axios';\nexport function ping() {\n  axios.get(url, { timeout: 500 });\n}", line=3),
    javascript(  # it takes nothing
        "async function load() { await db.get(1); }\nfunction show() {\n"
        "  load().catch((error) => {\n    // why?\n    throw error;\n  });\n}",
        line=3,
    ),
    javascript("load().catch(log).then((user) => show(user));"),  # what comes after the catch has none
    typescript("function ping(): Promise<void> { return get(url); }\nfunction start() {\n  ping();\n}", line=3),
    javascript("const save = async (o) => { await db.put(o); };\nfunction close(o) {\n  save(o);\n}", line=3),
    javascript(
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "all.map(async (o) => { save(o); });",
        line=5,
    ),
    javascript(
        "async function save(o) {\n  try { return db.put(o); } catch (e) { log(e); }\n  log(o);\n}\n"
        "function close(o) { save(o); }",
        line=5,
    ),
    javascript(
        "async function save(o) {\n  try { await db.put(o); } catch (e) { await tell(e); }\n  log(o);\n}\n"
        "function close(o) { save(o); }",
        line=5,
    ),
    javascript(
        "async function save(o) {\n  try { await db.put(o); } catch (e) { log(e); } finally { await db.end(); }\n"
        "  log(o);\n}\nfunction close(o) { save(o); }",
        line=5,
    ),
    javascript(
        "async function save(all) {\n  for await (const o of all) keep(o);\n}\nfunction f(o) { save(o); }", line=4
    ),
    javascript("async function save(o) {\n  log(o);\n  return db.put(o);\n}\nfunction close(o) { save(o); }", line=5),
    javascript("async function save(o) { later(o); }\nfunction close(o) { save(o); }", line=2),
    javascript("function wait() { return new Promise(later); }\nfunction close() {\n  wait();\n}", line=3),
    java(
        "import java.util.concurrent.Future;\nclass A {\n  Future<Integer> save(Order o) { return q.add(o); }\n"
        "  void close(Order o) {\n    save(o);\n  }\n}",
        line=5,
    ),
    java("class A { void f() {\n  client.send(order).thenAccept(reply -> store(reply));\n} }", line=2),
    csharp("class A { void F() {\n  Task.Run(() => Save(order));\n} }", line=2),
    csharp("class A { void F() {\n  client?.SendOrderAsync(order);\n} }", line=2),
    csharp(
        "class A { void F() {\n  PingAsync().ContinueWith(_ => Next());\n}\n  Task PingAsync() => c.Get(); }",
        line=2,
    ),
    csharp("class A { int P { get {\n  Task.Delay(9).ConfigureAwait(false);\n  return 1;\n} } }", line=2),
    rust(
        "fn save(o: Order) -> impl Future<Output = ()> {\n    async move { put(o) }\n}\n\n"
        "fn close(o: Order) {\n    let saved = save(o);\n    let _ = saved;\n}",
        line=7,
    ),
    rust("fn close(o: Order) {\n    spawn(async move {\n        async move { save(o) }\n    });\n}", line=3),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n  pool.submit(() -> {\n"
        "    while (runs) { Order o = take(); log(o); try { save(o); } catch (Exception e) { log(e); } }\n  });\n} }",
        line=3,
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n"
        "  Runnable task = () -> save(order);\n  pool.submit(task);\n} }",
        line=4,
    ),
    java(  # which of the two is not known
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n"
        "  Runnable task = () -> { try { save(order); } catch (Exception e) { log(e); } };\n"
        "  if (later) { task = () -> save(order); }\n  pool.submit(task);\n} }",
        line=5,
    ),
    javascript("load().catch(log).then(show);"),
    javascript(
        "loading.then((user) => show(user));",
        line=1,
    ),
    javascript(
        "#!/usr/bin/env node\nfunction report(event) {\n  fetch(url, { method: 'POST', signal });\n}",
        line=3,
    ),
    java("class A { void f() {\n  client.send(order).thenAcceptAsync(reply -> store(reply), pool);\n} }", line=2),
    java(
        "class A {\n  static { warm(); }\n  static CompletableFuture<Void> warm() { return cache.load(); }\n}", line=2
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n  pool.submit(() -> {\n"
        "    if (off) { return; }\n    onIdle(() -> { throw new Gone(); });\n  });\n} }",
        line=3,
    ),
    javascript("load().catch(log).then((n) => { last = n; }).then(() => show(last));"),
    java(  # what a handler throws, and what no handler takes, is lost
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n  pool.submit(() -> {\n"
        "    count();\n    try { run(); } catch (Gone gone) { throw new Lost(gone); }\n  });\n} }",
        line=3,
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n  pool.submit(() -> {\n"
        "    count();\n    try { throw new Gone(); } finally { close(); }\n  });\n} }",
        line=3,
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n  pool.submit(() -> {\n"
        "    if (off) { return; }\n    try { throw new Gone(); } catch (Gone gone) { log(gone); }\n  });\n} }",
        line=3,
    ),
)
FURTHER_GOOD = (
    java("class A { void f() { client.send(o).exceptionally(e -> none(e)).thenAccept(reply -> store(reply)); } }"),
    typescript(  # nobody waits for what a timer calls, and what it starts handles its failures
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "function later(o) { setTimeout(async () => { save(o); }, 50); }"
    ),
    typescript(  # all it awaits handles its failures
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "async function close(o) {\n  await save(o);\n  show(o);\n}\nfunction end(o) {\n  close(o);\n}"
    ),
    javascript("function tell(error) {\n  if (!listeners) {\n    Promise.reject(error);\n  }\n}"),
    csharp(
        "class A { void F() { Task.Run(Refresh); }\n"
        "  async Task Refresh() { try { await Load(); } catch (Exception e) { Log(e); } } }"
    ),
    python(
        "async def save(order): ...\n\ndef close(order):\n    if IS_SYNC:\n"
        "        save(order)  # type: ignore[unused-coroutine]"
    ),
    java(
        "import java.util.concurrent.Future;\nclass A extends B { Future<Order> save(Order o) { return q.add(o); }\n"
        "  void f(Order o) { save(o, reply -> log(reply)); } }"
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) { pool.submit(this::sync); }\n"
        "  void sync() { try { save(order); } catch (Exception e) { log(e); } } }"
    ),
    javascript("load().then(show, log);"),
    javascript("load().catch(log).then(() => { this.loading = false; });"),  # that does not fail
    javascript("Promise.allSettled(orders.map(save)).then((done) => show(done));"),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) { pool.submit(() -> {\n"
        "  while (runs) { Order o = take(); try { save(o); } catch (Exception e) { log(e); } } }); } }"
    ),
    java(
        "import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) {\n"
        "  Runnable task = () -> { try { save(order); } catch (Exception e) { log(e); } };\n  pool.submit(task); } }"
    ),
    javascript("cy.get('button').then(click);"),
    javascript(
        "async function save(o) {\n  log(o);\n  try { await db.put(o); } catch (e) { log(e); }\n}\n"
        "const add = async (o) => { try { await db.add(o); save(o); } catch (e) { log(e); } };"
    ),
    typescript("when({ order }, ({ order }) => order.paid).then(() => { send(); });"),  # a step of a workflow
    javascript("function f(save) { save(); }\nconst save = async () => { await db.put(1); };"),  # handed in
    java(
        "interface Store { @CanIgnoreReturnValue Future<Order> save(Order o); }\n"
        "class A implements Store { public Future<Order> save(Order o) { return q.add(o); }\n"
        "  void f() { save(order); } }"
    ),
    java(
        "class A { @CanIgnoreReturnValue Future<Order> save(Order o) { return q.add(o); }\n"
        "  void f(Order o) { save(o); } }"
    ),
    csharp("class A { void F() { Task.Run(() => { source.TrySetCanceled(); }); } }"),
    csharp(
        "class A { void F() { PingAsync().ContinueWith(t => { if (t.IsFaulted) Log(t); }); }\n"
        "  Task PingAsync() => c.Get(); }"
    ),
    csharp(
        "class A {\n  async Task Save(Order o) { await db.Put(o); }\n  void Close(Order o) {\n"
        "#pragma warning disable CS4014\n    Save(o);\n  }\n}"
    ),
    java(
        "import java.util.concurrent.*;\nclass A { Future<Order> f() {\n"
        "  CompletableFuture<Order> reply = new CompletableFuture<>();\n"
        "  CompletableFuture.runAsync(() -> load(reply, order));\n  return reply;\n} }"
    ),
    csharp("class A { void F() { client.DownloadStringAsync(uri); } }"),  # the older pattern: gives nothing
    csharp("class A { async Task F() { Ping(); await Next(); }\n  Task Ping() => c.Get(); }"),  # the compiler says so
    csharp("class A { void F() { Task.Run(() => { try { Save(o); } catch (Exception e) { Log(e); } }); } }"),
    csharp("class A { void F() { PingAsync().ContinueWith(t => Log(t.Exception)); }\n  Task PingAsync() => c.Get(); }"),
    csharp("class A { void F() { PingAsync(); }\n  async void PingAsync() { await c.Get(); } }"),
    csharp("Task.Run(() => Save(order));"),
    python("async def save(order): ...\n\nasync def close(order):\n    await save(order)"),
    python("def save(order): ...\n\nasync def close(order):\n    save(order)"),
    python("@as_deferred\nasync def save(order): ...\n\ndef close(order):\n    save(order)"),  # it may run at once
    python("async def save(order): ...\n\nasync def close(group, order):\n    group.start_soon(save, order)"),
    javascript("function report(event) { fetch(url, { signal }).catch(log); }"),
    javascript(
        "async function save(o) { try { await db.put(o); } catch (e) { log(e); } }\nfunction close(o) { save(o); }"
    ),
    typescript("async function main() { await run(); }\nmain();"),  # a script's last line
    javascript(
        "async function save(o) {\n  log(o);\n  const put = async () => { await db.put(o); };\n"
        "  try { await put(); } catch (e) { log(e); }\n}\nfunction close(o) { save(o); }"
    ),
    typescript(
        "class A {\n  async save(o: Order) { await this.put<Order>(o); }\n"
        "  async f(o: Order) { await this.save<Order>(o); }\n}"
    ),
    java("import java.util.concurrent.*;\nclass A { void f(ExecutorService pool) { pool.execute(() -> save(o)); } }"),
    java(
        "import java.util.concurrent.*;\n"
        "class A { Object f(ExecutorService pool) { return pool.submit(() -> save(o)); } }"
    ),
    csharp("class A { async Task Save() { await db.Put(); } async Task Close() { await Save(); } }"),
    csharp("class A { async Task Save() { await db.Put(); } void Close() { _ = Save(); } }"),
    rust(
        "fn save(o: Order) {}\n\nfn close(o: Order) {\n    let _ = save(o);\n    let saved = save(o);\n"
        "    let _ = saved;\n}"
    ),
    rust(
        "async fn save(o: Order) {}\n\nfn close(o: Order) {\n    let saved = save(o);\n"
        "    let _: BoxFuture<()> = saved;\n}"
    ),
    rust("fn close(o: Order) -> impl Future<Output = ()> {\n    async move {\n        save(o)\n    }\n}"),
    rust("async fn close(o: Order) -> impl Future<Output = ()> {\n    async move { save(o) }\n}"),
    rust("async fn save(o: Order) {}\n\nfn close(o: Order) {\n    let _: BoxFuture<()> = save(o);\n}"),
    rust(
        "fn close(o: Order) {\n    #[expect(clippy::async_yields_async)]\n"
        "    let saved = async move {\n        async move { save(o) }\n    };\n}"
    ),
    kotlin("suspend fun save(o: Order) {}\n\nsuspend fun close(o: Order) {\n    save(o)\n    next()\n}"),
    python(
        "async def save(): ...\n\ndef close(kept):\n    saved = save()\n    _ = saved\n    kept.add(saved)",
    ),
    rust(
        "async fn save(o: Order) {}\n\nfn close(o: Order) {\n    let saved = save(o);\n"
        "    let kept = saved;\n    spawn(kept);\n}",
    ),
    rust(
        "fn close(o: Order) {\n    spawn(async move {\n        async move { save(o) }.await\n    });\n}",
    ),
    rust(  # the compiler says so
        "fn close(o: Order) {\n    spawn(async move {\n        async move { save(o) };\n    });\n}",
    ),
    rust(
        "fn close(o: Order) {\n    let _ = queue.send(o);\n}",
    ),
    python(
        "def close(steps):\n    steps.then(show)",
    ),
    csharp(
        "class A { void F() { SendAsync(o); client.Send(o); } }",
    ),
    csharp(
        "class A { void F() { bus.SendAsync(o); } }\nclass Bus { void SendAsync(Order o) { } }",
    ),
    javascript("load().catch(log).then();"),
    javascript("function listen(server) {\n  server.bindAsync(address, ready);\n}"),
    python(  # a task begins by itself, and who gets an answer has waited for it
        "import asyncio, requests\nasync def start():\n    asyncio.create_task(poll())\n"
        "    requests.get(url, timeout=3)"
    ),
    csharp(
        "class A {\n  async Task Save(Order o) { try { await db.Put(o); } catch (DbException e) { Log(e); } }\n"
        "  void Close(Order o) { Save(o); }\n}"
    ),
)
