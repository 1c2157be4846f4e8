"""A loop over lines that an unreadable file keeps going for ever."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, rust
from bot.syntax import Call, SourceFile

SKIPS = {"filter_map": ("Result::ok", "|l| l.ok()", "|line| line.ok()", "|x| x.ok()", "|r| r.ok()"), "flatten": ()}
"""Methods that leave errors out; those that take a function only with one of these."""


class ErrorIteratorNeverEnds(Rule):
    """## What it finds
    In Rust: `reader.lines().flatten()` and `reader.lines().filter_map(Result::ok)` over the lines of a reader.

    ## Why it matters
    `lines()` gives an error for every line it cannot read, and never ends on its own when the reader keeps failing: a
    directory that was opened as a file, a disk that is gone. What leaves the errors out so tries again for ever,
    without a pause, at full load. Clippy calls it `lines_filter_map_ok`.

    ## Use instead
    `map_while(Result::ok)`, which ends at the first error, or `?` on each line.
    """

    name = "unbounded-retry/error-iterator-never-ends"
    severity = Severity.MEDIUM
    languages = ("rust",)
    methods = frozenset(SKIPS)
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        lines = call.receiver_call
        if call.method not in SKIPS or lines is None or lines.method != "lines" or lines.all_arguments:
            return None
        if tuple(argument.text for argument in call.arguments[:1]) not in {(), *((one,) for one in SKIPS[call.method])}:
            return None
        return Alarm(
            call,
            "This loop never ends when the reader keeps failing",
            f"`{call.method}` leaves each error out and asks for the next line. A reader that fails once mostly fails "
            "for good, so this goes round at full load and never comes back.",
            "Use `map_while(Result::ok)`, or take each line with `?`.",
            last_line=call.end_line,
        )

    bad = (
        rust(
            "fn f(r: BufReader<File>) {\n    for line in r.lines().flatten() {\n        take(line);\n    }\n}", line=2
        ),
        rust("fn f(r: BufReader<File>) {\n    r.lines().filter_map(Result::ok).for_each(take);\n}", line=2),
        rust("fn f(r: BufReader<File>) {\n    r.lines().filter_map(|line| line.ok()).for_each(take);\n}", line=2),
    )
    good = (
        rust(
            "fn f(r: BufReader<File>) {\n    for line in r.lines().map_while(Result::ok) {\n"
            "        take(line);\n    }\n}"
        ),
        rust("fn f(text: &str) {\n    text.lines().filter_map(|l| l.split_once(' ')).for_each(take);\n}"),
        rust("fn f(all: Vec<Vec<u8>>) {\n    all.iter().flatten().for_each(take);\n    orders.lines(3).flatten();\n}"),
        rust("fn f(all: Lines) {\n    all.flatten().for_each(take);\n}"),
    )
