"""Further examples of lock-hazard/lock-order: each proves a condition of the rule."""

from bot.rules.rule import java

FURTHER_GOOD = (
    java(  # a task of its own does not hold the object, nor is it through when its maker is
        "class A { Object a;\n synchronized void f() { k(); run(() -> { synchronized (a) { n++; } h(); }); }\n"
        " void h() { synchronized (a) { n++; } } void k() { run(() -> { synchronized (a) { n++; } }); }\n"
        " void g() { synchronized (a) { synchronized (this) { n++; } } } }",
    ),
    java(  # taken again, which does not wait; and which lock a method gives is not known
        "class A { final Object a;\n synchronized void f() { synchronized (this) { n++; } }\n"
        " void g() { synchronized (a) { synchronized (lockOf(1)) { n++; } } }\n"
        " void h() { synchronized (lockOf(2)) { synchronized (a) { n++; } } } Object lockOf(int n) { return n; } }",
    ),
    java(  # the class's lock is not the object's
        "class A { static final Object a;\n static synchronized void f() { synchronized (a) { n++; } }\n"
        " void g() { synchronized (a) { h(); } } synchronized void h() { n++; } }",
    ),
    java(
        "class A { final Object a, b;\n void f() { synchronized (a) { jobs[0].run(); } }\n"
        " void g() { later(() -> { synchronized (b) { n++; } }); }\n"
        " void h() { synchronized (b) { synchronized (a) { n++; } } } }",
    ),
    java(  # which of the two is called is not known
        "class A { final Object a;\n synchronized void f() { synchronized (a) { n++; } }\n"
        " void g() { synchronized (a) { h(1); } }\n"
        " synchronized void h() { n++; } void h(int by) { n += by; } }",
    ),
    java(
        "import java.util.*;\n"
        "class A { void f(List<B> a, Map<B, C> b) { synchronized (a) { synchronized (b) { n++; } } }\n"
        " void g(List<B> a, Map<B, C> b) { synchronized (b) { synchronized (a) { n++; } } } }",
    ),
)
