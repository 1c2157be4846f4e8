"""A listener that every call adds, to something that outlives all calls."""

import re
from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.unbounded_growth.listener_per_call_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, python, typescript
from bot.syntax import Binding, Call, Class, Function, SourceFile, text_of

LISTENS = frozenset({"on", "addListener", "addEventListener"})
TAKEN_AWAY = regex(
    r"\b(?:off|once|removeListener|removeAllListeners|removeEventListener|eject|AbortController|signal)\b"
)
INTERCEPTS = regex(r"\binterceptors\.(?:request|response)$")
ASKED = frozenset({"req", "request"})
ANSWERED = frozenset({"res", "reply", "response"})
PAGE = frozenset({"window", "document"})
STATIC_EVENT = regex(
    r"^(?:(?:Microsoft\.Win32\.)?SystemEvents|NetworkChange|AppDomain\.CurrentDomain|TaskScheduler|Console)\.\w+$"
)
LOOKS = regex(r"\.handlers\b|hasHandlers|removeHandler|NullHandler")


class ListenerPerCall(Rule):
    """## What it finds
    A listener that is added in a request handler to what outlives the request (`process`, an emitter or client of the
    module, the interceptors of a shared axios), and one on `window` or `document` in a React effect, where nothing
    takes it away. In Python a handler that each object adds to a logger all share; in Java and C# a closable object
    that signs itself up with the process (a shutdown hook, a static event) and does not sign off when closed.

    ## Why it matters
    Each call adds one more, and none goes. The listener keeps alive whatever it refers to (the request, its answer,
    the whole object), and every event runs all of them: memory and time grow with the number of requests served, and
    log lines are written twice, ten times, a hundred times. Node warns once, at eleven
    (`MaxListenersExceededWarning`), and goes on.

    ## Use instead
    Register once, where the process starts; or take it away again at the end: `req.on('close', () => bus.off(…))`, a
    cleanup returned from the effect, `-=` in `Dispose`, `removeShutdownHook` in `close`.
    """

    name = "unbounded-growth/listener-per-call"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "java", "csharp")
    covered_by = ("eslint:@eslint-react/web-api/no-leaked-event-listener[addEventListener]",)
    methods = LISTENS | {"addShutdownHook", "addHandler", "use"}
    confidence = 0.75
    needs = (b".on(", b"addListener", b"addEventListener", b"interceptors", b"addHandler", b"addShutdownHook", b"+=")

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method == "addShutdownHook":
            return self._alarm(call, "`close`", 0.6) if _stays_after_close(call, file) else None
        if call.method == "addHandler":
            return self._alarm(call, "the next object", 0.6) if _handler_each(call) else None
        if call.method in LISTENS and len(call.arguments) == 2 and _leaks(call):
            return self._alarm(call, "the end of the request")
        if call.method == "use" and INTERCEPTS.search(text_of(call.receiver)) and _leaks(call):
            return self._alarm(call, "the end of the request")
        return None

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        if file.language.name != "csharp":  # unprovable: only saves time
            return
        for binding in file.bindings:
            event = text_of(binding.target)
            gone = f"{event} -=".encode() in file.text
            if STATIC_EVENT.match(event) and not gone and _is_added(binding) and _is_disposable(binding):
                yield self._alarm(binding, "`Dispose`")

    def _alarm(self, at: Call | Binding, until: str, confidence: float | None = None) -> Alarm:
        return Alarm(
            at,
            "Each call adds a listener here, and none is taken away",
            f"What this is added to lives as long as the process, and so does the listener with all it refers to: it "
            f"is still there after {until}. Memory grows with every call, and each event runs all the listeners that "
            "have piled up.",
            "Register it once at the start, or take it away again when the call or the object is done.",
            confidence=confidence,
            last_line=at.start_line,
        )

    bad = (
        javascript(
            "import { bus } from './bus.js';\napp.get('/events', (req, res) => {\n"
            "  bus.on('order', (order) => res.write(order));\n});",
            line=3,
        ),
        javascript(
            "app.post('/orders', (req, res) => {\n  process.on('uncaughtException', (e) => res.status(500));\n});",
            line=2,
        ),
        typescript(
            "import { useEffect } from 'react';\nfunction Panel() {\n  useEffect(() => {\n"
            "    window.addEventListener('resize', layOut);\n  }, []);\n}",
            line=4,
        ),
        python(
            "import logging\n\nclass Client:\n    def __init__(self):\n        self.log = logging.getLogger(__name__)\n"
            "        self.log.addHandler(logging.StreamHandler())",
            line=6,
        ),
        java(
            "class Client implements AutoCloseable {\n  Client() {\n"
            "    Runtime.getRuntime().addShutdownHook(new Thread(this::close));\n  }\n"
            "  public void close() { pool.stop(); }\n}",
            line=3,
        ),
        csharp(
            "class Session : IDisposable {\n  public Session() {\n"
            "    NetworkChange.NetworkAddressChanged += OnChange;\n  }\n  public void Dispose() { socket.Close(); }\n}",
            line=3,
        ),
        *FURTHER_BAD,
    )
    good = (
        javascript(
            "import { bus } from './bus.js';\napp.get('/events', (req, res) => {\n"
            "  const send = (order) => res.write(order);\n  bus.on('order', send);\n"
            "  req.on('close', () => bus.off('order', send));\n});"
        ),
        typescript(
            "import { useEffect } from 'react';\nfunction Panel() {\n  useEffect(() => {\n"
            "    window.addEventListener('resize', layOut);\n"
            "    return () => window.removeEventListener('resize', layOut);\n  }, []);\n}"
        ),
        python(
            "import logging\n\nclass Client:\n    def __init__(self):\n        self.log = logging.getLogger(__name__)\n"
            "        if not self.log.handlers:\n            self.log.addHandler(logging.StreamHandler())"
        ),
        java(
            "class Client implements AutoCloseable {\n  Client() { Runtime.getRuntime().addShutdownHook(hook); }\n"
            "  public void close() { Runtime.getRuntime().removeShutdownHook(hook); }\n}"
        ),
        csharp(
            "class Session : IDisposable {\n  public Session() { NetworkChange.NetworkAddressChanged += OnChange; }\n"
            "  public void Dispose() { NetworkChange.NetworkAddressChanged -= OnChange; }\n}"
        ),
        *FURTHER_GOOD,
    )


def _leaks(call: Call) -> bool:
    """It is added for each request or effect, to something older than that, and nothing takes it away."""
    root = re.split(r"\W", text_of(call.receiver))[0]
    for function in call.around(Function):
        if root in function.parameters or _is_made_in(function, root):
            return False
        if _is_request_handler(function) or (root in PAGE | {"axios"} and _is_effect(function)):
            return not TAKEN_AWAY.search(function.text)
    return False


def _is_made_in(function: Function, name: str) -> bool:
    bindings = function.file.within(function.file.bindings, function.body)
    return any(name in re.findall(r"\w+", text_of(binding.target)) for binding in bindings)


def _is_request_handler(function: Function) -> bool:
    names = list(function.parameters)
    return len(names) > 1 and names[0] in ASKED and names[1] in ANSWERED


def _is_effect(function: Function) -> bool:
    """What React's `useEffect` is given."""
    above = function.node.parent
    taker = function.file.call_at(above.parent) if above is not None else None  # unprovable: narrows the type
    return taker is not None and taker.method == "useEffect"


def _handler_each(call: Call) -> bool:
    """A log handler that a constructor adds to a logger of all objects, without a look whether there is one."""
    function, origin = call.function, call.origin
    if function is None or function.name != "__init__" or origin is None or LOOKS.search(function.text):
        return False
    return origin.name == "logging.getLogger" and all(
        given.text == "__name__" or given.text[:1] in "'\"" for given in origin.all_arguments
    )


def _stays_after_close(call: Call, file: SourceFile) -> bool:
    """It is called by the constructor of a class that can be closed, and its file never takes a hook away."""
    owner, function = next(iter(call.around(Class)), None), call.function
    if owner is None or function is None or function.name != owner.name or b"removeShutdownHook" in file.text:
        return False
    return bool(re.search(r"\b(?:Auto)?Closeable\b", owner.text.split("{")[0]))


def _is_added(binding: Binding) -> bool:
    return text_of(binding.node.child_by_field_name("operator")) == "+="


def _is_disposable(binding: Binding) -> bool:
    owner = next(iter(binding.around(Class)), None)
    return owner is not None and "IDisposable" in owner.text.split("{")[0]
