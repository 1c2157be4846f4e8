"""`throw ex`, which forgets where the exception came from."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Edit, Rule, csharp
from bot.syntax import Handler, Jump, SourceFile, text_of


class RethrowResetsStack(Rule):
    """## What it finds
    `throw ex;` in the handler that caught `ex`.

    ## Why it matters
    It starts the stack trace anew at this line. In the log of the outage stands the handler instead of the line that
    failed, and the one thing that would have led to the fault is gone.

    ## Use instead
    `throw;`, or a new exception that carries this one as its `InnerException`.
    """

    name = "lost-cause/rethrow-resets-stack"
    severity = Severity.MEDIUM
    covered_by = ("dotnet:CA2200", "dotnet:MA0027", "sonar:csharpsquid:S3445")
    languages = ("csharp",)
    confidence = 0.45  # true wherever it stands, and a remark that changes no outcome: for a scan

    def check_handler(self, handler: Handler, file: SourceFile) -> list[Alarm]:
        name = handler.variable
        thrown = [jump for jump in file.within(file.jumps, handler.body) if jump.kind == "raise"]
        return [self._alarm(jump, name) for jump in thrown if self._throws_it_again(jump, handler, name)]

    def _throws_it_again(self, jump: Jump, handler: Handler, name: str) -> bool:
        if [text_of(child) for child in jump.node.named_children] != [name]:
            return False
        bindings = handler.file.within(handler.file.bindings, handler.body)
        is_given_anew = any(text_of(binding.target) == name for binding in bindings)
        return jump.function is handler.function and not is_given_anew

    def _alarm(self, jump: Jump, name: str) -> Alarm:
        return Alarm(
            jump,
            f"`throw {name};` forgets where the exception came from"[:80],
            f"`throw {name};` begins the stack trace again at this line. Whoever reads the log of it sees this "
            "handler and not the line that broke.",
            "Write `throw;`, which keeps the trace, or wrap it with this exception as the inner one.",
            (Edit(jump.node.start_byte, jump.node.end_byte, "throw;"),) if jump.node.type == "throw_statement" else (),
        )

    bad = (
        csharp("class A { void F() {\n  try { Sync(); }\n  catch (IOException e) { Log(e); throw e; }\n} }", line=3),
        csharp("class A { void F() { try { Sync(); } catch (Exception e) when (e.Data != null) { throw e; } } }"),
        csharp(
            "class A { void F() {\n  try { Sync(); }\n  catch (IOException e) { Use(cached ?? throw e); }\n} }",
            line=3,
        ),
    )
    good = (
        csharp("class A { void F() { try { Sync(); } catch (IOException e) { Log(e); throw; } } }"),
        csharp('class A { void F() { try { Sync(); } catch (IOException e) { throw new X("sync", e); } } }'),
        csharp("class A { void F() { try { Sync(); } catch (IOException e) { e = Wrap(e); throw e; } } }"),
        csharp("class A { void F() { try { Sync(); } catch (IOException e) { Run(() => { throw e; }); } } }"),
        csharp("class A { Exception F() { try { Sync(); return null; } catch (IOException e) { return e; } } }"),
    )
