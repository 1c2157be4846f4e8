"""A WaitGroup that is told of a goroutine by the goroutine itself."""

from bot.domain import Severity
from bot.rules.goroutines import is_spawned
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile, text_of


class WaitgroupMisuse(Rule):
    """## What it finds
    `wg.Add` as part of the goroutine that is waited for.

    ## Why it matters
    `wg.Wait` may run before the goroutine has started. It then sees a count of zero and goes on: results are missing,
    and what is closed afterwards is still in use. It happens under load, where goroutines start late.

    ## Use instead
    `wg.Add(1)` before the `go` statement, or `wg.Go` from Go 1.25 on.
    """

    name = "lock-hazard/waitgroup-misuse"
    severity = Severity.HIGH
    languages = ("go",)
    methods = frozenset({"Add"})
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        function = call.function
        if function is None:  # unprovable: narrows the type
            return None
        if call.method != "Add":
            return None
        if file.canonical(call.receiver, call) != "sync.WaitGroup" or not is_spawned(function):
            return None
        name = text_of(call.receiver)
        own = [one.written for one in file.within(file.calls, function.body)]
        done = f"{name}.Done" in own
        spawns = any(one.use == "task" for one in file.within(file.calls, function.body))
        if not done or spawns:
            return None  # it counts goroutines of its own
        return Alarm(
            call,
            f"`{name}.Add` runs inside the goroutine that is waited for"[:80],
            f"`{name}.Wait` can come before this goroutine has started, find a count of zero, and not wait at all. "
            "Under load, results go missing and what is closed after the wait is still in use.",
            f"Move `{name}.Add(1)` in front of the `go` statement.",
        )

    bad = (
        go(
            'import "sync"\n\nfunc all(items []Item) {\n\tvar wg sync.WaitGroup\n\tfor _, i := range items {\n'
            "\t\tgo func() {\n\t\t\twg.Add(1)\n\t\t\tdefer wg.Done()\n\t\t\tload(i)\n\t\t}()\n\t}\n\twg.Wait()\n}",
            line=7,
        ),
    )
    good = (
        go(
            'import "sync"\n\nfunc all(items []Item) {\n\tvar wg sync.WaitGroup\n\tfor _, i := range items {\n'
            "\t\twg.Add(1)\n\t\tgo func() {\n\t\t\tdefer wg.Done()\n\t\t\tload(i)\n\t\t}()\n\t}\n\twg.Wait()\n}"
        ),
        go(
            'import "sync"\n\nfunc all(items []Item) {\n\tvar wg sync.WaitGroup\n\tgo func() {\n\t\twg.Add(1)\n'
            "\t\tgo func() {\n\t\t\tdefer wg.Done()\n\t\t}()\n\t}()\n}"
        ),
        go('import "sync"\n\nfunc all(wg *sync.WaitGroup) {\n\tgo func() {\n\t\twg.Add(1)\n\t\tpool.Run(wg)\n\t}()\n}'),
        go("func all(n Counter) {\n\tgo func() {\n\t\tn.Add(1)\n\t\tdefer n.Done()\n\t}()\n}"),
        go(  # runs here and now
            'import "sync"\n\nfunc all() {\n\tvar wg sync.WaitGroup\n\tfunc() {\n\t\twg.Add(1)\n\t\twg.Done()\n\t}()\n}'
        ),
    )
