"""An endless loop that takes the failure which was meant to end it."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.unbounded_retry.catches_everything_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.retrying import LEAVING
from bot.rules.rule import Alarm, Rule, csharp, go, java, python
from bot.syntax import Call, Handler, Loop, SourceFile, text_of

BROAD = frozenset({"Exception", "builtins.Exception", "java.lang.Exception", "System.Exception"})
BROAD |= {"Throwable", "java.lang.Throwable", "IOException", "java.io.IOException", "OSError", "System.IO.IOException"}
BROAD |= {"SocketException", "java.net.SocketException", "System.Net.Sockets.SocketException"}
CLOSED = {
    "python": frozenset({"recv", "accept"}),
    "go": frozenset({"Accept", "AcceptTCP", "Read", "ReadMessage", "NextReader", "Recv"}),
    "java": frozenset({"accept"}),
    "csharp": frozenset({"AcceptAsync", "AcceptTcpClient", "AcceptTcpClientAsync", "GetContext", "GetContextAsync"}),
}
"""Methods that fail at once and for ever when what they read from or accept on is closed."""
INTERRUPTIBLE = regex(r"(?:^|\.)(?:\w*(?:Queue|Deque)\.take|Thread\.sleep|TimeUnit\.\w+\.sleep)$")
CANCELS = frozenset({"context.Context", "CancellationToken", "System.Threading.CancellationToken"})
FLAG = regex(r"while\s*\(\s*!\s*(?:Thread\.currentThread\(\)\.isInterrupted|Thread\.interrupted)\(\)\s*\)")
RESTORES = regex(r"\bThread\.currentThread\(\)\.interrupt\(\)")
WAITS = regex(r"(?i)sleep|delay|backoff|\bwait|<-|select \{")


class CatchesEverything(Rule):
    """## What it finds
    An endless loop that nothing leaves, whose handler takes every failure and goes round again, around a call that
    from some moment on can do nothing but fail: a read or `accept` on what was closed, a wait with a cancelled token
    or context, a sleep of an interrupted Java thread.

    ## Why it matters
    Closing and cancelling are how a loop is told to end, and here the message is logged and forgotten. From then on
    the call fails at once, each time: a core is busy and the log fills with the same line until the process is
    killed. Go's own `net/http` leaves its accept loop when the listener is closed, and waits after any other failure.

    ## Use instead
    Leave the loop on the failure that ends it (`net.ErrClosed`, `ConnectionClosed`, `OperationCanceledException`,
    `InterruptedException`, `ctx.Err() != nil`), and go round only for the others, after a pause.
    """

    name = "unbounded-retry/catches-everything"
    severity = Severity.HIGH
    languages = ("python", "go", "java", "csharp")
    confidence = 0.8

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        found = goes_on_after(handler)
        return self._alarm(handler, *found) if found is not None and not _is_taken_above(handler) else None

    def _alarm(self, handler: Handler, call: Call, why: str) -> Alarm:
        return Alarm(
            handler,
            f"This loop goes on after `{call.written}` can only fail"[:80],
            f"Once {why}, `{call.written}` fails at once, and this handler sends the loop round again, for nothing in "
            "it leaves. Instead of ending it burns a core and floods the log, on every shutdown or lost connection.",
            "Leave the loop on the failure that ends it, and pause before going round for any other.",
            last_line=handler.start_line,
        )

    bad = (
        python(
            "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
            "        except Exception as e:\n            log.warning('receive: %s', e)",
            line=5,
        ),
        go(
            "func serve(l net.Listener) {\n\tfor {\n\t\tconn, err := l.Accept()\n\t\tif err != nil {\n"
            '\t\t\tlog.Println("accept", err)\n\t\t\tcontinue\n\t\t}\n\t\tgo talk(conn)\n\t}\n}',
            line=4,
        ),
        go(
            'import "context"\n\nfunc consume(ctx context.Context, r *Reader) {\n\tfor {\n'
            "\t\tm, err := r.FetchNext(ctx)\n\t\tif err != nil {\n\t\t\tlog.Println(err)\n\t\t\tcontinue\n\t\t}\n"
            "\t\tuse(m)\n\t}\n}",
            line=6,
        ),
        java(
            "class A implements Runnable { public void run() {\n  while (!Thread.currentThread().isInterrupted()) {\n"
            "    try { poll(); Thread.sleep(1000); }\n"
            '    catch (Exception e) { log.warn("poll", e); }\n  }\n} }',
            line=4,
        ),
        java(
            "class A { void serve(ServerSocket s) {\n  while (true) {\n    try { talk(s.accept()); }\n"
            '    catch (IOException e) { log.warn("accept", e); }\n  }\n} }',
            line=4,
        ),
        csharp(
            "class A { async Task Run(CancellationToken stop) {\n  while (true) {\n"
            "    try { await Poll(); await Task.Delay(1000, stop); }\n"
            "    catch (Exception e) { log.Warn(e); }\n  }\n} }",
            line=4,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "async def listen(ws):\n    while True:\n        try:\n            show(await ws.recv())\n"
            "        except ConnectionClosed:\n            return\n        except Exception as e:\n"
            "            log.warning('receive: %s', e)"
        ),
        go(
            "func serve(l net.Listener) {\n\tfor {\n\t\tconn, err := l.Accept()\n\t\tif err != nil {\n"
            "\t\t\tif errors.Is(err, net.ErrClosed) {\n\t\t\t\treturn\n\t\t\t}\n\t\t\tcontinue\n\t\t}\n"
            "\t\tgo talk(conn)\n\t}\n}"
        ),
        java(
            "class A { void serve(ServerSocket s) {\n  while (!s.isClosed()) {\n    try { talk(s.accept()); }\n"
            '    catch (IOException e) { log.warn("accept", e); }\n  }\n} }'
        ),
        csharp(
            "class A { async Task Run(CancellationToken stop) {\n  while (!stop.IsCancellationRequested) {\n"
            "    try { await Poll(); await Task.Delay(1000, stop); }\n"
            "    catch (Exception e) { log.Warn(e); }\n  }\n} }"
        ),
        *FURTHER_GOOD,
    )


def goes_on_after(handler: Handler) -> tuple[Call, str] | None:
    """The call that a loop tries again although it can only fail, and from when on, as a clause; else None."""
    loop = handler.loop
    if (
        handler.file.language.name not in CLOSED  # unprovable: other rules ask of further languages
        or loop is None
        or not _never_ends(loop)
    ):
        return None
    if not _takes_all(handler) or _is_left(loop):
        return None
    for call in _tried(handler, loop):
        if (why := _ends_by(call, loop)) and call.function is loop.function:
            return call, why
    return None


def _never_ends(loop: Loop) -> bool:
    return loop.is_endless or bool(FLAG.match(loop.text))


def _takes_all(handler: Handler) -> bool:
    return not handler.caught_nodes or any(name in BROAD for name in handler.caught)


def _is_taken_above(handler: Handler) -> bool:
    """One finding for each try; none where a handler above keeps the interruption, and the loop asks for it."""
    file, attempt, loop = handler.file, handler.guarded, handler.loop
    others = file.within(file.handlers, attempt.node) if attempt is not None else []
    same = [other for other in others if other.guarded is attempt and other.start_line < handler.start_line]
    asks = FLAG.match(loop.text) if loop is not None else None  # unprovable: narrows the type
    return any(_takes_all(other) or (asks and RESTORES.search(other.text)) for other in same)


def _is_left(loop: Loop) -> bool:
    """Something in the loop may end it, or the whole program."""
    file = loop.file
    if any(jump.leaves(loop) or jump.kind == "raise" for jump in file.within(file.jumps, loop.body)):
        return True
    return any(call.method in LEAVING or call.method.startswith("Fatal") for call in file.within(file.calls, loop.body))


def _tried(handler: Handler, loop: Loop) -> list[Call]:
    """The calls whose failure the handler takes."""
    file, attempt = handler.file, handler.guarded
    if attempt is not None:
        return file.within(file.calls, attempt.body)
    return [
        call
        for call in file.within(file.calls, loop.body)
        if _error_of(call) == handler.variable and call.node.start_byte < handler.node.end_byte
    ]


def _error_of(call: Call) -> str:
    """In Go: the last name that its results are assigned to."""
    left = call.user.child_by_field_name("left") if call.user is not None else None  # unprovable: narrows the type
    return text_of(left).rpartition(",")[2].strip()


def _ends_by(call: Call, loop: Loop) -> str:
    """What ends it, as a clause; empty where nothing is known to."""
    language = call.file.language.name
    if FLAG.match(loop.text) and INTERRUPTIBLE.search(call.name):
        return "the thread is interrupted"
    if WAITS.search(loop.text.replace("Task.Delay", "")):
        return ""
    if any(_is_cancellable(argument.text, call) for argument in call.all_arguments):
        return "its context is cancelled" if language == "go" else "its token is cancelled"
    if call.method not in CLOSED[language] or call.receiver is None or _serves_for_life(call):
        return ""
    return "what it is called on is closed"


def _serves_for_life(call: Call) -> bool:
    """A program's `main` that accepts connections: nothing closes what it listens on before the process ends."""
    in_main = call.function is None or call.function.name == "main"
    return in_main and call.method.lower().startswith("accept")


def _is_cancellable(name: str, call: Call) -> bool:
    """A context or token that somebody else may cancel: a parameter."""
    function = call.function
    if function is None or name not in function.parameters:
        return False
    return call.file.canonical(function.parameters[name], call) in CANCELS
