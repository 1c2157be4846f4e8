"""A loop that asks its channels again and again without waiting."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Loop, Node, SourceFile


class DefaultCaseSpin(Rule):
    """## What it finds
    An endless Go loop around a `select` whose `default` does nothing, with nothing else in the loop that waits.

    ## Why it matters
    With a `default` the `select` never waits: as long as no channel is ready the loop turns as fast as the processor
    can. One such goroutine takes a whole core, and the machine is busy while there is nothing to do.

    ## Use instead
    Leave the `default` out: `select` then waits for the first channel that is ready.
    """

    name = "busy-loop/default-case-spin"
    severity = Severity.HIGH
    languages = ("go",)
    needs = (b"default:",)
    confidence = 0.9

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        if not loop.is_endless:
            return None
        statements = _statements(loop.body)
        selects = [one for one in statements if one.type == "select_statement"]
        if len(selects) != 1 or len(statements) != 1:
            return None
        idle = next((one for one in selects[0].named_children if one.type == "default_case"), None)
        if idle is None or any(child.type != "continue_statement" for child in _statements(idle)):
            return None
        return Alarm(
            loop,
            "This loop takes a whole core while it has nothing to do",
            "The empty `default` makes the `select` return at once when no channel is ready, so the loop turns as fast "
            "as it can. One such goroutine keeps a core busy for as long as it waits.",
            "Remove the `default`; `select` then waits until a channel is ready.",
            last_line=loop.start_line,
        )

    bad = (
        go(
            "func run(work chan Job, done chan bool) {\n\tfor {\n\t\tselect {\n\t\tcase j := <-work:\n\t\t\tdo(j)\n"
            "\t\tcase <-done:\n\t\t\treturn\n\t\tdefault:\n\t\t}\n\t}\n}",
            line=2,
        ),
        go(
            "func run(done chan bool) {\n\tfor {\n\t\tselect {\n\t\tcase <-done:\n\t\t\treturn\n\t\tdefault:\n"
            "\t\t\tcontinue\n\t\t}\n\t}\n}",
            line=2,
        ),
        go(
            "func run(done chan bool) {\n\tfor {\n\t\t// until done\n\t\tselect {\n\t\tcase <-done:\n"
            "\t\t\treturn\n\t\tdefault:\n\t\t}\n\t}\n}",
            line=2,
        ),
    )
    good = (
        go("func run(done chan bool) {\n\tfor {\n\t\tselect {\n\t\tcase <-done:\n\t\t\treturn\n\t\t}\n\t}\n}"),
        go(
            "func run(done chan bool) {\n\tfor {\n\t\tselect {\n\t\tcase <-done:\n\t\t\treturn\n\t\tdefault:\n"
            "\t\t\twork()\n\t\t}\n\t}\n}"
        ),
        go(
            "func run(done chan bool) {\n\tfor {\n\t\tselect {\n\t\tcase <-done:\n\t\t\treturn\n\t\tdefault:\n\t\t}\n"
            "\t\tread()\n\t}\n}"
        ),
        go("func look(done chan bool) {\n\tfor more() {\n\t\tselect {\n\t\tcase <-done:\n\t\tdefault:\n\t\t}\n\t}\n}"),
        go(
            "func run(n int) {\n\tfor {\n\t\tswitch n {\n\t\tcase 1:\n\t\t\treturn\n\t\tdefault:\n\t\t}\n\t}\n}",
        ),
    )


def _statements(node: Node | None) -> list[Node]:
    """The statements of a block or a case, comments left out."""
    found: list[Node] = []
    for child in node.named_children if node is not None else ():  # unprovable: narrows the type
        if child.type == "statement_list":
            found += _statements(child)
        elif child.type != "comment":
            found.append(child)
    return found
