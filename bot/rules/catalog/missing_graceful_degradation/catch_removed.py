"""A failure that was contained for one item and now ends the whole loop."""

from collections.abc import Iterator, Sequence

from bot.domain import Severity
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, python, typescript
from bot.syntax import Call, Handler, Jump, Section, Try, text_of

SUPPRESS = "suppress("


class CatchInLoopRemoved(Rule):
    """## What it finds
    A call inside a loop that stood in a `try` whose handler went on with the loop, and now stands in none.

    ## Why it matters
    One bad message, one failing item or one raising callback now ends the loop and with it the connection, the batch
    or the worker thread, for all the others too.

    ## Use instead
    Keep the handler around the single item: log, count, put the item aside, go on.
    """

    name = "missing-graceful-degradation/catch-removed"
    severity = Severity.MEDIUM
    confidence = 0.75
    languages = ("python", "javascript", "typescript", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            head = next(self._exposed(function), None)
            if head is not None:
                yield self._alarm(head)

    def _exposed(self, change: FunctionChange) -> Iterator[Call]:
        before = change.before.file
        for call in before.within(before.calls, change.before.node):
            if call.receiver is None or (call.loop is None and call.function is change.before):
                continue
            if not _contained(call, change) or not change.is_gone("except" if _in_python(call) else "catch"):
                continue
            if _raised(change.jumps_after) > _raised(change.jumps_before):
                continue  # that a failure ends it is meant: the change raises one itself
            heads = [c for c in change.calls_after if c.written == call.written and _ends_loop(c)]
            already = [c for c in change.calls_before if c.written == call.written and _ends_loop(c)]
            if len(heads) > len(already) and _tries_around(heads[0]) <= _tries_around(call) - 1:
                yield min(heads, key=lambda c: abs(c.start_line - change.line_after(call.start_line)))

    def _alarm(self, head: Call) -> Alarm:
        return Alarm(
            head,
            f"A failing `{head.written}` now ends the loop"[:80],
            f"Before this change a handler took what `{head.written}` raised and went on with the next one. Now the "
            "first failure leaves the loop, and everything that it served stops with it.",
            f"Put the handler back around `{head.written}`: log the failure, put the item aside, and go on.",
            was="Before this change a handler took its failures and went on.",
        )

    bad = (
        javascript(
            "async function run() {\n  for (const m of inbox) {\n    await app.take(m);\n  }\n}",
            line=3,
            before="async function run() {\n  for (const m of inbox) {\n    try { await app.take(m); }\n"
            "    catch (e) { log.warn(e); }\n  }\n}",
        ),
        typescript(
            "class A { run() {\n  for (const m of this.inbox) {\n    this.take(m);\n  }\n} }",
            line=3,
            before="class A { run() {\n  for (const m of this.inbox) {\n    try { this.take(m); }\n"
            "    catch (e) { log.warn(e); }\n  }\n} }",
        ),
        java(
            "class A { void run() {\n  while (open) {\n    app.take(next());\n  }\n} }",
            line=3,
            before="class A { void run() {\n  while (open) {\n    try { app.take(next()); }\n"
            "    catch (Exception e) { log.warn(e); }\n  }\n} }",
        ),
        csharp(
            "class A { void Run() {\n  foreach (var m in inbox) {\n    app.Take(m);\n  }\n} }",
            line=3,
            before="class A { void Run() {\n  foreach (var m in inbox) {\n    try { app.Take(m); }\n"
            "    catch (Exception e) { log.Warn(e); }\n  }\n} }",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.on(message)",
            line=3,
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception as error:\n            log.warning('skipped: %s', error)\n            continue",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.seen.add(message)\n        self.on(message)",
            line=4,
            before="def run(self):\n    for message in self.inbox:\n        self.seen.add(message)\n        try:\n"
            "            self.on(message)\n        except Exception:\n            log.warning('skipped')",
        ),
        javascript(
            "function run() {\n  for (const m of inbox) {\n    app.take(m);\n  }\n}",
            line=3,
            before="function run() {\n  inbox.forEach((m) => {\n    try { app.take(m); }\n"
            "    catch (e) { log.warn(e); return; }\n  });\n}",
        ),
    )
    good = (
        python(  # that a failure ends it is meant
            "def run(self):\n    for message in self.inbox:\n        answer = self.on(message)\n"
            "        if answer.failed:\n            raise RuntimeError(answer)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n"
            "            answer = self.on(message)\n        except Exception as error:\n            log.warning(error)",
        ),
        python(
            "def run(self):\n    try:\n        for message in self.inbox:\n            self.on(message)\n"
            "    except Exception as error:\n        log.warning('ended: %s', error)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception as error:\n            log.warning('skipped: %s', error)",
        ),  # still handled here, if more coarsely
        python(
            "def run(self):\n    for message in self.inbox:\n        self.on(message)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception:\n            raise Failed(message)",
        ),
        javascript(
            "async function run() { for (const m of inbox) { await app.take(m); } }",
            before="async function run() { for (const m of inbox) { try { await app.take(m); } "
            "catch (e) { throw new Failed(e); } } }",
        ),
        typescript(
            "class A { run() { this.take(this.inbox[0]); } }",
            before="class A { run() { for (const m of this.inbox) { try { this.take(m); } "
            "catch (e) { log.warn(e); } } } }",
        ),
        java(
            "class A { void run() { while (open) { app.take(next(), 1); } } }",
            before="class A { void run() { while (open) { app.take(next()); } } }",
        ),
        csharp(
            "class A { void Run() { foreach (var m in inbox) { app.Take(m); } } }",
            before="class A { void Run() { foreach (var m in inbox) { try { app.Take(m); } "
            "catch (Exception e) { break; } } } }",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.inbox.done(message)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception as error:\n            log.warning('skipped: %s', error)\n        finally:\n"
            "            self.inbox.done(message)",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.inbox.put_back(message)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except OSError:\n            try:\n                self.inbox.put_back(message)\n"
            "            except Exception as error:\n                log.warning('lost: %s', error)",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        with contextlib.suppress(Exception):\n"
            "            self.on(message)",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception:\n            pass",
        ),
        python(
            "import app\n\ndef run(inbox):\n    for one in inbox:\n        app.take(one)",
            before="try:\n    import app\n\n    def run(inbox):\n        inbox.each(lambda one: app.take(one))\n"
            "except Exception:\n    run = None",
        ),  # the handler was there for the import
        python(
            "def run(self):\n    for message in self.inbox:\n        self.on(message)\n\n"
            "def stop(self):\n    try:\n        self.inbox.close()\n    except Exception:\n        log.warning('open')",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception:\n            raise Failed(message)\n\n"
            "def stop(self):\n    try:\n        self.inbox.close()\n    except Exception:\n        log.warning('open')",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.on(message)\n        print(message)",
            before="def run(self):\n    try:\n        self.on(self.inbox.first)\n    except Exception:\n"
            "        log.warning('skipped')\n    for message in self.inbox:\n        try:\n            print(message)\n"
            "        except Exception:\n            log.warning('not shown')",
        ),
        python(
            "def run(self):\n    try:\n        for message in self.inbox:\n            self.on(message)\n"
            "    except Exception:\n        log.warning('ended')",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except KeyError:\n            log.warning('unknown')\n        except Exception:\n"
            "            log.warning('skipped')",
        ),
        python(
            "def run(self):\n    for message in self.inbox:\n        self.on(message)\n\ndef on(self, message):\n"
            "    try:\n        self.take(message)\n    except Exception:\n        log.warning('skipped')",
            before="def run(self):\n    for message in self.inbox:\n        try:\n            self.on(message)\n"
            "        except Exception:\n            log.warning('skipped')\n\ndef on(self, message):\n"
            "    self.take(message)",
        ),
        javascript(
            "function run() { for (const m of inbox) { app.take(m); } }",
            before="function run() { inbox.forEach((m) => { try { app.take(m); } "
            "catch (e) { throw new Failed(e); } }); }",
        ),
    )


def _ends_loop(call: Call) -> bool:
    """In a loop, with nothing between it and the loop that takes a failure: no try, no `with suppress(…)`."""
    loop = call.loop
    if loop is None or any(loop.holds(attempt) for attempt in call.around(Try)):
        return False
    return not any(SUPPRESS in text_of(held) for section in call.around(Section) for held in section.held)


def _tries_around(call: Call) -> int:
    return sum(1 for _ in call.around(Try))


def _contained(call: Call, change: FunctionChange) -> bool:
    """The nearest try around it has a handler of everything that neither raises nor leaves the loop."""
    attempt = next(call.around(Try), None)
    if attempt is None or not attempt.holds(call) or next(call.around(Handler), None) is not None:
        return False
    if attempt.start_line < change.before.start_line:
        return False
    handlers = [handler for handler in call.file.handlers if handler.outer is attempt]
    return any(_swallows(handler, call) for handler in handlers)


def _swallows(handler: Handler, call: Call) -> bool:
    names = [name.rsplit(".", 1)[-1] for name in handler.caught]
    if names and not any(name in ("Exception", "BaseException", "Throwable", "RuntimeException") for name in names):
        return False
    jumps = handler.file.within(handler.file.jumps, handler.node)
    loop = call.loop
    return not any(jump.kind == "raise" or (loop is not None and jump.leaves(loop)) for jump in jumps)


def _in_python(call: Call) -> bool:
    return call.file.language.name == "python"


def _raised(jumps: Sequence[Jump]) -> int:
    return sum(jump.kind == "raise" for jump in jumps)
