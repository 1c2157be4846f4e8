"""A handler that takes any failure for the one it expects."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.logging_calls import logs
from bot.rules.rule import Alarm, Rule, csharp, java, python
from bot.syntax import Handler, SourceFile

BLANKET = frozenset({"Exception", "builtins.Exception", "java.lang.Exception", "RuntimeException", "System.Exception"})
BLANKET_TOO = frozenset({"java.lang.RuntimeException"})
TELLS = regex(r"(?i)exc_?info|raise|capture|report|exception|abort|fail|reject|panic|exit|traceback")
"""Calls that hand the failure on, or end what failed."""
SAID = ("noqa", "pylint: disable", "NOSONAR", "pragma")


class BlindException(Rule):
    """## What it finds
    `except Exception`, `catch (Exception e)` and `catch (RuntimeException e)` that go on without a line in the log and
    without passing anything on.

    ## Why it matters
    Next to the failure that is meant it takes every bug of the guarded code: a misspelt name, a null. They look like
    the expected failure from then on, and are found by the customers.

    ## Use instead
    The failures that the call is known to raise; one blanket handler at the edge of the request, which logs.
    """

    name = "broad-catch/blind-exception"
    severity = Severity.LOW
    covered_by = ("ruff:BLE001", "dotnet:CA1031")
    languages = ("python", "java", "csharp")
    confidence = 0.4

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if not any(name in BLANKET or name in BLANKET_TOO for name in handler.caught) or not handler.statements:
            return None
        if any(jump.kind == "raise" for jump in file.within(file.jumps, handler.body)) or self._is_filtered(handler):
            return None
        if self._is_reported(handler, file) or self._is_meant(handler, file):
            return None
        return Alarm(
            handler,
            "This handler takes every failure for the one it expects",
            "A bug in the guarded code is caught here as well and dealt with as if it were the expected failure. "
            "Nothing is logged, so it is found by a customer instead of an alert.",
            "Catch what the call is known to raise, and let the rest go up.",
            last_line=handler.start_line,
        )

    def _is_filtered(self, handler: Handler) -> bool:
        return any(child.type == "catch_filter_clause" for child in handler.node.children)

    def _is_reported(self, handler: Handler, file: SourceFile) -> bool:
        """What was caught is used: logged, kept, given to somebody."""
        body = handler.body
        if body is None:  # unprovable: narrows the type
            return False
        if next(file.language.mentions(handler.variable, body), None):
            return True
        return any(logs(call) or TELLS.search(call.method) for call in file.within(file.calls, handler.body))

    def _is_meant(self, handler: Handler, file: SourceFile) -> bool:
        return any(
            word in one.text for one in file.comments_on(handler.start_line, handler.start_line) for word in SAID
        )

    bad = (
        python("try:\n    n = load()\nexcept Exception:\n    n = 0", line=3),
        java("class A { int f() { try { return load(); }\n  catch (Exception e) { return 0; } } }", line=2),
        java("class A { int f() { try { return load(); }\n  catch (RuntimeException e) { return 0; } } }", line=2),
        csharp("class A { int F() { try { return Load(); }\n  catch (Exception) { return 0; } } }", line=2),
    )
    good = (
        python("try:\n    n = load()\nexcept Exception:\n    reraise(*sys.exc_info())"),
        python("try:\n    n = load()\nexcept OSError:\n    n = 0"),
        python("try:\n    n = load()\nexcept Exception:\n    undo()\n    raise"),
        python("try:\n    n = load()\nexcept Exception:\n    log.exception('load')\n    n = 0"),
        python("try:\n    n = load()\nexcept Exception as e:\n    n = Failed(e)"),
        python("try:\n    n = load()\nexcept Exception:  # noqa: BLE001\n    n = 0"),
        python("try:\n    n = load()\nexcept Exception:\n    pass"),  # swallowed-error says it
        java("class A { int f() { try { return load(); } catch (IOException e) { return 0; } } }"),
        java("class A { int f() { try { return load(); } catch (Exception e) { return failed(e); } } }"),
        csharp(
            "class A { int F() { try { return Load(); } catch (Exception e) when (e.Data == null) { return 0; } } }"
        ),
        python(
            "try:\n    n = load()\nexcept Exception as e:\n    n = Nothing(e)",
        ),
        python("try:\n    n = load()\nexcept Exception:\n    log.warning('no rates')\n    n = 0"),
    )
