"""A goroutine that waits for a channel which nobody will serve."""

from collections.abc import Sequence

from bot.domain import Severity
from bot.rules.goroutines import is_spawned
from bot.rules.paths import left_before
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, Function, Node, SourceFile, encloses, text_of


class BlockedGoroutine(Rule):
    """## What it finds
    A goroutine that sends its result on an unbuffered channel whose only reader also gives up after a timeout or a
    cancellation; and one that ranges over a channel which an early return does not close.

    ## Why it matters
    The goroutine waits for ever, with its stack and all it refers to. It happens on each timeout, so exactly while a
    dependency is slow: memory grows until the process is killed.

    ## Use instead
    `make(chan T, 1)`, so that the send never waits; `defer close(ch)` for those who range over it.
    """

    name = "goroutine-leak/blocked-goroutine"
    severity = Severity.HIGH
    languages = ("go",)
    methods = frozenset({"make"})
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        function, name = call.function, call.assigned_to
        if function is None or not name.isidentifier():
            return None
        if not call.all_arguments or call.all_arguments[0].node.type != "channel_type":
            return None
        spawned = [one for one in file.within(file.functions, function.body) if is_spawned(one)]
        return self._reader_leaves(name, call, function, spawned) or self._never_closed(name, call, function, spawned)

    def _reader_leaves(self, name: str, made: Call, function: Function, spawned: Sequence[Function]) -> Alarm | None:
        if len(made.all_arguments) != 1:
            return None
        file = made.file
        inside = [one.node for one in spawned]
        sends = [
            one
            for one in file.within(file.sends, function.body)
            if text_of(one.node.child_by_field_name("channel")) == name
        ]
        if not sends or any(_is_case(one.node) for one in sends):
            return None
        outside = [
            mention
            for mention in file.language.mentions(name, function.node)
            if mention.start_byte > made.node.end_byte and not any(encloses(node, mention) for node in inside)
        ]
        if not outside or not all(_has_another_way_out(mention) for mention in outside) or _is_drained(outside):
            return None
        return Alarm(
            sends[0],
            f"Nobody may be there to take what is sent on `{name}`"[:80],
            f"The only reader of `{name}` leaves when another case of its `select` is ready first. This send then "
            "waits for ever, and the goroutine stays with all it holds; one for every slow call.",
            f"Give the channel room for one value: `make({made.all_arguments[0].text}, 1)`.",
        )

    def _never_closed(self, name: str, made: Call, function: Function, spawned: Sequence[Function]) -> Alarm | None:
        file = made.file
        ranging = [one for one in spawned if _ranges_over(name, one)]
        closes = [
            one
            for one in file.within(file.calls, function.body)
            if one.method == "close" and [a.text for a in one.arguments] == [name]
        ]
        if not ranging or not closes:
            return None
        jump = left_before(made, closes, since=ranging[0].node.end_byte)
        if jump is None:
            return None
        return Alarm(
            jump,
            f"This return leaves `{name}` open, and goroutines waiting on it"[:80],
            f"Goroutines started above range over `{name}` and end when it is closed. This return comes before "
            "that, so they wait for ever with all they refer to.",
            f"`defer close({name})` right after it is made, or close it before each return.",
        )

    bad = (
        go(
            "func ask(ctx context.Context) (int, error) {\n\tch := make(chan int)\n\tgo func() {\n"
            "\t\tch <- slow()\n\t}()\n"
            "\tselect {\n\tcase n := <-ch:\n\t\treturn n, nil\n\tcase <-ctx.Done():\n\t\treturn 0, ctx.Err()\n\t}\n}",
            line=4,
        ),
        go(
            "func run(items []Item) error {\n\twork := make(chan Item, 9)\n\tgo func() {\n\t\tfor i := range work {\n"
            "\t\t\tuse(i)\n\t\t}\n\t}()\n\tfor _, i := range items {\n\t\tif i.bad {\n\t\t\treturn errBad\n\t\t}\n"
            "\t\twork <- i\n\t}\n\tclose(work)\n\treturn nil\n}",
            line=10,
        ),
        go(
            "func ask(ctx context.Context, asked chan int) int {\n\tch := make(chan int)\n\tasked <- 1\n"
            "\tgo func() {\n\t\tch <- slow()\n\t}()\n\tselect {\n\tcase n := <-ch:\n\t\treturn n\n"
            "\tcase <-ctx.Done():\n\t\treturn 0\n\t}\n}",
            line=5,
        ),
        go(
            "func run() error {\n\twork := make(chan Item, 9)\n\tgo func() {\n\t\tfor i := range work {\n"
            "\t\t\tuse(i)\n\t\t}\n\t}()\n\twatch(work)\n\tclose(ready)\n\tif busy() {\n\t\treturn errBusy\n"
            "\t}\n\tclose(work)\n\treturn nil\n}",
            line=11,
        ),
        go(
            "func each(jobs []Job) {\n\tfor _, job := range jobs {\n\t\tjob.OnStart(func(ctx context.Context) {\n"
            "\t\t\tch := make(chan int)\n\t\t\tgo func() {\n\t\t\t\tch <- slow()\n\t\t\t}()\n\t\t\tselect {\n"
            "\t\t\tcase n := <-ch:\n\t\t\t\tuse(n)\n\t\t\tcase <-ctx.Done():\n\t\t\t}\n\t\t})\n\t}\n}",
            line=6,
        ),
    )
    good = (
        go(
            "func ask(ctx context.Context) (int, error) {\n\tch := make(chan int, 1)\n\tgo func() {\n\t\tch <- slow()\n"
            "\t}()\n\tselect {\n\tcase n := <-ch:\n\t\treturn n, nil\n\tcase <-ctx.Done():\n"
            "\t\treturn 0, ctx.Err()\n\t}\n}"
        ),
        go("func ask() int {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n\treturn <-ch\n}"),
        go(
            "func ask(ctx context.Context) int {\n\tch := make(chan int)\n\tgo func() {\n\t\tselect {\n"
            "\t\tcase ch <- slow():\n\t\tcase <-ctx.Done():\n\t\t}\n\t}()\n\tselect {\n\tcase n := <-ch:\n"
            "\t\treturn n\n"
            "\tcase <-ctx.Done():\n\t\treturn 0\n\t}\n}"
        ),
        go(  # read again after the select
            "func ask(ctx context.Context) int {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n"
            "\tselect {\n\tcase n := <-ch:\n\t\treturn n\n\tcase <-ctx.Done():\n\t\tstop()\n\t\treturn <-ch\n\t}\n}"
        ),
        go(  # the case that gives up reads it, too
            "func ask(ctx context.Context) int {\n\tch := make(chan int)\n\tno := make(chan error)\n\tgo func() {\n"
            "\t\tif bad() {\n\t\t\tno <- errBad\n\t\t\treturn\n\t\t}\n\t\tch <- slow()\n\t}()\n"
            "\tselect {\n\tcase n := <-ch:\n\t\treturn n\n\tcase <-no:\n\t\treturn 1\n\tcase <-ctx.Done():\n"
            "\t\tselect {\n\t\tcase <-ch:\n\t\tcase <-no:\n\t\t}\n\t\treturn 0\n\t}\n}"
        ),
        go(  # the only case
            "func ask() int {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n"
            "\tselect {\n\tcase n := <-ch:\n\t\treturn n\n\t}\n}"
        ),
        go(
            "func run(items []Item) error {\n\twork := make(chan Item, 9)\n\tdefer close(work)\n\tgo func() {\n"
            "\t\tfor i := range work {\n\t\t\tuse(i)\n\t\t}\n\t}()\n\tfor _, i := range items {\n\t\tif i.bad {\n"
            "\t\t\treturn errBad\n\t\t}\n\t\twork <- i\n\t}\n\treturn nil\n}"
        ),
        go(
            "func run(items []Item) error {\n\tif len(items) == 0 {\n\t\treturn nil\n\t}\n"
            "\twork := make(chan Item, 9)\n"
            "\tif busy() {\n\t\treturn errBusy\n\t}\n\tgo func() {\n\t\tfor i := range work {\n\t\t\tuse(i)\n"
            "\t\t}\n\t}()\n"
            "\tclose(work)\n\treturn nil\n}"
        ),
        go(
            "func ask(ctx context.Context) int {\n\tch := make(chan int)\n\tonReply(func() {\n"
            "\t\tch <- slow()\n\t})\n\tselect {\n\tcase n := <-ch:\n\t\treturn n\n\tcase <-ctx.Done():\n"
            "\t\treturn 0\n\t}\n}",
        ),
        go(
            "func run() error {\n\twork := make(chan Item, 9)\n\tgo func() {\n\t\tfor n := 0; n < 9; n++ {\n"
            "\t\t\tuse(<-work)\n\t\t}\n\t}()\n"
            "\tif busy() {\n\t\treturn errBusy\n\t}\n\tclose(work)\n\treturn nil\n}",
        ),
        go(  # whoever stops it closes it
            "func (s *S) run() error {\n\twork := make(chan Item, 9)\n\ts.work = work\n\tgo func() {\n"
            "\t\tfor i := range work {\n\t\t\tuse(i)\n\t\t}\n\t}()\n\tif busy() {\n\t\treturn errBusy\n\t}\n"
            "\treturn nil\n}",
        ),
        go(
            "func run(items []Item) error {\n\twork := make(chan Item, 9)\n\tgo func() {\n"
            "\t\tfor i := range work {\n\t\t\tuse(i)\n\t\t}\n\t}()\n\tgo func() {\n\t\tfill(work, items)\n"
            "\t\tclose(work)\n\t}()\n\tif busy() {\n\t\treturn errBusy\n\t}\n\treturn nil\n}",
        ),
        go(
            "func ask() int {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n\tselect {\n"
            "\t// nothing else\n\tcase n := <-ch:\n\t\treturn n\n\t}\n}",
        ),
        go(
            "func ask() {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n\tgo func() {\n"
            "\t\tuse(<-ch)\n\t}()\n}",
        ),
        go(  # a field, which others may close
            "var ready = make(chan int)\n\nfunc (s *S) run() error {\n\ts.work = make(chan Item, 9)\n\tgo func() {\n"
            "\t\tfor i := range s.work {\n\t\t\tuse(i)\n\t\t}\n\t}()\n\tif busy() {\n\t\treturn errBusy\n\t}\n"
            "\tclose(s.work)\n\treturn nil\n}",
        ),
        go(  # who knows its room
            "func ask(ctx context.Context) int {\n\tch := replies(ctx)\n\tbegan := now()\n\tgo func() {\n"
            "\t\tch <- slow()\n\t\tnote(began)\n\t}()\n\tselect {\n\tcase n := <-ch:\n\t\treturn n\n"
            "\tcase <-ctx.Done():\n\t\treturn 0\n\t}\n}",
        ),
        go(  # it comes back to it
            "func ask(tick *time.Ticker) int {\n\tch := make(chan int)\n\tgo func() {\n\t\tch <- slow()\n\t}()\n"
            "\tfor {\n\t\tselect {\n\t\tcase n := <-ch:\n\t\t\treturn n\n\t\tcase <-tick.C:\n\t\t\tnote()\n\t\t}\n"
            "\t}\n}",
        ),
        go(  # who knows how it sends
            "func ask(ctx context.Context) int {\n\tch := make(chan int)\n\tgo func() {\n\t\tfill(ch)\n\t}()\n"
            "\tselect {\n\tcase n := <-ch:\n\t\treturn n\n\tcase <-ctx.Done():\n\t\treturn 0\n\t}\n}",
        ),
    )


def _is_case(node: Node) -> bool:
    return (
        node.parent is not None  # unprovable: narrows the type
        and node.parent.type == "communication_case"
    )


def _has_another_way_out(mention: Node) -> bool:
    """A receive as one of several cases of a `select`."""
    around = _around(mention)
    beside = [child for select in around[2:3] for child in select.named_children]
    cases = [child for child in beside if child.type in ("communication_case", "default_case")]
    return len(cases) > 1 and not any(one.type == "for_statement" for one in around)


def _is_drained(receives: Sequence[Node]) -> bool:
    """Another case of a `select` that reads it reads it as well, in its body."""
    for receive in receives:
        _, case, select, *_ = _around(receive)
        if any(encloses(other, one) for other in select.named_children if other != case for one in receives):
            return True
    return False


def _around(node: Node) -> list[Node]:
    """What of its function is around a node, innermost first; what only wraps a receive is left out."""
    above, found = node.parent, []
    while (
        above is not None  # unprovable: narrows the type
        and above.type not in ("func_literal", "function_declaration", "method_declaration")
    ):
        if above.type not in ("receive_statement", "expression_statement", "expression_list"):
            found.append(above)
        above = above.parent
    return found


def _ranges_over(name: str, function: Function) -> bool:
    for loop in function.file.within(function.file.loops, function.node):
        if any(text_of(child.child_by_field_name("right")) == name for child in loop.node.named_children):
            return True
    return False
