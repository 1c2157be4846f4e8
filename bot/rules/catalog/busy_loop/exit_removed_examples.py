"""Further examples of busy-loop/exit-removed: each proves a condition of the rule."""

from bot.rules.rule import go, javascript, python, typescript

FURTHER_BAD = (
    python(
        "def line(sock):\n    while True:\n        with ShieldCancellation():\n"
        "            c = sock.recv(1)\n        if c == b'x':\n            return",
        line=2,
        before="def line(sock):\n    while True:\n        with ShieldCancellation():\n"
        "            c = sock.recv(1)\n        if not c:\n            return\n        if c == b'x':\n"
        "            return",
    ),
)

FURTHER_GOOD = (
    go(  # it goes round again only where it says so
        "func open(name string) {\n\tfor {\n\t\tif taken(name) {\n\t\t\tname = next(name)\n\t\t\tcontinue\n\t\t}\n"
        "\t\tbreak\n\t}\n\tuse(name)\n}",
        before="func open(name string) {\n\tfor {\n\t\tif taken(name) {\n\t\t\tname = next(name)\n\t\t\tcontinue\n"
        '\t\t}\n\t\tif name == "" {\n\t\t\tbreak\n\t\t}\n\t\tbreak\n\t}\n\tuse(name)\n}',
    ),
    python(
        "def load():\n    while True:\n        with lock:\n            a = ask()\n            return a",
        before="def load():\n    while True:\n        with lock:\n            a = ask()\n            if a.gone:\n"
        "                raise Gone\n            return a",
    ),
    python(  # it ends by itself
        "def load():\n    while True:\n        a = ask()\n        if a.ok:\n            return a\n        return None",
        before="def load():\n    while True:\n        a = ask()\n        if a.ok:\n            return a\n"
        "        if a.refused:\n            renew(a)\n            continue\n"
        "        if a.gone:\n            raise Gone\n"
        "        return None",
    ),
    javascript(  # another bound
        "function next() {\n  while (true) {\n    const x = take();\n    if (x.tries >= 30) return null;\n  }\n}",
        before="function next() {\n  while (true) {\n    const x = take();\n    if (x.tries >= 100) return null;\n"
        "    if (x.tries >= 100) return null;\n  }\n}",
    ),
    python(  # the size of something else
        "def load(api):\n    while True:\n        if len(api.ask()):\n            return",
        before="def load(api):\n    key = api.key()\n    while True:\n        if len(key) == 0:\n            return\n"
        "        if len(api.ask()):\n            return",
    ),
    python(  # the failure is left to another handler
        "def line(sock):\n    while True:\n        try:\n            c = sock.recv(1)\n        except OSError as e:\n"
        "            log(e)\n        if c == b'x':\n            return",
        before="def line(sock):\n    while True:\n        try:\n            c = sock.recv(1)\n"
        "        except OSError as e:\n            if e.errno == GONE:\n                return\n            log(e)\n"
        "        if c == b'x':\n            return",
    ),
    python(  # what it asked about is gone
        "def load(api):\n    while True:\n        if api.ask():\n            return",
        before="def load(api):\n    key = api.key()\n    while True:\n        if key is None:\n            return\n"
        "        if api.ask():\n            return",
    ),
    javascript(
        "function next() { while (true) { let x = take(); if (x === null) x = last(); if (x.ok) return x; } }",
        before="function next() { while (true) { let x = take(); if (x === null) return null; if (x.ok) return x; } }",
    ),
    typescript(
        "class A { next() {\n  do { this.pick(); } while (!this.ok);\n  this.log();\n} }",
        before="class A { next() {\n  do { this.pick(); } while (!this.ok);\n"
        "  if (this.nodes.length === 0) return;\n  this.log();\n} }",
    ),
    typescript(  # not about what the loop counts down
        "class A { next() {\n  do { this.pick(); } while (!this.ok);\n} }",
        before="class A { next() {\n  if (this.off) return;\n  do { this.pick(); } while (!this.ok);\n} }",
    ),
    typescript(
        "class A { next() {\n  if (this.nodes.length === 0) return;\n  do { this.pick(1); } while (!this.ok);\n} }",
        before="class A { next() {\n  if (this.nodes.length === 0) return;\n  do { this.pick(); } "
        "while (!this.ok);\n} }",
    ),
    python(  # a loop inside has an end of its own
        "def line(sock):\n    while True:\n        for c in sock.all():\n            use(c)\n"
        "        if sock.done:\n            return",
        before="def line(sock):\n    while True:\n        for c in sock.all():\n            if not c:\n"
        "                return\n        if sock.done:\n            return",
    ),
    python(
        "def line(sock):\n    while True:\n        c = sock.recv(1)\n        if c == b'x':\n            return",
        before="def line(sock):\n    while True:\n        c = sock.recv(1)\n        if not c:\n"
        "            continue\n        if c == b'x':\n            return",
    ),
    python(
        "def line(sock):\n    while True:\n        c = sock.next()\n        if c == b'x':\n            return",
        before="def line(sock):\n    while sock.is_open():\n        c = sock.recv(1)\n        if not c:\n"
        "            return\n        if c == b'x':\n            return",
    ),
    python(
        "def line(sock):\n    while True:\n        c = sock.recv(1)\n        if not c:\n            return\n"
        "        if c == b'x':\n            return",
        before="def line(sock):\n    while True:\n        c = sock.recv(1)\n        if not c:\n            return\n"
        "        if sock.last:\n            c += sock.recv(1)\n        if not c:\n            return\n"
        "        if c == b'x':\n            return",
    ),
    javascript(
        "function next() { while (true) { const x = take(); if (x.ok) return x; } }\n"
        "function take() { const x = pop(); if (x === null) throw new Gone(); return x; }",
        before="function next() { while (true) { const x = take(); if (x === null) throw new Gone(); "
        "if (x.ok) return x; } }\nfunction take() { return pop(); }",
    ),
    typescript(
        "class A { next() {\n  this.nodes.forEach(go);\n  do { this.rest(); } while (!this.ok);\n} }",
        before="class A { next() {\n  if (this.nodes.length === 0) return;\n  this.nodes.forEach(go);\n} }",
    ),
)
