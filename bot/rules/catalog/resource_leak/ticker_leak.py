"""A ticker that goes on ticking for nobody."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile

ONCE = regex(r"^(?:main|init|run|Run|[Ss]tart|Serve|loop|Loop)$")


class TickerLeak(Rule):
    """## What it finds
    `time.Tick` in a function that returns, and a `time.NewTicker` that stays in its function and is never stopped.

    ## Why it matters
    Up to Go 1.22 a ticker that is not stopped is never freed: each call adds one more timer to the runtime's heap, and
    a busy service spends more and more of its time on timers nobody listens to. From Go 1.23 on it is collected.

    ## Use instead
    `ticker := time.NewTicker(d)` with `defer ticker.Stop()`.
    """

    name = "resource-leak/ticker-leak"
    severity = Severity.LOW
    covered_by = ("staticcheck:SA1015",)
    languages = ("go",)
    methods = frozenset({"Tick", "NewTicker"})
    confidence = SHOWN_ONLY
    """Since Go 1.23 a ticker that nobody can reach any more is collected."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        function = call.function
        if call.name not in ("time.Tick", "time.NewTicker") or function is None:
            return None
        if call.name == "time.Tick":
            return None if self._runs_for_ever(function, file) else self._alarm(call, "cannot be stopped")
        name = call.assigned_to
        if not name.isidentifier() or self._is_kept(name, call, function):
            return None
        return None if re.search(rf"\b{name}\.Stop\b", function.text) else self._alarm(call, "is never stopped")

    def _runs_for_ever(self, function: Function, file: SourceFile) -> bool:
        """The function is the program itself, or ends in a loop that nothing leaves."""
        if ONCE.match(function.name):
            return True
        return any(
            loop.function is function
            and ("range" in loop.header or loop.is_endless)
            and not any(jump.leaves(loop) for jump in file.within(file.jumps, loop.body))
            for loop in file.within(file.loops, function.body)
        )

    def _is_kept(self, name: str, call: Call, function: Function) -> bool:
        """Anything but `ticker.C` and its like: it is handed on, or it outlives the function."""
        if self._runs_for_ever(function, call.file):
            return True
        for mention in call.file.language.mentions(name, function.node):
            above = mention.parent
            if (
                mention.end_byte > call.node.end_byte
                and above is not None  # unprovable: narrows the type
                and above.type != "selector_expression"
            ):
                return True
        return False

    def _alarm(self, call: Call, what: str) -> Alarm:
        return Alarm(
            call,
            f"The ticker of `{call.written}` {what}"[:80],
            "Before Go 1.23 the runtime keeps such a ticker for ever, so each call of this function leaves one behind. "
            "Memory and the cost of every other timer grow with them.",
            "Use `time.NewTicker` with `defer ticker.Stop()`.",
        )

    bad = (
        go(
            'import "time"\n\nfunc wait(done chan bool) {\n\tselect {\n\tcase <-time.Tick(time.Second):\n'
            "\tcase <-done:\n\t}\n}",
            line=5,
        ),
        go(
            'import "time"\n\nfunc wait(done chan bool) {\n\tt := time.NewTicker(time.Second)\n\tfor {\n\t\tselect {\n'
            "\t\tcase <-t.C:\n\t\t\tlook()\n\t\tcase <-done:\n\t\t\treturn\n\t\t}\n\t}\n}",
            line=4,
        ),
        go(
            'import "time"\n\nfunc poll() {\n\tfor range time.Tick(t) {\n\t\tgo func() { for { work() } }()\n'
            "\t\tif done() { return }\n\t}\n}",
            line=4,
        ),
        go(
            'import "time"\n\nfunc poll() { tick := time.Tick(t)\n\tfor i := 0; i < 3; i++ { <-tick; ask() }\n}', line=3
        ),
    )
    good = (
        go('import "time"\n\nfunc poll() { for range time.Tick(time.Second) { look() } }'),
        go('import "time"\n\nfunc main() { <-time.Tick(time.Second) }'),
        go('import "time"\n\nfunc wait() { t := time.NewTicker(time.Second); defer t.Stop(); <-t.C }'),
        go('import "time"\n\nfunc make() *time.Ticker { t := time.NewTicker(time.Second); return t }'),
        go('import "time"\n\nfunc (s *S) make() { s.t = time.NewTicker(time.Second) }'),
        go('import "time"\n\nfunc poll() { t := time.NewTicker(time.Second); for range t.C { look() } }'),
        go('import "time"\n\nfunc wait(w *Worker) { w.ticker = time.NewTicker(t) }'),
        go('import "time"\n\nfunc start() *Clock { return newClock(time.NewTicker(t)) }'),
        go(  # it goes on as long as the program
            'import "time"\n\nvar beat = time.NewTicker(time.Minute)\n\nfunc watch() {\n'
            "\tt := time.NewTicker(time.Second)\n\tfor {\n\t\t<-t.C\n\t\tnote()\n\t}\n}",
        ),
        go(
            'import "time"\n\nfunc pause() {\n\tt := time.NewTimer(time.Second)\n\t<-t.C\n}',
        ),
    )
