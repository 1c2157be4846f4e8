"""A lock that a change takes away from code that still writes what it guarded."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, csharp, go, java, python
from bot.syntax import Function, Section, text_of

LOCKISH = regex(r"(?i)lock|mutex|\bmtx|\bmu\b|semaphore|monitor|gate$|\bsem\b")
TAKES = frozenset({"Lock", "RLock", "lock", "acquire", "Wait", "WaitAsync", "EnterWriteLock", "EnterReadLock", "Enter"})
INSTEAD = regex(
    r"\batomic\.\w|\bsync\.(?:RW)?Mutex\b|\bsync\.Map\b|\bInterlocked\.|\bAtomic[A-Z]\w+|\bConcurrent[A-Z]\w+"
    r"|ReentrantLock|SemaphoreSlim|threading\.\w*Lock|asyncio\.Lock"
)
"""Another way to share, which a change brings where it takes a lock away on purpose."""


class LockRemoved(Rule):
    """## What it finds
    A function that took a lock in the base, takes none in the head, and still assigns the fields that it assigned
    under the lock.

    ## Why it matters
    Two threads (requests, goroutines) now write the same fields at the same time. What is lost or torn shows up once
    in a million calls, far from here.

    ## Use instead
    Keep the lock; where another one now covers the fields, take it in this function or say who holds it.
    """

    name = "lock-hazard/lock-removed"
    severity = Severity.HIGH
    confidence = 0.8
    may_move = False
    languages = ("python", "go", "java", "csharp")
    shown_only_in = ("python",)

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            before = _locks(function, function.before)
            if not before or _locks(function, function.after) or not function.is_gone(before[0][1]):
                continue
            if "ocked" in function.after.name or _is_synchronised(function):
                continue  # by its name, or its header, the lock is held already
            if function.adds(INSTEAD):
                continue
            line, was = before[0]
            written = self._still_written(function, line)
            if written:
                yield self._alarm(function, written, was)

    def _still_written(self, change: FunctionChange, line: int) -> str:
        """A field that both sides assign, in the base below the lock."""
        members = change.before.file.language.members
        own = change.own(change.before, change.before.file.bindings)
        fields = {
            text_of(b.target)
            for b in own
            if b.start_line >= line
            and b.target is not None  # unprovable: narrows the type
            and b.target.type in members
        }
        return next((text_of(b.target) for b in change.bindings_after if text_of(b.target) in fields), "")

    def _alarm(self, change: FunctionChange, written: str, was: str) -> Alarm:
        at = next(b for b in change.bindings_after if text_of(b.target) == written)
        return Alarm(
            at,
            f"`{written}` is written without its lock now"[:80],
            f"Before this change `{was}` was held while `{written}` was written; this function no longer takes it. Two "
            "callers at the same time overwrite each other's values, rarely enough that no test shows it.",
            f"Take `{was}` around this again, or say in the code which lock the callers hold.",
            was=f"Before this change `{was}` was held here.",
        )

    bad = (
        python(
            "class A:\n    def put(self, x):\n        self.last = x",
            line=3,
            before="class A:\n    def put(self, x):\n        with self._lock:\n            self.last = x",
        ),
        go(
            "func (a *A) put(x int) {\n\ta.last = x\n}",
            line=2,
            before="func (a *A) put(x int) {\n\ta.mtx.Lock()\n\tdefer a.mtx.Unlock()\n\ta.last = x\n}",
        ),
        java(
            "class A { void put(int x) {\n  this.last = x;\n} }",
            line=2,
            before="class A { void put(int x) {\n  synchronized (this) { this.last = x; }\n} }",
        ),
        csharp(
            "class A { void Put(int x) {\n  this.last = x;\n} }",
            line=2,
            before="class A { void Put(int x) {\n  lock (gate) { this.last = x; }\n} }",
        ),
        python(
            "class A:\n    def put(self, x):\n        size = len(x)\n        self.last = size",
            line=4,
            before="class A:\n    def put(self, x):\n        with self._lock:\n            size = len(x)\n"
            "            self.last = size",
        ),
    )
    good = (
        python(
            "class A:\n    def put(self, x):\n        with self._other_lock:\n            self.last = x",
            before="class A:\n    def put(self, x):\n        with self._lock:\n            self.last = x",
        ),
        python(
            "class A:\n    def put(self, x):\n        self.queue.put(x)",
            before="class A:\n    def put(self, x):\n        with self._lock:\n            self.last = x",
        ),
        go(
            "func (a *A) put(x int) {\n\ta.mtx.Lock()\n\ta.putLocked(x)\n\ta.mtx.Unlock()\n}\n\n"
            "func (a *A) putLocked(x int) {\n\ta.last = x\n}",
            before="func (a *A) put(x int) {\n\ta.mtx.Lock()\n\ta.last = x\n\ta.mtx.Unlock()\n}\n\n"
            "func (a *A) putLocked(x int) {\n\ta.mtx.Lock()\n\ta.last = x\n}",
        ),
        java(
            "class A { synchronized void put(int x) { this.last = x; } }",
            before="class A { void put(int x) { synchronized (this) { this.last = x; } } }",
        ),
        csharp(
            "class A { void Put(int x) { Interlocked.Exchange(ref last, x); } }",
            before="class A { void Put(int x) { lock (gate) { this.last = x; } } }",
        ),
        python(
            "class A:\n    def put(self, x):\n        self.last = x",
            before="class A:\n    def put(self, x):\n        self.first = x",
        ),
        go(
            "type A struct {\n\tseen atomic.Int32\n}\n\nfunc (a *A) put(x int) {\n\ta.last = x\n}",
            before="type A struct {\n\tmtx sync.Mutex\n}\n\nfunc (a *A) put(x int) {\n\ta.mtx.Lock()\n\ta.last = x\n"
            "\ta.mtx.Unlock()\n}",
        ),
        python(  # its caller takes it now
            "class A:\n    def put(self, x):\n        with self._lock:\n            self.keep(x)\n"
            "    def keep(self, x):\n        self.last = x",
            before="class A:\n    def put(self, x):\n        self.keep(x)\n    def keep(self, x):\n"
            "        with self._lock:\n            self.last = x",
        ),
        python(
            "class A:\n    def put(self, x):\n        self.last = x\n        self.write(x)",
            before="class A:\n    def put(self, x):\n        self.last = x\n        with self._lock:\n"
            "            self.write(x)",
        ),
        python(
            "class A:\n    def put(self, x):\n        size = len(x)\n        self.write(x, size)",
            before="class A:\n    def put(self, x):\n        with self._lock:\n            size = len(x)\n"
            "            self.write(x, size)",
        ),
        python(
            "class A:\n    def put(self, x):\n        self.next = x",
            before="class A:\n    def put(self, x):\n        with self._lock:\n            self.last = x",
        ),
        python(
            "class A:\n    def put(self, x):\n        self.last = x",
            before="class A:\n    def put(self, x):\n        self.locks.clear()\n        self.pool.acquire()\n"
            "        self.last = x",
        ),
    )


def _is_synchronised(change: FunctionChange) -> bool:
    """Java's `synchronized` in the header of the head."""
    body = change.after.body
    if body is None:  # unprovable: narrows the type
        return False
    return "synchronized" in change.after.text[: body.start_byte - change.after.node.start_byte]


def _locks(change: FunctionChange, side: Function) -> list[tuple[int, str]]:
    """(line, what is taken) of each lock that a side of the change takes."""
    sections: list[Section] = change.own(side, side.file.sections)
    found = [
        (section.start_line, text_of(held))
        for section in sections
        for held in section.held
        if section.is_lock or LOCKISH.search(text_of(held).split("(")[0])
    ]
    calls = change.calls_before if side is change.before else change.calls_after
    found += [
        (call.start_line, text_of(call.receiver))
        for call in calls
        if call.method in TAKES and LOCKISH.search(text_of(call.receiver))
    ]
    return sorted(found)
