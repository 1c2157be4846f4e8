"""A failure that is logged where it is not dealt with."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.logging_calls import logs, logs_an_error
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Call, Handler, Jump, Node, SourceFile, text_of

EXCEPTION = "exception"
"""Python's `log.exception` logs at the level of an error."""


ANSWERS = regex(r"(?i)http|response|status|abort|exit|usage|click|graphql|rpc")


class LogAndThrow(Rule):
    """## What it finds
    A handler that writes what it caught to the log and then throws the very same on, or a new one with it as cause.

    ## Why it matters
    Each layer that does so writes the failure once more: five stack traces for one fault, counted five times by the
    alert, and none of them by the layer that knows what it means for the request.

    ## Use instead
    Either deal with it and log it, or add what is known here and let it go up; the one who deals with it logs it.
    """

    name = "log-hygiene/log-and-throw"
    severity = Severity.LOW
    covered_by = ("sonar:java:S2139",)
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")
    confidence = 0.45

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if not handler.statements:
            return None
        *before, last = handler.statements
        if not self._throws_the_same(last, handler, file):
            return None
        lines = [call for one in before if (call := file.call_at(_expression(one))) is not None and logs(call)]
        if not lines or len(lines) < len(before):
            return None
        thrown = self._given(next(iter(file.within(file.jumps, last))))
        if thrown not in ("", handler.variable) and not self._is_grave(lines[0]):
            return None
        return Alarm(
            lines[0],
            "This failure is logged here and thrown on, to be logged again",
            "Whoever catches it next logs it as well. One fault so stands in the log several times, with as many stack "
            "traces, and alerts count it as several.",
            "Let it go up with what is known here added to it, and log it where it is dealt with.",
        )

    def _is_grave(self, call: Call) -> bool:
        return logs_an_error(call) or call.method == EXCEPTION

    def _throws_the_same(self, last: Node, handler: Handler, file: SourceFile) -> bool:
        jump = next(iter(file.within(file.jumps, last)), None)
        if jump is None:
            return False
        if file.language.name == "go":
            return self._given(jump) == handler.variable
        if jump.kind != "raise":
            return False
        return self._given(jump) in ("", handler.variable) or self._carries_it(jump, handler)

    def _carries_it(self, jump: Jump, handler: Handler) -> bool:
        """`raise X from e`, `throw new X("…", e)`; an answer to a client ends the failure and is another thing."""
        if not handler.variable or ANSWERS.search(text_of(jump.node)):
            return False
        ends = rf"\bfrom {handler.variable}$|^throw new \w+\((?:.*, *)?{handler.variable}\);?$"
        return bool(re.search(ends, text_of(jump.node)))

    def _given(self, jump: Jump) -> str:
        """What is thrown or, in Go, returned last."""
        text = text_of(jump.node).rstrip(";").split(None, 1)
        return text[1].rsplit(",", 1)[-1].strip() if len(text) > 1 else ""

    bad = (
        python("try:\n    sync()\nexcept OSError as e:\n    log.error('no')\n    raise SyncError() from e", line=4),
        python("try:\n    sync()\nexcept OSError:\n    log.exception('sync failed')\n    raise", line=4),
        python("try:\n    sync()\nexcept OSError as e:\n    logging.error('sync: %s', e)\n    raise e", line=4),
        python("try:\n    sync()\nexcept OSError as e:\n    log.exception('no')\n    raise SyncError() from e", line=4),
        javascript("try { sync(); } catch (e) {\n  console.error('sync', e);\n  throw e;\n}", line=2),
        typescript("try { sync(); } catch (e) {\n  this.logger.error('sync', e);\n  throw e;\n}", line=2),
        go(
            'func f() error {\n\tif err := sync(); err != nil {\n\t\tlog.Printf("sync: %v", err)\n\t\treturn err\n\t}\n'
            "\treturn nil\n}",
            line=3,
        ),
        java('class A { void f() { try { sync(); } catch (X e) {\n  log.error("sync", e);\n  throw e;\n} } }', line=2),
        java('class A { void f() { try { a(); } catch (X e) {\n  log.error("a", e);\n  throw new Y("a", e);\n} } }', 2),
        csharp(
            'class A { void F() { try { Sync(); } catch (X e) {\n  _logger.LogError(e, "sync");\n  throw;\n} } }',
            line=2,
        ),
    )
    good = (
        python("try:\n    sync()\nexcept OSError:\n    raise"),
        python("try:\n    sync()\nexcept OSError:\n    log.exception('sync failed')"),
        python("try:\n    sync()\nexcept OSError as e:\n    log.error('no')\n    raise HTTPException(502) from e"),
        python("try:\n    sync()\nexcept OSError as e:\n    log.error('no')\n    raise SyncError()"),
        python("try:\n    sync()\nexcept OSError as e:\n    log.warning('no')\n    raise SyncError() from e"),
        python("try:\n    sync()\nexcept OSError:\n    log.error('undone')\n    undo()\n    raise"),
        javascript("try { sync(); } catch (e) { undo(); throw e; }"),
        javascript("try { sync(); } catch { console.error('sync'); throw new SyncError(); }"),
        typescript("try { sync(); } catch (e) { this.logger.error('sync', e); throw new SyncError(); }"),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n\t\tlog.Print(err)\n"
            '\t\treturn fmt.Errorf("sync: %w", err)\n\t}\n\treturn nil\n}'
        ),
        go("func f() error {\n\tif err := sync(); err != nil {\n\t\tlog.Print(err)\n\t\tundo()\n\t}\n\treturn nil\n}"),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n\t\tlog.Error(err)\n\t\treturn ErrSync\n\t}\n"
            "\treturn nil\n}"
        ),
        java('class A { void f() { try { sync(); } catch (X e) { log.error("sync", e); throw new Y(); } } }'),
        csharp('class A { void F() { try { Sync(); } catch (X e) { _logger.LogError(e, "sync"); } } }'),
        java(
            "class A { void f() { try { sync(); } catch (X e) { } } }",
        ),
        javascript(
            "function f() { try { sync(); } catch (e) { log.error('sync', e); return e; } }",
        ),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n\t\tdefer log.Print(err)\n\t\treturn err\n"
            "\t}\n\treturn nil\n}",
        ),
    )


def _expression(statement: Node) -> Node:
    """The expression of an expression statement."""
    return statement.named_children[0] if statement.type == "expression_statement" else statement
