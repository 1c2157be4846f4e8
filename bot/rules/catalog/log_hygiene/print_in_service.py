"""Output of a service that goes past its log."""

from bot.domain import Severity
from bot.rules.programs import is_program
from bot.rules.rule import Alarm, Example, Rule, csharp, java, javascript, python, typescript
from bot.syntax import Call, SourceFile

PRINTS = {
    "python": frozenset({"print", "builtins.print", "pprint", "pprint.pprint", "pprint.pp"}),
    "javascript": frozenset({"console.log", "console.debug", "console.info"}),
    "java": frozenset(),
    "csharp": frozenset({"Console.WriteLine", "Console.Write", "Debug.WriteLine", "Trace.WriteLine"}),
}
PRINTS["typescript"] = PRINTS["javascript"]
PROTOCOL = frozenset({"file", "flush"})
"""With these, what is printed is meant for whoever reads this very stream."""
JAVA_METHODS = frozenset({"println", "printf", "print", "format"})
STANDARD = ("sys.stdout", "sys.stderr", "None")
BROWSER = (".tsx", ".jsx", ".vue")
SAID = ("noqa", "eslint-disable", "NOSONAR", "noinspection")


class PrintInService(Rule):
    """## What it finds
    `print`, `console.log`, `System.out.println`, `Console.WriteLine` in code that is no program for a terminal.

    ## Why it matters
    Such a line has no level, no time and no request it belongs to. It cannot be found by the query that finds the
    others, and it can be neither turned up nor turned off while the service runs.

    ## Use instead
    The service's logger, with a level and with what the line is about as fields.
    """

    name = "log-hygiene/print-in-service"
    severity = Severity.LOW
    covered_by = ("ruff:T201", "eslint:no-console", "sonar:java:S106")
    languages = ("python", "javascript", "typescript", "java", "csharp")
    methods = JAVA_METHODS | {"pprint", "pp", "log", "debug", "info", "WriteLine", "Write"}
    confidence = 0.4

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if not self._prints(call, file.language.name) or call.use != "discarded" or self._is_sent_on(call):
            return None
        if call.function is None and file.language.name.endswith("script"):
            return None  # a script that is run by itself
        if file.path.endswith(BROWSER) or self._is_meant(call, file) or is_program(file):
            return None
        return Alarm(
            call,
            f"`{call.written}` goes past the log"[:80],
            "This line has neither level nor time nor the request it belongs to. Whoever looks through the log in an "
            "outage does not find it, and nobody can turn it off.",
            "Write it with the logger, at the level it deserves.",
        )

    def _prints(self, call: Call, language: str) -> bool:
        if language == "java":
            return call.method in JAVA_METHODS and call.written.startswith(("System.out.", "System.err."))
        return call.name in PRINTS[language]

    def _is_sent_on(self, call: Call) -> bool:
        stream = call.keywords.get("stream")
        return bool(PROTOCOL & set(call.keywords)) or (stream is not None and stream.text not in STANDARD)

    def _is_meant(self, call: Call, file: SourceFile) -> bool:
        """Another linter is told on this line (or above it) to let something be."""
        notes = file.comments_on(call.start_line - 1, call.start_line)
        return any(word in note.text for note in notes for word in SAID)

    bad = (
        python("def charge(order):\n    print('charging', order.id)\n    return pay(order)", line=2),
        python("from pprint import pprint\n\ndef charge(order):\n    pprint(order, stream=sys.stderr)", line=4),
        python("order = first()\nprint(order)", line=2),
        javascript("function charge(order) {\n  console.log('charging', order.id);\n}", line=2),
        typescript("export class Orders { charge(o: Order) {\n  console.debug(o);\n} }", line=2),
        java('class A { void charge(Order o) {\n  System.out.println("charging " + o);\n} }', line=2),
        csharp('class A { void Charge(Order o) {\n  Console.WriteLine("charging " + o);\n} }', line=2),
    )
    good = (
        python("def charge(order):\n    log.info('charging %s', order.id)"),
        python("import sys\ndef charge(order):\n    print('charging', file=sys.stderr)"),
        python("def charge(order):\n    print(order.id)\n\nif __name__ == '__main__':\n    charge(one())"),
        python("def serve(port):\n        print(port, flush=True)"),
        python("from pprint import pprint\ndef keep(order, out):\n    pprint(order, stream=out)"),
        python("import argparse\ndef charge(order):\n    print(order.id)"),
        python("def charge(order):\n    print(order.id)  # noqa: T201"),
        javascript("#!/usr/bin/env node\nfunction f() { console.log('done'); }"),
        javascript("console.log('done');"),
        javascript("const logged = console.log('a') || 1;"),
        typescript("export function f() { console.error('no'); }"),
        java('class A { void charge(Order o) { log.info("charging {}", o); out.println(o); System.out.flush(); } }'),
        csharp('class A { void Charge(Order o) { _logger.LogInformation("charging {O}", o); } }'),
        Example("javascript", "function Panel() {\n  console.log('shown');\n}", path="web/panel.jsx"),  # a browser's
        javascript(
            "function f() { return console.log('charged'); }",
        ),
    )
