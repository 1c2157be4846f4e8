"""A lock that is let go of before it has guarded anything."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.guards import takes_lock
from bot.rules.rule import Alarm, Rule, csharp, go, java, python, rust
from bot.syntax import Call, Node, Section, SourceFile, text_of

TAKES = {"Lock": "Unlock", "RLock": "RUnlock"}
MAKES_LOCK = regex(r"^(?:threading|multiprocessing|asyncio)\.(?:R?Lock|(?:Bounded)?Semaphore|Condition)$")


class LockDiscarded(Rule):
    """## What it finds
    A lock that guards nothing: `mu.Lock()` with `mu.Unlock()` in the very next line, `defer mu.Lock()` where `Unlock`
    was meant, an empty `synchronized` or `lock` block, in Python `with threading.Lock():`, a lock that nobody else can
    know, and in Rust `let _ = m.lock()`: `_` keeps nothing.

    ## Why it matters
    The code that was to be guarded runs without the lock, and two threads are in it at once. `defer mu.Lock()` is the
    other way round: it takes the lock at the end and never gives it back, so the next caller hangs for good.

    ## Use instead
    Keep the lock around the code it is for: `mu.Lock()` and `defer mu.Unlock()`, a block with the guarded code in it,
    a guard with a name (`let _guard = m.lock()`).
    """

    name = "lock-hazard/lock-discarded"
    severity = Severity.HIGH
    covered_by = ("staticcheck:SA2001+SA2003",)
    languages = ("python", "go", "java", "csharp", "rust")
    methods = frozenset(TAKES)
    every_call_in = ("rust",)
    needs = (b"ock", b"synchronized")
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if file.language.name == "rust":
            gone = call.assigned_to == "_" and takes_lock(call)
            return self._nothing_guarded(call, "`_` lets go of this lock at once") if gone else None
        if file.language.name != "go" or call.method not in TAKES or call.all_arguments:
            return None
        lock, parent = text_of(call.receiver), call.node.parent
        if parent is None:  # unprovable: narrows the type
            return None
        if call.use == "deferred":
            before = parent.prev_named_sibling
            if text_of(before).endswith("Unlock()"):
                return None  # let go of for a while, and taken again at the end
            return self._alarm(
                call,
                f"`defer {lock}.{call.method}()` takes the lock at the end",
                "This takes the lock when the function is left, and nothing gives it back. The next caller waits for "
                "good. And what follows here runs without the lock.",
                f"Write `defer {lock}.{TAKES[call.method]}()`.",
            )
        following = parent.next_named_sibling
        if text_of(following) != f"{lock}.{TAKES[call.method]}()":
            return None
        if file.comments_on(call.start_line - 1, call.end_line + 1):
            return None  # somebody says what this wait is for
        return self._nothing_guarded(call, f"`{lock}` is let go of at once")

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        if file.language.name == "python":
            made = [held for held in section.held if self._is_new_lock(held, section)]
            return (
                self._nothing_guarded(section, "This lock is new each time, so nobody else holds it") if made else None
            )
        if section.body is None:  # unprovable: narrows the type
            return None
        if not section.is_lock or section.body.named_child_count:
            return None
        return self._nothing_guarded(section, "This lock guards an empty block")

    def _is_new_lock(self, held: Node, section: Section) -> bool:
        made = section.file.call_at(held)
        return made is not None and bool(MAKES_LOCK.match(made.name))

    def _nothing_guarded(self, at: Call | Section, title: str) -> Alarm:
        return self._alarm(
            at,
            title,
            "No code runs under this lock, so what it was meant for can run in two threads at once. That shows as "
            "lost updates and broken state under load, and never in a test.",
            "Hold the lock around the code it is for; where only waiting for others is meant, say so in a comment.",
        )

    def _alarm(self, at: Call | Section, title: str, body: str, fix: str) -> Alarm:
        return Alarm(at, title[:80], body, fix, last_line=at.start_line)

    bad = (
        python("import threading\n\ndef add(x):\n    with threading.Lock():\n        all.append(x)", line=4),
        go("func (s *S) add(x int) {\n\ts.mu.Lock()\n\ts.mu.Unlock()\n\ts.all = append(s.all, x)\n}", line=2),
        go("func (s *S) add(x int) {\n\ts.mu.Lock()\n\tdefer s.mu.Lock()\n\ts.all = append(s.all, x)\n}", line=3),
        java("class A { void add(X x) {\n  synchronized (lock) { }\n  all.add(x);\n} }", line=2),
        csharp("class A { void Add(X x) {\n  lock (_all) { }\n  _all.Add(x);\n} }", line=2),
        rust("fn add(&self, x: X) {\n    let _ = self.lock.lock().unwrap();\n    self.write(x);\n}", line=2),
        rust("async fn add(&self, x: X) {\n    let _ = self.lock.lock().await;\n    self.write(x);\n}", line=2),
        java(
            "class A { void add(X x) {\n  synchronized (this) { }\n  all.add(x);\n} }",
            line=2,
        ),
    )
    good = (
        python("import threading\nlock = threading.Lock()\n\ndef add(x):\n    with lock:\n        all.append(x)"),
        python("def add(x):\n    with tracer.span('add'):\n        all.append(x)"),
        go("func (s *S) add(x int) {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\ts.all = append(s.all, x)\n}"),
        go("func (s *S) add(x int) {\n\ts.mu.Unlock()\n\tdefer s.mu.Lock()\n\tcall(x)\n}"),
        go("func (s *S) wait() {\n\ts.mu.Lock()\n\t// only waits for who is inside\n\ts.mu.Unlock()\n}"),
        go("func (s *S) wait() {\n\t// whoever is inside comes out\n\ts.mu.Lock()\n\ts.mu.Unlock()\n}"),
        go("func (s *S) add(x int) {\n\ts.a.Lock()\n\ts.b.Unlock()\n}"),
        go("func (s *S) add(x int) {\n\ts.door.Lock(x)\n\ts.door.Unlock()\n}"),
        java("class A { void add(X x) { synchronized (lock) { all.add(x); } } }"),
        java("class A { void await() { synchronized (lock) { /* only waits for who is inside */ } } }"),
        csharp("class A { void Add(X x) { lock (_all) { _all.Add(x); } } }"),
        csharp("class A { void Add(X x) { using (var f = Open(x)) { } } }"),
        rust(
            "fn add(&self, x: X) {\n    let _guard = self.lock.lock().unwrap();\n"
            "    let _ = self.door.lock(x);\n    let _ = lock();\n    self.write(x);\n}"
        ),
        python(
            "def add(x):\n    mu.Lock()\n    mu.Unlock()",
        ),
    )
