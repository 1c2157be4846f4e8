"""A log line that is begun and never written."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, go, java
from bot.syntax import Call, SourceFile

ZEROLOG = "github.com/rs/zerolog"
LEVELS = {
    "go": regex(r"^(?:Trace|Debug|Info|Warn|Error|Fatal|Panic|WithLevel|Err|Log)$"),
    "java": regex(r"^at(?:Trace|Debug|Info|Warn|Warning|Error|Severe|Fine|Finer|Finest|Config|Level)$"),
}
SENDS = {
    "go": frozenset({"Msg", "Msgf", "MsgFunc", "Send"}),
    "java": frozenset({"log", "logVarargs"}),
}


class LogEventNotSent(Rule):
    """## What it finds
    A fluent log line (zerolog in Go; SLF4J 2, Log4j and Flogger in Java) whose chain ends before the call that writes
    it: `Msg`, `Send`, `log`.

    ## Why it matters
    The chain only builds the line. Without its last call nothing is written, neither in a test nor in the outage in
    which somebody looks for just this line.

    ## Use instead
    End the chain: `log.Error().Err(err).Msg("…")`, `logger.atError().setCause(e).log("…")`.
    """

    name = "log-hygiene/log-event-not-sent"
    severity = Severity.MEDIUM
    covered_by = ("golangci-lint:zerologlint",)
    languages = ("go", "java")
    needs = (
        b"zerolog",
        b".atTrace",
        b".atDebug",
        b".atInfo",
        b".atWarn",
        b".atError",
        b".atSevere",
        b".atFine",
        b".atLevel",
    )
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.use != "discarded" or call.receiver is None:
            return None
        language = file.language.name
        if call.method in SENDS[language] or not self._is_fluent(call, language):
            return None
        return Alarm(
            call,
            "This log line is built and never written",
            f"The chain ends with `{call.method}`, which only adds to the line. Nothing is written, so the event is "
            "missing from the log when it is looked for.",
            'End the chain with `Msg("…")` or `Send()`.' if language == "go" else 'End the chain with `log("…")`.',
        )

    def _is_fluent(self, call: Call, language: str) -> bool:
        first: Call | None = call
        while first is not None:
            if LEVELS[language].match(first.method) and self._begins_a_line(first, language):
                return True
            first = first.receiver_call
        return False

    def _begins_a_line(self, call: Call, language: str) -> bool:
        if language == "java":
            return not call.all_arguments or call.method == "atLevel"
        if call.name.startswith(f"{ZEROLOG}/log.") or call.name.startswith(f"{ZEROLOG}.Logger."):
            return True
        uses = any(path.startswith(ZEROLOG) for path in call.file.imports.values())
        return uses and not call.all_arguments and call.use == "receiver"

    bad = (
        go('import "github.com/rs/zerolog/log"\n\nfunc f() {\n\tlog.Err(failed).Str("order", id)\n}', line=4),
        go('import "github.com/rs/zerolog"\n\nfunc f(l zerolog.Logger) {\n\tl.Err(failed)\n}', line=4),
        go('import "github.com/rs/zerolog"\n\nfunc (s *S) f() {\n\ts.log().Error().Str("a", b)\n}', line=4),
        java('class A { void f() {\n  logger.atError().setCause(e).addKeyValue("order", id);\n} }', line=2),
        java('class A { void f() {\n  logger.atLevel(level).addKeyValue("order", id);\n} }', line=2),
    )
    good = (
        go('import "github.com/rs/zerolog/log"\n\nfunc f() { log.Info().Str("order", id).Msg("sent") }'),
        go('import "github.com/rs/zerolog/log"\n\nfunc f() { e := log.Info(); e.Send() }'),
        go("func f() { report.Error().Add(id) }"),
        java('class A { void f() { logger.atError().setCause(e).log("no"); } }'),
        java("class A { void f() { logger.error(line); orders.clear(); atInfo(); } }"),
        go(
            'import "github.com/rs/zerolog"\n\nfunc (s *S) f(l zerolog.Logger) { s.report.Error(code).Str("a", b) }',
        ),
        go(
            'import "github.com/rs/zerolog"\n\nfunc (s *S) f(l zerolog.Logger) { s.report.Err() }',
        ),
    )
