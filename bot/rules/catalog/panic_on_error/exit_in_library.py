"""A library that ends its program."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Example, Rule, go
from bot.syntax import Call, SourceFile

ENDS = frozenset({"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln"})
MAY_END = regex(r"^init[A-Z]|(?i:^(?:main|must|fatal|exit|usage|die|init$|test|execute$)|exit$|fatal$|OrDie$|Main$)")
PROGRAMS = frozenset({"cmd", "cli", "tools", "scripts", "examples"})
"""Folders that hold programs and their commands."""
_PACKAGE = regex(rb"^package\s+(\w+)", re.MULTILINE)


class ExitInLibrary(Rule):
    """## What it finds
    `os.Exit` or `log.Fatal` in a Go package other than `main`.

    ## Why it matters
    One failed call ends the whole process: no deferred function runs, no request in flight is answered, no buffer is
    written out. And the caller, who might have had a fallback, is never asked.

    ## Use instead
    Return the error and let `main` decide.
    """

    name = "panic-on-error/exit-in-library"
    severity = Severity.MEDIUM
    languages = ("go",)
    names = ENDS
    confidence = 0.45  # a program's own start often lies in another package than `main`, and looks the same

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name not in ENDS or self._is_program(file):
            return None
        if any(MAY_END.search(name) for name in call.scope.split(".")):
            return None
        return Alarm(
            call,
            f"`{call.written}` ends the whole process from inside a package"[:80],
            f"`{call.written}` stops the process where it stands: deferred clean-up does not run, and requests in "
            "flight are cut off. The caller never gets to retry or to fall back.",
            "Return the error, and let `main` decide what ends the program.",
        )

    def _is_program(self, file: SourceFile) -> bool:
        package = _PACKAGE.search(file.text)
        return (
            package is None  # unprovable: Go has none without
            or package[1] == b"main"
            or bool(PROGRAMS & set(file.path.split("/")[:-1]))
        )

    bad = (
        go('package store\n\nimport "log"\n\nfunc Open() { if err := open(); err != nil { log.Fatal(err) } }', line=5),
        go('package store\n\nimport "os"\n\nfunc (s *Store) Load() { os.Exit(1) }', line=5),
    )
    good = (
        go('package main\n\nimport "log"\n\nfunc open() { log.Fatal(err) }'),
        go('package store\n\nimport "log"\n\nfunc MustOpen() { log.Fatal(err) }'),
        go('package store\n\nimport "log"\n\nfunc initStore() { log.Fatal(err) }'),
        go('package store\n\nimport "log"\n\nfunc Open() { log.Print(err) }'),
        go('package store\n\nimport "example.com/log"\n\nfunc Open() { log.Fatal(err) }'),
        Example(
            "go",
            'package migrate\n\nimport "log"\n\nfunc Run() { if err := up(); err != nil { log.Fatal(err) } }',
            path="cmd/migrate/run.go",
        ),
    )
