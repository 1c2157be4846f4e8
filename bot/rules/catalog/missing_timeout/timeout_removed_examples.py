"""Further bad examples of missing-timeout/timeout-removed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java, javascript, python

FURTHER_BAD = (
    python(
        "def load(self):\n    return self.peer.read(1, timeout=None)",
        line=2,
        before="def load(self):\n    return self.peer.read(1, timeout=5)",
    ),
    python(
        "async def load(peer):\n    return await peer.read(10)",
        line=2,
        before="async def load(peer):\n    return await asyncio.wait_for(peer.read(10), 5)",
    ),
    python("def stop(self):\n    self.worker.join()", line=2, before="def stop(self):\n    self.worker.join(5)"),
    python(
        "def talk(sock):\n    return sock.recv(10)",
        line=2,
        before="def talk(sock):\n    sock.settimeout(5)\n    return sock.recv(10)",
    ),
    javascript(
        "function ask(c) { return c.send({ body: 1 }); }",
        before="function ask(c) { return c.send({ body: 1, requestTimeout: 500 }); }",
    ),
    python(
        "def load(self):\n    return self.peer.read(1)",
        line=2,
        before="def load(self):\n"
        "    return self.peer.read(1, timeout=max(self.settings.read_timeout, self.settings.open_timeout, LONG))",
    ),
    python(
        "def load(self):\n    return self.a.read(1) + self.b.read(2)",
        line=2,
        before="def load(self):\n    return self.a.read(1, timeout=5) + self.b.read(2, timeout=5)",
    ),
    go(
        'func open(d Dialer) (net.Conn, error) {\n\treturn d.Dial("tcp", addr)\n}',
        line=2,
        before='func open(d Dialer) (net.Conn, error) {\n\treturn d.DialTimeout("tcp", addr, limit)\n}',
    ),
    python(
        "def talk(left, right):\n    left.settimeout(5)\n    left.send(HELLO)\n    return right.recv(10)",
        line=4,
        before="def talk(left, right):\n    left.settimeout(5)\n    left.send(HELLO)\n    right.settimeout(5)\n"
        "    return right.recv(10)",
    ),
    python(
        "async def load(peer):\n    first = await peer.read(10)\n    return first",
        line=2,
        before="async def load(peer):\n    async with asyncio.timeout(5):\n        first = await peer.read(10)\n"
        "    return first",
    ),
    python(
        "async def load(peer):\n    await peer.open()\n    first = await peer.read(10)\n    return first",
        line=3,
        before="async def load(peer):\n    await peer.open()\n    async with asyncio.timeout(5):\n"
        "        first = await peer.read(10)\n    return first",
    ),
    python(
        "async def load(peer):\n    return await peer.read(10)",
        line=2,
        before="async def load(peer):\n    with fail_after():\n        return await peer.read(10)",
    ),
    python(
        "def stop(self):\n    for worker in self.workers:\n        worker.join()",
        line=3,
        before="def stop(self):\n    for worker in self.workers:\n        worker.join(5)",
    ),
    java(
        "class A { Object ask(URLConnection c) {\n  c.setConnectTimeout(LIMIT);\n  note(c);\n"
        "  return c.getContent();\n} }",
        line=4,
        before="class A { Object ask(URLConnection c) {\n  c.setConnectTimeout(LIMIT);\n  c.setReadTimeout(LIMIT);\n"
        "  note(c);\n  return c.getContent();\n} }",
    ),
    python(
        "async def load(peer):\n    note(await peer.read(10))",
        line=2,
        before="async def load(peer):\n    note(await asyncio.wait_for(peer.read(10), 5))",
    ),
    python(
        "def talk(sock):\n    log.note(1)\n    return sock.recv(10, PEEK)",
        line=3,
        before="def talk(sock):\n    sock.settimeout(5)\n    log.note(1)\n    return sock.recv(10)",
    ),
    go(
        "func load(ctx context.Context, addr string) error {\n\treturn resolve(ctx, addr)\n}",
        line=2,
        before="func load(ctx context.Context, addr string) error {\n"
        "\tctx, cancel := context.WithTimeout(ctx, limit)\n\tdefer cancel()\n\treturn resolve(ctx, addr)\n}",
    ),
    go(
        'import stdcontext "context"\n\nfunc (s *Store) load(ctx stdcontext.Context) error {\n'
        "\ts.note(feed.WithTimeout(limit))\n\treturn s.peer.Ask(ctx)\n}",
        line=5,
        before='import stdcontext "context"\n\nfunc (s *Store) load(ctx stdcontext.Context) error {\n'
        "\ts.note(feed.WithTimeout(limit))\n\tctx, cancel := stdcontext.WithTimeout(ctx, limit)\n"
        "\tdefer cancel()\n\treturn s.peer.Ask(ctx)\n}",
    ),
    csharp(
        "class A { Page Load(Request r) {\n  return r.Send();\n} }",
        line=2,
        before="class A { Page Load(Request r) {\n  r.WithTimeout(limit);\n  return r.Send();\n} }",
    ),
)
