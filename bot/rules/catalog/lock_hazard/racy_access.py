"""Something that threads change side by side without a lock."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.lock_hazard.racy_access_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, go, java
from bot.syntax import Binding, Call, Function, Loop, Node, Shape, SourceFile, encloses, text_of

ADDS = regex(r"^sync/atomic\.(?:Add|Swap)\w+$")
GUARDED = regex(r"\.(?:R?Lock|Do|Acquire|Wait)\(|<-|atomic\.")
SHARED = regex(rb"\bvolatile\b|\bstatic\b[^;\n]*(?:Format|Calendar)\b")
STARTS = ("Go", "TryGo")
NOT_SAFE = regex(r"^(?:SimpleDateFormat|DateFormat|DecimalFormat|NumberFormat|Calendar|GregorianCalendar)$")
COUNTED = ("update_expression", "postfix_unary_expression", "prefix_unary_expression", "assignment_expression")


class RacyAccess(Rule):
    """## What it finds
    Goroutines started in a loop that all write to one variable outside of them; `x = atomic.AddInt64(&x, 1)`; a
    `volatile` field that is counted up; and a static `SimpleDateFormat` or `Calendar`, which keep their work in fields.

    ## Why it matters
    Two threads read the same old value and one of the updates is lost. A Go map that is written by two goroutines ends
    the process; a shared `SimpleDateFormat` gives out somebody else's date. It needs load to show.

    ## Use instead
    A mutex around the write, one slot for each goroutine, a channel; `AtomicLong`, `Interlocked.Increment`;
    `DateTimeFormatter`.
    """

    name = "lock-hazard/racy-access"
    severity = Severity.HIGH
    languages = ("go", "java", "csharp")
    methods = frozenset(f"{does}{kind}" for does in ("Add", "Swap") for kind in ("Int32", "Int64", "Uint32", "Uint64"))
    confidence = 0.85

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        """Go: the body of a goroutine that is started in a loop."""
        if function.node.type != "func_literal":  # unprovable: saves time
            return []
        if not _is_started(function):
            return []
        loop, body = next(function.around(Loop), None), function.body
        if body is None:  # unprovable: narrows the type
            return []
        if loop is None or GUARDED.search(text_of(body)) or _waits_each_time(loop, function):
            return []
        found: dict[str, Alarm] = {}
        for written, at in _writes(body, function, file):
            if written not in found and _is_from_outside(written.split("[")[0], loop, function, file):
                found[written] = self._lost_update(at, written)
        return list(found.values())

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """`x = atomic.AddInt64(&x, 1)`."""
        name = call.assigned_to
        if not ADDS.match(call.name) or [given.text for given in call.arguments[:1]] != [f"&{name}"]:
            return None
        return self._lost_update(call, name)

    def check_file(self, file: SourceFile) -> list[Alarm]:
        if not SHARED.search(file.text):  # unprovable: saves time
            return []
        found = []
        for binding in file.bindings:
            if binding.type is not None:  # unprovable: saves time
                found += self._of_field(binding, file)
        return found

    def _of_field(self, field: Binding, file: SourceFile) -> list[Alarm]:
        modifiers, name = file.language.modifiers(field.node), text_of(field.target)
        if "volatile" in modifiers:
            return [self._lost_update(at, name) for at in self._counted(field, name, file)]
        shared = file.language.name == "java" and "static" in modifiers and NOT_SAFE.match(text_of(field.type))
        guarded = f"synchronized ({name}" in file.between(0, len(file.text)) or b"synchronized(" in file.text
        if not shared or guarded or field.value is None or text_of(field.value) == "null":
            return []
        if _is_used_at_start_alone(field, name, file):
            return []
        kind = text_of(field.type)
        return [
            Alarm(
                field,
                f"`{name}` is a `{kind}` that all threads share"[:80],
                f"`{kind}` keeps what it is working on in its own fields. Two requests that use it at the same moment "
                "get each other's values, or an exception from deep inside, and only under load.",
                "Use `DateTimeFormatter` (or another immutable type), or make one where it is used.",
            )
        ]

    def _counted(self, field: Binding, name: str, file: SourceFile) -> list[Shape]:
        """`n++`, `n += 1`, outside of anything that is synchronised."""
        owner = field.outer
        found: list[Shape] = []
        if owner is None:  # unprovable: narrows the type
            return []
        if any(word in owner.text.lower() for word in ("synchronized", "lock")):
            return []  # who holds what, at which moment, cannot be told from here
        for mention in file.language.mentions(name, owner.node):
            above = mention.parent
            if (
                above is not None  # unprovable: narrows the type
                and above.type in file.language.members
                and file.language.member(above)[0] != mention
            ):
                above = above.parent
            if above is None:  # unprovable: narrows the type
                continue
            if above.type not in COUNTED or not _changes(above, name):
                continue
            function = next((one for one in file.functions if encloses(one.node, above)), None)
            if function is None or "constructor" in function.node.type:
                continue
            found.append(Shape(above, file, function))
        return found

    def _lost_update(self, at: Shape, name: str) -> Alarm:
        return Alarm(
            at,
            f"`{name}` is changed by several threads at once, without a lock"[:80],
            f"Reading, changing and storing `{name}` are three steps. Two threads that take them side by side lose one "
            "of the changes, and a map or slice can be left broken. It shows under load and never in a test.",
            "Guard it with a mutex, use an atomic type, or collect the results through a channel.",
            last_line=at.start_line,
        )

    bad = (
        go(
            "func all(items []Item) int {\n\tcount := 0\n\tfor _, i := range items {\n\t\tgo func() {\n"
            "\t\t\tcount++\n\t\t\tload(i)\n\t\t}()\n\t}\n\treturn count\n}",
            line=5,
        ),
        go(
            "func all(g *errgroup.Group, items []Item) {\n\tseen := map[string]int{}\n\tfor _, i := range items {\n"
            "\t\tg.Go(func() error {\n\t\t\tseen[i.Name] = load(i)\n\t\t\treturn nil\n\t\t})\n\t}\n}",
            line=5,
        ),
        go(
            "func all(items []Item) {\n\tvar out []Item\n\tfor _, i := range items {\n"
            "\t\tgo func(i Item) {\n\t\t\tout = append(out, i)\n\t\t}(i)\n\t}\n}",
            line=5,
        ),
        go('import "sync/atomic"\n\nfunc (s *S) add() {\n\ts.n = atomic.AddInt64(&s.n, 1)\n}', line=4),
        java("class A { volatile int n;\n  void add() { n++; }\n}", line=2),
        java('class A {\n  static final SimpleDateFormat F = new SimpleDateFormat("yyyy");\n}', line=2),
        java(
            "class A {\n  static Calendar c = Calendar.getInstance();\n  static { c.clear(); }\n"
            "  void set(long n) { c.setTimeInMillis(n); }\n}",
            line=2,
        ),
        csharp("class A { volatile int n;\n  void Add() { this.n += 1; }\n}", line=2),
        *FURTHER_BAD,
    )
    good = (
        go(
            "func all(items []Item) {\n\tcount := 0\n\tfor _, i := range items {\n\t\tgo func() {\n\t\t\tmu.Lock()\n"
            "\t\t\tcount++\n\t\t\tmu.Unlock()\n\t\t}()\n\t}\n}"
        ),
        go(
            "func all(items []Item) {\n\tout := make([]int, 9)\n\tfor n, i := range items {\n\t\tgo func() {\n"
            "\t\t\tout[n] = load(i)\n\t\t}()\n\t}\n}"
        ),
        go(
            "func all(items []Item) {\n\tfor _, i := range items {\n\t\tcount := 0\n\t\tgo func() {\n"
            "\t\t\tcount++\n\t\t\tn := count\n\t\t\tuse(n)\n\t\t}()\n\t}\n}"
        ),
        go("func one() {\n\tcount := 0\n\tgo func() { count++ }()\n}"),
        *FURTHER_GOOD,
    )


def _is_started(function: Function) -> bool:
    """`go func() { … }()`, or the argument of an errgroup's `Go`."""
    above = function.node.parent
    outer = above.parent if above is not None else None  # unprovable: narrows the type
    if outer is None:  # unprovable: narrows the type
        return False
    if outer.type == "go_statement":
        return True
    taker = function.file.call_at(outer)
    return taker is not None and taker.method in STARTS


def _waits_each_time(loop: Loop, function: Function) -> bool:
    """The loop itself waits for what it started before it goes round."""
    rest = loop.text.replace(function.text, "")
    return ".Wait()" in rest or "<-" in rest


def _writes(body: Node, function: Function, file: SourceFile) -> "list[tuple[str, Shape]]":
    """What is written in a goroutine, as written: plain names, and names with a key."""
    found = []
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == "func_literal":
            continue
        targets: list[Node] = []
        if node.type in ("inc_statement", "dec_statement"):
            targets = node.named_children
        elif node.type == "assignment_statement":
            targets = node.named_children[0].named_children
        at = Shape(node, file, function)
        named = [one for one in targets if one.type in ("identifier", "index_expression")]
        found += [(text_of(one), at) for one in named if text_of(one) != "_"]
        stack.extend(reversed(node.named_children))
    return found


def _is_from_outside(name: str, loop: Loop, function: Function, file: SourceFile) -> bool:
    """Declared in the function around the loop, before it; where it has a key, as a map."""
    if name in function.parameters:
        return False
    around = function.function
    before = [
        one
        for one in file.bindings
        if text_of(one.target) == name and one.node.type in ("short_var_declaration", "var_spec")
    ]
    if any(loop.holds(one) for one in before):
        return False
    kept = [one for one in before if one.function is around and one.node.end_byte <= loop.node.start_byte]
    keyed = re.search(rf"\b{name}\[", function.text)
    is_map = any("map[" in text_of(one.value) or "map[" in text_of(one.type) for one in kept)
    return bool(kept) and (not keyed or is_map)


def _changes(node: Node, name: str) -> bool:
    text = text_of(node)
    if node.type != "assignment_expression":
        return "++" in text or "--" in text
    left = text_of(node.child_by_field_name("left"))
    return left in (name, f"this.{name}") and text_of(node.child_by_field_name("operator")) in ("+=", "-=")


def _is_used_at_start_alone(field: Binding, name: str, file: SourceFile) -> bool:
    """Only the class's own initialiser speaks of it, which one thread runs, once."""
    owner = field.outer.node if field.outer is not None else file.tree.root_node  # unprovable: narrows the type
    uses = [one for one in file.language.mentions(name, owner) if not encloses(field.node, one)]
    return bool(uses) and all(_is_in_initialiser(one) for one in uses)


def _is_in_initialiser(node: Node) -> bool:
    above: Node | None = node
    while above is not None and above.type != "static_initializer":
        above = above.parent
    return above is not None
