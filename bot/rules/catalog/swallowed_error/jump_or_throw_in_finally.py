"""A `finally` that leaves on its own and so forgets the failure."""

import re
from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, kotlin, python, ruby, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Finally, Handler, Jump, Node, SourceFile, text_of

PLAIN = frozenset(
    {"block", "statement_block", "statement_list", "with_statement", "labeled_statement", "do_while_statement"}
)


TAKES_ALL = frozenset({"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"})


_COST = {True: "and what is thrown instead tells of another", False: "and whoever called takes it for a success"}


class JumpOrThrowInFinally(Rule):
    """## What it finds
    A `return`, `break` or `continue` that leaves a `finally` block, and a `throw` that every run of it reaches. What
    stands under an `if` may be meant, and is left alone.

    ## Why it matters
    A `finally` that jumps replaces what was going on: the exception on its way to the caller is dropped without a
    trace, and the caller takes a failed call for a good one. A `throw` there hides the first failure behind a second.

    ## Use instead
    Clean up in `finally` and jump after it.
    """

    name = "swallowed-error/jump-or-throw-in-finally"
    severity = Severity.HIGH
    covered_by = (
        "eslint:no-unsafe-finally",
        "ruff:B012",
        "sonar:java:S1143",
        "sonar:javascript:S1143",
        "sonar:python:S1143",
        "rubocop:Lint/EnsureReturn",
        "detekt:ReturnFromFinally+ThrowingExceptionFromFinally",
    )
    languages = ("python", "javascript", "typescript", "java", "csharp", "kotlin", "ruby")
    confidence = 0.9

    def check_file(self, file: SourceFile) -> list[Alarm]:
        jumps = file.jumps if file.finallies else []  # unprovable: only saves time
        return [self._alarm(jump) for jump in jumps if self._replaces_the_failure(jump)]

    def _replaces_the_failure(self, jump: Jump) -> bool:
        around = next(jump.around(Finally), None)
        if around is None or jump.function is not around.function:
            return False
        handler = next(jump.around(Handler), None)
        if handler is not None and jump.text.rstrip(";") in (f"raise {handler.variable}", f"throw {handler.variable}"):
            return False  # what is thrown is the very failure that is being dealt with
        if jump.kind == "raise" and self._throws_what_was_kept(jump, around):
            return False
        if not self._is_always_reached(jump, around) and (jump.kind == "raise" or self._is_asked_for(jump, around)):
            return False
        if (label := text_of(jump.node.child_by_field_name("label"))) and jump.node.type == "return_expression":
            return not re.search(rf"\b{re.escape(label)}(?:@|\s*\([^)]*\))?\s*\{{", around.text)
        if jump.kind in ("break", "continue"):
            if jump.file.language.is_labelled(jump.node):
                return not self._is_labelled_inside(jump, around)
            target = jump.target
            return (
                target is not None  # unprovable: narrows the type
                and target.node.start_byte < around.node.start_byte
            )
        return True

    def _throws_what_was_kept(self, jump: Jump, around: Finally) -> bool:
        """`except Exception as e: last = e`, and then `raise last`."""
        file, handlers = jump.file, _handlers_beside(around)
        kept = [text_of(one.target) for one in file.bindings if any(h in one.around(Handler) for h in handlers)]
        return any(re.search(rf"^\w+ {re.escape(name)}\b", jump.text) for name in kept)

    def _has_nothing_to_drop(self, around: Finally) -> bool:
        """A handler of the same `try` takes every failure already."""
        file, handlers = around.file, _handlers_beside(around)
        taken = [one for one in handlers if not one.caught or TAKES_ALL.intersection(one.caught)]
        return any(not any(inner.kind == "raise" for inner in file.within(file.jumps, one.node)) for one in taken)

    def _is_labelled_inside(self, jump: Jump, around: Finally) -> bool:
        label = jump.text.replace("@", " ").split()[-1].strip(";")
        return re.search(rf"\b{re.escape(label)}(?:@|\s*:)\s*(?:while|for|do)\b", around.text) is not None

    def _is_always_reached(self, jump: Jump, around: Finally) -> bool:
        return all(node.type in PLAIN for node in _up_to(around, jump))

    def _is_asked_for(self, jump: Jump, around: Finally) -> bool:
        """Under an `if`: a cleaning up that ends early where there is nothing to do."""
        return any(node.type.startswith(("if", "unless")) for node in _up_to(around, jump))

    def _sureness(self, jump: Jump, around: Finally) -> float | None:
        if jump.kind != "raise" and self._has_nothing_to_drop(around):
            return SHOWN_ONLY
        return None if self._is_always_reached(jump, around) else 0.75

    def _alarm(self, jump: Jump) -> Alarm:
        does, loses = ("throws", "hides") if jump.kind == "raise" else (f"`{jump.kind}`s", "drops")
        block = "ensure" if jump.file.language.name == "ruby" else "finally"
        return Alarm(
            jump,
            f"This `{block}` {does.replace('`', '')} and so {loses} the failure before it",
            "When the guarded code fails, its exception is on the way to the caller as this line runs. The jump takes "
            f"its place: the failure is neither logged nor passed on, {_COST[jump.kind == 'raise']}.",
            f"Keep `{block}` to cleaning up, and put the jump after it; catch what the cleaning up itself may raise.",
            last_line=jump.start_line,
            confidence=self._sureness(jump, next(jump.around(Finally))),
        )

    bad = (
        python(
            "def f():\n    try:\n        sync()\n    except Exception:\n        raise\n    finally:\n        return 1",
            line=7,
        ),
        python(
            "def f():\n    try:\n        sync()\n    except KeyError:\n        pass\n    finally:\n        return 1",
            line=7,
        ),
        python(
            "def f():\n    try:\n        sync()\n    except Exception as e:\n        last = e\n    finally:\n"
            "        raise Gone()",
            line=7,
        ),
        python(
            "try:\n    take(peer)\nexcept Exception as error:\n    try:\n        peer.close()\n    finally:\n"
            "        raise Gone()",
            line=7,
        ),
        java(
            "class A { void f() { try { sync(); } catch (Gone e) { try { end(); }\n"
            "  finally { throw new Late(); } } } }",
            2,
        ),
        java(
            "class A { void f() { try { sync(); }\n  finally { switch (n) { case 1: return; default: break; } } } }", 2
        ),
        python("def f():\n    try:\n        sync()\n    finally:\n        return 1", line=5),
        python("for o in orders:\n    try:\n        sync(o)\n    finally:\n        continue", line=5),
        javascript("function f() {\n  try { sync(); } finally { return 1; }\n}", line=2),
        javascript("all: for (const o of orders) { try { sync(o); } finally { break all; } }"),
        typescript("function f(): void {\n  try { sync(); } finally { throw new Error('x'); }\n}", line=2),
        java("class A { int f() { try { return sync(); }\n  finally { return -1; } } }", line=2),
        csharp('class A { void F() { try { Sync(); }\n  finally { throw new X("no"); } } }', line=2),
        kotlin(
            "fun f(): Int {\n    try {\n        return sync()\n    } finally {\n        return -1\n    }\n}", line=5
        ),
        kotlin(
            "fun f() {\n    all@ for (o in orders) {\n        try {\n            sync(o)\n"
            "        } finally {\n            do {\n                break@all\n            } while (more)\n"
            "        }\n    }\n}",
            line=7,
        ),
        ruby("def f\n  sync\nensure\n  close\n  return 1\nend", line=5),
        ruby("begin\n  sync\nensure\n  raise 'no'\nend", line=4),
        kotlin(
            "fun f() {\n    orders.forEach all@{\n        try {\n            sync(it)\n"
            "        } finally {\n            parts.forEach { return@all }\n        }\n    }\n}",
            line=6,
        ),
        python(
            "def f():\n    last = Gone()\n    try:\n        sync()\n    except KeyError:\n        log()\n    finally:\n"
            "        raise last",
            line=8,
        ),
        javascript("function f() {\n  try { sync(); } catch (e) { log(e); } finally { return 1; }\n}", line=2),
        python(
            "def f():\n    try:\n        sync()\n    except Exception as e:\n        last = e\n    finally:\n"
            "        return last",
            line=7,
        ),
        python(
            "def f(on):\n    try:\n        warm()\n    except Exception:\n        log()\n    if on:\n        try:\n"
            "            sync()\n        finally:\n            for o in orders:\n                return o",
            line=11,
        ),
    )
    good = (
        typescript("function f(): void { try { sync(); } catch (e) { try { end(); } finally { throw e } } }"),
        javascript("function f() { try { sync(); } catch (e) { try { end(); } finally { throw e; } } }"),
        csharp("class A { void F() { try { Sync(); } catch (Gone e) { try { End(); } finally { throw e; } } } }"),
        java("class A { void f() { try { sync(); } catch (Gone e) { try { end(); } finally { throw e; } } } }"),
        python(
            "def f():\n    try:\n        sync()\n    except Exception as e:\n        last = e\n        log(e)\n"
            "    finally:\n        tell()\n        raise last or Gone()"
        ),
        python(
            "try:\n    take(peer)\nexcept Exception as error:\n    try:\n        peer.close()\n    finally:\n"
            "        raise error"
        ),
        python("def f():\n    try:\n        sync()\n    finally:\n        close()\n    return 1"),
        python("def f():\n    try:\n        sync()\n    finally:\n        for o in orders:\n            break"),
        python("def f():\n    try:\n        sync()\n    finally:\n        if stopped:\n            return"),
        python("def f():\n    try:\n        a()\n    finally:\n        for x in y:\n            raise X()"),
        javascript("function f() { try { sync(); } finally { later(() => { return 1; }); } }"),
        typescript("function f() { try { sync(); } finally { if (!done) throw new Error('x'); } }"),
        java("class A { void f() { try { sync(); } finally { try { throw new X(); } catch (X e) { log(e); } } } }"),
        csharp("class A { void F() { try { Sync(); } finally { Close(); } } }"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } finally {\n        orders.forEach { return@forEach }\n    }\n}"
        ),
        kotlin("fun f() {\n    try {\n        sync()\n    } finally {\n        if (open) throw X()\n    }\n}"),
        ruby("def f\n  sync\nensure\n  return if done\n  close\nend"),
        ruby("def f\n  sync\nensure\n  later = -> { return 1 }\n  keep(later)\nend"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } finally {\n        all@ do {\n"
            "            break@all\n        } while (more)\n    }\n}"
        ),
        kotlin(
            "fun f() {\n    while (more) {\n        try {\n            sync()\n        } finally {\n"
            "            parts.forEach { return@forEach }\n            parts.forEach part@{ return@part }\n"
            "        }\n    }\n}"
        ),
        javascript(
            "function f() {\n  try { sync(); } finally {\n    all: for (const p of parts) { for (;;) { break all; } }\n"
            "  }\n}"
        ),
        ruby("def f\n  sync\nensure\n  return unless open\n  close\nend"),
    )


def _handlers_beside(around: Finally) -> list[Handler]:
    return [one for one in around.file.handlers if one.outer is around.outer]


def _up_to(around: Finally, jump: Jump) -> Iterator[Node]:
    """What a jump stands in, innermost first."""
    node: Node | None = jump.node.parent
    while (
        node is not None  # unprovable: narrows the type
        and node != around.node
    ):
        yield node
        node = node.parent
