"""A handler for what should not be caught at all, or one that is never reached."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, csharp, java, python, ruby
from bot.syntax import Handler, SourceFile, text_of

BUGS = frozenset(
    {"NullPointerException", "IllegalMonitorStateException", "ArrayIndexOutOfBoundsException", "StackOverflowError"}
    | {"ArrayStoreException", "NegativeArraySizeException"}
    | {"NullReferenceException", "AccessViolationException", "StackOverflowException", "ExecutionEngineException"}
)
MEANT = regex(r"^(?:_+|ignored?|expected)$")
"""Names by which an author says that it is meant."""
ABOVE = {
    "ConnectionError": "OSError", "TimeoutError": "OSError", "FileNotFoundError": "OSError",
    "PermissionError": "OSError", "FileExistsError": "OSError", "InterruptedError": "OSError",
    "BrokenPipeError": "ConnectionError",
    "ConnectionResetError": "ConnectionError", "ConnectionRefusedError": "ConnectionError",
    "ConnectionAbortedError": "ConnectionError", "OSError": "Exception", "IOError": "Exception",
    "KeyError": "LookupError", "IndexError": "LookupError", "LookupError": "Exception", "ValueError": "Exception",
    "UnicodeError": "ValueError", "UnicodeDecodeError": "UnicodeError", "UnicodeEncodeError": "UnicodeError",
    "TypeError": "Exception", "AttributeError": "Exception", "ImportError": "Exception",
    "ModuleNotFoundError": "ImportError", "RuntimeError": "Exception", "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError", "ArithmeticError": "Exception", "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError", "AssertionError": "Exception", "StopIteration": "Exception",
    "EOFError": "Exception", "NameError": "Exception", "MemoryError": "Exception", "Exception": "BaseException",
    "KeyboardInterrupt": "BaseException", "SystemExit": "BaseException", "GeneratorExit": "BaseException",
    "json.JSONDecodeError": "ValueError", "socket.timeout": "OSError", "asyncio.CancelledError": "BaseException",
}  # fmt: skip
"""Python's own failures → the class they belong to."""


class CatchesProgrammingError(Rule):
    """## What it finds
    `catch (NullPointerException e)` and its like in Java and C#; in Python and Ruby an `except` or `rescue` that is
    never reached, for one above it takes the same failure already.

    ## Why it matters
    A null where none was expected is a bug, and the handler takes it for an answer: the data stays broken, the bug
    stays unknown. An `except` that is never reached is a plan for a failure that does not work on the day it is needed.

    ## Use instead
    Test for null where null may be; put the narrower `except` first.
    """

    name = "broad-catch/catches-programming-error"
    severity = Severity.LOW
    covered_by = ("sonar:csharpsquid:S1696",)
    languages = ("python", "java", "csharp", "ruby")
    confidence = 0.45  # of what is only broad; a handler that is never reached is a defect

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if file.language.name in ("python", "ruby"):
            return self._never_reached(handler, file)
        caught = next((name for name in handler.caught if name.rsplit(".", 1)[-1] in BUGS), "")
        if (
            not caught
            or MEANT.match(handler.variable)
            or any(jump.kind == "raise" for jump in file.within(file.jumps, handler.body))
        ):
            return None
        simple = caught.rsplit(".", 1)[-1]
        return Alarm(
            handler,
            f"`{simple}` is a bug, and is taken here for an answer"[:80],
            f"`{simple}` says that the code is wrong, somewhere in all that is guarded here. Caught, the bug stays "
            "unknown, and the work goes on with what was half done.",
            "Test for the case before it happens, and let the exception go up.",
            last_line=handler.start_line,
        )

    def _never_reached(self, handler: Handler, file: SourceFile) -> Alarm | None:
        guarded = handler.guarded
        is_ruby = file.language.name == "ruby"
        caught = _caught(handler)
        if guarded is None:  # unprovable: narrows the type
            return None
        above = RUBY_ABOVE if is_ruby else ABOVE
        taken: set[str] = set()
        for other in file.within(file.handlers, guarded.node):
            if other.guarded is guarded and other.node.start_byte < handler.node.start_byte:
                taken |= set(_caught(other))
        if is_ruby and (twice := _told_twice(handler.caught)):
            return self._redundant(handler, twice)
        if not all(_is_below(name, taken, above) for name in caught):
            return None
        if any(self._has_other_names(one, file) for one in file.within(file.handlers, guarded.node)):
            return None
        what, word = ", ".join(caught), "rescue" if is_ruby else "except"
        return Alarm(
            handler,
            f"This handler of `{what}` is never reached"[:80],
            f"An `{word}` above it takes `{what}` already, so this code never runs. What was planned for that failure "
            "does not happen.",
            f"Put the narrower `{word}` first.",
            confidence=0.95,
            last_line=handler.start_line,
        )

    def _has_other_names(self, handler: Handler, file: SourceFile) -> bool:
        """A class that stands for another one only where a library is missing: `SyncFailed = Exception`."""
        named = {text_of(node) for node in handler.caught_nodes}
        return any(text_of(binding.target) in named for binding in file.bindings)

    def _redundant(self, handler: Handler, twice: str) -> Alarm:
        return Alarm(
            handler,
            f"`{twice}` says nothing beside the others of this `rescue`"[:80],
            f"Another class of the same `rescue` takes `{twice}` already. Whoever reads the list expects it to name "
            "what is handled, and it takes more, or something else was meant.",
            "Name only the failures that are meant.",
            confidence=0.9,
            last_line=handler.start_line,
        )

    bad = (
        python("try:\n    sync()\nexcept Exception:\n    log()\nexcept ValueError:\n    undo()", line=5),
        python("try:\n    sync()\nexcept OSError:\n    log()\nexcept ConnectionResetError:\n    undo()", line=5),
        java("class A { void f() { try { sync(); }\n  catch (NullPointerException e) { log(e); } } }", line=2),
        csharp("class A { void F() { try { Sync(); }\n  catch (NullReferenceException) { Log(); } } }", line=2),
        ruby("begin\n  sync\nrescue StandardError => e\n  log(e)\nrescue KeyError\n  undo\nend", line=5),
        ruby("begin\n  sync\nrescue Exception\n  log\nrescue\n  undo\nend", line=5),
        ruby("begin\n  sync\nrescue StandardError, IOError\n  log\nend", line=3),
        ruby("begin\n  sync\nrescue Exception, SyncFailed\n  log\nend", line=3),
        ruby("begin\n  sync\nrescue Exception\n  log\nrescue SyncFailed\n  undo\nend", line=5),
    )
    good = (
        java(
            "class A { String f() { try { return o.name(); } catch (NullPointerException ignored) { return null; } } }"
        ),
        python("try:\n    sync()\nexcept ValueError:\n    log()\nexcept Exception:\n    undo()"),
        python("try:\n    sync()\nexcept OSError:\n    log()\nexcept (TimeoutError, KeyError):\n    undo()"),
        python("try:\n    try:\n        sync()\n    except OSError:\n        log()\nexcept OSError:\n    undo()"),
        java("class A { void f() { try { sync(); } catch (NullPointerException e) { throw new X(e); } } }"),
        java("class A { void f() { try { sync(); } catch (IOException e) { log(e); } } }"),
        csharp("class A { void F() { try { Sync(); } catch (IOException) { Log(); } } }"),
        ruby("begin\n  sync\nrescue KeyError\n  undo\nrescue StandardError => e\n  log(e)\nend"),
        ruby("begin\n  sync\nrescue StandardError\n  undo\nrescue SyncFailed, Interrupt\n  log\nend"),
        ruby("begin\n  sync\nrescue KeyError, IOError, SyncFailed\n  undo\nend"),
        python("try:\n    sync()\nexcept (KeyError, Exception):\n    log()\nexcept KeyboardInterrupt:\n    stop()"),
        python(
            "try:\n    from sync import SyncFailed\nexcept ImportError:\n    SyncFailed = Exception\n\n"
            "def run():\n    try:\n        sync()\n    except SyncFailed:\n        log()\n"
            "    except Exception:\n        undo()"
        ),
    )


RUBY_ABOVE = {
    name: above
    for above, names in {
        "Exception": "StandardError NoMemoryError ScriptError SecurityError SignalException SystemExit "
        "SystemStackError",
        "ScriptError": "LoadError NotImplementedError SyntaxError",
        "SignalException": "Interrupt",
        "StandardError": "ArgumentError EncodingError FiberError IOError IndexError LocalJumpError NameError "
        "RangeError RegexpError RuntimeError SystemCallError ThreadError TypeError ZeroDivisionError "
        "Timeout::Error SocketError",
        "IOError": "EOFError",
        "IndexError": "KeyError StopIteration",
        "StopIteration": "ClosedQueueError",
        "NameError": "NoMethodError",
        "RangeError": "FloatDomainError",
        "RuntimeError": "FrozenError",
        "Timeout::Error": "Net::OpenTimeout Net::ReadTimeout Net::WriteTimeout",
        "SystemCallError": "Errno::ECONNREFUSED Errno::ECONNRESET Errno::ENOENT Errno::EPIPE Errno::ETIMEDOUT",
    }.items()
    for name in names.split()
}
"""Ruby's own failures → the class they belong to."""


def _caught(handler: Handler) -> tuple[str, ...]:
    return tuple(name.removeprefix("builtins.") for name in handler.caught) or ("StandardError",)


def _told_twice(caught: tuple[str, ...]) -> str:
    """A class of a Ruby list that another one of it takes as well."""
    for index, name in enumerate(caught):
        others = {other for place, other in enumerate(caught) if place != index}
        if _is_below(name, others, RUBY_ABOVE):
            return name
    return ""


def _is_below(name: str, taken: set[str], above: dict[str, str]) -> bool:
    if above is RUBY_ABOVE and "Exception" in taken:
        return True  # whatever can be raised is one
    while name not in taken:
        if name not in above:
            return False
        name = above[name]
    return True
