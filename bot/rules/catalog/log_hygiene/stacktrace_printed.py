"""A stack trace that goes to nobody."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.logging_calls import logs
from bot.rules.rule import Alarm, Rule, java, kotlin
from bot.syntax import Call, Handler, SourceFile

_DEBUGS = regex(r"(?i)(?:^|[._])debug|Debug")


class StacktracePrinted(Rule):
    """## What it finds
    `e.printStackTrace()`.

    ## Why it matters
    It writes to standard error, past the log: without time, level, request or thread, in as many entries as there are
    lines. Alerts do not see it, and in many deployments nobody collects it.

    ## Use instead
    The logger, with the exception as last argument.
    """

    name = "log-hygiene/stacktrace-printed"
    severity = Severity.LOW
    covered_by = ("detekt:PrintStackTrace",)
    languages = ("java", "kotlin")
    methods = frozenset({"printStackTrace"})
    confidence = 0.45  # on record: of 17 such remarks on changes none was worth a comment

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method != "printStackTrace" or call.all_arguments or call.receiver is None:
            return None
        if b"javax.annotation.processing" in file.text:
            return None  # runs in the compiler, whose output is read
        if _DEBUGS.search(call.scope) or self._is_told_as_well(call):
            return None
        return Alarm(
            call,
            "This stack trace goes past the log",
            f"`{call.written}()` writes to standard error and not to the log. No alert counts it, and whoever looks "
            "into the outage finds no line with the time and the request it belongs to.",
            'Write it with the logger: `log.error("what was tried", e)`.',
        )

    def _is_told_as_well(self, call: Call) -> bool:
        around = next(call.around(Handler), None)
        return around is not None and any(
            logs(one) or one.text == "Thread.currentThread().interrupt()"  # the interruption itself is passed on
            for one in call.file.within(call.file.calls, around.body)
        )

    bad = (
        java("class A { void f() { try { sync(); }\n  catch (IOException e) { e.printStackTrace(); } } }", line=2),
        java("class A { void f() { try { sync(); }\n  catch (X e) { e.getCause().printStackTrace(); } } }", line=2),
        java("class A { public void onFailure(Throwable e) { e.printStackTrace(); } }"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            "        e.printStackTrace()\n    }\n}",
            line=5,
        ),
    )
    good = (
        java(
            "import javax.annotation.processing.Processor;\n"
            "class A { void f() { try { make(); } catch (X e) { e.printStackTrace(); } } }"
        ),
        java('class A { void f() { try { sync(); } catch (IOException e) { log.error("sync", e); } } }'),
        java("class A { void f() { try { sync(); } catch (X e) { e.printStackTrace(writer); } } }"),
        java("class A { void f() { printStackTrace(); } }"),
        java(
            "class A { void f() { try { s(); } catch (InterruptedException e) { Thread.currentThread().interrupt(); "
            "e.printStackTrace(); } } }"
        ),
        java("class A { void debugOrders() { try { s(); } catch (X e) { e.printStackTrace(); } } }"),
        java('class A { void f() { try { s(); } catch (X e) { log.error("sync", e); e.printStackTrace(); } } }'),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (e: IOException) {\n"
            '        log.error("sync", e)\n    }\n}'
        ),
    )
