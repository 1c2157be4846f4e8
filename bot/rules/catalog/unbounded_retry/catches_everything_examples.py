"""Further examples of `unbounded-retry/catches-everything`: one for each of its conditions."""

from bot.rules.rule import csharp, go, java, python

_GO = 'import "context"\n\nfunc consume(ctx context.Context, r *Reader) {\n\tfor {\n'

FURTHER_BAD = (
    java(  # what the handler above keeps is asked for by nobody
        "class A { void serve(ServerSocket s) {\n  while (true) {\n    try { talk(s.accept()); }\n"
        "    catch (InterruptedException e) { Thread.currentThread().interrupt(); }\n"
        '    catch (IOException e) { log.warn("accept", e); }\n  }\n} }',
        line=5,
    ),
    java(  # the handler above takes something else
        "class A { void run() {\n  while (!Thread.currentThread().isInterrupted()) {\n"
        "    try { poll(); Thread.sleep(1000); }\n"
        "    catch (TimeoutException e) { skip(); }\n"
        '    catch (Exception e) { log.warn("poll", e); }\n  }\n} }',
        line=5,
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            try:\n                greet(ws)\n"
        "            except Exception as e:\n                log.warning('greeting: %s', e)\n"
        "            show(await ws.recv())\n        except Exception as e:\n            log.warning('receive: %s', e)",
        line=9,
    ),
    python(  # one finding for both
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except OSError as e:\n            log.warning('lost: %s', e)\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)",
        line=5,
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except ValueError as e:\n            log.warning('odd: %s', e)\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)",
        line=7,
    ),
    go(
        "func main() {\n\tfor {\n\t\tn, err := conn.Read(buf)\n\t\tif err != nil {\n\t\t\tlog.Println(err)\n"
        "\t\t\tcontinue\n\t\t}\n\t\tuse(buf[:n])\n\t}\n}",
        line=4,
    ),
    go(
        "func read(c *websocket.Conn) {\n\tfor true {\n\t\t_, text, err := c.ReadMessage()\n\t\tif err != nil {\n"
        "\t\t\tlog.Println(err)\n\t\t}\n\t\tuse(text)\n\t}\n}",
        line=4,
    ),
    java(
        "import java.util.concurrent.*;\nclass A { BlockingQueue<Job> jobs; void run() {\n"
        "  while (!Thread.interrupted()) {\n    try { work(jobs.take()); }\n"
        '    catch (Throwable e) { log.warn("job", e); }\n  }\n} }',
        line=5,
    ),
    csharp(
        "class A { async Task Run(HttpListener web) {\n  while (true) {\n"
        "    try { Answer(await web.GetContextAsync()); }\n    catch { failures++; }\n  }\n} }",
        line=4,
    ),
)
FURTHER_GOOD = (
    go(
        "func main() {\n\tfor {\n\t\tconn, err := l.Accept()\n\t\tif err != nil {\n\t\t\tlog.Println(err)\n"
        "\t\t\tcontinue\n\t\t}\n\t\tgo talk(conn)\n\t}\n}"
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except (KeyError, TimeoutError):\n            ws.recv()"
    ),
    java(  # each round has its own pause
        "class A { void serve(ServerSocket s, Token stop) {\n  while (true) {\n    try { talk(stop, s); }\n"
        "    catch (IOException e) { s.accept(); }\n  }\n} }"
    ),
    python(
        "async def listen(feed, token):\n    while True:\n        try:\n            show(await feed.next(token))\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)"
    ),
    csharp(
        "class A { async Task Run(Order order) {\n  while (true) {\n    try { await Poll(order); }\n"
        "    catch (Exception e) { log.Warn(e); }\n  }\n} }"
    ),
    python(
        "while True:\n    try:\n        talk(s.accept())\n    except Exception as e:\n"
        "        log.warning('accept: %s', e)"
    ),
    python(  # nothing goes round
        "async def listen(ws):\n    try:\n        show(await ws.recv())\n    except Exception as e:\n"
        "        log.warning('receive: %s', e)"
    ),
    python(  # a flag ends it
        "async def listen(self, ws):\n    while self.running:\n        try:\n            show(await ws.recv())\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)"
    ),
    python(  # not what a closed connection raises
        "async def listen(ws):\n    while True:\n        try:\n            show(json.loads(await ws.recv()))\n"
        "        except ValueError as e:\n            log.warning('receive: %s', e)"
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except Exception as e:\n            sys.exit(f'receive: {e}')"
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except Exception as e:\n            raise Lost from e"
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
        "        except Exception as e:\n            await asyncio.sleep(1)"
    ),
    python(  # read later
        "def listen(ws):\n    while True:\n        try:\n            later(lambda: ws.recv())\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)"
    ),
    python(  # a function of this file
        "def listen():\n    while True:\n        try:\n            show(recv())\n"
        "        except Exception as e:\n            log.warning('receive: %s', e)"
    ),
    python(
        "async def listen(ws):\n    while True:\n        try:\n            show(next(ws))\n"
        "        except Exception as e:\n            ws.recv()"
    ),
    go(_GO + "\t\tm, err := r.FetchNext(ctx)\n\t\tif err != nil {\n\t\t\tlog.Fatalln(err)\n\t\t}\n\t\tuse(m)\n\t}\n}"),
    go(  # another error
        _GO + "\t\tm := r.FetchNext(ctx)\n\t\terr := use(m)\n\t\tif err != nil {\n\t\t\tlog.Println(err)\n\t\t}\n\t}\n}"
    ),
    go(  # asked of what comes after
        _GO + "\t\tif err != nil {\n\t\t\tlog.Println(err)\n\t\t}\n\t\t_, err = r.FetchNext(ctx)\n\t}\n}"
    ),
    go(  # nobody cancels that one
        'import "context"\n\nfunc consume(r *Reader) {\n\tctx := context.Background()\n\tfor {\n'
        "\t\tm, err := r.FetchNext(ctx)\n\t\tif err != nil {\n\t\t\tlog.Println(err)\n\t\t}\n\t\tuse(m)\n\t}\n}"
    ),
    go(
        "func consume(n int, r *Reader) {\n\tfor {\n\t\tm, err := r.FetchNext(n)\n\t\tif err != nil {\n"
        "\t\t\tlog.Println(err)\n\t\t}\n\t\tuse(m)\n\t}\n}"
    ),
    go(
        "func consume(r *Reader) {\n\tfor {\n\t\tm, err := r.FetchNext()\n\t\tif err != nil {\n"
        "\t\t\tlog.Println(err)\n\t\t}\n\t\tuse(m)\n\t}\n}"
    ),
    java(  # nobody interrupts it
        "class A { void run() {\n  while (true) {\n    try { poll(); Thread.sleep(1000); }\n"
        '    catch (Exception e) { log.warn("poll", e); }\n  }\n} }'
    ),
    java(
        "class A { void run() {\n  while (!Thread.interrupted()) {\n    try { poll(); }\n"
        '    catch (Exception e) { log.warn("poll", e); }\n  }\n} }'
    ),
    java(
        "class A { void run() {\n  while (!Thread.interrupted()) {\n    try { poll(); Thread.sleep(1000); }\n"
        '    catch (InterruptedException e) { break; }\n    catch (Exception e) { log.warn("poll", e); }\n  }\n} }'
    ),
    java(  # the loop asks for what the handler above keeps
        "class A { void run() {\n  while (!Thread.currentThread().isInterrupted()) {\n"
        "    try { poll(); Thread.sleep(1000); }\n"
        "    catch (InterruptedException e) { Thread.currentThread().interrupt(); }\n"
        '    catch (Exception e) { log.warn("poll", e); }\n  }\n} }'
    ),
    csharp(
        "class A { async Task Run() {\n  while (true) {\n"
        "    try { await Poll(1); }\n    catch (Exception e) { log.Warn(e); }\n  }\n} }"
    ),
    java(  # what it throws there may end it
        "class A { void run(ServerSocket s) {\n  while (true) {\n    try { serve(s.accept()); }\n"
        "    catch (IOException e) { tries.next(e, () -> { throw new GaveUp(e); }); }\n  }\n} }",
    ),
)
