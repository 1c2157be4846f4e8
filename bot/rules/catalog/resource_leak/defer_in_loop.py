"""A defer in a loop that does not end."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile

CLOSES = frozenset({"Close", "Unlock", "RUnlock", "Stop", "Release", "Rollback", "End"})


class DeferInLoop(Rule):
    """## What it finds
    `defer f.Close()` and its like inside a loop, in the function that has the loop.

    ## Why it matters
    A deferred call runs when the function returns, not at the end of the round. Files, rows and locks of all rounds
    stay open together: over ten thousand items the process is out of descriptors, and in an endless loop nothing is
    ever closed.

    ## Use instead
    A function for the body of the loop, so that its defers run in each round.
    """

    name = "resource-leak/defer-in-loop"
    severity = Severity.MEDIUM
    languages = ("go",)
    methods = CLOSES
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method not in CLOSES or call.use != "deferred":
            return None
        loop = call.loop
        if loop is None or loop.counts or self._leaves_at_once(call):
            return None
        return Alarm(
            call,
            f"`{call.written}` waits for the end of the function, not of the round"[:80],
            "Deferred calls pile up until the function returns. What each round opens stays open until the last one is "
            "through, and with many rounds the process runs out of descriptors or connections.",
            "Move the body of the loop into a function of its own, or close at the end of the round.",
            confidence=None if call.written.endswith(".Body.Close") else SHOWN_ONLY,  # others are mostly few, or needed
        )

    def _leaves_at_once(self, call: Call) -> bool:
        """The block of the defer ends by leaving the function."""
        statement = call.node.parent
        block = statement.parent if statement is not None else None  # unprovable: narrows the type
        return (
            block is not None  # unprovable: narrows the type
            and block.named_children[-1].type in ("return_statement", "break_statement")
        )

    bad = (
        go(
            'import "os"\n\nfunc all(names []string) {\n\tfor _, n := range names {\n\t\tf, err := os.Open(n)\n'
            "\t\tif err != nil {\n\t\t\tcontinue\n\t\t}\n\t\tdefer f.Close()\n\t\tuse(f)\n\t}\n}",
            line=9,
        ),
        go("func run() {\n\tfor {\n\t\tmu.Lock()\n\t\tdefer mu.Unlock()\n\t\tstep()\n\t}\n}", line=4),
        go(
            "func all(urls []string) {\n\tfor _, u := range urls {\n\t\tresp := get(u)\n"
            "\t\tdefer resp.Body.Close()\n\t\tuse(resp)\n\t}\n}",
            line=4,
        ),
    )
    good = (
        go(
            "func all(names []string) {\n\tfor _, n := range names {\n\t\tfunc() {\n\t\t\tf := open(n)\n"
            "\t\t\tdefer f.Close()\n\t\t\tuse(f)\n\t\t}()\n\t}\n}"
        ),
        go("func one() {\n\tf := open(n)\n\tdefer f.Close()\n\tfor f.Next() {\n\t}\n}"),
        go(
            "func find(names []string) error {\n\tfor _, n := range names {\n\t\tif has(n) {\n\t\t\tf := open(n)\n"
            "\t\t\tdefer f.Close()\n\t\t\treturn use(f)\n\t\t}\n\t}\n\treturn nil\n}"
        ),
        go("func few() {\n\tfor i := 0; i < 3; i++ {\n\t\tf := open(i)\n\t\tdefer f.Close()\n\t}\n}"),
        go("func all(names []string) {\n\tfor _, n := range names {\n\t\tdefer report(n)\n\t}\n}"),
        go(
            "func load(paths []string) error {\n\tfor _, p := range paths {\n\t\tf, _ := os.Open(p)\n\t\tread(f)\n"
            "\t\tf.Close()\n\t}\n\treturn nil\n}",
        ),
    )
