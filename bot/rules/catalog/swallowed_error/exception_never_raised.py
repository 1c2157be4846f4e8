"""An exception that is made and never thrown."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Edit, Rule, csharp, java, javascript, kotlin, python, typescript
from bot.syntax import Call, SourceFile

_TAKEN = regex(rb"(?:\bthrow|[?:=(,]|=>)\s*\Z")
NAMED_LIKE_ONE = regex(r"^[A-Z]\w*(?:Error|Exception)$|^Error$")


class ExceptionNeverRaised(Rule):
    """## What it finds
    An exception built as a statement of its own: `ValueError("…")`, `new IllegalStateException("…");`.

    ## Why it matters
    The word `raise` or `throw` is missing. The check finds what is wrong and the code goes on all the same, with the
    value that it has just found to be wrong.

    ## Use instead
    `raise`, `throw`.
    """

    name = "swallowed-error/exception-never-raised"
    severity = Severity.HIGH
    covered_by = (
        "ruff:PLW0133",
        "sonar:java:S3984",
        "sonar:javascript:S3984",
        "sonar:csharpsquid:S3984",
        "sonar:python:S3984",
        "errorprone:DeadException",
    )
    languages = ("python", "javascript", "typescript", "java", "csharp", "kotlin")
    confidence = 0.95

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.use != "discarded" or call.is_awaited or not NAMED_LIKE_ONE.match(call.method):
            return None
        if (
            call.user is None  # unprovable: for the type checker
            or call.user.parent is None  # unprovable: for the type checker
            or call.user.parent.parent is None
        ):
            return None  # at the top of a file there is no check that it could belong to
        before = file.line_bytes(call.start_line)[: call.node.start_point.column]
        if _TAKEN.search(before):  # unprovable: examples have to parse
            return None  # the grammar lost its way, as it does at an `else` below `#endif`
        by_name = file.language.name in ("python", "kotlin")
        is_new = call.node.type in ("new_expression", "object_creation_expression")
        if not is_new and not (by_name and self._is_exception(call, file)):
            return None
        word = "raise" if file.language.name == "python" else "throw"
        return Alarm(
            call,
            f"This `{call.method}` is made and never thrown"[:80],
            f"The exception is built and dropped: the word `{word}` is missing. The code goes on as if the check "
            "before it had found nothing.",
            f"Write `{word}` before it.",
            (Edit(call.node.start_byte, call.node.start_byte, f"{word} "),),
            last_line=call.end_line,
        )

    def _is_exception(self, call: Call, file: SourceFile) -> bool:
        """Not a function of this file, or a method of some object, that is only named like one."""
        owner, dot, _ = call.written.partition(".")
        if dot and owner not in file.imports:
            return False
        return not call.name.startswith("./") or any(class_.name == call.method for class_ in file.classes)

    bad = (
        java("class A { void f(int n) { switch (n) { case 1 -> new Error(); default -> run(); } } }"),
        python("def f(n):\n    if n < 0:\n        ValueError('negative')", line=3),
        python("class OrderError(Exception): ...\ndef f():\n    OrderError('no')", line=3),
        python("from shop import errors\ndef f(n):\n    if n < 0:\n        errors.OrderError('no')", line=4),
        javascript("if (n < 0) {\n  new RangeError('negative');\n}", line=2),
        typescript("if (n < 0) new Error('negative');"),
        java('class A { void f(int n) { if (n < 0)\n  new IllegalStateException("n"); } }', line=2),
        csharp('class A { void F(int n) { if (n < 0)\n  new ArgumentException("n"); } }', line=2),
        kotlin('fun f(n: Int) {\n    if (n < 0) {\n        IllegalStateException("negative")\n    }\n}', line=3),
    )
    good = (
        java("class A { Object f(int n) { return switch (n) { case 1 -> new Error(); default -> a; }; } }"),
        java("class A { void f(int n) { throw switch (n) { case 1 -> new Error(); default -> a; }; } }"),
        python("def f(n):\n    if n < 0:\n        raise ValueError('negative')"),
        python("def f(n):\n    return ValueError('negative')"),
        python("def HandleError(n): ...\nHandleError(3)"),
        python("def f(self, state):\n    if state:\n        self.Error('negative')\n        state.Error('negative')"),
        javascript("new RangeError('negative');"),
        javascript("if (n < 0) throw new RangeError('negative');"),
        javascript("showError('negative');\nShowError('negative');"),
        typescript("const failure = new Error('negative');"),
        java('class A { void f() { throw new IllegalStateException("n"); } }'),
        csharp('class A { void F() { Throw(new ArgumentException("n")); } }'),
        kotlin('fun f(n: Int) {\n    if (n < 0) throw IllegalStateException("negative")\n}'),
        kotlin(
            'fun f(n: Int) = IllegalStateException("negative")\nfun HandleError(n: Int) {}\nfun g() {\n'
            "    HandleError(3)\n}"
        ),
        python("async def f():\n    await NetworkError(1)"),
        javascript("function f() { new Watcher(g); }"),
        python('ValueError("not here")'),
        csharp("class A { void F(int n) { if (n < 0) HandleError(n); } }"),
    )
