"""A timer that goes on after the race it was for is over."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile


class TimerNotCleared(Rule):
    """## What it finds
    `Promise.race([work, new Promise((_, reject) => setTimeout(…))])` whose timer nobody can clear.

    ## Why it matters
    When the work wins, the timer goes on with all that its function refers to. At a hundred calls a second and a
    timeout of 30 s that is three thousand of them at any moment, and a process that cannot end for half a minute.

    ## Use instead
    Keep what `setTimeout` gives and clear it in a `finally`, or use `AbortSignal.timeout(ms)`.
    """

    name = "unbounded-growth/timer-not-cleared"
    severity = Severity.LOW
    languages = ("javascript", "typescript")
    methods = frozenset({"race"})
    confidence = SHOWN_ONLY  # a few seconds of one timer cost next to nothing

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name != "Promise.race":
            return None
        timers = [one for one in file.within(file.calls, call.node) if one.name == "setTimeout"]
        if len(timers) != 1 or timers[0].use not in ("discarded", "returned"):
            return None
        return Alarm(
            timers[0],
            "This timer goes on when the race is over",
            "When the work is done first, the timer stays until its time is up, with all that it refers to. Under load "
            "thousands of them pile up, and each keeps the process from ending.",
            "Keep its handle and call `clearTimeout` in a `finally`, or pass `AbortSignal.timeout(…)` to the work.",
        )

    bad = (
        javascript("await Promise.race([work(), new Promise((_, no) => setTimeout(no, 5000))]);"),
        typescript(
            "Promise.race([\n  work(),\n  new Promise((_, no) => { setTimeout(() => no(late), 5000); }),\n]);", line=3
        ),
    )
    good = (
        javascript("let t;\nawait Promise.race([work(), new Promise((_, no) => { t = setTimeout(no, 5000); })]);"),
        javascript("await Promise.all([work(), new Promise((yes) => setTimeout(yes, 5000))]);"),
        typescript("await Promise.race([work(), late]);"),
    )
