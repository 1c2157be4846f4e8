"""A lock held over something slow."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.fields import held_by
from bot.rules.guards import is_guard
from bot.rules.rule import Alarm, Rule, csharp, java, kotlin, python, ruby, rust
from bot.syntax import Binding, Call, Function, Node, Section, SourceFile, text_of

THREAD_LOCKS = frozenset(
    f"{module}.{kind}"
    for module in ("threading", "multiprocessing")
    for kind in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
)
SLOW = ("http", "mail", "rpc")
"""What leaves for another service. A lock around a database or a socket is often the point of the lock."""


class LockHeldOverAwaitOrIo(Rule):
    """## What it finds
    A thread's lock that is held over an `await`, and a lock that is held over a call to another service.

    ## Why it matters
    While the peer is slow, everything that needs the lock is slow as well, one after the other. And a thread's lock
    held over an `await` stops the event loop: the task that would release it cannot run while another one blocks the
    loop on the same lock, and the process stands still for good.

    ## Use instead
    Fetch first, then lock to store the result; `asyncio.Lock` with `async with` in coroutines; in Rust a block of its
    own for the guard, or `tokio::sync::Mutex`.
    """

    name = "lock-hazard/lock-held-over-await-or-io"
    severity = Severity.HIGH
    covered_by = ("clippy:await_holding_lock",)
    languages = ("python", "java", "csharp", "kotlin", "ruby", "rust")
    confidence = 0.85

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        if file.language.name == "python":
            lock = self._thread_lock(section, file)
            if lock is None:
                return None
            if self._awaits(section, file):
                return self._over_await(section, text_of(lock))
        else:
            lock = held_by(section, file) if section.is_lock else None
        slow = self._slow_call(section, file) if lock is not None else None
        return None if slow is None else self._over_call(slow, text_of(lock))

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        """Rust: `let guard = m.lock().unwrap();` and an `.await` while it lives."""
        if file.language.name != "rust":  # unprovable: saves time
            return []
        found = []
        for binding in file.within(file.bindings, function.body):
            taken = file.call_at(binding.value)
            name, block = text_of(binding.target), binding.node.parent
            if taken is None or name == "_" or not is_guard(taken):
                continue
            after = [c for c in file.within(file.calls, block) if c.node.start_byte > binding.node.end_byte]
            dropped = [c.node.start_byte for c in after if c.method == "drop" and name in c.text]
            waits = [c.node.start_byte for c in after if c.is_awaited and c.function is function]
            if waits and waits[0] < min(dropped, default=len(file.text)):
                found.append(self._over_await(binding, text_of(taken.receiver).split(".lock")[0]))
        return found

    def _thread_lock(self, section: Section, file: SourceFile) -> Node | None:
        return next((held for held in section.held if file.canonical(held, section) in THREAD_LOCKS), None)

    def _awaits(self, section: Section, file: SourceFile) -> bool:
        function = section.function
        inside = file.within(file.calls, section.body)
        return any(call.is_awaited and call.function is function for call in inside)

    def _slow_call(self, section: Section, file: SourceFile) -> Call | None:
        for call in file.within(file.calls, section.body):
            row = find(call, Outbound) if call.function is section.function else None
            if row is not None and row.does in SLOW and row.blocks:
                return call
        return None

    def _over_await(self, section: Section | Binding, lock: str) -> Alarm:
        is_rust = section.file.language.name == "rust"
        return Alarm(
            section,
            f"`{lock}` is a thread's lock, and is held over an `await`"[:80],
            f"While this coroutine waits it keeps `{lock}`. The next task that takes it blocks its whole thread, "
            "so this one may never get to run and release it: the process stands still.",
            "Let go of the guard before the `.await` (a block of its own, or `drop`), or use `tokio::sync::Mutex`."
            if is_rust
            else "Use an `asyncio.Lock` with `async with`, or let go of the lock before the `await`.",
            last_line=section.start_line,
        )

    def _over_call(self, call: Call, lock: str) -> Alarm:
        return Alarm(
            call,
            f"`{call.written}` is called while `{lock}` is held"[:80],
            f"Everybody who needs `{lock}` waits until the other service has answered. When it takes ten seconds, all "
            "of them take ten seconds each, one after the other.",
            "Make the call first, and hold the lock only to store what it gave.",
        )

    bad = (
        python(
            "import threading\nlock = threading.Lock()\nasync def add(x):\n    with lock:\n        await save(x)",
            line=4,
        ),
        python(
            "import requests, threading\nclass C:\n    def __init__(self):\n        self.lock = threading.RLock()\n"
            "    def token(self):\n        with self.lock:\n            return requests.get(url, timeout=3).json()",
            line=7,
        ),
        java(
            "import org.springframework.web.client.RestTemplate;\nclass A { RestTemplate rest; void f() {\n"
            "  synchronized (this) {\n    token = rest.getForObject(u, String.class);\n  } } }",
            line=4,
        ),
        csharp("class A { WebClient web; void F() { lock (gate) {\n  token = web.DownloadString(u);\n} } }", line=2),
        kotlin(
            "import org.springframework.web.client.RestTemplate\n\n"
            "class A(private val rest: RestTemplate) {\n    fun f() {\n        lock.withLock {\n"
            "            token = rest.getForObject(u, T)\n        }\n    }\n}",
            line=6,
        ),
        ruby("def token\n  @mutex.synchronize do\n    @token ||= Net::HTTP.get(URI(url))\n  end\nend", line=3),
        rust(
            "async fn add(&self, x: X) {\n    let mut all = self.all.lock().unwrap();\n    all.push(&x);\n"
            "    drop(x);\n    save(&all).await;\n}",
            line=2,
        ),
    )
    good = (
        python("import asyncio\nlock = asyncio.Lock()\nasync def add(x):\n    async with lock:\n        await save(x)"),
        python("import threading\nlock = threading.Lock()\nasync def add(x):\n    with lock:\n        items.append(x)"),
        python(
            "import threading\nlock = threading.Lock()\nasync def add(x):\n    with lock:\n"
            "        async def later():\n            await save(x)\n        items.append(later)"
        ),
        python("async def add(x):\n    with span():\n        await save(x)"),
        python(
            "import requests, threading\nlock = threading.Lock()\ndef token():\n"
            "    found = requests.get(url, timeout=3)\n"
            "    with lock:\n        return keep(found)"
        ),
        java(
            "import org.springframework.web.client.RestTemplate;\nclass A { RestTemplate rest; void f() {\n"
            "  synchronized (this) { pool.submit(() -> rest.getForObject(u, String.class)); } } }"
        ),
        java("class A { Store store; void f() { synchronized (this) { store.save(x); } } }"),
        csharp("class A { WebClient web; void F() { using (gate) { web.DownloadString(u); } } }"),
        csharp("class A { void F() { lock (gate) { all.Add(x); } } }"),
        kotlin(
            "class A(private val store: Store) {\n    fun f() {\n        synchronized(this) {\n"
            "            store.save(x)\n        }\n    }\n}"
        ),
        ruby("def token\n  found = Net::HTTP.get(URI(url))\n  @mutex.synchronize { @token = found }\nend"),
        rust(
            "async fn add(&self, x: X) {\n    let mut all = self.all.lock().unwrap();\n    all.push(x);\n"
            "    drop(all);\n    save(x).await;\n}"
        ),
        rust(
            "async fn add(&self, x: X) {\n    {\n        let mut all = self.all.lock().unwrap();\n"
            "        all.push(x);\n    }\n    save(x).await;\n}"
        ),
        rust(
            "async fn add(&self, x: X) {\n    let mut all = self.all.lock().await;\n"
            "    let n = self.all.lock().unwrap().len();\n    save(&all).await;\n}"
        ),
        rust(
            "fn add(&self, x: X) -> Res {\n    let all = self.all.lock().unwrap();\n"
            "    spawn(async move { save(x).await })\n}"
        ),
        rust(
            "async fn add(&self, x: X) {\n    let all = self.all.lock().unwrap();\n"
            "    later(async move { save(x).await });\n}"
        ),
        python(
            "import threading\nlock = threading.Lock()\nwith lock:\n    start()",
        ),
        rust(
            "async fn add(&self, x: X) {\n    let n = 1;\n    let _ = self.all.lock().unwrap();\n"
            "    save(x, n).await;\n}",
        ),
        rust(
            "async fn add(&self) {\n    let x = load().await;\n    let mut all = self.all.lock().unwrap();\n"
            "    all.push(x);\n}",
        ),
        python(
            "import redis, threading\ncache = redis.Redis(socket_timeout=1)\nlock = threading.Lock()\n"
            "def token():\n    with lock:\n        return cache.get('token')",
        ),
        csharp(  # only begun under the lock
            "class A { HttpClient http; void F() { lock (gate) { task = http.GetAsync(u); } } }",
        ),
    )
