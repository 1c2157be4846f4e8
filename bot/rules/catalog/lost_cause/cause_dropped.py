"""A new exception that does not carry the one it stands for."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.lost_cause.cause_dropped_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, kotlin, rust, typescript
from bot.syntax import Call, Class, Function, Handler, Jump, SourceFile, text_of

EXPECTED = (
    "NumberFormatException",
    "FormatException",
    "DateTimeParseException",
    "NoSuchElementException",
    "ClassCastException",
    "ParseException",
    "BufferUnderflowException",
    "EOFException",
    "NoNodeException",
    "KeyNotFoundException",
)
"""Answers about a value more than failures: there is little in them beside their name."""
_CHECKS = regex(
    r"^(?:try)?_?(?:parse|value_?of|from|to|decode|validate|check|require|lookup|resolve|import|new|get_?field|get_?constant)(?:$|[A-Z_])"
)
"""Calls that ask something of a value: that it fails says the value is wrong."""
_VALUE = ("IllegalArgumentException", "ArgumentException", "InvalidOperationException", "ValueError", "TypeError")
_LEFT_OUT = regex(r"^(?:_+|ignored?|unused|dummy)$")
MESSAGES = frozenset({"getMessage", "message", "Message", "getLocalizedMessage", "toString", "ToString"})


_PANIC = (
    "The error is thrown away here and the panic tells only that there was one. In an outage neither the log nor the "
    "crash report says whether it was a timeout, a full disk or a bug."
)
_UNIT = (
    "Its error is `()`: callers learn that it failed and nothing more. They can neither log a reason nor tell what "
    "a retry may mend from what it will not."
)


_NEVER = regex(r"(?i)\b(?:never|impossible|unreachable|can(?:no|')t happen|should not happen|must not happen)\b")
"""Words of an assertion: that it fails is the news, whatever failed it."""
_ANOTHER = regex(r"(?:^|[.?!])(?:\w*[eE]xception|\w*[cC]ause|[iI]nner\w*)(?:\(\))?$")
"""Another failure that the new one carries: the last of several tries, say."""


class CauseDropped(Rule):
    """## What it finds
    A handler that throws a new exception and gives it neither the one it caught nor more than its message, and does
    nothing else with that one. In Rust: `Err(_) => panic!(…)`, and a public function whose error is `()`.

    ## Why it matters
    The log shows where the error was translated and not where it arose. Whether it was a timeout, a full disk or a bug
    cannot be told any more, and neither a retry nor an alert can decide by its type.

    ## Use instead
    `new X("…", e)` in Java and C#, `X("…", e)` in Kotlin, `new Error("…", { cause: e })` in JavaScript; in Rust the
    error in the message of the panic, or an `expect`.
    """

    name = "lost-cause/cause-dropped"
    severity = Severity.LOW
    covered_by = ("eslint:preserve-caught-error",)
    languages = ("javascript", "typescript", "java", "csharp", "kotlin", "rust")
    confidence = 0.45  # where only one thing can have failed, the new exception says it all

    def check_handler(self, handler: Handler, file: SourceFile) -> list[Alarm]:
        if file.language.name == "rust":
            return self._panics(handler)
        variable, body = handler.variable, handler.body
        if body is None:  # unprovable: narrows the type
            return []
        if not variable or any(name.endswith(EXPECTED) for name in handler.caught):
            return []
        if _says_that_a_value_is_wrong(handler):
            return []
        told = [mention for mention in file.language.mentions(variable, body) if not self._is_only_its_message(mention)]
        jumps = [jump for jump in file.within(file.jumps, body) if jump.kind == "raise"]
        if (
            told
            or len(jumps) != 1
            or next(jumps[0].around(Handler)) is not handler
            or self._is_run_later(jumps[0], handler)
        ):
            return []
        made = self._new_exception(jumps[0], file)
        if made is None or _NEVER.search(made.text) or any(_ANOTHER.search(a.text) for a in made.all_arguments):
            return []
        return [self._alarm(jumps[0], made, variable)]

    def _panics(self, handler: Handler) -> list[Alarm]:
        """`Err(_) => panic!("…")`: the panic does not say what failed."""
        calls = handler.file.within(handler.file.calls, handler.body)
        panic = next((call for call in calls if call.method == "panic!"), None)
        if handler.caught_nodes or panic is None or len(handler.statements) != 1 or _is_constant(handler):
            return []
        named = handler.variable and re.search(rf"\b{re.escape(handler.variable)}\b", panic.text)
        return [] if named else [self._tells_nothing(handler, "This panic does not say what failed", _PANIC)]

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        """`pub fn f() -> Result<T, ()>`."""
        if (
            file.language.name != "rust"  # unprovable: only saves time
            or not self._is_public(function)
        ):
            return None
        result = file.language.returned_type(function.node)
        given = result.child_by_field_name("type_arguments") if result is not None else None
        kinds = [child.type for child in given.named_children] if given is not None else []
        if kinds[1:] != ["unit_type"] or not function.returns.endswith("Result"):
            return None
        return self._tells_nothing(function, f"`{function.name}` fails without saying why", _UNIT)

    def _is_public(self, function: Function) -> bool:
        traits = (around.node for around in function.around(Class) if around.node.type == "trait_item")
        return "pub" in function.file.language.modifiers(next(traits, function.node))

    def _tells_nothing(self, at: Handler | Function, title: str, body: str) -> Alarm:
        is_panic = isinstance(at, Handler)
        fix = "Put the error into the message, or hand it on." if is_panic else "Give it an error type that says more."
        return Alarm(at, title[:80], body, fix, last_line=at.start_line)

    def _is_run_later(self, jump: Jump, handler: Handler) -> bool:
        return jump.function is not handler.function

    def _is_only_its_message(self, mention: object) -> bool:
        above = getattr(mention, "parent", None)
        names = [text_of(child) for child in getattr(above, "named_children", ())]
        return bool(MESSAGES.intersection(names[1:2]))

    def _new_exception(self, jump: Jump, file: SourceFile) -> Call | None:
        made = file.call_at(next(iter(jump.node.named_children), None))
        if made is None:  # unprovable: narrows the type
            return None
        is_new = made.node.type in ("new_expression", "object_creation_expression") or file.language.name == "kotlin"
        return made if is_new and made.method.endswith(("Exception", "Error")) else None

    def _alarm(self, jump: Jump, made: Call, variable: str) -> Alarm:
        is_script = jump.file.language.name.endswith("script")
        cause = f"{{ cause: {variable} }}" if is_script else variable
        return Alarm(
            jump,
            f"This `{made.method}` forgets what caused it"[:80],
            f"The exception caught as `{variable}` ends here: the new one does not carry it, and nobody logs it. In an "
            "outage its type and stack trace, which name the broken line, are nowhere to be found.",
            f"Give the new exception the old one as its cause: `{cause}` as last argument.",
        )

    bad = (
        javascript("try { sync(); } catch (e) { throw new Error('sync failed'); }"),
        typescript("try { sync(); } catch (e) {\n  throw new SyncError(`sync: ${e.message}`);\n}", line=2),
        java(
            'class A { void f() { try { sync(); }\n  catch (IOException e) { throw new X.SyncException("no"); } } }', 2
        ),
        java("class A { void f() { try { sync(); }\n  catch (X e) { throw new SyncException(e.getMessage()); } } }", 2),
        csharp(
            'class A { void F() { try { Sync(); }\n  catch (IOException e) { throw new SyncException("no"); } } }', 2
        ),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            "        throw SyncException(e.message)\n    }\n}",
            line=5,
        ),
        rust(
            'fn f() {\n    match sync() {\n        Ok(n) => count(n),\n        Err(_) => panic!("sync"),\n    }\n}',
            line=4,
        ),
        rust("fn f() {\n    if let Err(_e) = sync() {\n        panic!();\n    }\n}", line=2),
        *FURTHER_BAD,
    )
    good = (
        java(
            "class A { void f() { try { put(o); } catch (FullException e) "
            '{ throw new AssertionError("a new list is never full"); } } }'
        ),
        csharp(
            "class A { void F() { try { Put(o); } catch (IOException e) "
            '{ throw new PutException("closing", earlier?.Exception); } } }'
        ),
        java(
            "class A { void f() { try { sync(); } catch (X e) { try { undo(); } "
            'catch (X f) { log(f); throw new SyncException("no"); } log(e); } } }'
        ),
        javascript("try { sync(); } catch (e) { throw new Error('sync failed', { cause: e }); }"),
        javascript("try { sync(); } catch { throw new Error('sync failed'); }"),
        csharp('class A { void F() { try { Read(t); } catch (ParseException e) { throw new X("no", e.Message); } } }'),
        typescript("try { sync(); } catch (e) { throw failed('sync'); }"),
        typescript("try { sync(); } catch (e) { throw new Response('no', 400); }"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        throw SyncException("no", e)\n    }\n}'
        ),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        throw failed("sync")\n    }\n}'
        ),
        rust(
            'fn f() {\n    match sync() {\n        Ok(n) => count(n),\n        Err(e) => panic!("sync: {e}"),\n    }\n}'
        ),
        rust(
            "fn f() {\n    match sync() {\n        Ok(n) => count(n),\n"
            '        Err(Gone::Late) => panic!("late"),\n        Err(_) => unreachable!(),\n    }\n}'
        ),
        *FURTHER_GOOD,
    )


def _is_constant(handler: Handler) -> bool:
    """Worked out by the compiler, which may not format a message."""
    above = handler.node.parent
    while (
        above is not None  # unprovable: narrows the type
        and above.type != "function_item"
    ):
        if above.type in ("const_item", "const_block", "static_item"):
            return True
        above = above.parent
    return False


def _says_that_a_value_is_wrong(handler: Handler) -> bool:
    """Its author names the cause as left out; or one call is guarded that checks or converts a value."""
    if _LEFT_OUT.match(handler.variable):
        return True
    guarded = handler.guarded.body if handler.guarded is not None else None  # unprovable: narrows the type
    calls = handler.file.within(handler.file.calls, guarded)
    if guarded is None:  # unprovable: narrows the type
        return False
    if not calls or len(guarded.named_children) != 1:
        return False
    is_of_a_value = any(name.endswith(_VALUE) for name in handler.caught)
    return is_of_a_value or bool(_CHECKS.match(min(calls, key=lambda call: call.node.start_byte).method))
