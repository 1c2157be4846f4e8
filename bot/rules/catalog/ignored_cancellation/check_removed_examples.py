"""Further examples of ignored-cancellation/check-removed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java, python, typescript

_TAKES_ALL = "class A { async Task F() {\n  try { await G(); }\n  catch (Exception e) { Log(e); }\n} }"
_LETS_GO = _TAKES_ALL.replace("  catch", "  catch (OperationCanceledException) { return; }\n  catch")

FURTHER_BAD = (
    csharp(  # what takes them stands beside another try
        "class A { async Task F() {\n  try { await G(); }\n  catch (Exception e) { Log(e); }\n"
        "  try { await H(); }\n  catch (OperationCanceledException) { return; }\n} }",
        line=3,
        before="class A { async Task F() {\n  try { await G(); }\n"
        "  catch (Exception e) when (!stop.IsCancellationRequested) { Log(e); }\n"
        "  try { await H(); }\n  catch (OperationCanceledException) { return; }\n} }",
    ),
    go(  # it was given the context before as well
        "func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif use(a, ctx) {\n\t\t\tbreak\n\t\t}\n\t}\n}",
        line=2,
        before="func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif ctx.Err() != nil {\n\t\t\tbreak\n"
        "\t\t}\n\t\tif use(a, ctx) {\n\t\t\tbreak\n\t\t}\n\t}\n}",
    ),
    go(
        "func list(ctx context.Context) {\n\tfor a := range all {\n\t\tsave(a, ctx)\n\t}\n}",
        line=2,
        before="func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif ctx.Err() != nil {\n\t\t\tbreak\n"
        "\t\t}\n\t\tuse(a)\n\t}\n}",
    ),
    go(
        "func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif !save(a) {\n\t\t\tbreak\n\t\t}\n\t}\n}",
        line=2,
        before="func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif ctx.Err() != nil {\n\t\t\tbreak\n"
        "\t\t}\n\t\tuse(a)\n\t}\n}",
    ),
    java(
        "class A { void f() {\n  for (Job j : jobs) {\n    j.run();\n  }\n"
        "} boolean over() { return task.isCancelled(); } }",
        line=2,
        before="class A { void f() {\n  for (Job j : jobs) {\n    if (task.isCancelled()) return;\n    "
        "j.run();\n  }\n"
        "} boolean over() { return task.isCancelled(); } }",
    ),
    csharp(
        "class A { async Task F() {\n  try { await G(); }\n  catch (OperationCanceledException) { Stop(); }\n} }",
        line=3,
        before="class A { async Task F() {\n  try { await G(); }\n"
        "  catch (OperationCanceledException) when (token.IsCancellationRequested && "
        "!this.settings.StopsAtOnce) { Stop(); }\n} }",
    ),
    csharp(
        "class A { async Task F() {\n  try { await G(); }\n  catch (OperationCanceledException) { Stop(); }\n"
        "  catch (IOException e) when (e.Code == 7) { Answer(e); }\n  catch (JsonException e) { Answer(e); }\n} }",
        line=3,
        before="class A { async Task F() {\n  try { await G(); }\n"
        "  catch (OperationCanceledException) when (token.IsCancellationRequested) { Stop(); }\n"
        "  catch (IOException e) when (e.Code == 7) { Answer(e); }\n"
        "  catch (JsonException e) when (e.Line > 7) { Answer(e); }\n} }",
    ),
    java(
        "class A { void f() {\n  try { work(); }\n  catch (Exception e) { log(e); }\n} }",
        line=3,
        before="class A { void f() {\n  try { work(); }\n"
        "  catch (InterruptedException e) { Thread.currentThread().interrupt(); }\n"
        "  catch (Exception e) { log(e); }\n} }",
    ),
    csharp(
        "class A { async Task F() {\n  try { await G(); }\n  catch { Answer(1); }\n} }",
        line=3,
        before="class A { async Task F() {\n  try { await G(); }\n  catch (OperationCanceledException) { throw; }\n"
        "  catch { Answer(1); }\n} }",
    ),
    csharp(
        "class A { void F() {\n  while (this.isOpen) {\n    Work();\n  }\n} }",
        line=2,
        before="class A { void F() {\n  while (this.isOpen && !this.isStopped) {\n    Work();\n  }\n} }",
    ),
)
FURTHER_GOOD = (
    csharp(  # a cancellation passes through it
        "class A { void F() { try { W(); } catch (Exception e) { L(e); throw; } } }",
        before="class A { void F() { try { W(); } catch (OperationCanceledException) { throw; } catch { } } }",
    ),
    # the wider of the two was there all the time
    csharp(_LETS_GO, before=_LETS_GO.replace("  catch (O", "  catch (TaskCanceledException) { return; }\n  catch (O")),
    csharp(_TAKES_ALL.replace("e) {", "e) when (!stop.IsCancellationRequested) {"), before=_LETS_GO),
    csharp(_TAKES_ALL.replace("{ Log", "{ if (e is OperationCanceledException) return; Log"), before=_LETS_GO),
    java(  # only the line in the log is the same
        'class A { void f() {\n  try { log.info("a"); start(); }\n  catch (Exception e) { throw new Failed(e); }\n} }',
        before='class A { void f() {\n  try { log.info("a"); start(); }\n'
        "  catch (Exception e) { throw new Failed(e); }\n"
        '  try { log.info("b"); topics.get(); }\n  catch (InterruptedException e) { throw new Failed(e); }\n} }',
    ),
    csharp(  # what it guarded is gone, whatever is awaited in the same way
        "class A { async Task F() {\n  try { await TakeTheNextOrderOf(this.queue, 1).ConfigureAwait(false); }\n"
        "  catch (Exception e) { await Answer(e); }\n} }",
        before="class A { async Task F() {\n"
        "  try { await OpenTheSlotOf(this.queue, false, 1).ConfigureAwait(false); }\n"
        "  catch (OperationCanceledException) { return; }\n"
        "  try { await TakeTheNextOrderOf(this.queue, 1).ConfigureAwait(false); }\n"
        "  catch (Exception e) { await Answer(e); }\n} }",
    ),
    go(  # another context ends it
        "func serve(ctx context.Context, s Stream) {\n\tfor {\n\t\tselect {\n\t\tcase m := <-in:\n\t\t\tuse(m)\n"
        "\t\tcase <-s.Context().Done():\n\t\t\treturn\n\t\t}\n\t}\n}",
        before="func serve(ctx context.Context, s Stream) {\n\tfor {\n\t\tselect {\n\t\tcase m := <-in:\n\t\t\tuse(m)\n"
        "\t\tcase <-ctx.Done():\n\t\t\treturn\n\t\t}\n\t}\n}",
    ),
    go(  # asked once more further down
        "func (f *F) give(c C) error {\n\tnote(f.closed)\n\treturn f.put(c)\n}",
        before="func (f *F) give(c C) error {\n\tif f.closed {\n\t\treturn errGone\n\t}\n\tnote(f.closed)\n"
        "\treturn f.put(c)\n}",
    ),
    go(  # asked in what is called instead
        "func (f *F) give(c C) error {\n\tf.ask()\n\treturn f.put(c)\n}\n\nfunc (f *F) ask() {\n\tmust(f.closed)\n}",
        before="func (f *F) give(c C) error {\n\tif f.closed {\n\t\treturn errGone\n\t}\n\treturn f.put(c)\n}\n\n"
        "func (f *F) ask() {\n\tmust(f.closed)\n}",
    ),
    go(  # says nothing of an end
        "func (f *F) give(n int) error {\n\treturn f.put(n)\n}\n\nfunc other(n int) bool {\n\treturn n > 3\n}",
        before="func (f *F) give(n int) error {\n\tif n > 3 {\n\t\treturn errMany\n\t}\n\treturn f.put(n)\n}\n\n"
        "func other(n int) bool {\n\treturn n > 3\n}",
    ),
    go(
        "func (f *F) a() {\n\tdo(1)\n}\n\nfunc (f *F) b() {\n\tdo(2)\n}\n\nfunc (f *F) c() {\n\tdo(3)\n}\n\n"
        "func (f *F) up() bool {\n\treturn f.closed\n}",
        before="func (f *F) a() {\n\tif f.closed {\n\t\treturn\n\t}\n\tdo(1)\n}\n\n"
        "func (f *F) b() {\n\tif f.closed {\n\t\treturn\n\t}\n\tdo(2)\n}\n\n"
        "func (f *F) c() {\n\tif f.closed {\n\t\treturn\n\t}\n\tdo(3)\n}\n\n"
        "func (f *F) up() bool {\n\treturn f.closed\n}",
    ),
    go(
        "func (s *S) list() {\n\tfor a := range all {\n\t\ts.check()\n\t\tuse(a)\n\t}\n}\n\n"
        "func (s *S) check() {\n\tmust(ctx.Err())\n}",
        before="func (s *S) list() {\n\tfor a := range all {\n\t\tif ctx.Err() != nil {\n\t\t\tbreak\n"
        "\t\t}\n\t\tuse(a)\n\t}\n}\n\nfunc (s *S) check() {\n\tmust(ctx.Err())\n}",
    ),
    go(
        "func (f *F) give(c C) error {\n\treturn f.put(c)\n}\n\nfunc (f *F) put(c C) error {\n\tif f.closing {\n"
        "\t\treturn c.Close()\n\t}\n\treturn nil\n}\n\nfunc other(f *F) {\n\tshow(f.isClosing())\n}",
        before="func (f *F) give(c C) error {\n\tif f.isClosing() {\n\t\treturn c.Close()\n\t}\n\treturn f.put(c)\n}\n"
        "\nfunc (f *F) put(c C) error {\n\treturn nil\n}\n\nfunc other(f *F) {\n\tshow(f.isClosing())\n}",
    ),
    go(  # what it asks is given the context, and says when to leave
        "func list(ctx context.Context) {\n\tfor {\n\t\ta, ok := all.Recv(ctx)\n\t\tif !ok {\n\t\t\tbreak\n\t\t}\n"
        "\t\tuse(a)\n\t}\n}",
        before="func list(ctx context.Context) {\n\tfor a := range all {\n\t\tif ctx.Err() != nil {\n\t\t\tbreak\n"
        "\t\t}\n\t\tuse(a)\n\t}\n}",
    ),
    go(
        "func list(ctx context.Context) {\n\tworkCtx := limited(ctx)\n\tfor {\n\t\tselect {\n"
        "\t\tcase <-workCtx.Done():\n\t\t\treturn\n\t\tcase a := <-all:\n\t\t\tuse(a)\n\t\t}\n\t}\n}",
        before="func list(ctx context.Context) {\n\tfor {\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\treturn\n"
        "\t\tcase a := <-all:\n\t\t\tuse(a)\n\t\t}\n\t}\n}",
    ),
    typescript(  # all three go through `peer`, which asks
        "class A { a() { return this.peer.a(); } b() { return this.peer.b(); } c() { return this.peer.c(); }\n"
        "get peer() { if (this.isClosed) throw new Gone(); return this.own; } }",
        before="class A { a() { if (this.isClosed) throw new Gone(); return this.own.a(); }\n"
        "b() { if (this.isClosed) throw new Gone(); return this.own.b(); }\n"
        "c() { if (this.isClosed) throw new Gone(); return this.own.c(); }\nget peer() { return this.own; } }",
    ),
    java(
        "class A { void f() {\n  try { work(); }\n  catch (Exception e) { checkInterrupted(e); log(e); }\n} }",
        before="class A { void f() {\n  try { work(); }\n"
        "  catch (InterruptedException e) { Thread.currentThread().interrupt(); }\n"
        "  catch (Exception e) { log(e); }\n} }",
    ),
    csharp(
        'class A { bool disposed; void F() {\n  logger.Info("gone");\n  bus.Publish(gone);\n} void G() { '
        "Ask(disposed); } }",
        before="class A { bool disposed; void F() {\n  if (disposed) return;\n"
        '  logger.Info("gone");\n  bus.Publish(gone);\n} void G() { Ask(disposed); } }',
    ),
    csharp(
        "class A { async Task F() { try { await G(); } catch (OperationCanceledException e) when "
        "(e.CancellationToken == token) { Stop(); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException e) when "
        "(token.IsCancellationRequested) { Stop(); } } }",
    ),
    python(  # `Exception` lets a cancellation pass
        "async def run():\n    try:\n        await poll()\n    except Exception:\n        log('failed')",
        before="async def run():\n    try:\n        await poll()\n    except CancelledError:\n        raise\n"
        "    except Exception:\n        log('failed')",
    ),
    go(
        "func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tif stopped(ctx) {\n\t\t\tbreak\n\t\t}\n"
        "\t\tuse(a)\n\t}\n}\nfunc stopped(ctx context.Context) bool { return ctx.Err() != nil }",
        before="func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tif ctx.Err() != nil {\n"
        "\t\t\tbreak\n"
        "\t\t}\n\t\tuse(a)\n\t}\n}",
    ),
    typescript(
        "class A { async connect() { do { await this.dial(); } while (this.state === UP && !this.isReady); } }",
        before="class A { async connect() { do { await this.dial(); } while (this.isOpen && !this.isReady); } }",
    ),
    typescript(
        "class A { async connect() { do { if (!this.isOpen) break; await this.dial(); } while (!this.isReady); } }",
        before="class A { async connect() { do { await this.dial(); } while (this.isOpen && !this.isReady); } }",
    ),
    csharp(
        "class A { async Task F() { try { await G(); } catch (HttpRequestException e) { Answer(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) { throw; } catch "
        "(Exception e) { Answer(e); } } }",
    ),
    csharp(
        "class A { async Task F() { try { await G(); } catch (Exception e) when (e is not "
        "OperationCanceledException) { Answer(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) { throw; } catch "
        "(Exception e) { Answer(e); } } }",
    ),
    csharp(
        "class A { async Task F() { await G(); } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) when "
        "(token.IsCancellationRequested) { throw; } catch (Exception e) { Answer(e); } } }",
    ),
    csharp(
        "class A { async Task F() { try { await G(); } catch (OperationCanceledException) { Stop(); } }\n"
        "  async Task G() { try { await H(); } catch (IOException) when (token.IsCancellationRequested) { "
        "Stop(); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) when "
        "(token.IsCancellationRequested) { Stop(); } }\n  async Task G() { await H(); } }",
    ),
    csharp(
        "class A { async Task F() { try { await G(); } catch (Exception e) { Answer(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (IOException) { throw; } catch (Exception e) { "
        "Answer(e); } } }",
    ),
    csharp(  # it was swallowed before
        "class A { async Task F() { try { await G(); } catch (Exception e) { Answer(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) { Stop(); } catch "
        "(Exception e) { Answer(e); } } }",
    ),
    python(
        "import shutil\ndef run(self):\n    for a, b in self.copies:\n        shutil.copyfile(a, b)",
        before="import shutil\ndef run(self):\n    for a, b in self.copies:\n        self.rate.wait(a, b)\n"
        "        shutil.copyfile(a, b)",
    ),
    python(
        "import time\ndef run(self):\n    while self.work():\n        pass\n    time.sleep(self.pause_s)",
        before="import time\ndef run(self):\n    while self.work():\n        self.event.wait(self.pause_s)",
    ),
    python(
        "import time\ndef run(self):\n    while self.work():\n        self.event.wait(self.pause_s)\n"
        "        time.sleep(self.pause_s)",
        before="import time\ndef run(self):\n    while self.work():\n        self.event.wait(self.pause_s)",
    ),
    typescript(
        "class A { run(c: C[]) { return this.q.add(c); } get due() { return this.order.unpaid; } }",
        before="class A { run(c: C[]) { if (!this.order.unpaid) return null; return this.q.add(c); } get due() { "
        "return this.order.unpaid; } }",
    ),
    typescript(
        "class A { run(c: C[]) { this.q.add(c); return this.isOpen; } }",
        before="class A { run(c: C[]) { if (!this.isOpen) return null; return this.q.add(c); } get up() { return "
        "this.isOpen; } }",
    ),
    typescript(
        "class A { run(c: C[]) { return this.q.add(c); } send(c: C[]) { if (!this.isOpen) return null; return "
        "this.run(c); } }",
        before="class A { run(c: C[]) { if (!this.isOpen) return null; return this.q.add(c); } send(c: C[]) "
        "{ return "
        "this.run(c); } }",
    ),
    typescript(  # nobody asks for the flag any more
        "class A { run(c: C[]) { return this.q.add(c); } }",
        before="class A { run(c: C[]) { if (!this.isOpen) return null; return this.q.add(c); } }",
    ),
    go(
        "func list(ctx context.Context) {\n\tuse(all())\n}",
        before="func list(ctx context.Context) {\n\tfor a := range all() {\n\t\tuse(a)\n\t}\n}",
    ),
    csharp(  # the handler above it takes them
        "class A { async Task F() { try { await G(); } catch (OperationCanceledException) { return; } "
        "catch (Exception e) { Log(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) { return; } "
        "catch (Exception e) when (!stop.IsCancellationRequested) { Log(e); } } }",
    ),
    csharp(  # a handler of another kind
        "class A { async Task F() { try { await G(); } catch (Exception e) { Answer(e); } } }",
        before="class A { async Task F() { try { await G(); } catch (OperationCanceledException) { throw; } } }",
    ),
    python(  # it had its rounds, and stops as before
        "def run(self, n):\n    while self.is_open:\n        self.work()",
        before="def run(self, n):\n    while n < 5 and self.is_open:\n        self.work()",
    ),
    csharp(  # one of the two takes them
        _TAKES_ALL.replace(
            "  catch", "  catch (Exception e) when (e is OperationCanceledException) { throw; }\n  catch"
        ),
        before=_TAKES_ALL.replace("e) {", "e) when (!token.IsCancellationRequested) {"),
    ),
    python(  # it waited elsewhere, or for nobody
        "import time\ndef run(self):\n    while self.work():\n        time.sleep(self.pause_s)\n\ndef watch(self):\n"
        "    while self.work():\n        time.sleep(self.tick_s)\n\ndef rest(self):\n    while self.work():\n"
        "        time.sleep(1)",
        before="import time\ndef run(self):\n    self.begun.wait(self.pause_s)\n    while self.work():\n"
        "        pass\n\ndef watch(self):\n    while self.work():\n        self.pace.keep(self.tick_s)\n\n"
        "def rest(self):\n    while self.work():\n        self.event.wait(self.rest_s)\n        time.sleep(1)",
    ),
)
