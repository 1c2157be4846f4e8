"""A handler that does nothing."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Blocking, Dependency, Outbound, OwnRetry
from bot.rules.apis import known
from bot.rules.catalog.ignored_cancellation.cancellation_swallowed import CancellationSwallowed
from bot.rules.catalog.swallowed_error.empty_catch_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.catalog.unbounded_retry.catches_everything import goes_on_after
from bot.rules.effort import falls_back, gives_up_in_silence, is_best_effort, loses_a_write, was_handed_over
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, Handler, Shape, SourceFile, text_of

BROAD = frozenset({"Exception", "BaseException", "builtins.Exception", "System.Exception"})
MEANT_TO_BE_IGNORED = regex(r"^(?:_+|_*ignored?\w*|expected\w*|unused\w*)$", re.IGNORECASE)
OTHERS_BUSINESS = ("InterruptedException", "CancelledError", "OperationCanceledException", "TaskCanceledException")
_ASKED = regex(r"Stat\(|Look[uU]p|LookPath\(|Parse|Atoi\(|Rel\(")
"""Calls whose error is an answer: not there, not a number."""
_WRITES_ANSWER = regex(r"\b(?:Fprint\w*|WriteString|Copy)\((?:w|rw)\b|\b(?:w|rw)\.Write(?:String)?\(")
_ANSWERS_REQUEST = regex(r"\bResponseWriter\b|\bFlusher\b|\.Response\(\)")
ANSWERS = ("NumberFormatException", "IllegalArgumentException", "ParseException", "NoSuchElementException")
"""Kotlin's failures that say something of a value, and nothing of the world."""
RUBY_BROAD = frozenset({"StandardError", "Exception"})
TIDIES = regex(
    r"(?i)^(?:close|cancel|shutdown|stop|delete|disconnect|unregister|unsubscribe|dispose|release|kill|quit)"
)
"""What is called when a thing is done with: its failure changes nothing."""
_COULD_NOT = regex(
    r"(?i)\b(?:can(?:'|no)t|could(?:n't| not)|fail(?:s|ed)?|fall(?:s|ing)? ?back|in that case|ignore[ds]?)\b"
)
CANCELLATION = CancellationSwallowed()
REACHING = (Outbound, Dependency, OwnRetry, Blocking)
_BELOW = 2
"""Lines below a handler in which a comment may say what its silence is for."""
_LATER = regex(r"(?i)\b(?:todo|fixme|xxx)\b")
SKIPS = ("continue_statement", "next")


class EmptyCatch(Rule):
    """## What it finds
    A handler that takes every failure and does nothing with it: no log line, no metric, no default, not even a reason.
    In Go also `if err != nil { return nil }` in a function that gives an error, in Ruby `rescue nil`, in Kotlin a
    `runCatching { … }` whose result nobody looks at, in Rust `Err(_) => {}` for what was awaited.

    ## Why it matters
    The failure still happens, only nobody can see it: the work is silently left undone, dashboards stay green, and the
    first sign is a customer who misses something. It also takes failures nobody thought of.

    ## Use instead
    Catch the one failure that is expected, and count or log the rest. Where ignoring is right, a comment that says why
    is enough for this rule.
    """

    name = "swallowed-error/empty-catch"
    severity = Severity.MEDIUM
    covered_by = (
        "ruff:S110+S112",
        "eslint:no-empty",
        "sonar:java:S108",
        "sonar:csharpsquid:S2486",
        "rubocop:Lint/SuppressedException",
        "detekt:EmptyCatchBlock",
    )
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust")
    shown_only_in = ("javascript", "typescript", "go", "java", "csharp", "kotlin")
    """There it is what answers "no" to whoever asks, the last try of a shutdown, what a tool walks over."""
    methods = frozenset({"catch", "runCatching"})

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if self._says_it_went_well(handler, file):
            return self._alarm(handler, f"`{handler.variable}`", told="tells the caller that all went well")
        skips = file.language.name != "go"  # there `continue` after an error is the usual way to leave out an item
        statements = [s for s in handler.statements if not (skips and s.type in SKIPS)]
        if statements or _is_explained(handler) or not self._takes_everything(handler, file.language.name):
            return None
        if is_best_effort(handler) or self._is_told_above(handler):
            return None
        what = ", ".join(handler.caught) or "every failure"
        sure = None if self._loses_work(handler) else SHOWN_ONLY
        return self._alarm(handler, f"`{what}`" if handler.caught else what, confidence=sure)

    def _loses_work(self, handler: Handler) -> bool:
        """Silence mostly means: if that cannot be told, then not. What was to be written is another matter."""
        if not loses_a_write(handler) or falls_back(handler):
            return False
        return self._reaches_out(handler) and not _is_said_by_another(handler)

    def _says_it_went_well(self, handler: Handler, file: SourceFile) -> bool:
        """`if err != nil { return …, nil }` in a function that gives an error, with nothing said about the error."""
        function, statements = handler.function, handler.statements
        if (
            function is None  # unprovable: narrows the type
            or len(statements) != 1
            or statements[0].type != "return_statement"
        ):
            return False
        result = text_of(file.language.returned_type(function.node))
        given = text_of(statements[0]).removeprefix("return").strip()
        is_nil = given == "nil" or given.endswith(", nil")
        is_told = handler.variable in given or _is_explained(handler) or self._is_of_the_answer(handler, function)
        is_question = function.is_anonymous and given == "false, nil"  # of a poll: not yet
        if (
            is_question
            or not result.rstrip(")").endswith("error")
            or not is_nil
            or is_told
            or _ASKED.search(_before(handler))
        ):
            return False
        return not was_handed_over(handler, function)

    def _is_of_the_answer(self, handler: Handler, function: Function) -> bool:
        """What could not be written is the answer to a request: its client has gone."""
        return bool(_WRITES_ANSWER.search(_before(handler)) and _ANSWERS_REQUEST.search(function.text))

    def _is_told_above(self, handler: Handler) -> bool:
        """One finding for each try."""
        others = handler.file.within(handler.file.handlers, handler.guarded.node) if handler.guarded else []
        same = [o for o in others if o.guarded is handler.guarded and not o.statements and not _is_explained(o)]
        return any(
            one.start_line < handler.start_line and self._takes_everything(one, handler.file.language.name)
            for one in same
        )

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """`promise.catch(() => {})`, and `runCatching { … }` as a line of its own."""
        if file.language.name == "kotlin":
            return self._result_dropped(call, file)
        if (
            call.method != "catch"
            or file.language.name not in ("javascript", "typescript")  # unprovable: only saves time
            or len(call.arguments) != 1
        ):
            return None
        if call.receiver_call is None or gives_up_in_silence(call):
            return None  # `kept.catch(() => {})` only marks a promise as seen that is awaited elsewhere
        body = call.arguments[0].node.child_by_field_name("body")
        if body is None or body.type != "statement_block" or body.named_children:
            return None
        return self._alarm(call, "every rejection", last_line=call.end_line, confidence=SHOWN_ONLY)

    def _result_dropped(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method != "runCatching" or call.use != "discarded" or call.function is None:
            return None
        run = [inner.method for inner in file.within(file.calls, call.node) if inner is not call]
        told = [c for c in file.comments_on(call.start_line - 1, call.end_line) if not _LATER.search(c.text)]
        if told or not run or any(TIDIES.match(name) for name in run):
            return None
        return self._alarm(call, "every failure", last_line=call.start_line)

    def _reaches_out(self, handler: Handler) -> bool:
        """What it takes are failures of work that is waited for or leaves the process: not of a value or a clean-up."""
        if handler.guarded is None:  # unprovable: narrows the type
            return False
        within = handler.file.within(handler.file.calls, handler.guarded.node)
        tried = [call for call in within if call.node.start_byte < handler.node.start_byte]
        return any(call.is_awaited or any(isinstance(row, REACHING) for row in known(call)) for call in tried)

    def _alarm(
        self,
        at: Handler | Call,
        what: str,
        last_line: int | None = None,
        told: str = "does nothing with it",
        confidence: float | None = None,
    ) -> Alarm:
        return Alarm(
            at,
            "Failures are swallowed here without a trace",
            f"This takes {what} and {told}. When what it guards breaks in production, the work is "
            "left undone, nothing is logged or counted, and the fault is found by a customer instead of an alert.",
            "Name the one failure that is expected here; log or count every other, or let it go up. Where silence is "
            "right, say why in a comment.",
            confidence=confidence,
            last_line=last_line,
        )

    def _takes_everything(self, handler: Handler, language: str) -> bool:
        if language == "go":  # unprovable: only saves time
            return True
        if language == "rust":
            return not handler.caught_nodes and b".await" in _scrutinee(handler)
        if language == "ruby":
            broad = not handler.caught_nodes or RUBY_BROAD.intersection(handler.caught)
            return bool(broad) and not _tells_success(handler)
        if language == "kotlin" and any(name.endswith(ANSWERS) for name in handler.caught):
            return False
        caught = [name.rsplit(".", 1)[-1] for name in handler.caught]
        if language in ("python", "csharp"):
            is_filtered = any(child.type == "catch_filter_clause" for child in handler.node.children)
            return not is_filtered and (not handler.caught_nodes or any(name in BROAD for name in caught))
        if MEANT_TO_BE_IGNORED.match(handler.variable):
            return False
        return not any(name in OTHERS_BUSINESS for name in caught)

    bad = (
        python("try:\n    sync(order)\nexcept Exception:\n    pass", line=3),
        javascript("try { await sync(order); } catch (e) {}"),
        typescript("async function f() {\n  try { await sync(order); }\n  catch { }\n}", line=3),
        go("func f() {\n\tif err := sync(order); err != nil {\n\t}\n}", line=2),
        java("class A { void f() {\n  try { sync(order); }\n  catch (SQLException e) { }\n} }", line=3),
        csharp("class A { void F() {\n  try { Sync(order); }\n  catch (Exception) { }\n} }", line=3),
        kotlin("fun f() {\n    try {\n        sync(order)\n    } catch (e: SQLException) {\n    }\n}", line=4),
        ruby("def f\n  sync(order)\nrescue StandardError => e\nend", line=3),
        rust(
            "async fn f() {\n    match sync(order).await {\n        Ok(n) => count(n),\n        Err(_) => {}\n    }\n}",
            line=4,
        ),
        *FURTHER_BAD,
    )
    good = (
        python("try:\n    import orjson\nexcept ImportError:\n    pass"),
        javascript("try { await sync(order); } catch (e) { report(e); }"),
        csharp("class A { void F() { try { Sync(order); } catch (PathTooLongException) { } } }"),
        typescript("try { cache.clear(); } catch (_ignored) { }"),
        go("func f() error {\n\tif err := sync(order); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"),
        java("class A { void f() { try { sync(order); } catch (SQLException ignored) { } } }"),
        kotlin("fun f() {\n    try {\n        n = text.toInt()\n    } catch (e: NumberFormatException) {\n    }\n}"),
        ruby("def f\n  sync(order)\nrescue StandardError => e\n  log(e)\nend"),
        rust(
            "async fn f() {\n    match sync(order).await {\n        Ok(n) => count(n),\n"
            '        Err(e) => warn!("{e}"),\n    }\n}'
        ),
        *FURTHER_GOOD,
    )


def _is_said_by_another(handler: Handler) -> bool:
    """What the silence leads to is told: the loop never ends, or a cancellation is lost. A review says no more."""
    file = handler.file
    loses_one = file.language.name in CANCELLATION.languages and CANCELLATION.check_handler(handler, file) is not None
    return loses_one or goes_on_after(handler) is not None


def _before(handler: Handler) -> str:
    """The header of an `if err != nil` and the statement before it, where the error comes from."""
    earlier, body = handler.node.prev_named_sibling, handler.body
    begin = earlier if earlier is not None else handler.node
    end = body.start_byte if body is not None else handler.node.end_byte  # unprovable: narrows the type
    return handler.file.between(begin.start_byte, end)


def _tells_success(handler: Handler) -> bool:
    """An `else` tells success from failure; `exception: false` has dealt with what was expected."""
    attempt = handler.guarded
    if attempt is None:  # unprovable: narrows the type
        return False
    return "exception: false" in attempt.text or any(c.type == "else" for c in attempt.node.children)


def _scrutinee(handler: Handler) -> bytes:
    """What a Rust `match` or `if let` looks at."""
    arm, block = handler.node.type == "match_arm", handler.node.parent
    above = block.parent if block is not None else None  # unprovable: narrows the type
    whole = above if arm else handler.node
    if whole is None:  # unprovable: narrows the type
        return b""
    looked_at = whole.child_by_field_name("value" if arm else "condition")
    return (looked_at.text or b"") if looked_at is not None else b""  # unprovable: narrows the type


def _is_explained(handler: Handler) -> bool:
    """A comment inside, or beside the last statement, is a decision somebody took; a TODO is none."""
    return any(
        "seawall:" not in comment.text and not _LATER.search(comment.text)
        for comment in handler.file.comments_on(handler.start_line, handler.end_line + _BELOW)
        if comment.node.start_byte >= handler.node.start_byte and _stands_by(comment, handler)
    )


def _stands_by(comment: Shape, handler: Handler) -> bool:
    """Inside of it; or right below, where it speaks of what could not be done."""
    return comment.start_line <= handler.end_line or bool(_COULD_NOT.search(comment.text))
