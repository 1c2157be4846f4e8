"""A new exception that does not carry the one it stands for."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, typescript
from bot.syntax import Call, Handler, Jump, SourceFile, text_of

EXPECTED = (
    "NumberFormatException",
    "FormatException",
    "DateTimeParseException",
    "NoSuchElementException",
    "ClassCastException",
)
"""Answers about a value more than failures: there is little in them beside their name."""
MESSAGES = frozenset({"getMessage", "message", "Message", "getLocalizedMessage", "toString", "ToString"})


class CauseDropped(Rule):
    """## What it finds
    A handler that throws a new exception and gives it neither the one it caught nor more than its message, and does
    nothing else with that one.

    ## Why it matters
    The log shows where the error was translated and not where it arose. Whether it was a timeout, a full disk or a bug
    cannot be told any more, and neither a retry nor an alert can decide by its type.

    ## Use instead
    `new X("…", e)` in Java and C#, `new Error("…", { cause: e })` in JavaScript.
    """

    name = "lost-cause/cause-dropped"
    severity = Severity.LOW
    languages = ("javascript", "typescript", "java", "csharp")
    confidence = 0.85

    def check_handler(self, handler: Handler, file: SourceFile) -> list[Alarm]:
        variable, body = handler.variable, handler.body
        if not variable or body is None or any(name.endswith(EXPECTED) for name in handler.caught):
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
        return [self._alarm(jumps[0], made, variable)] if made is not None else []

    def _is_run_later(self, jump: Jump, handler: Handler) -> bool:
        return jump.function is not handler.function

    def _is_only_its_message(self, mention: object) -> bool:
        above = getattr(mention, "parent", None)
        names = [text_of(child) for child in above.named_children] if above is not None else []
        return above is not None and len(names) > 1 and names[0] == text_of(mention) and names[1] in MESSAGES  # type: ignore[arg-type]

    def _new_exception(self, jump: Jump, file: SourceFile) -> Call | None:
        made = file.call_at(next(iter(jump.node.named_children), None))
        is_new = made is not None and made.node.type in ("new_expression", "object_creation_expression")
        return made if is_new and made is not None and made.method.endswith(("Exception", "Error")) else None

    def _alarm(self, jump: Jump, made: Call, variable: str) -> Alarm:
        cause = f"{{ cause: {variable} }}" if jump.file.language.name.endswith("script") else variable
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
    )
    good = (
        java(
            "class A { void f() { try { sync(); } catch (X e) { try { undo(); } "
            'catch (X f) { log(f); throw new SyncException("no"); } log(e); } } }'
        ),
        java('class A { void f() { try { a(); } catch (X e) { throw new SyncException("no", e.getCause()); } } }'),
        javascript("try { sync(); } catch (e) { throw new Error('sync failed', { cause: e }); }"),
        javascript("try { sync(); } catch { throw new Error('sync failed'); }"),
        javascript("try { sync(); } catch (e) { log(e); throw new Error('sync failed'); }"),
        javascript("try { sync(); } catch (e) { later(() => { throw new Error('sync failed'); }); }"),
        typescript("try { sync(); } catch (e) { throw failed('sync'); }"),
        typescript("try { sync(); } catch (e) { throw new Response('no', 400); }"),
        java('class A { void f() { try { sync(); } catch (IOException e) { throw new SyncException("no", e); } } }'),
        java(
            'class A { void f() { try { n(); } catch (NumberFormatException e) { throw new SyncException("no"); } } }'
        ),
        csharp('class A { void F() { try { Sync(); } catch (IOException) { throw new SyncException("no"); } } }'),
        csharp('class A { void F() { try { Sync(); } catch (X e) { throw new SyncException("no", e); } } }'),
        csharp('class A { void F() { try { S(); } catch (X e) { if (no) throw new SyncException("no"); throw; } } }'),
    )
