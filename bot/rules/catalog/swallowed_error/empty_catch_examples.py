"""Further examples of swallowed-error/empty-catch: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java, javascript, kotlin, python, ruby, rust

FURTHER_BAD = (
    go(
        "func isPaid(o Order) (bool, error) {\n\tif err := ask(o); err != nil {\n\t\treturn false, nil\n\t}\n"
        "\treturn true, nil\n}",
        line=2,
    ),
    go(
        "func f() {\n\trun(func() error {\n\t\tif err := ask(o); err != nil {\n\t\t\treturn nil\n\t\t}\n"
        "\t\treturn next()\n\t})\n}",
        line=3,
    ),
    go(
        "func tell(w *Journal) error {\n\tif _, err := w.Write(frame); err != nil {\n\t\treturn nil\n\t}\n"
        "\treturn next(w)\n}",
        line=2,
    ),
    go(
        "func tell(w http.ResponseWriter) error {\n\tif err := save(order); err != nil {\n\t\treturn nil\n\t}\n"
        "\treturn next(w)\n}",
        line=2,
    ),
    csharp("class A { void DisposeCore() { try { rest.Take(1); next.Tell(); } catch { } } }"),
    python("count = 0\ntry:\n    count = ask()\nexcept Exception:\n    pass", line=4),  # less sure: it has a default
    python("count = 0\ntry:\n    count = ask()\n    keep(count)\nexcept Exception:\n    pass", line=5),
    java("class A { void f() {\n  try { port = port(text); }\n  catch (NumberFormatException e) { }\n} }", line=3),
    java(
        "class A { void f() {\n  try { sync(order); }\n  catch (NumberFormatException | SQLException e) { }\n"
        "  // next one\n} }",
        line=3,
    ),
    python("try:\n    sync(order)\nexcept:\n    ...", line=3),
    python(
        "for order in orders:\n    try:\n        sync(order)\n    except (KeyError, Exception):\n        continue",
        line=4,
    ),
    javascript("sync(order).catch(() => {});"),
    go(
        "func f() (*Order, error) {\n\to, err := load()\n\tif err != nil {\n\t\treturn nil, nil\n\t}\n"
        "\treturn o, nil\n}",
        line=3,
    ),
    java("class A { void f() {\n  try { sync(order); }\n  catch (A e) { }\n  catch (B e) { }\n} }", line=3),
    java("class A { void f() {\n  try { sync(order); a.close(); }\n  catch (A e) { }\n} }", line=3),
    go(
        "func f() error {\n\tkeep(err)\n\terr = sync()\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn nil\n}",
        line=4,
    ),
    csharp("class A { void F() { try { Sync(order); } catch { } } }"),
    kotlin("fun f() {\n    runCatching { sync(order) }\n    next()\n}", line=2),
    ruby("begin\n  sync(order)\nrescue\nend", line=3),
    ruby("orders.each do |order|\n  begin\n    sync(order)\n  rescue\n    next\n  end\nend", line=4),
    ruby("port = Integer(ENV['PORT']) rescue nil"),
    rust("async fn f() {\n    if let Err(_e) = sync(order).await {}\n}", line=2),
    java(
        "class A { void f() {\n  try {\n    try { sync(order); } catch (SQLException e) { }\n"
        "    ship(order);\n  } catch (IOException e) { }\n} }",
        line=3,
        also=(5,),
    ),
    java(
        "class A { void f() {\n  try { sync(order); }\n  catch (SQLException e) { log(e); }\n"
        "  catch (IOException e) { }\n} }",
        line=4,
    ),
    java(
        "class A { void f() {\n  try { sync(order); }\n"
        "  catch (SQLException e) { /* the nightly job repeats it */ }\n  catch (IOException e) { }\n} }",
        line=4,
    ),
    java("class A { void f() {\n  try { sync(order); /* by its id */ } catch (SQLException e) { }\n} }", line=2),
    kotlin("fun f() {\n    // TODO: say so\n    runCatching { sync(order) }\n    next()\n}", line=3),
    go(
        "func f() (Mode, error) {\n\tm, err := load()\n\tif err != nil {\n\t\treturn ParseLater, nil\n\t}\n"
        "\treturn m, nil\n}",
        line=3,
    ),
    python(  # less sure: it has a default
        "async def f(order):\n    saved = False\n    try:\n        saved = await save(order)\n    except Exception:\n"
        "        pass",
        line=5,
    ),
    python(  # the cancellation is lost as well
        "async def f(order):\n    try:\n        await save(order)\n    except BaseException:\n        pass", line=4
    ),
    python(
        "async def f(order):\n    try:\n        await ask(order)\n    except Exception:\n"
        "        pass  # seawall: ignore[missing-timeout]",
        line=4,
    ),
    python(  # and the loop never ends
        "async def echo(ws):\n    while True:\n        try:\n            await ws.send(await ws.recv())\n"
        "        except Exception:\n            continue",
        line=5,
    ),
    python("try:\n    requests.post(url, timeout=3)\nexcept Exception:\n    pass  # TODO: say so", line=3),
    python("try:\n    save(order)\nexcept KeyError:\n    pass\nexcept Exception:\n    pass", line=5),
    javascript("try { save(order); } catch (e) {} finally { await gate.leave(); }"),  # what is saved is not waited for
)
FURTHER_GOOD = (
    go(
        "func wait() error {\n\treturn until(func() (bool, error) {\n\t\tif err := ask(); err != nil {\n"
        "\t\t\treturn false, nil\n\t\t}\n\t\treturn true, nil\n\t})\n}"
    ),
    go(  # who asked has gone
        "func tell(w http.ResponseWriter) error {\n\tif _, err := w.Write(frame); err != nil {\n\t\treturn nil\n\t}\n"
        "\treturn next(w)\n}"
    ),
    javascript("await closeRows(1).catch(() => {});"),
    csharp("class A { void F() { try { feeds.Clear(); gate.Dispose(); } catch { } } }"),
    csharp("class A { void DisposeCore() { try { rest.Take(1); } catch { } } }"),
    javascript("await peer.close().catch(() => {});"),
    csharp("class A { void Dispose() { try { rest.Flush(); } catch { } rest.Dispose(); } }"),
    java(
        "class A { Host f() {\n  try { return ask(); }\n  catch (SQLException e) { }\n\n"
        "  // could not be asked: the first one will do\n  return first;\n} }"
    ),
    python("try:\n    sync(order)\nexcept Exception:\n    log.exception('sync')"),
    python("try:\n    metrics.send()\nexcept Exception:\n    pass  # metrics must never fail an order"),
    javascript("sync(order).catch(() => { /* the nightly job repeats it */ });"),
    javascript("sync(order).catch(() => null);"),
    javascript("const done = sync(order);\ndone.catch(() => {});\nawait done;"),
    go("func f() *Order {\n\to, err := load()\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn o\n}"),
    go(
        "func f(all []Result) error {\n\tfor _, r := range all {\n\t\tkeep(r.Value, r.Err)\n"
        "\t\tif r.Err != nil {\n\t\t\treturn nil\n\t\t}\n\t}\n\treturn nil\n}"
    ),
    go("func f() error {\n\tif err := load(); err != nil {\n\t\treturn nil // none yet\n\t}\n\treturn nil\n}"),
    go("func f() error {\n\tif err := load(); err != nil {\n\t\tlog(err)\n\t\treturn nil\n\t}\n\treturn nil\n}"),
    go("func f() error {\n\tif _, err := os.Stat(p); err != nil {\n\t\treturn nil\n\t}\n\treturn load(p)\n}"),
    go("func f() error {\n\tn, err := strconv.Atoi(s)\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn load(n)\n}"),
    java("class A { void f() { try { socket.close(); } catch (IOException e) { } } }"),
    java('class A { void f() { try { m = Class.forName("x.B").getMethod("c"); } catch (Exception e) { } } }'),
    python("try:\n    self.receiver.close()\nexcept Exception:\n    pass"),
    javascript("try { await socket.disconnect(); } catch {}"),
    csharp("class A { void F() { try { channel.Dispose(); } catch { } } }"),
    java('class A { void f() { try { sync(order); } catch (SQLException e) { log.warn("sync", e); } } }'),
    csharp("class A { void F() { try { Sync(order); } catch (OperationCanceledException) { } } }"),
    csharp("class A { void F() { try { Sync(o); } catch (IOException e) when (e.HResult == Busy) { } } }"),
    kotlin("fun f() {\n    try {\n        sync(order)\n    } catch (ignored: SQLException) {\n    }\n}"),
    kotlin("fun f() {\n    runCatching { socket.close() }\n    runCatching { sync(order) }.onFailure { log(it) }\n}"),
    kotlin(
        "fun f() {\n    // the nightly job repeats it\n    runCatching { sync(order) }\n"
        "    runCatching { flag = true }\n}"
    ),
    kotlin("fun f() = runCatching { sync(order) }"),
    kotlin("runCatching { sync(order) }\nsync(order)"),
    ruby("begin\n  File.delete(path)\nrescue Errno::ENOENT\nend"),
    ruby("port = Integer(ENV['PORT']) rescue 80"),
    ruby("begin\n  sync(order)\nrescue # the nightly job repeats it\nend"),
    rust(
        "async fn f() {\n    match sync(order).await {\n        Ok(n) => count(n),\n"
        "        Err(Error::Gone) => {}\n        Err(e) => log(e),\n    }\n}"
    ),
    rust("fn f() {\n    if let Err(_) = text.parse::<u8>() {}\n}"),
    ruby("port = Integer(text, exception: false) rescue nil"),
    ruby("begin\n  sync(order)\nrescue\nelse\n  count\nend"),
    ruby("def find(id)\n  load(id)\nrescue StandardError\n  nil\nend"),
    go(
        "func f() (*Order, error) {\n\to, err := load()\n\tif err != nil {\n\t\to, last = nil, nil\n\t}\n"
        "\treturn o, keep(o)\n}"
    ),
    go(
        "func f() (*Order, error) {\n\to, err := load()\n\tif err != nil {\n\t\treturn nil, ErrGone\n\t}\n"
        "\treturn o, nil\n}"
    ),
    javascript("sync(order).then(() => {});"),
    javascript("sync(order).catch();"),
    go(
        "func f(all []Item) {\n\tfor _, one := range all {\n\t\tif err := sync(one); err != nil {\n\t\t\tcontinue\n"
        "\t\t}\n\t\tkeep(one)\n\t}\n}"
    ),
    go(
        "func f() (Answer, error) {\n\tif err := sync(order); err != nil {\n\t\treturn Failed(err), nil\n\t}\n"
        "\treturn Done, nil\n}"
    ),
    csharp("class A { void F() { try { Sync(order); } catch (Exception e) when (IsKnown(e)) { } } }"),
    javascript("sync(order).catch(report);"),
)
