"""An async callback whose rejection nobody takes."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.own import own_functions
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, Try, text_of

LISTENS = frozenset({"on", "once", "addListener", "prependListener", "addEventListener"})
TIMERS = frozenset({"setTimeout", "setInterval", "setImmediate", "process.nextTick", "queueMicrotask"})
AWAITS_ITS_LISTENERS = regex(r"(?i)(?:^|\.)(?:app|probot|robot|hooks?|builder)$")
"""Frameworks whose `on` waits for what its listeners give."""


class RejectionWithoutHandler(Rule):
    """## What it finds
    An async function given to an event emitter or a timer, which awaits outside of any `try`.

    ## Why it matters
    Emitters and timers throw away what their callbacks return. When the awaited call fails, which in production it
    does, the rejection reaches nobody: Node.js ends the process, and with it every other request.

    ## Use instead
    A `try` around the whole body, or a plain callback that calls the async function and adds `.catch(…)`.
    """

    name = "unhandled-async-error/rejection-without-handler"
    severity = Severity.MEDIUM
    covered_by = ("eslint:promise/catch-or-return", "eslint:@typescript-eslint/no-floating-promises")
    languages = ("javascript", "typescript")
    methods = LISTENS
    names = TIMERS
    confidence = SHOWN_ONLY  # most services log what nobody handles in one place, in another file than this

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        place = 1 if call.method in LISTENS and call.receiver is not None else 0
        if not (place or call.name in TIMERS) or len(call.arguments) <= place:
            return None
        node = call.arguments[place].node
        callback = next((f for f in file.within(file.functions, node) if f.node == node), None)
        if callback is None or not self._may_reject(callback, file):
            return None
        if AWAITS_ITS_LISTENERS.search(text_of(call.receiver)):
            return None
        return Alarm(
            callback,
            f"When this async callback of `{call.method}` fails, nobody hears of it"[:80],
            f"`{call.written}` throws away the promise that its callback returns. When what is awaited in it fails, "
            "the rejection is handled by nobody, and Node.js ends the process with every request in it.",
            "Put the body into a `try` that logs and counts, or call an async function here and add `.catch(…)`.",
            last_line=callback.start_line,
        )

    def _may_reject(self, callback: Function, file: SourceFile) -> bool:
        """It awaits something outside of any try of its own that has a handler."""
        handled = [handler.guarded for handler in file.within(file.handlers, callback.node)]
        for call in file.within(file.calls, callback.body):
            if call.function is not callback or not call.is_awaited or call.method == "catch":
                continue
            own = own_functions(call)
            if own and all(_settles_itself(function, file) for function in own):
                continue
            if not any(attempt in handled for attempt in call.around(Try)):
                return True
        return False

    bad = (
        typescript(
            "class Watch {\n  start() {\n    setInterval(async () => { await this.look(); }, 5);\n  }\n"
            "  async look() {\n    try { await ask(); } catch (e) { log(e); }\n    await tell();\n  }\n}",
            line=3,
        ),
        typescript(
            "class Watch {\n  start() {\n    setInterval(async () => { await this.look(); }, 5);\n  }\n"
            "  async look() {\n    throw new Gone();\n  }\n}",
            line=3,
        ),
        javascript("queue.on('message', async (message) => {\n  await store(message);\n});"),
        javascript("setInterval(async () => { await poll(); }, 1000);"),
        typescript("socket.once('close', async () => {\n  log('bye');\n  await this.reconnect();\n});"),
        javascript("client\n  .on('error', log)\n  .on('moved', async (to) => {\n    await dial(to);\n  });", line=3),
        javascript("emitter.on('x',\n  async () => { await save(); });", line=2),
    )
    good = (
        typescript(
            "class Watch {\n  start() {\n    setInterval(async () => { await this.look(); }, 5);\n  }\n"
            "  async look() {\n    note(1);\n    try { await ask(); } catch (e) { log(e); }\n  }\n}"
        ),
        typescript(
            "class Watch {\n  start() {\n    setInterval(async () => { await this.look(); }, 5);\n  }\n"
            "  async look() {\n    try { await ask(); } catch (e) { log(e); }\n  }\n}"
        ),
        javascript("queue.on('message', async (m) => { try { await store(m); } catch (e) { log(e); } });"),
        javascript("queue.on('message', async (m) => { log(m); try { await store(m); } catch (e) { log(e); } });"),
        javascript("queue.on('message', (m) => { store(m).catch(log); });"),
        javascript("queue.on('message', async (m) => { await store(m).catch(log); });"),
        javascript("queue.on('message', async (m) => { log(m); });"),
        javascript("app.on('issues.opened', async (context) => { await reply(context); });"),  # it waits
        javascript("on('message', async (m) => { await store(m); });"),
        typescript("router.get('/orders', async (request) => { await load(request); });"),
        javascript("emitter.on('x', wrap(async () => { await save(); }));"),
        javascript("emitter.on('x', () => { save(); });"),
        javascript("emitter.on('x', async () => { try { await save(); } catch (e) { log(e); } });"),
        javascript("emitter.on('x', async () => { each(async () => { await save(); }); });"),
        javascript("peer.on('close');"),
    )


def _settles_itself(function: Function, file: SourceFile) -> bool:
    """Whatever it awaits stands in a try of its own that has a handler, and nothing is thrown."""
    handled = [handler.guarded for handler in file.within(file.handlers, function.node)]
    awaited = [call for call in file.within(file.calls, function.body) if call.is_awaited]
    thrown = any(jump.kind == "raise" for jump in file.within(file.jumps, function.body))
    return not thrown and all(any(attempt in handled for attempt in call.around(Try)) for call in awaited)
