"""The main thread of an app, waiting."""

import re
from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.catalog.lock_hazard.main_thread_waits_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.own import own_functions
from bot.rules.rule import Alarm, Rule, java, kotlin
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Class, Function, SourceFile, text_of

_MARK = regex(r"^@(?:[\w.]+\.)?(?P<thread>Main|Ui|Worker|Any|Binder)Thread$")
ON_MAIN = ("Main", "Ui")
_ASSERTS = regex(r"^(?:assert|check|ensure|verify|require)(?:Is|On|Running)?(?:On)?(?:Main|Ui|UI)Thread$")
_EXTENDS = regex(r"(?:\bextends|:)\s+(?:[\w.]+\.)?(?P<base>\w+)")
_SCREEN = regex(r"^(?:\w*Activity|\w*Fragment|Service|BroadcastReceiver|Application)$")
LIFE = frozenset(
    {"onCreate", "onStart", "onRestart", "onResume", "onPause", "onStop", "onDestroy", "onBind", "onReceive"}
    | {"onCreateView", "onViewCreated", "onDestroyView", "onStartCommand"}
)
"""What the platform calls on the main thread."""
WAITS = frozenset(
    {"Future.get", "CompletableFuture.get", "CompletableFuture.join", "FutureTask.get", "ListenableFuture.get"}
    | {"AsyncTask.get", "CountDownLatch.await", "Thread.join", "Object.wait"}
)
"""Without an argument, or with a long one."""
ALWAYS = frozenset({"Thread.sleep", "SystemClock.sleep"})
TRANSACTS = ("IBinder.transact", "Binder.transact")
_MS = {"MICROSECONDS": 0.001, "MILLISECONDS": 1, "SECONDS": 1e3, "MINUTES": 6e4, "HOURS": 36e5, "DAYS": 864e5}
LONGEST_MS = 5000
"""After this Android offers to close the app."""
_FUNCTIONS = ("method_declaration", "function_declaration")
_EMPTY = regex(r"\b(?P<name>\w+)\s*[!=]=\s*null\b")
DEEPEST = 3
"""Functions of the file that are followed, one into the other."""


class MainThreadWaits(Rule):
    """## What it finds
    On the main thread of an Android app, a wait for another thread, process or machine: `future.get()`, `latch.await()`
    and `join()` without a short limit, `sleep`, a two-way `transact`, a request. That it is the main thread is said by
    `@MainThread` or `@UiThread`, by an assertion such as `assertMainThread()`, or by a method of the life cycle.

    ## Why it matters
    The main thread draws the screen and answers every touch. While it waits the app stands still, and after five
    seconds the system offers to close it. Where the other side needs the main thread as well, neither ever goes on.

    ## Use instead
    Do the work in an executor or a coroutine, and post its result to the main thread.
    """

    name = "lock-hazard/main-thread-waits"
    severity = Severity.MEDIUM
    languages = ("java", "kotlin")
    needs = (b"UiThread", b"MainThread", b"UIThread", b"android.app", b"android.content", b"androidx.")
    confidence = SHOWN_ONLY
    """Not yet proven on the histories of public projects."""

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        begins = _on_main_from(function)
        if begins is None:
            return []
        return [
            self._alarm(call, stop)
            for call in _calls_of(function)
            if call.node.start_byte > begins
            and (stop := _stopped_by(call)) is not None
            and (stop is call or not _is_made_once(call))
        ]

    def _alarm(self, call: Call, stop: Call) -> Alarm:
        through = f", which `{call.written}` comes to" if stop is not call else ""
        return Alarm(
            call,
            f"The main thread waits in `{call.written}`"[:80],
            f"The main thread stands still in `{stop.written}`{through}, and no touch is answered meanwhile. After "
            "five seconds the system offers to close the app; where the other side needs this thread, neither goes on.",
            "Wait in an executor or a coroutine, and post the result to the main thread.",
        )

    bad = (
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
            "class A { Future<Cart> cart;\n  @UiThread void show() throws Exception {\n    draw(cart.get());\n  } }",
            line=5,
        ),
        java(
            "import androidx.annotation.MainThread;\n@MainThread\nclass A { void show() throws Exception {\n"
            "  Thread.sleep(50);\n} }",
            line=4,
        ),
        java(
            "import java.util.concurrent.CountDownLatch;\nclass A { CountDownLatch done; void show() {\n"
            "  Threads.assertMainThread();\n  done.await();\n} }",
            line=4,
        ),
        java(
            "import android.app.Activity;\nimport android.os.IBinder;\nclass A extends Activity { IBinder peer;\n"
            "  @Override protected void onPause() {\n    tell();\n  }\n"
            "  private void tell() { send(); }\n  private void send() { peer.transact(1, data, reply, 0); } }",
            line=5,
        ),
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.*;\nclass A {\n"
            "  @UiThread void show(Future<Cart> cart) throws Exception {\n"
            "    draw(cart.get(2L, TimeUnit.MINUTES));\n  } }",
            line=5,
        ),
        java(
            "import androidx.annotation.UiThread;\nclass A { Object gate; @UiThread void show() throws Exception {\n"
            "  synchronized (gate) { if (gate == null) gate.wait(6000); }\n} }",
            line=3,
        ),
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
            "class A { Future<Cart> cart;\n  @UiThread void show() throws Exception {\n"
            "    if (cart == null) { load(); }\n  }\n  void load() throws Exception { cart.get(); } }",
            line=5,
        ),
        java(
            "import androidx.annotation.UiThread;\nimport org.springframework.web.client.RestTemplate;\n"
            "class A { RestTemplate rest;\n  @UiThread void show() {\n    draw(rest.getForObject(u, C.class));\n  } }",
            line=5,
        ),
        java(
            "import androidx.annotation.UiThread;\nclass A {\n  @UiThread void show() { load(); }\n"
            "  @UiThread void load() {\n    Thread.sleep(50);\n  } }",
            line=5,
        ),
        kotlin(
            "import androidx.annotation.MainThread\nimport java.util.concurrent.Future\n\n"
            "class A(private val cart: Future<Cart>) {\n    @MainThread\n    fun show() {\n"
            "        draw(cart.get())\n    }\n}",
            line=7,
        ),
        kotlin(
            "import androidx.fragment.app.Fragment\n\nclass A : Fragment() {\n    override fun onStart() {\n"
            "        Thread.sleep(50)\n    }\n}",
            line=5,
        ),
        *FURTHER_BAD,
    )
    good = (
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
            "class A { Future<Cart> cart; void load() throws Exception { keep(cart.get()); }\n"
            "  @UiThread void show() { pool.execute(() -> keep(cart.get())); } }"
        ),
        java(
            "import androidx.annotation.*;\n@MainThread\nclass A { @WorkerThread void load() throws Exception "
            "{ Thread.sleep(50); } }"
        ),
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.*;\nclass A {\n"
            "  @UiThread void show(Future<Cart> cart, long n) throws Exception {\n"
            "    draw(cart.get(200, TimeUnit.MILLISECONDS));\n    draw(cart.get(n, TimeUnit.SECONDS));\n"
            "    draw(cart.get(9, unit));\n  } }"
        ),
        java(
            "import androidx.annotation.UiThread;\nimport android.os.IBinder;\nclass A { IBinder peer;\n"
            "  @UiThread void tell() { peer.transact(1, data, null, IBinder.FLAG_ONEWAY); peer.transact(); } }"
        ),
        java(
            "import java.util.concurrent.CountDownLatch;\nclass A { CountDownLatch done; void load() {\n"
            "  done.await();\n  Threads.assertMainThread();\n  Threads.assertWorkerThread();\n} }"
        ),
        java(
            "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
            "class A { Future<Cart> all; Cart cart;\n  @UiThread void show() throws Exception {\n"
            "    if (cart == null) { cart = load(); }\n  }\n  Cart load() throws Exception { return all.get(); } }"
        ),
        *FURTHER_GOOD,
    )


def _on_main_from(function: Function) -> int | None:
    """The byte from which a function is known to run on the main thread; None where it is not."""
    of_class = next(function.around(Class), None)
    threads = [
        found["thread"]
        for shape in (function, of_class)
        if shape is not None
        for mark in function.file.language.modifiers(shape.node)
        if (found := _MARK.match(mark))
    ]
    if not set(threads) <= set(ON_MAIN):
        return None
    if threads or (function.name in LIFE and of_class is not None and _is_screen(of_class)):
        return function.node.start_byte
    asserted = [call.node.start_byte for call in _calls_of(function) if _ASSERTS.match(call.method)]
    return min(asserted, default=None)


def _is_screen(class_: Class) -> bool:
    body = class_.body
    if body is None:  # unprovable: narrows the type
        return False
    found = _EXTENDS.search(class_.file.between(class_.node.start_byte, body.start_byte))
    return found is not None and bool(_SCREEN.match(found["base"]))


def _calls_of(function: Function) -> Iterator[Call]:
    file = function.file
    return (call for call in file.within(file.calls, function.body) if call.function is function)


def _stopped_by(call: Call, depth: int = DEEPEST) -> Call | None:
    """The call that waits: this one, or one within the function of this file that it calls."""
    if _waits(call):
        return call
    own = own_functions(call)
    if depth == 0 or len(own) != 1 or _on_main_from(own[0]) is not None:
        return None  # what runs on the main thread itself is judged there
    return next((stop for inner in _calls_of(own[0]) if (stop := _stopped_by(inner, depth - 1)) is not None), None)


def _waits(call: Call) -> bool:
    name = ".".join(call.name.split(".")[-2:])
    given = [argument.text for argument in call.all_arguments]
    if name in TRANSACTS:
        return given[-1:] == ["0"]
    if name in WAITS:
        return not given or _is_long(given)
    row = find(call, Outbound)
    return name in ALWAYS or (row is not None and row.blocks)


def _is_long(given: list[str]) -> bool:
    """A number of the unit beside it; of milliseconds where there is none."""
    unit = given[1].rsplit(".", 1)[-1] if len(given) > 1 else "MILLISECONDS"
    number = re.match(r"\d+", given[0])
    return number is not None and int(number[0]) * _MS.get(unit, 0) > LONGEST_MS


def _is_made_once(call: Call) -> bool:
    """Under `if (cart == null)`, which then sets `cart`."""
    above = call.node.parent
    while above is not None and above.type not in _FUNCTIONS:
        tested = _EMPTY.search(text_of(above.child_by_field_name("condition")))
        if tested is not None and re.search(rf"\b{tested['name']}\s*=[^=]", text_of(above)):
            return True
        above = above.parent
    return False
