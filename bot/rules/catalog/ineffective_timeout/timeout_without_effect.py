"""A duration multiplied by a duration."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, Function, Node, Shape, SourceFile, text_of

UNITS = frozenset(f"time.{unit}" for unit in ("Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour"))
GIVES_DURATION = frozenset({"time.Since", "time.Until"})


class TimeoutWithoutEffect(Rule):
    """## What it finds
    A `time.Duration` multiplied by a unit such as `time.Second`: a duration times a duration.

    ## Why it matters
    Go counts durations in nanoseconds, so the product of five seconds and one second is not five seconds but a hundred
    and fifty years, or a negative number after the overflow: a timeout that never fires, or fires at once.

    ## Use instead
    The duration as it is, or a plain number times the unit.
    """

    name = "ineffective-timeout/timeout-without-effect"
    severity = Severity.HIGH
    confidence = 0.9
    languages = ("go",)

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        found = []
        stack: list[Node] = [function.body] if function.body is not None and b"time." in file.text else []
        while stack:
            node = stack.pop()
            if node.type == "func_literal":
                continue
            if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) == "*":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                shape = Shape(node, file, function)
                if self._is_duration(left, shape) and self._is_duration(right, shape):
                    found.append(self._alarm(shape))
                    continue
            stack.extend(node.named_children)
        return found

    def _is_duration(self, node: Node | None, at: Shape) -> bool:
        if node is None:
            return False
        if node.type == "parenthesized_expression":
            return self._is_duration(node.named_children[0], at)
        if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) in "+-*":
            sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
            return any(self._is_duration(side, at) for side in sides)
        name = at.file.canonical(node, at)
        if (call := at.file.call_at(node)) is not None:
            return name in GIVES_DURATION or (isinstance(call, Call) and name == "time.Duration.Round")
        return name in UNITS or name == "time.Duration"

    def _alarm(self, at: Shape) -> Alarm:
        shown = " ".join(at.text.split())[:40]
        return Alarm(
            at,
            f"`{shown}` multiplies a duration by a duration",
            "Both sides already count nanoseconds, so the product is some billion times too long, or negative after an "
            "overflow. The timeout made of it never fires, or fires at once.",
            "Use the duration as it is, or multiply a plain number by the unit.",
        )

    bad = (
        go('import "time"\n\nfunc wait(d time.Duration) {\n\ttime.Sleep(d * time.Second)\n}', line=4),
        go(
            'import "time"\n\nfunc since(t time.Time) time.Duration {\n\treturn time.Since(t) * time.Millisecond\n}',
            line=4,
        ),
    )
    good = (
        go('import "time"\n\nfunc wait(n int) { time.Sleep(time.Duration(n) * time.Second) }'),
        go('import "time"\n\nfunc wait(d time.Duration) { time.Sleep(2 * d) }'),
        go('import "time"\n\nfunc wait(d time.Duration) { time.Sleep(d + time.Second) }'),
    )
