"""Further examples of fire-and-forget/coroutine-used-as-value: each proves a condition of the rule."""

from bot.rules.rule import javascript, python

FURTHER_BAD = (
    python(
        "async def load(): ...\n\nasync def f(on):\n    n = load()\n    if not on:\n        return 0\n"
        "    return await n",
        line=4,
    ),
    python("async def load(): ...\n\nasync def f():\n    n = load()\n    if n > 3:\n        stop()", line=4),
    python("async def load(): ...\n\nasync def f():\n    for x in load():\n        use(x)", line=4),
    python("async def load(): ...\n\nasync def f():\n    return load().items", line=4),
    python("async def load(): ...\n\nasync def f():\n    n = load()\n    return str(n)", line=4),
    python("async def load(): ...\n\nasync def f():\n    task = load()\n    go()", line=4),
    python("async def load(): ...\n\nasync def f():\n    all = load()\n    return [x.a for x in all]", line=4),
    python(
        "async def load(): ...\n\nasync def f():\n    return len(load())",
        line=4,
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    limit = 3\n    n = load()\n    return n > limit",
        line=5,
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    return n['id']",
        line=4,
    ),
    python("async def load(): ...\n\ndef f():\n    n = load()\n    return n is None", line=4),
    python("async def load(): ...\n\nasync def f():\n    return 1 + load()", line=4),
)

FURTHER_GOOD = (
    python("import asyncio\nasync def f(path):\n    with asyncio.sleep(1):\n        use(path)"),
    python(
        "async def load(): ...\n\nasync def f(on):\n    n = load()\n    if on:\n        def stop():\n"
        "            return 0\n    return await n"
    ),
    python(
        "async def load(): ...\n\nasync def f(on):\n    if on:\n        n = load()\n        return await n\n"
        "    if off:\n        return 0"
    ),
    python(
        "async def load(): ...\n\nasync def f(on):\n    n = load()\n    if on:\n        await n\n"
        "    else:\n        raise Gone()"
    ),
    python("async def load(): ...\n\nasync def f(on):\n    n = load()\n    if on:\n        run(n)"),
    python("async def load(): ...\n\nasync def f(on):\n    n = load()\n    with on:\n        await n"),
    python(
        "class Feed:\n    async def _open(self): ...\n\n    def __await__(self):\n"
        "        return self._open().__await__()"
    ),
    python("async def load(): ...\n\nasync def f():\n    n = await load()\n    if n > 3:\n        stop()"),
    python("async def load(): ...\n\nasync def f():\n    n = load()\n    if n is not None:\n        await n"),
    python("async def load(): ...\n\nasync def f():\n    n = load()\n    n.close()"),
    python("async def load(): ...\n\nasync def f():\n    n = load()\n    n = run(n)\n    return n.items"),
    python("async def load():\n    yield 1\n\nasync def f():\n    n = load()\n    return n.items"),
    python("@wrapped\nasync def load(): ...\n\nasync def f():\n    n = load()\n    return n.items"),
    python("async def load(): ...\n\nasync def f():\n    keep(load())"),
    python("def load(): ...\n\nasync def f():\n    n = load()\n    return n.items"),
    python("async def load(): ...\n\nasync def f():\n    _ = load()"),
    javascript("async function load() {}\nfunction f() { const unused = load(); }"),
    python(
        "async def load(): ...\n\nn = load()",
    ),
    python(
        "async def load(): ...\n\nasync def f(self):\n    self.n = load()",
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    return locals()",
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    return n.cr_running",
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    return cache[n]",
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    store.set(n)",
    ),
    python(
        "async def load(): ...\n\nasync def f():\n    n = load()\n    run(n)",
    ),
    python(
        "async def load(): ...\n\nasync def f(store):\n    n = load()\n    return store.n",
    ),
    python("async def load(): ...\n\nasync def f(all):\n    n = load()\n    return [n.id for n in all]"),
    python("async def load(): ...\n\nasync def f():\n    global n\n    n = load()"),
    python(
        "async def load(): ...\n\nasync def f(all):\n    if not all:\n        return 0\n    n = load()\n"
        "    for one in all:\n        if one.last:\n            break\n    return await n"
    ),
    python(
        "async def load(): ...\n\nasync def f(on):\n    n = load()\n    if on:\n        return await n\n"
        "    return run(n)"
    ),
    python(
        "class Feed:\n    async def rows(self): ...\n\n    async def first(self):\n"
        "        async for row in self.rows():\n            return row"
    ),
    python("async def f(path):\n    return open(path).read()"),
    python("import treq\nasync def f(url):\n    d = treq.get(url)\n    d.addCallback(show)"),
    javascript("const http = require('http');\nasync function f(o) { const r = http.request(o, show); r.end(); }"),
    javascript("async function load() {}\nasync function f() { return list(load()); }"),
)
