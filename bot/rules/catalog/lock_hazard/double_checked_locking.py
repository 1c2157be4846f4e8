"""Double-checked locking on a field that is not volatile."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.fields import field_named, tested_empty
from bot.rules.rule import Alarm, Rule, java
from bot.syntax import Binding, Function, Node, Section, Shape, SourceFile, text_of

SAFELY_PUBLISHED = frozenset(
    {"String", "Boolean", "Byte", "Character", "Short", "Integer", "Long", "Float", "Double", "BigInteger"}
)
"""All fields of these are final: a thread sees nothing or the whole."""


class DoubleCheckedLocking(Rule):
    """## What it finds
    A field that is tested for null without a lock, tested again under the lock and then filled, and that is not
    `volatile`.

    ## Why it matters
    Without `volatile` the memory model lets a second thread see the reference before the fields of the object behind
    it. It then works with half an object: rare, never under the debugger, and worse the more cores there are.

    ## Use instead
    Declare the field `volatile`, or let a holder class make the value when it is first asked for.
    """

    name = "lock-hazard/double-checked-locking"
    severity = Severity.MEDIUM
    covered_by = ("sonar:java:S2168", "errorprone:DoubleCheckedLocking")
    languages = ("java",)
    confidence = 0.9

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        outer, function = _test_around(section), section.function
        if outer is None or function is None or "synchronized" in file.language.modifiers(function.node):
            return None  # as the class is loaded, or under a lock already
        tested = tested_empty(outer.child_by_field_name("condition"))
        for binding in file.within(file.bindings, section.body):
            field = field_named(text_of(binding.target), section)
            if field is None or not _is_tested_inside(binding, section, tested):
                continue
            if "volatile" in file.language.modifiers(field.node) or text_of(field.type) in SAFELY_PUBLISHED:
                continue
            if not self._stands_for(tested, field, section, function):
                continue
            return self._alarm(Shape(outer, file, section.outer), text_of(field.target))
        return None

    def _stands_for(self, tested: str, field: Binding, section: Section, function: Function) -> bool:
        """What is tested is the field, or a local that was read from it."""
        if field_named(tested, section) is field:
            return True
        return any(
            text_of(one.target) == tested and field_named(text_of(one.value), section) is field
            for one in section.file.within(section.file.bindings, function.body)
        )

    def _alarm(self, at: Shape, name: str) -> Alarm:
        return Alarm(
            at,
            f"`{name}` is tested without the lock and is not volatile"[:80],
            f"A thread that skips the lock may see the new reference in `{name}` before what the constructor wrote. It "
            "then works with an object that is half empty, once in a million calls and never on one core.",
            f"Declare `{name}` volatile, or make the value in a static holder class.",
            last_line=at.start_line,
        )

    bad = (
        java(
            "class A { private B b;\n B get() {\n  if (b == null) {\n   synchronized (this) {\n"
            "    if (b == null) { b = new B(); }\n   }\n  }\n  return b;\n } }",
            line=3,
        ),
        java(
            "class A { private B b;\n B get() {\n  if (this.b == null) {\n   synchronized (this) {\n"
            "    if (b == null) { this.b = new B(); }\n   }\n  }\n  return b;\n } }",
            line=3,
        ),
        java(
            "class A { static B b;\n static B get() {\n  B known = b;\n  if (!(known != null)) {\n"
            "   synchronized (A.class) {\n    known = b;\n    if (null == known) { b = known = new B(); }\n   }\n  }\n"
            "  return known;\n } }",
            line=4,
        ),
        java(
            "class A { private B b;\n B get() {\n  if (b == null) {\n"
            "   if (open) { synchronized (this) { if (b == null) { b = new B(); } } }\n  }\n  return b;\n } }",
            line=3,
        ),
        java(
            "class A { B b;\n static class C extends A { B get() {\n  if (b == null) {\n"
            "   synchronized (this) { if (b == null) { b = new B(); } }\n  }\n  return b;\n } } }",
            line=3,
        ),
    )
    good = (
        java(
            "class A { B b;\n class C { B get() { if (this.b == null) { synchronized (this) { "
            "if (this.b == null) { this.b = new B(); } } } return b; } } }"
        ),
        java(
            "class A { private B b;\n synchronized B get() { if (b == null) { synchronized (this) {\n"
            "    if (b == null) { b = new B(); } } }\n  return b;\n } }"
        ),
        java(
            "class A { private volatile B b; B get() { if (b == null) { synchronized (this) {\n"
            "  if (b == null) { b = new B(); } } } return b; } }"
        ),
        java("class A { private B b; synchronized B get() { if (b == null) { b = new B(); } return b; } }"),
        java("class A { private B b; B get() { synchronized (this) { if (b == null) { b = new B(); } } return b; } }"),
        java(
            "class A { private String s; String get() { if (s == null) { synchronized (this) {\n"
            "  if (s == null) { s = name(); } } } return s; } }"
        ),
        java(  # not a field of this class
            "class A { void f(B b) { if (b == null) { synchronized (this) { if (b == null) { b = new B(); } } } } }"
        ),
        java(  # another one is tested
            "class A { private B b; void f() { B known = b; C c = first(known); if (c == null) {\n"
            "  synchronized (this) { if (c == null) { b = new B(); } } } } }"
        ),
        java(
            "class A { static B b; static { if (b == null) { synchronized (A.class) {\n"
            "  if (b == null) { b = new B(); } } } } }"
        ),
        java(  # the value is made ready for the next caller, not tested again
            "class A { private B b; private C c; void f() { if (b == null) { synchronized (this) { c = new C(); } } } }"
        ),
        java(
            "class A { private B b; void f() { if (b != null) { synchronized (this) {\n"
            "  if (b != null) { b = null; } } } } }"
        ),
        java(
            "class A { private B b; B get() { if (b == null) { try (X x = open()) { if (b == null) { b = "
            "new B(x); } } } return b; } }",
        ),
        java(
            "class A { private B b; void f(C c) { if (c == null) { synchronized (this) { if (c == null) { "
            "b = new B(); } } } } }",
        ),
        java(
            "class A { private B b; void f() { if (b == null) { synchronized (this) { b = new B(); } } } }",
        ),
        java(
            "class A { private B b; void f() { if (b == null) { run(() -> { synchronized (this) { if (b == "
            "null) { b = new B(); } } }); } } }",
        ),
        java(
            "class A { private B b; void f() { while (b == null) { synchronized (this) { if (b == null) { "
            "b = poll(); } } } } }",
        ),
    )


def _ifs(node: Node, upto: Node | None) -> Iterator[Node]:
    """The if statements around a node, innermost first."""
    above = node.parent
    while (
        above is not None  # unprovable: narrows the type
        and above != upto
        and not above.type.endswith(("_declaration", "lambda_expression"))
    ):
        if above.type == "if_statement":
            yield above
        above = above.parent


def _test_around(section: Section) -> Node | None:
    return next((one for one in _ifs(section.node, None) if tested_empty(one.child_by_field_name("condition"))), None)


def _is_tested_inside(binding: Binding, section: Section, tested: str) -> bool:
    names = (text_of(binding.target).removeprefix("this."), tested.removeprefix("this."))
    return any(
        tested_empty(one.child_by_field_name("condition")).removeprefix("this.") in names
        for one in _ifs(binding.node, section.node)
    )
