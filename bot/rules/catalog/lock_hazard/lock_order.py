"""Two locks taken in opposite orders."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain import Severity
from bot.rules.catalog.lock_hazard.lock_order_examples import FURTHER_GOOD
from bot.rules.fields import field_named, held_by
from bot.rules.rule import Alarm, Rule, csharp, java
from bot.syntax import Class, Function, Node, Section, Shape, SourceFile, text_of

THREADS = ("@UiThread", "@MainThread")
"""Methods that all run on one thread cannot block one another."""


@dataclass(frozen=True)
class _Taken:
    """Two locks, one inside the other, and where."""

    first: str
    second: str
    at: Shape = field(compare=False)
    under: frozenset[str] = frozenset()
    """Locks held around both."""


class LockOrder(Rule):
    """## What it finds
    Two locks that one method takes as A then B, and another method of the file as B then A.

    ## Why it matters
    Two threads that come through both at the same moment hold one lock each and wait for the other's, for ever. The
    process goes on answering health checks while every request that needs either lock hangs.

    ## Use instead
    One order for all, or one lock for both; or do the second part after letting go of the first lock.
    """

    name = "lock-hazard/lock-order"
    severity = Severity.HIGH
    languages = ("java", "csharp")
    confidence = 0.8

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        if not any(section.is_lock for section in file.sections):  # unprovable: saves time
            return
        taken = [pair for function in file.functions for pair in _pairs_in(function, file)]
        seen = set()
        for pair in taken:
            other = next((one for one in taken if _could_block(pair, one)), None)
            place = (pair.at.node.start_byte, pair.first, pair.second)
            if other is not None and place not in seen:
                seen.add(place)
                yield self._alarm(pair, other)

    def _alarm(self, pair: _Taken, other: _Taken) -> Alarm:
        here, there = f"`{pair.first}`", f"`{pair.second}`"
        return Alarm(
            pair.at,
            f"{here} is locked before {there}, and line {other.at.start_line} does the reverse"[:80],
            f"This path holds {here} and waits for {there}; the path at line {other.at.start_line} holds {there} and "
            f"waits for {here}. When two threads meet there, both wait for ever, and so does all that needs either "
            "lock.",
            "Take both locks in the same order everywhere, or guard both states by one lock.",
            last_line=pair.at.start_line,
        )

    bad = (
        java(
            "class A { final Object a, b;\n void f() { synchronized (a) {\n   synchronized (b) { n++; } } }\n"
            " void g() { synchronized (b) {\n   synchronized (a) { n++; } } } }",
            line=3,
            also=(5,),
        ),
        java(
            "class A { final Object a;\n synchronized void f() {\n  synchronized (a) { n++; } }\n"
            " void g() { synchronized (a) {\n   h(); } }\n synchronized void h() { synchronized (this) { n++; } } }",
            line=3,
            also=(5,),
        ),
        java(
            "class A { synchronized void f(B b) {\n  b.f(); } }\n"
            "class B { synchronized void f() { n++; }\n void g(A a) { synchronized (this) {\n"
            "  synchronized (a) { n++; } } } }",
            line=2,
            also=(5,),
        ),
        csharp(
            "class A { readonly object a, b;\n void F() { lock (a) {\n   lock (b) { n++; } } }\n"
            " void G() { lock (b) {\n   lock (a) { n++; } } } }",
            line=3,
            also=(5,),
        ),
        java(
            "class A { static final Object a, b;\n"
            " void f() { synchronized (A.a) { synchronized (A.b) { n++; } } }\n"
            " void g() { synchronized (b) { synchronized (a) { n++; } } } }",
            line=2,
            also=(3,),
        ),
        java(
            "class A {\n @UiThread void f() { synchronized (A.class) {\n  synchronized (A.this) { n++; } } }\n"
            " synchronized void g() {\n  h(); }\n static synchronized void h() { n++; } }",
            line=3,
            also=(5,),
        ),
    )
    good = (
        java(
            "class A { final Object a, b;\n void f() { synchronized (a) { synchronized (b) { n++; } } }\n"
            " void g() { synchronized (a) { synchronized (b) { n--; } } } }"
        ),
        java(  # a third lock around both
            "class A { final Object m, a, b;\n"
            " void f() { synchronized (m) { synchronized (a) { synchronized (b) { n++; } } } }\n"
            " void g() { synchronized (m) { synchronized (b) { synchronized (a) { n++; } } } } }"
        ),
        java(  # one after the other
            "class A { final Object a, b;\n void f() { synchronized (a) { n++; } synchronized (b) { n++; } }\n"
            " void g() { synchronized (b) { synchronized (a) { n++; } } } }"
        ),
        java(  # a task of its own does not hold what is held here
            "class A { final Object a, b;\n"
            " void f() { synchronized (a) { run(() -> { synchronized (b) { n++; } }); } }\n"
            " void g() { synchronized (b) { synchronized (a) { n++; } } } }"
        ),
        java(
            "class A { final Object a, b;\n @UiThread void f() { synchronized (a) { synchronized (b) { n++; } } }\n"
            " @UiThread void g() { synchronized (b) { synchronized (a) { n++; } } } }"
        ),
        java(  # locals hide the fields
            "class A { final Object a, b;\n void f() { synchronized (a) { synchronized (b) { n++; } } }\n"
            " void g(Object a, Object b) { synchronized (b) { synchronized (a) { n++; } } } }"
        ),
        java(  # fields of two classes that share their names
            "class A { final Object a, b;\n void f() { synchronized (a) { synchronized (b) { n++; } } } }\n"
            "class B { final Object a, b;\n void f() { synchronized (b) { synchronized (a) { n++; } } } }"
        ),
        csharp(
            "class A { readonly object a, b;\n void F() { lock (a) { lock (b) { n++; } } }\n"
            " void G() { lock (a) { lock (b) { n--; } } } }"
        ),
        csharp(  # what is disposed of in the end is no lock
            "class A { readonly object a, b;\n void F() { lock (a) { lock (b) { n++; } } }\n"
            " void G() { lock (b) { using (a) { n--; } H(); } } void H() { using (a) { n--; } }\n"
            " void K() { using (b) { lock (a) { n--; } } } }",
        ),
        *FURTHER_GOOD,
    )


def _could_block(one: _Taken, other: _Taken) -> bool:
    return (
        (one.first, one.second) == (other.second, other.first)
        and not one.under & other.under
        and not _on_one_thread(one.at, other.at)
    )


def _on_one_thread(one: Shape, other: Shape) -> bool:
    words = [shape.file.language.modifiers(next(shape.around(Function)).node) for shape in (one, other)]
    return all(any(mark in given for mark in THREADS) for given in words)


def _pairs_in(function: Function, file: SourceFile) -> Iterator[_Taken]:
    """What a method takes inside its locks, itself or through one call to a method of this file."""
    own = _monitor(function)
    for section in file.within(file.sections, function.body):
        if not section.is_lock or section.function is not function:
            continue
        key = _key(held_by(section, file), section)
        around = _held_around(section, own)
        yield from _under(around, key, section)
    for call in file.within(file.calls, function.body):
        around = _held_around(call, own)
        if not around:  # unprovable: saves time
            continue
        called = _called(call.name, file) if call.function is function else None
        for key in _taken_by(called, file) if called is not None else ():
            yield from _under(around, key, call)


def _under(around: list[str], key: str, at: Shape) -> Iterator[_Taken]:
    if key in around:
        return
    for index, outer in enumerate(around):
        yield _Taken(outer, key, at, frozenset(around[:index]))


def _held_around(shape: Shape, own: str) -> list[str]:
    """Keys of the locks around a place, outermost first."""
    function = shape.function
    inner = [
        _key(held_by(section, shape.file), section)
        for section in shape.around(Section)
        if section.is_lock and section.function is function
    ]
    return [key for key in (own, *reversed(inner)) if key]


def _monitor(function: Function) -> str:
    words = function.file.language.modifiers(function.node)
    if "synchronized" not in words:
        return ""
    return f"{function.enclosing_class}.class" if "static" in words else f"{function.enclosing_class}.this"


def _called(name: str, file: SourceFile) -> Function | None:
    """`./B.h` is method h of this file's class B."""
    if not name:
        return None
    *owners, method = name.removeprefix("./").split(".")
    owner = "".join(owners[-1:])
    same = [one for one in file.functions if one.name == method and (not owner or one.enclosing_class == owner)]
    return same[0] if len(same) == 1 else None


def _taken_by(function: Function, file: SourceFile) -> Iterator[str]:
    if own := _monitor(function):
        yield own
    for section in file.within(file.sections, function.body):
        if section.is_lock and section.function is function:
            yield _key(held_by(section, file), section)


def _key(held: Node | None, at: Shape) -> str:
    """One name for a lock across the methods of a file: its field, or its class; empty where that is not known."""
    here = next((one.name for one in at.around(Class)), "")
    text = text_of(held)
    if held is None:  # unprovable: narrows the type
        return ""
    if "(" in text:
        return ""
    if held.type == "class_literal" or text.endswith(".this"):
        return text
    if field_named(text, at) is not None:
        name = text.removeprefix("this.")
        return name if "." in name else f"{here}.{name}"
    kind = at.file.canonical(held, at)
    return f"{kind.removeprefix('./')}.this" if kind.startswith("./") else ""
