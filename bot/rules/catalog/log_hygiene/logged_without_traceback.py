"""A log line about a failure that does not say which."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.log_hygiene.logged_without_traceback_examples import FURTHER_GOOD
from bot.rules.logging_calls import logs, logs_an_error, names
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, typescript
from bot.syntax import Call, Handler, SourceFile, text_of

BROAD = frozenset({"Exception", "BaseException", "builtins.Exception"})
_PLACE = regex(r"\{[^}]*\}")


ANSWERS = regex(r"NoSuch|NotFound|NumberFormat|ClassCast|IllegalArgument")
"""Failures whose name says it all."""
MISSING = regex(r"NoSuch(?:Field|Method)|ClassNotFound|NoClassDef")
"""Answers to the question whether a class or one of its parts is there."""
_ENDED = regex(r"(?:Interrupted|Cancell?ed|OperationCanceled|TaskCanceled)(?:Exception|Error)$")
_PARSES = regex(r"^(?:parse\w*|valueOf|Parse|Atoi|strptime|fromisoformat|int|float)$")
_HARMLESS = frozenset({"longValue", "intValue", "trim", "strip", "toString"})
_LEFT_OUT = regex(r"^(?:ignored?|unused|dummy)$")


class LoggedWithoutTraceback(Rule):
    """## What it finds
    A handler that logs, and whose line leaves out what was caught: not the error, not its stack trace. And an SLF4J or
    Log4j line with a `{}` too many, which takes the exception for a word to print.

    ## Why it matters
    "Sync failed" at three in the morning is all there is. What failed, and where, was in the exception, and that is
    gone: the fault can be neither told from others nor found without waiting for it to happen again.

    ## Use instead
    `log.exception("…")` in Python; the exception as last argument in Java and C#; the error in the line elsewhere.
    """

    name = "log-hygiene/logged-without-traceback"
    severity = Severity.LOW
    covered_by = ("ruff:TRY400", "sonar:csharpsquid:S6667")
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby")
    methods = frozenset({"error", "warn", "info", "debug", "trace"})
    confidence = 0.45  # where only one thing can have failed, the line says it all

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        language = file.language.name
        if language == "python":
            broad = not handler.caught_nodes or any(name in BROAD for name in handler.caught)
            if (
                not broad
                or names(handler)
                or "traceback" in handler.text
                or "exc_info" in handler.text
                or ".exception(" in handler.text
            ):
                return None
        elif names(handler) or (not handler.variable and language != "csharp") or _is_answer(handler):
            return None
        if self._is_told_by_another_name(handler):
            return None
        if any(jump.kind == "raise" for jump in file.within(file.jumps, handler.body)):
            return None
        if any(_ENDED.search(name) for name in handler.caught):
            return None  # that it was interrupted is the whole news
        lines = [
            call
            for call in file.within(file.calls, handler.body)
            if call.function is handler.function and next(call.around(Handler)) is handler
        ]
        written = next((call for call in lines if self._is_line(call, language)), None)
        if written is not None and _is_about_a_value(handler, written):
            return None
        if written is None or (language == "csharp" and handler.caught_nodes and not self._is_broad(handler)):
            return None
        return self._alarm(written, language)

    def _is_told_by_another_name(self, handler: Handler) -> bool:
        """C#'s `catch (Exception e) when (e is X other)`: the handler speaks of `other`."""
        body = text_of(handler.body)
        when = next((child for child in handler.node.children if child.type == "catch_filter_clause"), None)
        return any(re.search(rf"\b{name}\b", body) for name in re.findall(r"\bis [\w.]+ (\w+)", text_of(when)))

    def _is_line(self, call: Call, language: str) -> bool:
        return logs_an_error(call) if language == "python" else logs(call)

    def _is_broad(self, handler: Handler) -> bool:
        return bool(handler.variable) or any(name.rsplit(".", 1)[-1] == "Exception" for name in handler.caught)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """`log.error("{}", exception)`, with a marker before it or without."""
        if call.method not in self.methods:
            return None
        literals = (place for place, one in enumerate(call.arguments[:2]) if one.node.type == "string_literal")
        given = call.arguments[next(literals, 2) :]
        if len(given) < 2 or len(_PLACE.findall(given[0].text)) < len(given) - 1:
            return None
        if not self._is_throwable(given[-1].text, call):
            return None
        return Alarm(
            call,
            "This log line has a `{}` too many: it is filled with the exception",
            "The last `{}` takes the exception for a word to print. Log4j then writes its message alone, and where it "
            "came from is lost; other backends keep the stack trace and print the two braces as they stand.",
            _FIX["java"],
        )

    def _is_throwable(self, text: str, call: Call) -> bool:
        caught = next((handler.variable for handler in call.around(Handler)), "")
        return text == caught or bool(re.match(r"new \w*(?:Exception|Error|Throwable)\(", text))

    def _alarm(self, call: Call, language: str) -> Alarm:
        return Alarm(
            call,
            "This log line does not say what failed",
            f"`{call.written}` reports a failure and leaves out the exception, so its message and stack trace are "
            "lost here. In the outage the log says that something failed, but not what and not where.",
            _FIX[language],
        )

    bad = (
        java(
            "class A { void f() {\n  try { port = Integer.parseInt(text); bind(port); }\n"
            '  catch (Exception e) { port = 80; log.warn("no port: {}", text); } } }',
            line=3,
        ),
        java(
            "class A { void f() {\n  try { port = Integer.parseInt(text); }\n"
            '  catch (Exception e) { port = 80; log.warn("no port"); } } }',
            line=3,
        ),
        java(
            "class A { void f() {\n  try { port = port(text); }\n"
            '  catch (Exception e) { port = 80; log.warn("no port: {}", text); } } }',
            line=3,
        ),
        java(
            "class A { void f() {\n  try { config = reader.parse(); }\n"
            '  catch (Exception e) { log.warn("no config: {}", reader); } } }',
            line=3,
        ),
        csharp('class A { void F() { try { Sync(); } catch { _logger.LogWarning("sync failed"); } } }'),
        python("try:\n    sync()\nexcept Exception:\n    log.error('sync failed')", line=4),
        python("try:\n    sync()\nexcept Exception as e:\n    logging.error('sync failed')", line=4),
        javascript("try { sync(); } catch (e) { console.error('sync failed'); }"),
        typescript("try { sync(); } catch (e) { this.logger.warn('sync failed'); }"),
        go('func f() { if err := sync(); err != nil { log.Println("sync failed") } }'),
        java('class A { void f() { try { sync(); } catch (IOException e) { log.warn("sync failed"); } } }'),
        java('class A { void f() { log.error("{} {}", order, new SyncException()); } }'),
        java('class A { void f() { log.error(MARK, "{}", new SyncException()); } }'),
        java('class A { void f() { try { sync(); } catch (X e) { log.info("sync {}", e); } } }'),
        csharp('class A { void F() { try { Sync(); } catch (Exception) { _logger.LogError("sync failed"); } } }'),
        csharp('class A { void F() { try { Sync(); } catch (IOException e) { _logger.LogError("sync failed"); } } }'),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        log.warn("sync failed")\n    }\n}',
            line=5,
        ),
        kotlin(
            'fun f() {\n    try { sync() } catch (e: IOException) { log.warn("sync of {}: {}", order, e) }\n}', line=2
        ),
        ruby("begin\n  sync\nrescue IOError => e\n  logger.error('sync failed')\nend", line=4),
        python("try:\n    sync()\nexcept BaseException:\n    log.error('sync failed')", line=4),
        python("try:\n    sync()\nexcept:\n    log.error('sync failed')", line=4),
    )
    good = (
        java(
            'class A { void f() { try { pause(); } catch (InterruptedException e) { log.warn("pause cut short"); } } }'
        ),
        java(
            "class A { void f() { try { sync(); } catch (X e) { try { again(); } "
            'catch (Y f) { log.warn("sync failed twice", f); } } } }'
        ),
        java(
            "class A { void f() { try { port = Integer.parseInt(text); } "
            'catch (Exception e) { port = 80; log.warn("no port: {}", text); } } }'
        ),
        java('class A { void f() { try { load(); } catch (NoSuchFieldException e) { log.error("no field"); } } }'),
        java('class A { void f() { try { load(); } catch (X ignored) { log.error("not there"); } } }'),
        csharp(
            'class A { void F() { try { S(); } catch (Exception e) when (e is X x) { _logger.LogError(x, "s"); } } }'
        ),
        csharp(
            'class A { void F() { try { Sync(); } catch (Exception e) { _logger.LogInformation("sync failed"); } } }'
        ),
        python("try:\n    sync()\nexcept Exception:\n    log.exception('sync failed')"),
        python("try:\n    sync()\nexcept Exception:\n    log.error('sync failed', exc_info=True)"),
        python("try:\n    sync()\nexcept Exception:\n    log.error('sync failed')\n    raise"),
        python("try:\n    sync()\nexcept KeyError as e:\n    log.error('no such order: %s', e)"),
        python("try:\n    sync()\nexcept Exception:\n    log.warning('sync failed, will be repeated')"),
        python("try:\n    sync()\nexcept Exception as e:\n    logging.error('sync: %s', e)"),  # it says what failed
        javascript("try { sync(); } catch (e) { console.error('sync failed', e); }"),
        javascript("try { sync(); } catch { console.error('sync failed'); }"),
        typescript("try { sync(); } catch (e) { later(() => console.error('x')); }"),
        go('func f() { if err := sync(); err != nil { log.Println("sync failed", err) } }'),
        java('class A { void f() { try { sync(); } catch (X e) { log.warn("sync failed", e); } } }'),
        java('class A { void f() { log.error("{}", order, new SyncException()); } }'),
        java('class A { void f() { log.error("{} {}", order, line); } }'),
        csharp('class A { void F() { try { Sync(); } catch (Exception e) { _logger.LogError(e, "sync failed"); } } }'),
        csharp('class A { void F() { try { Sync(); } catch (FormatException) { _logger.LogError("no number"); } } }'),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        log.warn("sync failed", e)\n    }\n}'
        ),
        ruby('begin\n  sync\nrescue IOError => e\n  logger.error("sync: #{e.message}")\nend'),
        ruby("begin\n  sync\nrescue IOError\n  logger.error('sync failed')\nend"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        log.warn("sync failed: $e")\n    } catch (e: NoSuchOrder) {\n'
            '        log.warn("no such order")\n    }\n}'
        ),
        *FURTHER_GOOD,
    )


_FIX = {
    "python": 'Use `log.exception("…")`, or give the line `exc_info=True`.',
    "go": "Put the error into the line.",
    "java": "Give the exception as the last argument, with no `{}` for it.",
    "csharp": 'Give the exception as the first argument: `LogError(e, "…")`.',
    "javascript": "Give the caught error to the line as well.",
}
_FIX["typescript"] = _FIX["javascript"]
_FIX["kotlin"] = _FIX["java"]
_FIX["ruby"] = 'Put the exception into the line: `logger.error("sync: #{e.class}: #{e.message}")`.'


def _is_answer(handler: Handler) -> bool:
    if _LEFT_OUT.match(handler.variable):
        return True
    asked = {"kotlin": ANSWERS, "java": MISSING}.get(handler.file.language.name)
    return asked is not None and any(asked.search(name) for name in handler.caught)


def _is_about_a_value(handler: Handler, written: Call) -> bool:
    """All that is guarded makes a number or date of a text, and the line names that text: there is no more to say."""
    guarded = handler.guarded.body if handler.guarded is not None else None
    calls = handler.file.within(handler.file.calls, guarded)
    makes = [call for call in calls if _PARSES.match(call.method) and call.all_arguments]
    named = {argument.text for argument in written.all_arguments}
    return (
        len(makes) == 1
        and not {call.method for call in calls} - _HARMLESS - {makes[0].method}
        and any(re.search(rf"\b{re.escape(text)}\b", makes[0].text) for text in named)
    )
