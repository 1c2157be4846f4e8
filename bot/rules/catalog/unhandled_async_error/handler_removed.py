"""A promise that lost what took its failure."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.own import own_functions
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.rules.settling import is_caught, takes_failure
from bot.syntax import Call, text_of

CHAINS = frozenset({"then", "finally", "catch"})


class RejectionHandlerRemoved(Rule):
    """## What it finds
    A promise that nobody awaits whose `.catch(…)`, or second function of `.then(…, …)`, the base had and the head has
    not.

    ## Why it matters
    Its next failure is an unhandled rejection, which ends a Node.js process by default; and what the handler did for
    those who wait (reject them, free the slot) no longer happens, so that they hang.

    ## Use instead
    Keep the handler, or await the promise where something catches.
    """

    name = "unhandled-async-error/handler-removed"
    severity = Severity.HIGH
    confidence = 0.85
    languages = ("javascript", "typescript")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            handled = (call for call in function.calls_before if takes_failure(call))
            for begun in dict.fromkeys(map(_begun, handled)):
                bare = [call for call in function.calls_after if _begins(call, begun) and _is_bare(call)]
                before = [call for call in function.calls_before if _begins(call, begun) and _is_bare(call)]
                stood = {call.text for call in before}
                new = [call for call in bare if call.text not in stood] or bare
                if len(bare) > len(before) and not _takes_its_own(new[0], function):
                    yield self._alarm(new[0])

    def _alarm(self, head: Call) -> Alarm:
        return Alarm(
            head,
            f"`{head.written}` lost its rejection handler"[:80],
            f"Before this change a handler took the failures of `{head.written}`; now nobody does. The next one is an "
            "unhandled rejection, which by default ends the process, and whoever waits for the outcome is not told.",
            f"Put the handler back, or await `{head.written}` inside a `try`.",
            was="Before this change a handler took its failures.",
        )

    bad = (
        javascript(
            "function grow(pool) {\n  pool.create();\n}",
            line=2,
            before="function grow(pool) {\n  pool.create().catch(e => pool.reject(e));\n}",
        ),
        typescript(
            "class Pool { grow() {\n  this.create();\n} }",
            line=2,
            before="class Pool { grow() {\n  this.create().then(done).catch((e) => this.reject(e));\n} }",
        ),
        javascript(
            "function grow(pool) {\n  pool.create().then(done).timeout(500, 'late');\n}",
            line=2,
            before="function grow(pool) {\n  pool.create().then(done).catch(log);\n}",
        ),
        javascript(  # what it catches it caught before
            "function grow() {\n  create();\n}\nfunction create() {\n  return open().catch(log);\n}",
            line=2,
            before="function grow() {\n  create().catch(tell);\n}\nfunction create() {\n  return open().catch(log);\n}",
        ),
        javascript(
            "function run(pool) {\n  pool.create();\n  pool.create();\n}",
            line=2,
            before="function run(pool) {\n  pool.create();\n  pool.create().catch(log);\n}",
        ),
        javascript(  # the other one had none before
            "function run(store) {\n  store.dispatch('clear');\n  store.dispatch('load');\n}",
            line=3,
            before="function run(store) {\n  store.dispatch('clear');\n  store.dispatch('load').catch(log);\n}",
        ),
        javascript(  # each chain is a promise of its own
            "function run(job) {\n  job.then(done, told);\n  job.finally(free);\n}",
            line=3,
            before="function run(job) {\n  job.then(done, failed).finally(free);\n}",
        ),
    )
    good = (
        typescript(  # what it calls is not asynchronous any more
            "function grow(pool) {\n  try { pool.create(); } catch (e) { log(e); }\n}",
            before="function grow(pool) {\n  pool.create().catch((e) => log(e));\n}",
        ),
        typescript(  # nor did this
            "function grow(pool) {\n  pool.create();\n}",
            before="function grow(pool) {\n  pool.create().catch((e: Error) => {\n    // why?\n    throw e;\n  });\n}",
        ),
        javascript(  # nothing took its failure: who awaited it did
            "async function grow(pool) {\n  pool.create().then(done);\n}",
            before="async function grow(pool) {\n  await pool.create().then(done);\n}",
        ),
        javascript(  # it takes its failures itself now
            "function grow() {\n  create();\n}\nfunction create() {\n  return open().catch(log);\n}",
            before="function grow() {\n  create().catch(log);\n}\nfunction create() {\n  return open();\n}",
        ),
        javascript(  # another promise
            "function run(job) {\n  job.then(done, failed);\n  next.finally(free);\n}",
            before="function run(job) {\n  log(job);\n  job.then(done, failed);\n}",
        ),
        javascript(  # of two promises, the other was left before as well
            "function run(job) {\n  job.finally(free);\n  next.then(done);\n}",
            before="function run(job) {\n  job.finally(free);\n  next.then(done, failed);\n  next.then(done);\n}",
        ),
        javascript(
            "async function grow(pool) { await pool.create(); }",
            before="async function grow(pool) { pool.create().catch(e => pool.reject(e)); }",
        ),
        javascript(
            "function grow(pool) { return pool.create(); }",
            before="function grow(pool) { pool.create().catch(e => pool.reject(e)); }",
        ),
        typescript(
            "class Pool { grow() { this.create().then(done, (e) => this.reject(e)); } }",
            before="class Pool { grow() { this.create().catch((e) => this.reject(e)); } }",
        ),
        javascript(
            "function f() { const kept = send(a); return kept; }",
            before="function f() { const kept = send(a).catch(log); return kept; }",
        ),
        javascript("function grow(pool) { pool.create(); }", before="function grow(pool) { pool.create().catch(); }"),
    )


def _begun(call: Call) -> str:
    """What a chain hangs on: the call that made the promise, or the name that the promise has."""
    while (earlier := call.receiver_call) is not None:
        call = earlier
        if call.method not in CHAINS:
            return call.written
    return text_of(call.receiver)


def _begins(call: Call, begun: str) -> bool:
    """It makes that promise, or is the first that is hung on it."""
    if call.method in CHAINS:
        return text_of(call.receiver) == begun
    return call.written == begun


def _takes_its_own(call: Call, change: FunctionChange) -> bool:
    """The function that it calls, of this file, has the handler now."""
    before = change.before.file
    return any(
        own.text.count("catch") > sum(former.text.count("catch") for former in before.functions_named(own.name))
        for own in own_functions(call)
    )


def _is_bare(call: Call) -> bool:
    """Neither awaited nor handed on; nothing in its chain takes a failure, nor does a `try` around it."""
    if takes_failure(call) or is_caught(call):
        return False
    while (later := call.file.call_on(call)) is not None:
        if takes_failure(later):
            return False
        call = later
    return call.use == "discarded" and not call.is_awaited
