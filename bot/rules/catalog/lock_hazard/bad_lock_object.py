"""A lock on something that others lock too, or that nobody else can."""

from bot.domain import Severity
from bot.rules.fields import field_named, held_by, written_again
from bot.rules.rule import Alarm, Rule, csharp, java
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Node, Section, SourceFile, text_of

BOXED = frozenset({"Boolean", "Byte", "Character", "Short", "Integer", "Long", "Float", "Double"})
VALUES = frozenset({"LocalDate", "LocalDateTime", "LocalTime", "Instant", "Duration", "ZonedDateTime", "Optional"})
STRINGS = frozenset({"String", "string"})
LITERALS = frozenset({"string_literal", "verbatim_string_literal", "interpolated_string_expression"})
JAVA_LOCKS = "java.util.concurrent.locks."


class BadLockObject(Rule):
    """## What it finds
    A lock held on a string, a boxed number, a value object or a `java.util.concurrent` lock; on an object made for this
    one call; or on a field that is given another object while threads may hold the old one.

    ## Why it matters
    Strings and boxed numbers are shared by the whole process: unrelated code blocks on the same lock, up to a deadlock.
    On a new object or a replaced field every thread holds a lock of its own, and nothing is protected at all.

    ## Use instead
    A `private final Object lock = new Object()` (C#: `private readonly object`) that nothing else uses.
    """

    name = "lock-hazard/bad-lock-object"
    severity = Severity.MEDIUM
    covered_by = ("sonar:csharpsquid:S2551+S2445", "errorprone:LockOnBoxedPrimitive")
    languages = ("java", "csharp")
    confidence = 0.9

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        held = held_by(section, file) if section.is_lock else None
        if held is None:
            return None
        if shared := self._shared(held, section, file):
            return self._alarm(
                section,
                f"The lock is on {shared}",
                f"`{text_of(held)[:40]}` is {shared}, which code far from here can hold as well. Work that has nothing "
                "to do with this waits for it, and two such places can block each other for ever.",
            )
        if self._is_own(held, section, file):
            return self._alarm(
                section,
                "Every thread locks an object of its own here",
                "The object that is locked is made for this very call, so no other thread ever waits for it. What the "
                "block means to protect is open to everybody.",
            )
        field = field_named(text_of(held), section)
        if field is None:
            return None
        writes = list(written_again(field))
        if not writes or (field.value is None and len(writes) == 1):
            return None  # one that is first made by a method is made once
        again = writes[0]
        return self._alarm(
            section,
            f"The lock `{text_of(field.target)}` is replaced while threads may hold it"[:80],
            f"`{text_of(field.target)}` gets another object on line {again.start_line}. From then on one thread holds "
            "the old lock and the next one the new, and both are inside at once.",
            # on record Java's fields are locked to work with the object itself, whichever it is
            SHOWN_ONLY if file.language.name == "java" else None,
        )

    def _shared(self, held: Node, section: Section, file: SourceFile) -> str:
        if held.type in LITERALS:
            return "a string"
        if held.type == "typeof_expression":
            return "a type"
        if held.type == "method_invocation":
            return (
                "the class of whichever subclass this is" if text_of(held) in ("getClass()", "this.getClass()") else ""
            )
        made_by = file.origin(held, section)
        if made_by is not None and made_by.method in STRINGS:
            return ""
        name = file.canonical(held, section) or self._type_given(held, section)
        simple = name.removeprefix("java.lang.").removeprefix("java.time.").removeprefix("java.util.")
        if simple in STRINGS:
            return "a string"
        if name.startswith(JAVA_LOCKS):
            return "the monitor of a lock, not the lock itself"
        if file.language.name == "java" and simple in BOXED | VALUES:
            return f"a shared value ({simple})"
        return ""

    def _type_given(self, held: Node, section: Section) -> str:
        """The type as written, for the language's own types, which no import names."""
        function = section.function
        if function is None:  # unprovable: narrows the type
            return ""
        return text_of(function.parameters.get(text_of(held)))

    def _is_own(self, held: Node, section: Section, file: SourceFile) -> bool:
        """`synchronized (new X())`, or a local that was just made and goes nowhere else."""
        if held.type == "object_creation_expression":
            return True
        made_by, function = file.origin(held, section), section.function
        if made_by is None or function is None or made_by.function is not function:
            return False
        if made_by.node.type != "object_creation_expression":
            return False
        kept = [one for one in file.within(file.bindings, function.body) if file.call_at(one.value) is made_by]
        if any(one.node.type == "assignment_expression" for one in kept):
            return False  # a field, maybe one of the class above
        mentions = list(file.language.mentions(text_of(held), function.node))
        return len(mentions) == 2

    def _alarm(self, section: Section, title: str, body: str, confidence: float | None = None) -> Alarm:
        word = "readonly" if section.file.language.name == "csharp" else "final"
        return Alarm(
            section,
            title[:80],
            body,
            f"Lock a `private {word}` object that nothing else uses.",
            confidence=confidence,
            last_line=section.start_line,
        )

    bad = (
        java('class A { void f() { synchronized ("orders") { n++; } } }'),
        java('class A {\n private final String name = "x";\n void f() { synchronized (name) { n++; } } }', line=3),
        java("class A { private Integer count;\n void f() {\n  synchronized (count) { count++; }\n } }", line=3),
        java("class A { void f(Long id) { synchronized (id) { save(id); } } }"),
        java("class A { void f() { synchronized (new Object()) { n++; } } }"),
        java("class A { void f() {\n  Object lock = new Object();\n  synchronized (lock) { n = 1; }\n} }", line=3),
        java("class A { void f() { synchronized (getClass()) { n++; } } }"),
        java(
            "import java.util.concurrent.locks.*;\nclass A { private final Lock lock = new ReentrantLock();\n"
            " void f() { synchronized (lock) { n++; } } }",
            line=3,
        ),
        java(
            "class A { private List<B> all = new ArrayList<>();\n void add(B b) { synchronized (all) { all.add(b); }"
            " }\n void clear() { all = new ArrayList<>(); } }",
            line=2,
        ),
        csharp("class A { void F() { lock (typeof(A)) { n++; } } }"),
        csharp('class A { void F() { lock ("orders") { n++; } } }'),
        csharp("class A { void F(string key) { lock (key) { n++; } } }"),
        csharp("class A { void F() { lock (new object()) { n++; } } }"),
        csharp(
            "class A { List<B> all = new List<B>();\n void Add(B b) { lock (all) { all.Add(b); } }\n"
            " void Clear() { all = new List<B>(); } }",
            line=2,
        ),
        java(
            "class A { private Object lock;\n void f() { synchronized (lock) { n++; } }\n"
            " void g() { lock = new Object(); }\n void h() { lock = new Object(); } }",
            line=2,
        ),
    )
    good = (
        java("class A { private final Object lock = new Object(); void f() { synchronized (lock) { n++; } } }"),
        java("class A { void f() { synchronized (this) { n++; } } }"),
        java("class A { void f() { synchronized (A.class) { n++; } } }"),
        java("class A { private Object lock; A() { lock = new Object(); } void f() { synchronized (lock) { n++; } } }"),
        java(  # another thread gets to see it
            "class A { void f() { Object lock = new Object(); run(() -> { synchronized (lock) { n++; } }); g(lock); } }"
        ),
        java("class A { void f() { List<B> all = new ArrayList<>(); synchronized (all) { all.add(b); } } }"),
        java("class A { void f(Session s) { synchronized (s) { s.send(); } } }"),
        java("class A { void f(long id) { Object lock = lockOf(id); synchronized (lock) { n++; } } }"),
        java("class A extends B { void start() { lock = new Object(); synchronized (lock) { n++; } } }"),
        csharp("class A { readonly Character hero; void Move() { lock (hero) { n++; } } }"),
        java("class A { private Object lock; void f(Object lock) { synchronized (lock) { n++; } } }"),
        java("class A { private final String lock = new String(); void f() { synchronized (lock) { n++; } } }"),
        csharp("class A { readonly object gate = new object(); void F() { lock (gate) { n++; } } }"),
        csharp(  # a constructor fills it, once
            "class A { private object gate; A() { gate = new object(); } void F() { lock (gate) { n++; } } }"
        ),
        csharp("class A { void F(B b) { lock (b) { n++; } } }"),
        csharp(
            "class A { string F() { using (var r = new StreamReader(p)) { return r.ReadToEnd(); } } }",
        ),
        java(
            "class A { void f() { synchronized (key()) { n++; } } }",
        ),
        java(
            "class A { static { synchronized (LOCK) { n++; } } }",
        ),
        java(  # runs once
            "class A { static { Object lock = new Object(); synchronized (lock) { n++; } } }",
        ),
        java(
            "class A { void f() { Object lock = new Object(); run(() -> { synchronized (lock) { "
            "lock.notifyAll(); } }); g(lock); } }",
        ),
        csharp(
            "lock (gate) { n++; }",
        ),
        csharp(
            "var gate = new object();\nlock (gate) { n++; }",
        ),
        java(  # made late, and once
            "class A { private Object lock;\n void f() { synchronized (lock) { n++; } }\n"
            " void start() { lock = new Object(); } }"
        ),
    )
