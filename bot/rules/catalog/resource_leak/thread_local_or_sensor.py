"""A thread's own value that stays with the thread."""

import re

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, java
from bot.syntax import SourceFile, text_of

TYPES = ("ThreadLocal", "InheritableThreadLocal")
_EMPTY = r"\s*(?:null|new\s+[\w.]+(?:<[^()]*>)?\(\s*\))\s*\)"
"""An argument that takes out what was there: nothing, or one that holds nothing yet."""


class ThreadLocalOrSensor(Rule):
    """## What it finds
    A Java `ThreadLocal` that is given values with `set` and, in the whole file, never rid of them with `remove`.

    ## Why it matters
    A server's threads live as long as the server. What one request leaves in the thread the next one finds there: the
    tenant or the user of somebody else. And what hangs on it is never freed, class loaders of old deployments included.

    ## Use instead
    `remove()` in a `finally`, or a filter that clears it after each request.
    """

    name = "resource-leak/thread-local-or-sensor"
    severity = Severity.MEDIUM
    covered_by = ("sonar:java:S5164",)
    languages = ("java",)
    needs = (b"ThreadLocal",)
    confidence = 0.45  # harmless where each use sets it anew, or where the thread ends with its work

    def check_file(self, file: SourceFile) -> list[Alarm]:
        if b"ThreadLocal" not in file.text:  # unprovable: only saves time
            return []
        text = file.text.decode("utf-8", "replace")
        found = []
        for binding in file.bindings:
            kind = text_of(binding.type).split("<")[0].rsplit(".", 1)[-1]
            if kind not in TYPES:
                continue
            name, is_private = text_of(binding.target), "private" in file.language.modifiers(binding.node)
            is_set = re.search(rf"\b{name}\s*\.\s*set\((?!{_EMPTY})", text)
            if is_set and is_private and not re.search(rf"\b{name}\s*(?:\.\s*remove\(|::remove)", text):
                found.append(
                    Alarm(
                        binding,
                        f"`{name}` keeps its value after the request is over"[:80],
                        f"Threads of a pool are used again, and nothing here takes out what `{name}` was given. The "
                        "next request on the same thread works with the values of this one, and what they hold is "
                        "never freed.",
                        f"Call `{name}.remove()` in a `finally` where the work that set it ends.",
                        last_line=binding.start_line,
                    )
                )
        return found

    bad = (
        java(
            "class A {\n  private static final ThreadLocal<User> USER = new ThreadLocal<>();\n"
            "  void enter(User u) { USER.set(u); }\n}",
            line=2,
        ),
    )
    good = (
        java(
            "class A {\n  private static final ThreadLocal<User> USER = new ThreadLocal<>();\n"
            "  void enter(User u) { USER.set(u); try { run(); } finally { USER.remove(); } }\n}"
        ),
        java("class A { private static final ThreadLocal<F> F = ThreadLocal.withInitial(F::new); }"),
        java(
            "class A { static final ThreadLocal<F> F = new ThreadLocal<>(); void f(X x) { F.set(x); } }"
        ),  # others may
        java(
            "class A {\n  private static ThreadLocal<List<K>> NOW = new ThreadLocal<List<K>>();\n"
            "  void reset() { NOW.set(new ArrayList<K>()); }\n}"
        ),
        java("class A { private final Holder<F> F = new Holder<>(); void f(X x) { F.set(x); } } // ThreadLocal"),
    )
