"""All clients come back in the same moment, again and again."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.syntax import Call, SourceFile, encloses

EVENTS = frozenset({"close", "disconnect", "end"})
CONNECTS = regex(r"^(?:re)?(?:_)?(?:connect|open|dial|subscribe)(?:ing|ws|socket|websocket)?$", re.IGNORECASE)
WAITS = regex(r"(?i)setTimeout|delay|sleep|backoff|setInterval|retryAfter|schedule|debounce|attempt")


class ReconnectAtOnce(Rule):
    """## What it finds
    A handler of a connection's `close`, `disconnect` or `end` that connects again at once, without a pause.

    ## Why it matters
    When the server restarts, every client loses its connection in the same moment and is back in the next: the
    server that comes up meets them all together, falls over, and the round begins anew. A client alone spins as fast
    as connections are refused.

    ## Use instead
    Wait before each try, longer each time up to a limit, with jitter, so that clients spread out. Source: AWS
    Architecture Blog, *Exponential Backoff And Jitter*.
    """

    name = "thundering-herd/reconnect-at-once"
    severity = Severity.MEDIUM
    confidence = 0.75
    languages = ("javascript", "typescript")
    methods = frozenset({"on", "once", "addEventListener"})

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method not in ("on", "once", "addEventListener") or len(call.arguments) < 2:
            return None
        event, handler = call.arguments[0].text.strip("'\"`"), call.arguments[1]
        if event not in EVENTS or WAITS.search(handler.text):
            return None
        inner = [one for one in file.within(file.calls, handler.node) if CONNECTS.match(one.method)]
        if inner:
            first = next(
                (one for one in inner if one.function is not None and encloses(handler.node, one.function)), None
            )
            return self._alarm(first, event) if first is not None and not _is_guarded(first, file) else None
        if CONNECTS.match(handler.text.rsplit(".", 1)[-1]):
            return self._alarm(call, event)
        return None

    def _alarm(self, call: Call, event: str) -> Alarm:
        return Alarm(
            call,
            f"After `{event}` this connects again at once",
            "When the server restarts, all clients lose their connection in the same moment and all come back in the "
            "next. The server meets them together while it starts, and a refused client goes round without a pause.",
            "Wait before each try: longer each time, up to a limit, with jitter.",
            last_line=call.start_line,
        )

    bad = (
        javascript("socket.on('close', () => connect());"),
        javascript("socket.once('disconnect', function () {\n  log('lost');\n  this.reconnect();\n});", line=3),
        javascript("socket.on('end', this.connect);"),
        typescript("ws.addEventListener('close', () => {\n  this.openSocket();\n});", line=2),
        javascript("if (on) {\n  socket.on('close', () => connect());\n}", line=2),
    )
    good = (
        javascript("socket.on('close', () => setTimeout(connect, 1000 * Math.random()));"),
        javascript("socket.on('open', () => connect());"),
        javascript("socket.on('close', () => cleanUp());"),
        javascript("socket.on('close', () => { if (!stopped && tries++ < 3) connect(); });"),
        javascript("socket.emit('close', () => connect());"),
        javascript("socket.on('close');"),
        javascript("socket.on('close', cleanUp);"),
        javascript("socket.on('close', () => queue.push(async () => { await rest(); }));"),
        typescript("ws.addEventListener('close', () => this.backoff.run(() => this.connect()));"),
        javascript("peer.on('end', open(peer));\nfunction f(peer) { peer.on('close', open(peer)); }"),
    )


def _is_guarded(call: Call, file: SourceFile) -> bool:
    """True where a condition decides: it may count tries or ask for the reason."""
    node = call.node.parent
    while (
        node is not None  # unprovable: narrows the type
        and node.type not in ("arrow_function", "function_expression")
    ):
        if node.type in ("if_statement", "ternary_expression", "binary_expression", "switch_statement"):
            return True
        node = node.parent
    return False
