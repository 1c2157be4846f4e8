"""Further good examples of missing-timeout/timeout-removed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java, javascript, python, typescript

FURTHER_GOOD = (
    go(
        "func ask(ctx context.Context, web *Client, req *Request) {\n"
        "\tctx = linked(context.Background(), ctx)\n\tweb.Do(req.With(ctx))\n}",
        before='import "context"\n\nfunc ask(ctx context.Context, web *Client, req *Request) {\n'
        "\tctx, cancel := context.WithTimeout(context.Background(), web.HTTPClient.Timeout)\n\tdefer cancel()\n"
        "\tweb.Do(req.With(ctx))\n}",
    ),  # the client limits it all the same
    csharp("class A { void F() { s.CancelAfter(ms); w.Wait(); } }", before="class A { void F() { w.Wait(ms); } }"),
    csharp(  # it stood there, and the other has another limit
        "class A { void F() { if (Ask(w.Wait(Limits.Queue))) { w.Wait(); } } }",
        before="class A { void F(TimeSpan timeout) { if (Ask(w.Wait(timeout))) { w.Wait(); } } }",
    ),
    java(
        'class A { void f() {\n  show(Res.get("sold.out"));\n} }',
        before='class A { void f() {\n  show(Res.get("sold.out", item, day));\n} }',
    ),
    javascript("function f(t) {\n  t.wait();\n}", before="function f(t) {\n  t.wait(5);\n}"),  # its own, whatever it is
    java("class A { void f() {\n  box.get();\n} }", before="class A { void f() {\n  box.get(5);\n} }"),
    python("def f(t):\n    t.wait()", before="def f(t):\n    t.wait(-1)"),  # that was for ever as well
    java(  # who joins, and not for how long
        "class A { void f() {\n  room.setMeeting(meeting);\n  room.join();\n} }",
        before="class A { void f() {\n  room.join(meeting);\n} }",
    ),
    go(  # what is gone took a limit away
        "func talk(c net.Conn) {\n\tc.SetReadDeadline(soon())\n\tread(c)\n\tc.Write(b)\n}",
        before="func talk(c net.Conn) {\n\tc.SetReadDeadline(soon())\n\tread(c)\n\tc.SetReadDeadline(time.Time{})\n"
        "\tc.Write(b)\n}",
    ),
    go(  # answered at once
        "func talk(c net.Conn) {\n\tshow(c.RemoteAddr())\n}",
        before="func talk(c net.Conn) {\n\tc.SetReadDeadline(soon())\n\tc.Read(b)\n\tshow(c.RemoteAddr())\n}",
    ),
    python(
        "def talk(self):\n    self.log.info('sold')",
        before="def talk(self):\n    self.log.settimeout(5)\n    self.log.info('sold')",
    ),
    python(  # the project's own, which may know what None means
        "def load(self):\n    return read(1, timeout=None)\n\ndef read(n, timeout):\n    return 1",
        before="def load(self):\n    return read(1, timeout=5)\n\ndef read(n, timeout):\n    return 1",
    ),
    python("def stop(self):\n    self.worker.halt()", before="def stop(self):\n    self.worker.join(5)"),
    go(  # an option, and what takes it waits for nothing
        'import "shop.example/feed"\n\nfunc (s *Store) check(o *Order) error {\n\tif o.Page == "" {\n'
        '\t\treturn s.refuse(o, "page")\n\t}\n\treturn s.keep(o)\n}',
        before='import "shop.example/feed"\n\nfunc (s *Store) check(o *Order) error {\n'
        '\ts.options = append(s.options, feed.WithTimeout(s.limit))\n\tif o.Page == "" {\n'
        '\t\treturn s.refuse(o, "page")\n\t}\n\treturn s.keep(o)\n}',
    ),
    go(  # a value is there at once
        "func at(ctx context.Context, addr string) *Page {\n\treturn &Page{ctx, addr}\n}",
        before="func at(ctx context.Context, addr string) *Page {\n"
        "\tctx, cancel := context.WithTimeout(ctx, limit)\n\treturn &Page{ctx, addr}\n}",
    ),
    go(  # it takes no limit any more
        "func run(ctx context.Context, r *R) error {\n\treturn r.Run(ctx)\n}",
        before="func run(ctx context.Context, r *R) error {\n\tlimit, stop := context.WithTimeout(ctx, d)\n"
        "\tdefer stop()\n\treturn r.Run(ctx, limit)\n}",
    ),
    go(  # the pool limits it now
        "func ready(ctx context.Context) error {\n\treturn db.Ping(ctx)\n}\n\nfunc open(c Config) {\n"
        "\tpool.PingTimeout = c.PingTimeout\n}",
        before="func ready(ctx context.Context) error {\n\tctx, cancel := context.WithTimeout(ctx, 2*time.Second)\n"
        "\tdefer cancel()\n\treturn db.Ping(ctx)\n}\n\nfunc open(c Config) {\n}",
    ),
    python(
        "def load(self, req):\n    return self.pool.open(req, **self.options)",
        before="def load(self, req):\n    return self.pool.open(req, timeout=self.timeout)",
    ),
    python(
        "async def load(peer):\n    async with asyncio.timeout(5):\n        return await peer.read(10)",
        before="async def load(peer):\n    return await asyncio.wait_for(peer.read(10), 5)",
    ),
    python(
        "def words(self, names):\n    return self.sep.join(names)",
        before="def words(self, names):\n    names = sorted(names)\n    return self.sep.join(names)",
    ),
    python(
        "def load(self, timeout=None):\n    if timeout is None:\n        timeout = self.timeout\n"
        "    return self.peer.read(timeout)",
        before="def load(self, timeout=1):\n    return self.peer.read(timeout)",
    ),
    javascript(
        "function ask(c) { return c.send({ body: 1, timeout }); }",
        before="function ask(c) { return c.send({ body: 1, requestTimeout: 500 }); }",
    ),
    typescript(
        "function ask(c: Client, o: O) { return c.send('a', o); }",
        before="function ask(c: Client, o: O) { return c.send('a', { timeout: 500 }); }",
    ),
    go(
        "func load(ctx context.Context, addr string) error {\n\treturn resolve(ctx, addr)\n}",
        before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
        "\tdefer cancel()\n\treturn resolve(ctx, addr)\n}",
    ),  # the caller's deadline now
    python(
        "def load(self):\n    a = self.peer.read(1)\n    b = self.peer.read(2, timeout=9)\n    return a + b",
        before="def load(self):\n    a = self.peer.read(1, timeout=9)\n    b = self.peer.read(2)\n    return a + b",
    ),
    javascript(
        "function load(store) { return store.get(); }",
        before="function load(store) { return store.get('a', 'b'); }",
    ),
    typescript(
        "function load(gate: Gate) { return gate.wait(); }",
        before="function load(gate: Gate) { return gate.wait(name); }",
    ),
    java("class A { void f() { queue.take(); } }", before="class A { void f() { queue.poll(); } }"),
    python("def load(self):\n    return self.box.get()", before='def load(self):\n    return self.box.get("name")'),
    python("def stop(self):\n    self.worker.join()", before="def stop(self):\n    self.worker.join(None)"),
    python("def stop(self):\n    self.worker.join()", before='def stop(self):\n    self.worker.join(reason="over")'),
    go(
        'func open(d Dialer) (net.Conn, error) {\n\treturn d.Dial("tcp")\n}',
        before='func open(d Dialer) (net.Conn, error) {\n\treturn d.DialTimeout("tcp", addr)\n}',
    ),
    python(
        "def talk(sock):\n    sock.connect(ADDRESS)\n    return 1",
        before="def talk(sock):\n    sock.connect(ADDRESS)\n    sock.settimeout(5)\n    return 1",
    ),
    python(
        "def load(self, retries=0):\n    return self.peer.read(retries)",
        before="def load(self, retries=3):\n    return self.peer.read(retries)",
    ),
    python(
        "def load(self, timeout=9):\n    return self.peer.read(timeout)",
        before="def load(self, timeout=3):\n    return self.peer.read(timeout)",
    ),
    python(
        "def load(self, timeout=None):\n    return self.peer.read(timeout, again=True)",
        before="def load(self, timeout=None):\n    return self.peer.read(timeout)",
    ),
    python(
        "def load(self, timeout=0):\n    return self.peer.read(timeout)",
        before="def load(self, timeout=None):\n    return self.peer.read(timeout)",
    ),
    python(
        "def load(self):\n    a = self.peer.read(1)\n    return a + self.peer.read(2, timeout=9)",
        before="def load(self):\n    a = self.peer.read(1, timeout=9)\n    return a + self.peer.read(2)",
    ),
    go(
        "func load(addr string) error {\n\treturn resolve(ctx, addr)\n}",
        before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
        "\tdefer cancel()\n\treturn settle(ctx, resolve(other, addr))\n}",
    ),
    go(
        "func load(ctx context.Context, addr string) error {\n\tctx = trace(ctx)\n\treturn resolve(ctx, addr)\n}",
        before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
        "\tdefer cancel()\n\tctx = trace(ctx)\n\treturn resolve(ctx, addr)\n}",
    ),
    go(
        "func load(addr string) error {\n\tctx := longest()\n\treturn resolve(ctx, addr)\n}",
        before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
        "\tdefer cancel()\n\treturn resolve(ctx, addr)\n}",
    ),
    python(
        "async def load(peer):\n    await peer.open()\n    first = await peer.read(10)\n    return first",
        before="async def load(peer):\n    await peer.open()\n    first = await peer.read(10)\n"
        "    async with asyncio.timeout(5):\n        kept = 1\n    return first",
    ),
    go(
        "func load(addr string) error {\n\treturn resolve(other, addr)\n}",
        before="func load(addr string) error {\n\tctx, cancel := context.WithTimeout(context.Background(), t)\n"
        "\tdefer cancel()\n\treturn settle(ctx, resolve(other, addr))\n}",
    ),
    go(
        "func load(addr string) *Page {\n\tif addr == none {\n\t\treturn &Page{err: errNone}\n\t}\n"
        "\treturn &Page{err: errNone, deadline: soon, at: addr}\n}",
        before='func load(addr string) *Page {\n\tif addr == "" {\n\t\treturn &Page{err: errNone}\n\t}\n'
        "\treturn &Page{err: errNone, deadline: soon, at: addr}\n}",
    ),
    python(  # there was none, or another waits
        "def load(self, req):\n    self.queue.join()\n    return self.pool.open(req)",
        before="def load(self, req):\n    self.worker.join(5)\n    return self.pool.open(req, timeout=None)",
    ),
    python(  # what it is handed on to has one
        "def hold(path, timeout=None):\n    if timeout is None:\n        timeout = 10\n    return lock(path)\n\n"
        "def write(path, timeout=None):\n    return hold(path, timeout)",
        before="def hold(path, timeout=10):\n    return lock(path, timeout)\n\n"
        "def write(path, timeout=10):\n    return hold(path, timeout)",
    ),
    python(  # both moved
        "def stop(self):\n    self.halt()\n    self.worker.join()\n\ndef halt(self):\n    self.worker.join(5)\n\n"
        "def talk(sock):\n    return sock.recv(10)\n\ndef dial():\n    sock = connect(ADDRESS)\n"
        "    sock.settimeout(5)",
        before="def stop(self):\n    self.worker.join(5)\n\ndef halt(self):\n    pass\n\ndef talk(sock):\n"
        "    sock.settimeout(5)\n    return sock.recv(10)\n\ndef dial():\n    sock = connect(ADDRESS)",
    ),
    python(  # one limit for both
        "def talk(sock, limit):\n    sock.settimeout(limit)\n    sock.connect(ADDRESS)\n    return sock.recv(10)",
        before="def talk(sock):\n    sock.settimeout(5)\n    sock.connect(ADDRESS)\n    sock.settimeout(9)\n"
        "    return sock.recv(10)",
    ),
    go(  # the other limit stays
        "func load(parent context.Context, addr string) error {\n\tctx, stop := context.WithDeadline(parent, end)\n"
        "\tdefer stop()\n\treturn resolve(ctx, addr)\n}",
        before="func load(parent context.Context, addr string) error {\n"
        "\tctx, cancel := context.WithTimeout(parent, limit)\n\tdefer cancel()\n"
        "\tctx, stop := context.WithDeadline(ctx, end)\n\tdefer stop()\n\treturn resolve(ctx, addr)\n}",
    ),
    java(
        "class A { void f() { if (!lock.tryLock(2, TimeUnit.SECONDS)) throw late(); } }",
        before="class A { void f() { lock.tryLock(1, TimeUnit.SECONDS); } }",
    ),
    csharp(
        "class A { void F() { task.Wait(9000); } }",
        before="class A { void F() { task.Wait(5000); } }",
    ),
)
