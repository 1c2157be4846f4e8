"""Further examples of resource-leak/close-removed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java, javascript, python, typescript

FURTHER_BAD = (
    javascript(
        "class A {\n  start() { this.t = setTimeout(fail, 5); }\n  stop() {\n    done(1);\n  }\n}",
        line=4,
        before="class A {\n  start() { this.t = setTimeout(fail, 5); }\n  stop() {\n    clearTimeout(this.t);\n"
        "    done(1);\n  }\n}",
    ),
    go(  # another one is closed as it was, and a third is new and not closed
        "func ask() {\n\tpeer := dial(1)\n\tfeed := dial(2)\n\tfresh.Note(1)\n\tfeed.Close()\n}",
        line=4,
        before="func ask() {\n\tpeer := dial(1)\n\tfeed := dial(2)\n\tpeer.Close()\n\tfeed.Close()\n}",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    note()\n    return peer.read()",
        line=3,
        before="def load(path):\n    peer = dial(path)\n    peer.close()\n    return peer.read()",
    ),
    csharp(
        "class A { void F() { try { Ask(_link.Peer); } catch (X e) { Warn(e); _link.Note(e); } } }",
        before="class A { void F() { try { Ask(_link.Peer); } catch (X e) { _link.Note(e); _link.Peer.Close(); } } }",
    ),
    python(
        "def load(path):\n    a = dial(path)\n    b = dial(path)\n    return a.read(b.read())",
        line=4,
        before="def load(path):\n    a = dial(path)\n    b = dial(path)\n    a.close()\n    b.close()\n"
        "    return a.read(b.read())",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    return peer.read()",
        line=3,
        before="def load(path):\n    peer = dial(path)\n"
        '    peer.close(reason="the caller has gone away", drain=True, wait=5)\n    return peer.read()',
    ),
    python(
        "def ask(peer):\n    try:\n        peer.ask()\n    except OSError:\n        raise",
        line=5,
        before="def ask(peer):\n    try:\n        peer.ask()\n    except OSError:\n        peer.close()\n        raise",
    ),
    python(  # what it held before was its own to close
        "def swap(self):\n    peer = dial()\n    peer.ask()",
        line=3,
        before="def swap(self):\n    peer = self.peer\n    peer.ask()\n    peer.close(5)",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    peer.ask()\n    note(path)\n    if not peer.ready:\n"
        "        return None\n    found = peer.read()\n    peer.close()\n    return found",
        line=6,
        before="def load(path):\n    peer = dial(path)\n    try:\n        peer.ask()\n        note(path)\n"
        "        if not peer.ready:\n            return None\n        return peer.read()\n    finally:\n"
        "        peer.close()",
    ),
    go(
        "func load(path string) error {\n\tgate.Lock()\n\tdefer gate.Unlock()\n\tpeer := dial(path)\n\tpeer.Ask()\n"
        "\tnote(path)\n\tif !peer.Ready {\n\t\tlog(path)\n\t\treturn errBusy\n\t}\n\tif peer.Empty {\n"
        "\t\tpeer.Close()\n\t\treturn nil\n\t}\n\tfound := peer.Read()\n\tpeer.Close()\n\treturn keep(found)\n}",
        line=9,
        before="func load(path string) error {\n\tgate.Lock()\n\tdefer gate.Unlock()\n\tpeer := dial(path)\n"
        "\tdefer peer.Close()\n\tpeer.Ask()\n\tnote(path)\n\tif !peer.Ready {\n\t\tlog(path)\n"
        "\t\treturn errBusy\n\t}\n\tif peer.Empty {\n\t\treturn nil\n\t}\n\treturn keep(peer.Read())\n}",
    ),
)
FURTHER_GOOD = (
    javascript(  # the field is gone as well
        "class A {\n  stop() {\n    try { ask(1); } catch (e) { log(e); }\n  }\n}",
        before="class A {\n  stop() {\n    try { ask(1); } catch (e) { log(e); this.peer.close(); }\n  }\n}",
    ),
    java(  # what it now stands for belongs to whoever gives it
        "class A { void f() {\n  Buffer photo = mediaBuffer();\n  photo.read(peer);\n} }",
        before="class A { void f() {\n  Buffer kept = mediaBuffer();\n  Buffer photo = Unpooled.buffer(9);\n"
        "  photo.read(peer);\n  photo.release();\n} }",
    ),
    go(
        "func stop() {\n\tserver.Note()\n\tfor _, each := range servers {\n"
        "\t\tif err := each.Shutdown(9); err != nil {\n\t\t\tlog(err)\n\t\t}\n\t}\n}",
        before="func stop() {\n\tserver.Note()\n\tfor _, server := range servers {\n"
        "\t\tif err := server.Shutdown(9); err != nil {\n\t\t\tlog(err)\n\t\t}\n\t}\n}",
    ),
    go(  # there are no rows any more
        "func fill() error {\n\t_, err := ask(1)\n\treturn err\n}\n\nfunc other() {\n\tshow(rows)\n}",
        before="func fill() error {\n\trows, err := ask(1)\n\tif err := rows.Close(); err != nil {\n"
        "\t\treturn err\n\t}\n\treturn err\n}\n\nfunc other() {\n\tshow(rows)\n}",
    ),
    go(
        "func (c *Feed) ask() error {\n\tif err := c.call(); err != nil {\n\t\tc.peers.cancel(1)\n\t\treturn err\n"
        "\t}\n\treturn nil\n}",
        before="func (c *Feed) ask() error {\n\tif err := c.call(); err != nil {\n\t\tc.peers.close(1)\n"
        "\t\treturn err\n\t}\n\treturn nil\n}",
    ),
    csharp(  # its owner is told, and closes it
        "class A { void F() { try { Ask(_link.Peer); } catch (X e) { _link.Gone(e); } } }",
        before="class A { void F() { try { Ask(_link.Peer); } catch (X e) { _link.Peer.Close(); } } }",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\tgo work(jobs)\n\tfor next() {\n\t\tif bad() {\n"
        "\t\t\treturn errBad\n\t\t}\n\t}\n\t// not deferred: the workers end before the next line\n"
        "\tclose(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\tgo work(jobs)\n"
        "\tfor next() {\n\t\tif bad() {\n\t\t\treturn errBad\n\t\t}\n\t}\n\treturn nil\n}",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\tgo work(jobs)\n\tfor next() {\n\t\tif bad() {\n"
        "\t\t\treturn errBad\n\t\t}\n\t}\n\tend := func() {\n\t\tclose(jobs)\n\t}\n\tdefer end()\n"
        "\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\tgo work(jobs)\n"
        "\tfor next() {\n\t\tif bad() {\n\t\t\treturn errBad\n\t\t}\n\t}\n\treturn nil\n}",
    ),
    csharp(  # a client of a factory that keeps the connections itself
        "class A { async Task F() {\n  var client = clients.CreateClient(1);\n  await client.SendAsync(2);\n} }",
        before="class A { async Task F() {\n  using var client = clients.CreateClient(1);\n"
        "  await client.SendAsync(2);\n} }",
    ),
    csharp(  # another call that ends in the same word
        "class A { async Task F() {\n  var kind = await AskForTheKindOfThis(feed.Name, 1).ConfigureAwait(false);\n"
        "  Show(kind);\n} }",
        before="class A { async Task F() {\n  using var feed = await OpenTheFeedOfThis(feed.Name, 1)\n"
        "    .ConfigureAwait(false);\n"
        "  Show(feed);\n} }",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    return peer",
        before="def load(path):\n    peer = dial(path)\n    peer.close()\n    return peer",
    ),
    go(
        "func load(conn *Conn) error {\n\tconn, err := conn.Next()\n\treturn conn.Read(err)\n}",
        before="func load() error {\n\tconn, err := dial()\n\tdefer conn.Close()\n\treturn conn.Read(err)\n}",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\tclose(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\treturn nil\n}",
    ),
    csharp(
        "class A { async Task F() { var channel = await bus.CreateAsync(1); keep.Add(channel); } }",
        before="class A { async Task F() { using var channel = await bus.CreateAsync(1); keep.Add(channel); } }",
    ),
    typescript(
        "function ask() { const peer = dial(); peer.ask(); peer.unsubscribe(); }",
        before="function ask() { const peer = dial(); peer.ask(); peer.disconnect(); }",
    ),
    javascript(
        "function ask(s) { const t = setTimeout(fail, 5); s.end(); halt(t); }\nfunction halt(t) { clearTimeout(t); }",
        before="function ask(s) { const t = setTimeout(fail, 5); s.end(); clearTimeout(t); }\nfunction halt(t) { }",
    ),
    typescript(
        "function ask() { const peer = dial(); peer.ask(); shutdownAll(peer.socket, 1); }",
        before="function ask() { const peer = dial(); peer.ask(); peer.disconnect(); }",
    ),
    csharp(
        "class A { void F() { using var a = Open(1); var n = 2; Show(a, n); } }",
        before="class A { void F() { using var a = Open(1); var n = 1; Show(a, n); } }",
    ),
    csharp(
        "class A { void F() { Open(1); Show(2); } }",
        before="class A { void F() { using var a = Open(1); Show(2); } }",
    ),
    csharp(
        "class A { void F() { var a = Close(1); a.Ask(); } void G() { using var a = Open(1); } }",
        before="class A { void F() { using var a = Open(1); a.Ask(); } void G() { } }",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\tlog(1)\n\twork(jobs)\n"
        "\tif bad() {\n\t\treturn errBad\n\t}\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\twork(jobs)\n\tif bad() {\n"
        "\t\treturn errBad\n\t}\n\treturn nil\n}",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\tif bad() {\n\t\treturn errBad\n\t}\n\tclose(jobs)\n"
        "\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n"
        "\tif bad() {\n\t\treturn errBad\n\t}\n\treturn nil\n}",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\twork(jobs)\n\tfor next() {\n\t\tif empty() {\n"
        "\t\t\tbreak\n\t\t}\n\t}\n\tclose(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer close(jobs)\n\twork(jobs)\n\tfor next() {\n"
        "\t\tif empty() {\n\t\t\tbreak\n\t\t}\n\t}\n\treturn nil\n}",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    peer.read()\n\ndef end():\n    peer.close()",
        before="def load(path):\n    peer = dial(path)\n    peer.read()\n    peer.close()\n\ndef end():\n    pass",
    ),
    javascript(
        "function ask(s) {\n  const t = defer(fail);\n  t.begin();\n}",
        before="function ask(s) {\n  const t = setTimeout(fail, 5);\n  clearTimeout(t);\n}",
    ),
    csharp(
        "class A { async Task F() {\n  var b = Open(1);\n  b.Ask();\n} }",
        before="class A { async Task F() {\n  var a = Open(1);\n  a.Ask();\n} }",
    ),
    csharp(
        "class A { async Task F() {\n  var b = Find(2);\n  b.Ask();\n} }",
        before="class A { async Task F() {\n  using var a = Open(1);\n  a.Ask();\n} }",
    ),
    csharp(
        "class A { async Task F() {\n  var channel = Open(1);\n  keep.Add(channel);\n} }",
        before="class A { async Task F() {\n  using var channel = Open(1);\n  keep.Add(channel);\n} }",
    ),
    csharp(
        "class A { async Task F() {\n  var channel = Open(1);\n  channel.Ask();\n} }\n"
        "class B { void G() {\n  using var channel = Open(2);\n} }",
        before="class A { async Task F() {\n  using var channel = Open(1);\n  channel.Ask();\n} }\n"
        "class B { void G() {\n} }",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\twork(jobs)\n\tlog(1)\n\tif bad() {\n"
        "\t\treturn errBad\n\t}\n\tclose(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\twork(jobs)\n\tlog(2)\n\tif bad() {\n"
        "\t\treturn errBad\n\t}\n\tclose(jobs)\n\treturn nil\n}",
    ),
    go(
        "func run() error {\n\tn := count()\n\tlog(n)\n\tlog(1)\n\tif n > 1 {\n\t\treturn errBad\n\t}\n"
        "\tjobs := make(chan int)\n\tclose(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tn := count()\n\tlog(n)\n\tlog(1)\n\tif n > 1 {\n\t\treturn errBad\n\t}\n"
        "\tjobs := make(chan int)\n\tdefer close(jobs)\n\treturn nil\n}",
    ),
    javascript(
        "function ask(s) {\n  const t = setTimeout(fail, 5);\n  s.end();\n}",
        before="function ask(s) {\n  const t = setTimeout(fail, 5);\n  s.end();\n  clearTimeout();\n}",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    return peer.read()",
        before="def load(path):\n    peer = dial(path)\n    release(peer)\n    return peer.read()",
    ),
    python(
        "def load(path):\n    peer = dial(path)\n    return peer.read()",
        before="def load(path):\n    peer = dial(path)\n    close(peer)\n    return peer.read()",
    ),
    go(
        "func run() error {\n\tjobs := make(chan int)\n\twork(jobs)\n\tlog(1)\n\tif bad() {\n"
        "\t\treturn errBad\n\t}\n\trelease(jobs)\n\treturn nil\n}",
        before="func run() error {\n\tjobs := make(chan int)\n\tdefer release(jobs)\n\twork(jobs)\n\tlog(1)\n"
        "\tif bad() {\n\t\treturn errBad\n\t}\n\treturn nil\n}",
    ),
    go(
        "func run() error {\n\tjobs, close := open()\n\twork(jobs)\n\tlog(1)\n\tif bad() {\n"
        "\t\treturn errBad\n\t}\n\tclose()\n\treturn nil\n}",
        before="func run() error {\n\tjobs, close := open()\n\tdefer close()\n\twork(jobs)\n\tlog(1)\n"
        "\tif bad() {\n\t\treturn errBad\n\t}\n\treturn nil\n}",
    ),
    csharp(
        "class A { async Task F() {\n  using var b = Open(1);\n  b.Ask();\n  Open(2);\n} }",
        before="class A { async Task F() {\n  using var a = Open(1);\n  a.Ask();\n} }",
    ),
    javascript(  # there is no timer any more
        "function ask(s) {\n  const kept = reset(s);\n  kept.end();\n}",
        before="function ask(s) {\n  const kept = reset(s);\n  const t = setTimeout(fail, 5);\n  kept.end();\n"
        "  clearTimeout(t);\n}",
    ),
    csharp(  # how a class closes is its own business
        "class A { async Task DisposeAsync() {\n  var peer = Take();\n  Note(1);\n} }",
        before="class A { async Task DisposeAsync() {\n  var peer = Take();\n  peer.Dispose();\n} }",
    ),
    python(  # the object holds it now
        "def load(self):\n    peer = self.peer\n    peer.ask()",
        before="def load(self):\n    peer = dial()\n    peer.ask()\n    peer.close()",
    ),
    python(  # the object closes it
        "def load(self):\n    self.peer.ask()",
        before="def load(self):\n    self.peer.ask()\n    self.peer.close()",
    ),
    go(  # once more, to see its error
        "func save(path string) error {\n\tfile := create(path)\n\tdefer file.Close()\n\twrite(file)\n\tsync(file)\n"
        "\tif full() {\n\t\treturn errFull\n\t}\n\treturn file.Close()\n}",
        before="func save(path string) error {\n\tfile := create(path)\n\tdefer file.Close()\n\twrite(file)\n"
        "\tsync(file)\n\tif full() {\n\t\treturn errFull\n\t}\n\treturn nil\n}",
    ),
    go(  # what works is handed on
        "func open() *Peer {\n\tpeer := dial()\n\tfor {\n\t\task(peer)\n\t\tif peer.Ready {\n"
        "\t\t\treturn keep(peer)\n\t\t}\n\t\tpeer.Close()\n\t\tpeer = dial()\n\t}\n}",
        before="func open() *Peer {\n\tpeer := dial()\n\tdefer peer.Close()\n\task(peer)\n\treturn peer.Next()\n}",
    ),
    go(  # closed by hand ahead of each return
        "func load(path string) error {\n\tpeer := dial(path)\n\tpeer.Ask()\n\tnote(path)\n\tif !peer.Ready {\n"
        "\t\tpeer.Close()\n\t\treturn errBusy\n\t}\n\tfound := peer.Read()\n\tpeer.Close()\n\treturn keep(found)\n}",
        before="func load(path string) error {\n\tpeer := dial(path)\n\tdefer peer.Close()\n\tpeer.Ask()\n"
        "\tnote(path)\n\tif !peer.Ready {\n\t\treturn errBusy\n\t}\n\treturn keep(peer.Read())\n}",
    ),
    python(  # the function has it no longer
        "def ask(link):\n    try:\n        link.ask()\n    except OSError:\n        raise\n\ndef tell(peer):\n"
        "    peer.tell()",
        before="def ask(link, peer):\n    try:\n        link.ask()\n    except OSError:\n        peer.close()\n"
        "        raise\n\ndef tell(peer):\n    peer.tell()",
    ),
)
