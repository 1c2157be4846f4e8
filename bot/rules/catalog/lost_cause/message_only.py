"""A failure of which only the message is kept."""

from bot.domain import Severity
from bot.rules.programs import is_program
from bot.rules.rule import Alarm, Example, Rule, csharp, java
from bot.syntax import Call, Handler, SourceFile, text_of

MESSAGES = ("getMessage()", "getLocalizedMessage()", "Message")
LOGS = ("log", "warn", "error", "info", "debug", "severe", "println", "fatal", "writeline", "critical")


class MessageOnly(Rule):
    """## What it finds
    A handler in Java or C# that logs or prints the bare message of what it caught, `log.error(e.getMessage())`, and
    does nothing else with it.

    ## Why it matters
    A message alone is "null", "Index 3" or "Connection reset": it tells neither what was being done nor where. The type
    and the stack trace, which do, are gone, and the fault has to happen again before anybody can find it.

    ## Use instead
    A line that says what failed, with the exception itself: `log.error("orders could not be loaded", e)`.
    """

    name = "lost-cause/message-only"
    severity = Severity.LOW
    languages = ("java", "csharp")
    needs = (b"getMessage()", b"getLocalizedMessage()", b".Message")
    confidence = 0.45  # what is left out is seldom missed, in commands least of all

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        variable, body = handler.variable, handler.body
        if body is None:  # unprovable: narrows the type
            return None
        if any(one.kind == "raise" for one in file.within(file.jumps, body)):
            return None
        mentions = list(file.language.mentions(variable, body))
        lines = [call for call in file.within(file.calls, body) if call.method.lower().startswith(LOGS)]
        bare = [call for call in lines if self._is_of_the_message(call, variable)]
        if len(mentions) != 1 or len(bare) != 1 or len(lines) != 1 or is_program(file):
            return None
        return Alarm(
            bare[0],
            f"Only the message of `{variable}` is kept"[:80],
            "A bare message says neither what was being done nor where it failed, and is often null. The type and "
            "stack trace of the failure, which would tell, are lost here.",
            f"Say what failed, and give `{variable}` itself to the line.",
        )

    def _is_of_the_message(self, call: Call, variable: str) -> bool:
        """Its message is one of the arguments, and no argument says what was being done."""
        if call.receiver is None:
            return False
        if text_of(call.receiver).rsplit(".", 1)[-1] == "Debug":
            return False  # for whoever runs it in a debugger, and in no release
        given = [argument.text for argument in call.arguments]
        told = any('"' in text and len(text) > 2 for text in given)
        return not told and not {f"{variable}.{message}" for message in MESSAGES}.isdisjoint(given)

    bad = (
        java("class A { void f() { try { sync(); } catch (Exception e) {\n  log.error(e.getMessage());\n} } }", line=2),
        csharp(
            "class A { void F() { try { Sync(); } catch (Exception e) {\n  _log.LogError(e.Message);\n} } }", line=2
        ),
        java('class A { void f() { try { a(); } catch (X e) {\n  log.error("", e.getMessage());\n} } }', line=2),
    )
    good = (
        csharp("class A { void F() { try { Sync(); } catch (Exception e) { Debug.WriteLine(e.Message); } } }"),
        java(
            'class A { void f() { try { a(); } catch (Exception e) { log.error("a"); log.error(e.getMessage()); } } }'
        ),
        java('class A { void f() { try { sync(); } catch (Exception e) { log.error("sync: " + e.getMessage()); } } }'),
        java('class A { void f() { try { sync(); } catch (Exception e) { log.error("sync", e.getMessage()); } } }'),
        java("class A { void f() { try { sync(); } catch (Exception e) { log.error(e.getMessage(), e); } } }"),
        java("class A { void f() { try { sync(); } catch (Exception e) { log.error(e.getMessage()); throw e; } } }"),
        java("class A { void f() { try { sync(); } catch (Exception e) { reply.send(e.getMessage()); } } }"),
        java("class A { void f() { try { sync(); } catch (Exception e) { error(e.getMessage()); } } }"),
        csharp('class A { void F() { try { Sync(); } catch (Exception e) { _log.LogError(e, "sync"); } } }'),
        java(
            "class A { void f() { try { sync(); } catch (IOException e) { log.error(e.getMessage()); throw "
            "new Failed(); } } }",
        ),
        Example(
            "java",
            "class Sync { void f() { try { sync(); } catch (IOException e) { log.error(e.getMessage()); } } }",
            path="cli/Sync.java",
        ),
        java("class A { void f() { try { sync(); } catch (Exception e) { log.error(e); } } }"),
    )
