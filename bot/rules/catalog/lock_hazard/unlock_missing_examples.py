"""Further examples of lock-hazard/unlock-missing: each proves a condition of the rule."""

from bot.rules.rule import go, java, python

FURTHER_BAD = (
    java(
        "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n void f() {\n"
        "  lock.lock();\n  order = orders.get(id);\n  lock.unlock();\n } }",
        line=4,
    ),
    go(  # it holds the lock again
        "func (s *S) take() {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.ask()\n\t\treturn\n\t}\n\ts.n--\n"
        "\ts.mu.Unlock()\n}\n\nfunc (s *S) ask() {\n\ts.mu.Unlock()\n\ts.load()\n\ts.mu.Lock()\n}",
        line=2,
    ),
    go(  # it only looks at what is held
        "func (s *S) take() {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.note()\n\t\treturn\n\t}\n\ts.n--\n"
        "\ts.mu.Unlock()\n}\n\nfunc (s *S) note() {\n\ts.mu.Check()\n}",
        line=2,
    ),
)
FURTHER_GOOD = (
    python("import threading\nlock = threading.Lock()\ndef add(x):\n    lock.acquire()\n    n = 1\n    lock.release()"),
    python(
        "import threading\nlock = threading.Lock()\ndef one():\n    lock.acquire()\n    start()\n"
        "    note(lock.locked())\n    others.release()\ndef two():\n    lock.release()"
    ),
    python(
        "import threading\nlock = threading.Lock()\ndef begun(x):\n    lock.acquire()\n    load(x)\n"
        "    later(lambda: lock.release())"
    ),
    go(
        "func (s *S) take() {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.mu.Unlock()\n\t\treturn\n\t}\n\ts.n--\n"
        "\ts.mu.Unlock()\n\treturn\n}"
    ),
    go(
        "func (s *S) take() {\n\ts.mu.Lock()\n\tdefer func() {\n\t\ts.n++\n\t\ts.mu.Unlock()\n\t}()\n"
        "\tif s.n == 0 {\n\t\treturn\n\t}\n}"
    ),
    go("func (s *S) hold() func() {\n\ts.mu.Lock()\n\treturn s.mu.Unlock\n}"),
    go(  # both branches give it back
        "func (s *S) take() int {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\ts.mu.Unlock()\n\t} else {\n"
        "\t\ts.mu.Unlock()\n\t}\n\treturn 1\n}"
    ),
    java(
        "import java.util.concurrent.locks.*;\nclass A { final Lock lock = new ReentrantLock();\n void f() {\n"
        "  lock.lock();\n  n++;\n  lock.unlock();\n } }"
    ),
    java("class A { void f(Door d) { d.lock(); load(); d.unlock(); } }"),
    python(
        "import threading\nlock = threading.Lock()\nlock.acquire()\nstart()\nlock.release()",
    ),
    python(
        "import threading\nlock = threading.Lock()\ndef add(x):\n    if lock.acquire(False):\n"
        "        items.append(load(x))\n        lock.release()",
    ),
    go(
        "func (s *S) tryLock() bool {\n\ts.mu.Lock()\n\tif s.n == 0 {\n\t\treturn true\n\t}\n"
        "\ts.mu.Unlock()\n\treturn false\n}",
    ),
    python(
        "import threading\nlock = threading.Lock()\ndef add(x):\n    held = lock.acquire(False)\n"
        "    if held:\n        items.append(load(x))\n        lock.release()",
    ),
)
