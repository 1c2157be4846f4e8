"""A socket whose close is skipped when its shutdown fails."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Call, Handler, SourceFile, Try, text_of


class CloseAfterShutdown(Rule):
    """## What it finds
    `sock.shutdown(…)` and `sock.close()` in the same `try`, in this order, with a handler that does not close.

    ## Why it matters
    `shutdown` raises `OSError` when the peer has gone already, which is the usual way for a connection to end. The
    `close` behind it is then never reached, and the descriptor stays open: one for each client that hung up first.

    ## Use instead
    `close` in a `finally`; the failure of `shutdown` may be ignored by itself.
    """

    name = "resource-leak/close-after-shutdown"
    severity = Severity.MEDIUM
    languages = ("python",)
    methods = frozenset({"shutdown"})
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        attempt = next(call.around(Try), None)
        if attempt is None or not self._is_of_a_socket(call):
            return None
        name = text_of(call.receiver)
        closes = [
            one
            for one in file.within(file.calls, attempt.node)
            if one.method == "close" and text_of(one.receiver) == name
        ]
        inside = [one for one in closes if attempt.holds(one)]
        if len(inside) != 1 or len(closes) != 1 or inside[0].node.start_byte < call.node.end_byte:
            return None
        handlers = [one for one in file.within(file.handlers, attempt.node) if one.guarded is attempt]
        if next(call.around(Handler), None) is not None or not handlers or self._is_closed_later(name, attempt):
            return None
        return Alarm(
            call,
            f"Where this `shutdown` fails, `{name}` is never closed"[:80],
            "`shutdown` fails when the other side has hung up already, and that happens all the time. The `close` "
            "below is then skipped, and each such connection leaves its descriptor open.",
            "Put `close` into a `finally`, and let only `shutdown` be guarded.",
        )

    def _is_of_a_socket(self, call: Call) -> bool:
        given = call.arguments[0].text if len(call.arguments) == 1 else ""
        return "SHUT_" in given

    def _is_closed_later(self, name: str, attempt: Try) -> bool:
        return f"{name}.close()" in text_of(attempt.node.next_named_sibling).split("\n")[0]

    bad = (
        python(
            "import socket\ntry:\n    s.shutdown(socket.SHUT_RDWR)\n    s.close()\nexcept OSError:\n    pass", line=3
        ),
        python(
            "def drop(sock, log):\n    try:\n        sock.shutdown(socket.SHUT_RDWR)\n        log.close()\n"
            '        sock.close()\n    except OSError:\n        pass\n    note("gone")',
            line=3,
        ),
    )
    good = (
        python("import socket\ntry:\n    s.shutdown(socket.SHUT_RDWR)\nexcept OSError:\n    pass\ns.close()"),
        python("import socket\ntry:\n    s.shutdown(socket.SHUT_RDWR)\n    s.close()\nexcept OSError:\n    s.close()"),
        python(
            "import socket\ntry:\n    s.shutdown(socket.SHUT_RDWR)\nexcept OSError:\n    pass\nfinally:\n    s.close()"
        ),
        python("try:\n    pool.shutdown(wait=True)\n    pool.close()\nexcept OSError:\n    pass"),
        python(
            "import socket\ntry:\n    s.close()\n    t.shutdown(socket.SHUT_RD)\n    t.close()\nfinally:\n    end()"
        ),
        python("import socket\ntry:\n    s.shutdown(SHUT_WR)\n    s.close()\nexcept OSError:\n    pass\ns.close()"),
        python("import socket\ns.shutdown(socket.SHUT_RDWR)\ns.close()"),
        python("import socket\ntry:\n    s.close()\n    s.shutdown(socket.SHUT_RDWR)\nexcept OSError:\n    pass"),
        python(
            "import socket\ntry:\n    s.shutdown(socket.SHUT_RDWR)\n    s.close()\n    try:\n        log()\n"
            "    except OSError:\n        pass\nfinally:\n    done()"
        ),
        python(
            "import socket\ntry:\n    ask(s)\nexcept OSError:\n    try:\n        s.shutdown(socket.SHUT_RDWR)\n"
            "        s.close()\n    except OSError:\n        pass"
        ),
    )
