"""A context kept in a struct."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Class, SourceFile, text_of

CARRIES_A_REQUEST = regex(
    r"(?i)req(?:uest)?|ctx|context|call|task|job|op$|operation|options?$|params?$|args?$|event|item|message|entry|cmd"
    r"|builder|group|session|state|handler|run|stream|iter|conn|tx|query|walker|scan|resp"
)
"""Structs that live as long as one request, where a field is how the context travels."""


ENDS_ITSELF = regex(r"CancelFunc|\bcancel\w* +func|\bdone\b")
"""With a cancel function beside it the context is the life of the component."""


class ContextInStruct(Rule):
    """## What it finds
    A field of type `context.Context` in a Go struct that outlives a request.

    ## Why it matters
    A context belongs to one call. Kept in a service or a client it is the wrong one for every later call: their
    deadlines are not heeded, and once the first one is cancelled all others fail at once.

    ## Use instead
    `ctx context.Context` as the first parameter of each method. For the life of a component, a `done` channel or a
    cancel function.
    """

    name = "lost-context/context-in-struct"
    severity = Severity.LOW
    covered_by = ("golangci-lint:containedctx",)
    languages = ("go",)
    needs = tuple(b"context.Context" + after for after in (b"\n", b"\r", b" `", b" /", b" }"))
    confidence = 0.45

    def check_file(self, file: SourceFile) -> list[Alarm]:
        found = []
        for binding in file.bindings:
            owner = binding.outer
            if not isinstance(owner, Class):
                continue
            if CARRIES_A_REQUEST.search(owner.name) or ENDS_ITSELF.search(owner.text):
                continue
            if file.canonical(binding.type, owner) == "context.Context":
                found.append(
                    Alarm(
                        binding,
                        f"`{owner.name}` keeps a context that belongs to one call"[:80],
                        f"Every method of `{owner.name}` now works with the deadline and cancellation of whoever made "
                        "it. Later callers cannot stop their own calls, and when that first context ends all of them "
                        "fail.",
                        f"Give each method a `ctx context.Context` and drop `{text_of(binding.target)}`.",
                    )
                )
        return found

    bad = (go('import "context"\n\ntype Store struct {\n\tctx context.Context\n\tdb *DB\n}', line=4),)
    good = (
        go('import "context"\n\ntype fetchRequest struct {\n\tctx context.Context\n\turl string\n}'),
        go('import "context"\n\ntype Store struct {\n\tctx context.Context\n\tcancel context.CancelFunc\n}'),
        go('import "context"\n\ntype Store interface {\n\tGet(ctx context.Context) error\n}'),
        go('import "example.com/context"\n\ntype Store struct {\n\tctx context.Context\n}'),
        go('import "context"\n\nvar state struct {\n\tctx context.Context\n}'),
        go('import "context"\n\nfunc f() { var ctx context.Context = nil; use(ctx) }'),
    )
