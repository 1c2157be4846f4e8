"""A try that cannot catch what it guards."""

from bot.domain import Severity
from bot.rules.promises import gives_promise
from bot.rules.rule import Alarm, Edit, Rule, javascript, typescript
from bot.syntax import Call, Handler, SourceFile, Try


class PromiseInTryWithoutAwait(Rule):
    """## What it finds
    A `try` with a `catch` around a promise that is not awaited in it: it is left alone, or returned from an `async`
    function as it is.

    ## Why it matters
    `try` is over before the promise settles. Its rejection goes past the `catch`: the fallback, the log line and the
    clean-up in it never run, and what nobody else takes ends the Node.js process as an unhandled rejection.

    ## Use instead
    `await` it inside the `try` (`return await …`).
    """

    name = "swallowed-error/promise-in-try-without-await"
    severity = Severity.MEDIUM
    covered_by = ("eslint:@typescript-eslint/return-await", "sonar:javascript:S4822")
    languages = ("javascript", "typescript")
    confidence = 0.9

    def check_handler(self, handler: Handler, file: SourceFile) -> list[Alarm] | Alarm | None:
        guarded = handler.guarded
        if guarded is None:  # unprovable: narrows the type
            return None
        if [one.type for one in file.language.statements(handler.node)] == ["throw_statement"]:
            return None  # there is nothing to miss: whoever awaits it hears of the failure
        calls = [call for call in file.within(file.calls, guarded.body) if call.function is guarded.function]
        if alone := self._left_alone(calls, guarded):
            return self._alarm(guarded, alone, "runs on its own", guarded.start_line)
        around = guarded.function
        if around is None or not around.is_async:
            return None
        returned = [
            self._alarm(call, call, "is returned as it is", call.end_line, (self._awaited(call),))
            for call in calls
            if call.use == "returned"
            and not call.is_awaited
            and self._innermost(call) is guarded
            and gives_promise(call)
            and call.method != around.name  # itself, whose own handler has seen what fails
            and call.name not in ("Promise.resolve", "Promise.reject")
        ]
        return returned[:1]  # one a try: whoever mends it sees the others

    def _awaited(self, call: Call) -> Edit:
        return Edit(call.node.start_byte, call.node.start_byte, "await ")

    def _innermost(self, call: Call) -> Try | None:
        return next(call.around(Try), None)

    def _left_alone(self, calls: list[Call], guarded: Try) -> Call | None:
        """The first promise of a block that calls nothing else, so that there is nothing for its `catch` to catch."""
        if "await" in guarded.text:
            return None
        first = None
        for call in calls:
            if call.use == "receiver":
                continue
            chain = [call]
            while (earlier := chain[-1].receiver_call) is not None:
                chain.append(earlier)
            if call.use != "discarded" or not gives_promise(chain[-1]) or self._is_caught(chain):
                return None
            first = first or chain[-1]
        return first

    def _is_caught(self, chain: list[Call]) -> bool:
        """`.catch(f)`: the failure is dealt with there."""
        return any(call.method == "catch" and call.arguments for call in chain)

    def _alarm(self, at: Call | Try, call: Call, what: str, last_line: int, edits: tuple[Edit, ...] = ()) -> Alarm:
        return Alarm(
            at,
            f"This `catch` never sees `{call.written}` fail"[:80],
            f"The promise of `{call.written}` {what}, so the `try` is over before it settles. When it rejects, the "
            "`catch` below is not run: no fallback, no log line, and an unhandled rejection if nobody else takes it.",
            "Await it inside the `try` (`return await …` where it is returned).",
            edits,
            last_line=last_line,
        )

    bad = (
        javascript("async function save() {}\nfunction f() {\n  try { save(); } catch (e) { log(e); }\n}", line=3),
        javascript("function f() {\n  try { fetch(url).then(); } catch (e) { log(e); }\n}", line=2),
        typescript(
            "async function load(): Promise<X> { return get(); }\nasync function f() {\n  try {\n    return load();\n"
            "  } catch (e) {\n    return stale;\n  }\n}",
            line=4,
        ),
        javascript(
            "async function save() {}\nasync function tell() {}\n"
            "function f() {\n  try { save().catch(); tell(); } catch (e) { log(e); }\n}",
            line=4,
        ),
    )
    good = (
        typescript(
            "async function load() {}\n"
            "async function f() { try { return load(); } catch (e) { throw new Error(e.message); } }"
        ),
        typescript(
            "async function move(a: Box) {\n  try {\n    if (a.outer) return move(a.outer);\n    await put(a);\n"
            "  } catch (e) { log(e); }\n}"
        ),
        javascript("async function f() { try { await save(); return Promise.resolve(1); } catch (e) { log(e); } }"),
        javascript("async function f() { try { await save(); return Promise.reject(e); } catch (e) { log(e); } }"),
        javascript("async function save() {}\nasync function f() { try { await save(); } catch (e) { log(e); } }"),
        javascript("async function save() {}\nfunction f() { try { parse(x); save(); } catch (e) { log(e); } }"),
        javascript("async function save() {}\nfunction f() { try { save(); } finally { close(); } }"),
        javascript("async function save() {}\nfunction f() { try { save().catch(log); } catch (e) { log(e); } }"),
        javascript("async function save() {}\nfunction f() { try { g = () => save(); } catch (e) { log(e); } }"),
        javascript("async function save() {}\nfunction f() { try { run(save()); } catch (e) { log(e); } }"),
        typescript("async function load() {}\nfunction f() { try { return load(); } catch (e) { return reject(e); } }"),
        typescript("async function f() { try { return parse(x); } catch (e) { return none; } }"),
        typescript("async function load() {}\nasync function f() { try { return await load(); } catch { return 1; } }"),
        typescript(
            "async function load() {}\n"
            "async function f() { try { try { return load(); } finally { end(); } } catch (e) { log(e); } }"
        ),
        typescript(
            "async function f() {\n"
            "  try { later(async () => { await g(); return fetch(u); }); } catch (e) { log(e); }\n}"
        ),
        javascript("async function f() {\n  try { const p = fetch(u); use(p); await g(); } catch (e) { log(e); }\n}"),
        javascript("function f() {\n  try { const p = fetch(u); keep(p); } catch (e) { log(e); }\n}"),
        javascript("function f() {\n  let p;\n  try { p = fetch(u); } catch (e) { log(e); }\n  return p;\n}"),
        javascript("try { await sync(order); } catch (e) { log(e); }"),
        javascript(
            "async function save() {}\nasync function f(sent) { try { save(); await sent; } catch (e) { log(e); } }"
        ),
    )
