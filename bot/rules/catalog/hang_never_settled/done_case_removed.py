"""A channel send that lost its way out."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Shape, Switch, text_of


class DoneCaseRemoved(Rule):
    """## What it finds
    A channel send that stood in a `select` with another case (done, cancelled, timed out, default) and is now a plain
    send.

    ## Why it matters
    A plain send waits for a receiver. When the receiver has gone, the sender waits for ever, with every lock it holds;
    the next senders queue up behind it.

    ## Use instead
    A `select` with the receiver's done channel or the context beside the send.
    """

    name = "hang-never-settled/done-case-removed"
    severity = Severity.HIGH
    confidence = 0.85
    languages = ("go",)

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            before = function.own(function.before, function.before.file.sends)
            after = function.own(function.after, function.after.file.sends)
            chosen = [send for send in before if _may_be_left(send) and not _drops(send)]
            plain = [send for send in after if not _may_be_left(send)]
            if len(plain) <= len(before) - len(chosen) or len(after) - len(plain) >= len(chosen):
                continue
            for send in chosen:
                head = next((one for one in plain if _value(one) == _value(send)), None)
                if head is not None:
                    yield self._alarm(head, function, send)
                    break

    def _alarm(self, head: Shape, change: FunctionChange, was: Shape) -> Alarm:
        shown = " ".join(head.text.split())[:40]
        return Alarm(
            head,
            f"`{shown}` can no longer be left",
            "Before this change this send stood in a `select` beside another case; now it waits until somebody "
            "receives. When the receiver has stopped, the sender hangs here with every lock it holds.",
            "Put the `select` back, with the receiver's done channel or the context as another case.",
            was="Before this change it stood in a `select` beside another case.",
        )

    bad = (
        go(
            "func put(all []chan int, v int) {\n\tfor _, ch := range all {\n\t\tch <- v\n\t}\n}",
            line=3,
            before="func put(all []listener, v int) {\n\tfor _, l := range all {\n\t\tselect {\n\t\tcase l.out <- v:\n"
            "\t\tcase <-l.done:\n\t\t}\n\t}\n}",
        ),
    )
    good = (
        go(
            "func put(ch chan int, v int) {\n\tch <- v\n}",
            before="func put(ch chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tdefault:\n\t}\n}",
        ),
        go(
            "func put(ctx context.Context, ch chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-ctx.Done():\n"
            "\t}\n}",
            before="func put(ch chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n}",
        ),
        go(
            "func put(ch chan int, v int) {\n\tch <- v\n}",
            before="func put(ch chan int, v int) {\n\tch <- v + 1\n}",
        ),
        go(
            "func put(ch, log chan int, v int) {\n\tch <- v\n\tlog <- v\n}",
            before="func put(ch, log chan int, v int) {\n\tch <- v\n}",
        ),
        go(
            "func put(ch, log chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n}",
            before="func put(ch, log chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n"
            "\tselect {\n\tcase log <- v:\n\tcase <-done:\n\t}\n}",
        ),
        go(
            "func put(ch chan int, v int) {\n\tch <- 0\n}",
            before="func put(ch chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n}",
        ),
        go(
            "func put(ch chan int, v int) {\n\tch <- v\n}",
            before="func put(ch chan int, v int) {\n\tselect {\n\t// wait\n\tcase ch <- v:\n\t}\n}",
        ),
        go(
            "func put(ch, in chan int) {\n\tv := <-in\n\tch <- v\n}",
            before="func put(ch, in chan int) {\n\tselect {\n\tcase v := <-in:\n\t\tch <- v\n\tcase <-done:\n\t}\n}",
        ),
        go(
            "func put(ch, log chan int, v int) {\n\tlog <- v\n}",
            before="func put(ch, log chan int, v int) {\n\tlog <- v\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n"
            "}",
        ),
        go(
            "func put(ch, log chan int, v int) {\n\tlog <- v\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n}",
            before="func put(ch, log chan int, v int) {\n\tselect {\n\tcase ch <- v:\n\tcase <-done:\n\t}\n}",
        ),
    )


def _may_be_left(send: Shape) -> bool:
    """It is a case of a select statement that has another one."""
    around = next(send.around(Switch), None)
    cases = [child for child in around.node.named_children if child.type in CASES] if around is not None else []
    return len(cases) > 1 and any(child.child_by_field_name("communication") == send.node for child in cases)


CASES = ("communication_case", "default_case")


def _drops(send: Shape) -> bool:
    """With a `default` what nobody takes was lost: that it is waited for now is meant."""
    return any(child.type == "default_case" for around in send.around(Switch) for child in around.node.named_children)


def _value(send: Shape) -> str:
    return text_of(send.node.child_by_field_name("value"))
