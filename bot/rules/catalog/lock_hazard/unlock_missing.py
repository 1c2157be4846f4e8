"""A lock that stays locked on some path."""

import re
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.lock_hazard.unlock_missing_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.own import own_functions
from bot.rules.paths import left_before, runs_on_failure
from bot.rules.rule import Alarm, Rule, csharp, go, java, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, text_of

JAVA = ("java.util.concurrent.locks.", "java.util.concurrent.Semaphore")
PYTHON = ("threading.", "multiprocessing.", "asyncio.")
RELEASES = {
    "python": {"acquire": ("release",)},
    "go": {"Lock": ("Unlock",), "RLock": ("RUnlock",)},
    "java": {"lock": ("unlock",), "lockInterruptibly": ("unlock",), "acquire": ("release",)},
    "csharp": {
        "Enter": ("Exit",),
        "Wait": ("Release",),
        "WaitAsync": ("Release",),
        "EnterReadLock": ("ExitReadLock",),
        "EnterWriteLock": ("ExitWriteLock",),
    },
}
CSHARP = frozenset(
    {
        "Monitor.Enter",
        "SemaphoreSlim.Wait",
        "SemaphoreSlim.WaitAsync",
        "ReaderWriterLockSlim.EnterReadLock",
        "ReaderWriterLockSlim.EnterWriteLock",
    }
)
GETS = regex(r"^(?:get(?:OrDefault|Id|Key|Name|Type)?|size|is[A-Z]\w*|contains(?:Key)?|empty[A-Z]\w*)$")
"""What hardly fails."""


class UnlockMissing(Rule):
    """## What it finds
    A lock or semaphore that is taken by hand and, on an early return or a failure in between, not given back.

    ## Why it matters
    The first request that takes that path leaves the lock held for ever. Every later one waits for it: the service
    stands still, without an error in any log, until it is restarted.

    ## Use instead
    `defer mu.Unlock()`, `try { … } finally { lock.unlock(); }`, `with lock:`, in the line after taking it.
    """

    name = "lock-hazard/unlock-missing"
    severity = Severity.HIGH
    covered_by = ("sonar:csharpsquid:S2222",)
    languages = ("python", "go", "java", "csharp")
    methods = frozenset().union(*RELEASES.values())
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        releases = RELEASES[file.language.name].get(call.method)
        function = call.function
        if releases is None or function is None or call.use != "discarded" or not self._takes(call):
            return None
        given_back = [one for one in file.calls if one.method in releases and _key(one) == _key(call)]
        here = [one for one in file.within(given_back, function.body) if one.node.start_byte > call.node.end_byte]
        if not here or any(one.function is not function and one.use != "deferred" for one in here):
            return None  # given back by another method: whoever calls both knows
        if self._hands_over(call, function, releases):
            return None
        here += [one for one in file.within(file.calls, function.body) if self._gives_back_inside(one, call, releases)]
        if file.language.name == "go":
            jump = left_before(call, here)
            return None if jump is None else self._alarm(call, f"line {jump.start_line} leaves with it", "return")
        place = runs_on_failure(call, here)
        if place is None:
            return None
        alarm = self._alarm(call, f"a failure on line {place.start_line} leaves it", "failure")
        return replace(alarm, confidence=SHOWN_ONLY) if GETS.match(place.method) else alarm

    def _gives_back_inside(self, one: Call, taken: Call, releases: tuple[str, ...]) -> bool:
        """It calls a function of this file that gives back what was taken, and does not take it itself."""
        if one.node.start_byte < taken.node.end_byte:  # unprovable: only saves time
            return False
        wanted, owner = _own(_key(taken), taken), _own(text_of(one.receiver), one)
        for function in own_functions(one):
            inner = taken.file.within(taken.file.calls, function.body)
            same = [call.method for call in inner if ".".join(filter(None, (owner, _own(_key(call), call)))) == wanted]
            if not {*releases}.isdisjoint(same) and taken.method not in same:
                return True
        return False

    def _takes(self, call: Call) -> bool:
        language, name = call.file.language.name, call.name
        if language == "go":
            return not call.all_arguments
        if language == "csharp":
            return name.removeprefix("System.Threading.") in CSHARP
        return name.startswith(JAVA if language == "java" else PYTHON)

    def _hands_over(self, call: Call, function: Function, releases: tuple[str, ...]) -> bool:
        """`return mu.Unlock`: whoever gets it gives it back. A method that is named for locking returns locked."""
        if any(word in function.name.lower() for word in ("lock", "acquire", "enter", "begin")):
            return True
        after = call.file.between(call.node.end_byte, function.node.end_byte)
        if call.file.language.name == "go" and re.search(rf"{re.escape(_key(call))}(?![\w.(-])", after):
            return True  # given to somebody: `size, lock = n, &c.mu`
        return any(
            node.parent is not None  # unprovable: narrows the type
            and node.parent.parent is not None  # unprovable: narrows the type
            and node.parent.type in call.file.language.members
            and node.parent.parent.type not in call.file.language.call_kinds
            for release in releases
            for node in call.file.language.mentions(release, function.node)
        )

    def _alarm(self, call: Call, where: str, what: str) -> Alarm:
        key = text_of(call.receiver)
        return Alarm(
            call,
            f"`{key}` stays locked: {where}"[:80],
            f"What `{call.written}` takes is only given back where all goes well; {where} still held. The next one "
            "who wants it waits for ever, and everybody after that.",
            "Give it back in `defer`, `finally` or `with`, set up right after it is taken.",
        )

    bad = (
        java(
            "import java.util.concurrent.locks.*;\nclass A { Lock lock = new ReentrantLock(); void f(Pool pool) {\n"
            "  lock.lock();\n  Peer peer = pool.getConnection();\n"
            "  try { peer.ask(); } finally { lock.unlock(); }\n} }",
            line=3,
        ),
        python(
            "import threading\nlock = threading.Lock()\ndef add(x):\n    lock.acquire()\n    items.append(load(x))\n"
            "    log.debug('done', lock)\n    lock.release()",
            line=4,
        ),
        go(  # what gives it back is not begun
            "func (s *S) take() error {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\treturn errEmpty\n\t}\n"
            "\tgo func() {\n\t\tdefer s.mu.Unlock()\n\t\ts.load()\n\t}()\n\treturn nil\n}",
            line=2,
        ),
        go(
            "func (s *S) take() error {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\treturn errEmpty\n\t}\n\ts.n--\n"
            "\ts.mu.Unlock()\n\treturn nil\n}",
            line=2,
        ),
        java(
            "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n void f() {\n"
            "  lock.lock();\n  load();\n  lock.unlock();\n } }",
            line=4,
        ),
        java(
            "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n void f() {\n"
            "  lock.lock();\n  load();\n  try { use(); } finally { lock.unlock(); }\n } }",
            line=4,
        ),
        csharp(
            "class A { SemaphoreSlim gate = new SemaphoreSlim(1); async Task F() {\n  await gate.WaitAsync(stop);\n"
            "  await Load();\n  gate.Release();\n} }",
            line=2,
        ),
        csharp(
            "class A { void F() {\n  Monitor.Enter(gate);\n  Load();\n  Monitor.Exit(gate);\n  app.Exit();\n} }",
            line=2,
        ),
        python(
            "import threading\nlock = threading.Lock()\ndef add(x):\n    lock.acquire()\n    n = 1\n"
            "    lock.release()\n    lock.acquire()\n    load(n)\n    lock.release()",
            line=7,
        ),
        python(
            "import threading\nlock = threading.Lock()\ndef add(x):\n    lock.acquire()\n"
            "    items.append(load(x))\n    release(x)\n    lock.release()",
            line=4,
        ),
        go(  # it gives another's back
            "func (s *S) take(o *S) {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.leave(o)\n\t\treturn\n\t}\n\ts.n--\n"
            "\ts.mu.Unlock()\n}\n\nfunc (s *S) leave(o *S) {\n\to.left++\n\to.mu.Unlock()\n}",
            line=2,
        ),
        *FURTHER_BAD,
    )
    good = (
        go(
            "func (s *S) take() {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.leave()\n\t\treturn\n\t}\n\ts.n--\n"
            "\ts.mu.Unlock()\n}\n\nfunc (it *S) leave() {\n\tit.left++\n\tit.mu.Unlock()\n}"
        ),
        java(
            "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n"
            " void f() {\n  this.lock.lock();\n  try { load(); } catch (Gone e) { leave(); throw e; }\n"
            "  this.lock.unlock();\n }\n"
            " void leave() { n--; lock.unlock(); } }"
        ),
        csharp(
            "class A { SemaphoreSlim gate; async Task F() {\n  await gate.WaitAsync();\n"
            "  try { await Load(); } catch { Leave(); throw; }\n  gate.Release();\n}\n"
            " void Leave() { n--; gate.Release(); } }"
        ),
        python(
            "import threading\nclass A:\n    lock = threading.Lock()\n    def add(self, x):\n"
            "        self.lock.acquire()\n        try:\n            self.all.append(load(x))\n        except OSError:\n"
            "            self.leave()\n            raise\n        self.lock.release()\n"
            "    def leave(self):\n        self.lock.release()"
        ),
        java(
            "import java.util.concurrent.locks.*;\nclass A { Lock lock = new ReentrantLock(); void f(Shop shop) {\n"
            "  lock.lock();\n  Till till = shop.getTill();\n  try { till.count(); } finally { lock.unlock(); }\n} }"
        ),
        python(
            "import threading\nlock = threading.Lock()\ndef keep(order):\n    lock.acquire()\n"
            "    orders.append(order)\n    lock.release()"
        ),
        go(
            "func (c *C) wait() (n int, l *sync.Mutex) {\n\tc.mu.Lock()\n\tif c.n > 0 {\n\t\tn, l = c.n, &c.mu\n"
            "\t\treturn\n\t}\n\tc.mu.Unlock()\n\treturn 0, nil\n}"
        ),
        python(
            "import threading\nlock = threading.Lock()\ndef add(x):\n    lock.acquire()\n    try:\n"
            "        items.append(load(x))\n    finally:\n        lock.release()"
        ),
        go("func (s *S) take() {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tif s.n == 0 {\n\t\treturn\n\t}\n\ts.n--\n}"),
        java(
            "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n void f() {\n"
            "  lock.lock();\n  try { load(); } finally { lock.unlock(); }\n } }"
        ),
        csharp(
            "class A { SemaphoreSlim gate; async Task F() { await gate.WaitAsync();\n"
            "  try { await Load(); } finally { gate.Release(); } } }"
        ),
        csharp("class A { Task gate; void F() { gate.Wait(); Load(); gate.Release(); } }"),
        *FURTHER_GOOD,
    )


def _key(call: Call) -> str:
    """What is locked: the receiver, or in C# the argument of `Monitor.Enter(x)`."""
    if call.method in ("Enter", "Exit") and call.arguments:
        return call.arguments[0].text
    return text_of(call.receiver)


def _own(written: str, at: Call) -> str:
    """`lock` of `this.lock`, `mu` of `s.mu` in a method of `s`; another object's as it is written."""
    first, _, rest = written.partition(".")
    return rest if any(first in at.file.language.self_names(one) for one in at.around(Function)) else written
