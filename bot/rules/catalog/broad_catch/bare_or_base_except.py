"""A handler that takes even what must end the process."""

from bot.domain import Severity
from bot.rules.logging_calls import logs, writes_a_line
from bot.rules.rule import Alarm, Edit, Rule, java, kotlin, python, ruby
from bot.syntax import Handler, Node, SourceFile, encloses

EVERYTHING = frozenset({"BaseException", "builtins.BaseException", "Throwable", "java.lang.Throwable"})
RUBY_EVERYTHING = frozenset({"Exception"})
CONVERTS = frozenset({"int", "float", "str", "bool", "Decimal", "UUID"})
JVM = ("java", "kotlin")
STORES = frozenset(
    {"assignment", "assignment_expression", "variable_declarator", "property_declaration"}
    | {"return_statement", "return_expression", "return"}
)


class BareOrBaseExcept(Rule):
    """## What it finds
    `except:`, `except BaseException`, `catch (Throwable …)` or, in Ruby, `rescue Exception` that does not throw on what
    it caught and keeps nothing of it.

    ## Why it matters
    It takes more than failures: `KeyboardInterrupt` and `SystemExit` in Python, `Interrupt` and `SystemExit` in Ruby,
    so that the process cannot be stopped; `OutOfMemoryError` and `StackOverflowError` in Java and Kotlin, after which
    nothing that runs on can be trusted.

    ## Use instead
    `except Exception`, `catch (Exception e)`, `rescue StandardError`, or better the failures that are expected here.
    """

    name = "broad-catch/bare-or-base-except"
    severity = Severity.MEDIUM
    covered_by = (
        "ruff:BLE001",
        "sonar:java:S1181",
        "rubocop:Lint/RescueException",
        "detekt:TooGenericExceptionCaught",
    )
    languages = ("python", "java", "kotlin", "ruby")
    confidence = 0.45  # at the outer edge of a thread it is right, and looks the same

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        bare = file.language.name == "python" and not handler.caught_nodes
        everything = RUBY_EVERYTHING if file.language.name == "ruby" else EVERYTHING
        if not bare and not any(name in everything for name in handler.caught):
            return None
        if any(jump.kind == "raise" for jump in file.within(file.jumps, handler.body)) or self._hands_it_on(handler):
            return None
        if _only_converts(handler):
            return None
        what = "A bare `except`" if bare else f"`{handler.caught[0].rsplit('.', 1)[-1]}`"
        on_jvm = file.language.name in JVM
        ends = "an out-of-memory error" if on_jvm else "the request to stop"
        return Alarm(
            handler,
            f"{what} takes even {ends}",
            f"This handler takes everything, {ends} included, and goes on. The process then runs in a state nobody "
            "planned for, or cannot be stopped but by killing it.",
            f"Take `{_narrow(file)}`, or the failures that are expected here; let the rest go up.",
            self._narrowed(handler, bare),
            severity=Severity.LOW if on_jvm else None,
            last_line=handler.start_line,
        )

    def _hands_it_on(self, handler: Handler) -> bool:
        """What it caught is kept or given to somebody (`future.completeExceptionally(t)`), more than to a log."""
        calls = handler.file.within(handler.file.calls, handler.body)
        if any(call.method.lower().lstrip("_").startswith(("reraise", "raise", "exc_info")) for call in calls):
            return True
        if handler.body is None:  # unprovable: narrows the type
            return False
        mentions = handler.file.language.mentions(handler.variable, handler.body)
        return any(_is_kept(mention, handler) for mention in mentions)

    def _narrowed(self, handler: Handler, bare: bool) -> tuple[Edit, ...]:
        if bare:
            at = handler.node.start_byte + len("except")
            return (Edit(at, at, " Exception"),)
        node = handler.caught_nodes[0]
        return (Edit(node.start_byte, node.end_byte, _narrow(handler.file)),) if len(handler.caught_nodes) == 1 else ()

    bad = (
        python("try:\n    sync()\nexcept:\n    pass", line=3),
        python("try:\n    n = 1 / all\nexcept:\n    n = 0", line=3),
        python("try:\n    n = int(ask(text))\nexcept:\n    n = 0", line=3),
        python("try:\n    n = text.int()\nexcept:\n    n = 0", line=3),
        python("try:\n    sync()\nexcept:\n    log.exception('sync')", line=3),
        python("try:\n    sync()\nexcept BaseException as e:\n    log.error('sync: %s', e)", line=3),
        python("try:\n    sync()\nexcept BaseException as e:\n    log.error('sync: %s', str(e))", line=3),
        java('class A { void f() { try { sync(); }\n  catch (Throwable t) { log.debug("sync", t); } } }', line=2),
        java("class A { void f() { try { sync(); }\n  catch (Throwable t) { log.error(t.getMessage()); } } }", line=2),
        java("class A { void f() { try { sync(); }\n  catch (Throwable t) { t.printStackTrace(); } } }", line=2),
        java("class A { int f() { try { return n(); }\n  catch (Throwable t) { return 0; } } }", line=2),
        kotlin(
            'fun f() {\n    try {\n        sync()\n    } catch (t: Throwable) {\n        log.info("sync", t)\n    }\n}',
            line=4,
        ),
        ruby("begin\n  sync\nrescue Exception => e\n  log.error(e)\nend", line=3),
        ruby("begin\n  sync\nrescue Exception => e\n  warn(e)\nend", line=3),
        ruby(
            "begin\n  sync\nrescue Exception, SyncFailed\n  log.error('sync')\nend",
            line=3,
        ),
        java(
            "class A { Runnable job = () -> {\n  try { sync(); }\n"
            '  catch (Throwable t) { log.debug("sync", t); }\n}; }',
            line=3,
        ),
        python("try:\n    sync()\nexcept BaseException as e:\n    if e.is_late():\n        tell()", line=3),
    )
    good = (
        python("def number(text):\n    try:\n        return int(text)\n    except:\n        return text"),
        python("try:\n    sync()\nexcept BaseException as error:\n    peer._raise_gone(error)"),
        python("try:\n    sync()\nexcept Exception:\n    log.exception('sync')"),
        python("try:\n    sync()\nexcept:\n    undo()\n    raise"),
        python("try:\n    sync()\nexcept BaseException as e:\n    future.set_exception(e)"),
        python("try:\n    sync()\nexcept BaseException as e:\n    self.failure = e"),
        python("try:\n    sync()\nexcept BaseException as e:\n    failures.append((e, order))"),
        java("class A { Reply f() { try { sync(); } catch (Throwable t) { return Reply.failed(t); } } }"),
        java("class A { void f() { try { sync(); } catch (Throwable t) { backgroundFailed(order, t); } } }"),
        java('class A { void f() { try { hook.on(o); } catch (Throwable t) { logger.warn("hook", t); } } }'),
        python("try:\n    sync()\nexcept:\n    report(sys.exc_info())"),
        python("try:\n    sync()\nexcept BaseException:\n    reraise(*captured())"),
        java("class A { void f() { try { sync(); } catch (Throwable t) { throw new X(t); } } }"),
        java("class A { void f() { try { sync(); } catch (Throwable t) { promise.completeExceptionally(t); } } }"),
        java("class A { void f() { try { sync(); } catch (Exception e) { log(e); } } }"),
        kotlin("fun f() {\n    try {\n        sync()\n    } catch (t: Throwable) {\n        throw X(t)\n    }\n}"),
        kotlin(
            "fun f() {\n    try {\n        sync()\n    } catch (t: Throwable) {\n"
            "        reply.completeExceptionally(t)\n    }\n}"
        ),
        ruby("begin\n  sync\nrescue Exception => e\n  undo\n  raise\nend"),
        ruby("begin\n  sync\nrescue => e\n  log.error(e)\nend"),
        ruby("begin\n  sync\nrescue Exception => e\n  @failure = e\nend"),
        ruby("begin\n  sync\nrescue Exception => e\n  @failed.call(self, e)\nend"),
    )


def _is_kept(mention: Node, handler: Handler) -> bool:
    """It is given to a call that is no log, returned, or assigned to something; on the JVM, where a hook or listener
    is shielded, a warning with the cause in it will do."""
    file, node, outermost = handler.file, mention, None
    while (above := node.parent) is not None and node != handler.body:
        if above.type in STORES:
            return True
        call = file.call_at(above)
        if call is not None and any(encloses(given.node, mention) for given in call.all_arguments):
            outermost = call
        node = above
    if outermost is None:
        return False
    if not writes_a_line(outermost):
        return True
    is_whole = (
        mention.parent is not None  # unprovable: narrows the type
        and mention.parent.type in ("argument_list", "value_argument")
    )
    return file.language.name in JVM and is_whole and logs(outermost)


def _narrow(file: SourceFile) -> str:
    return "StandardError" if file.language.name == "ruby" else "Exception"


def _only_converts(handler: Handler) -> bool:
    """`try: return int(value)`: over before anybody could ask for the end."""
    guarded = handler.guarded.body if handler.guarded is not None else None  # unprovable: narrows the type
    calls = handler.file.within(handler.file.calls, guarded)
    return bool(calls) and all(call.receiver is None and call.method in CONVERTS for call in calls)
