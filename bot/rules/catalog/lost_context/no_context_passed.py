"""A call that is not told when its caller gives up."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Cancellable
from bot.rules.apis import find
from bot.rules.catalog.lost_context.no_context_passed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.contexts import FRESH, is_missing, needs_a_root, starts_anew
from bot.rules.edits import add_argument
from bot.rules.own import own_functions
from bot.rules.rule import Alarm, Edit, Rule, csharp, go
from bot.rules.tokens import CANCELLATION, tokens_in_sight
from bot.syntax import Call, Finally, Function, Handler, SourceFile, text_of

_DAPPER = regex(r"^(?:Query|Execute)\w*Async$")
_SAYS_WHY = regex(r"(?i)\b(?:ctx|context|cancel\w*)\b|long[- ]lived|background|outlive")
"""Words of a comment that says why the caller's context is not the one to use."""
_MADE_ANEW = regex(rb"\.(?:Background|TODO)\(\)")
_GIVEN_LATER = ".WithContext("
UNFIT = ("Experimental", "Obsolete")


class NoContextPassed(Rule):
    """## What it finds
    A call that could be given the caller's `CancellationToken`, or Go `context`, and is not: the token in sight is left
    out, or a new `context.Background()` takes the place of the one that was handed in.

    ## Why it matters
    When the client hangs up, the deadline passes or the service shuts down, everything else stops and this call goes
    on. Under load that is the work nobody waits for any more, and it holds the connections that live requests need.

    ## Use instead
    Pass the token or context on. Where the work must outlive its caller, say so: `CancellationToken.None`,
    `context.WithoutCancel(ctx)` with a timeout of its own.
    """

    name = "lost-context/no-context-passed"
    severity = Severity.MEDIUM
    covered_by = ("golangci-lint:noctx+contextcheck", "dotnet:CA2016", "dotnet:MA0040")
    languages = ("go", "csharp")
    confidence = 0.45  # what is left to its own deadline on purpose looks the same
    sections = ("cancellable",)
    every_call_in = languages

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if file.language.name == "go":
            return self._fresh_root(call) or self._makes_its_own(call) or self._leaves_it_out(call)
        if next(call.around(Handler), None) or next(call.around(Finally), None):
            return None  # cleaning up must go on after a cancellation
        place = self._place_of_token(call)
        if place is None or self._is_given_it_later(call, file):
            return None
        tokens = tokens_in_sight(call)
        if not tokens or any(self._is_a_token(argument.text, tokens) for argument in call.all_arguments):
            return None
        fits = place in (-1, len(call.all_arguments)) and len(tokens) == 1 and not call.keywords
        edits = (add_argument(call, tokens[0]),) if fits else ()
        return self._alarm(call, f"`{tokens[0]}`", "token", f"Pass `{tokens[0]}` on.", edits)

    def _is_given_it_later(self, call: Call, file: SourceFile) -> bool:
        outer = file.call_on(call)
        return outer is not None and outer.method == "WithCancellation"

    def _place_of_token(self, call: Call) -> int | None:
        """Index of the parameter that takes the token (-1: the last); None where none is left out."""
        own = own_functions(call)
        if call.node.type == "object_creation_expression" or (
            b"using Dapper;" in call.file.text and _DAPPER.match(call.method)
        ):
            return None  # what is built waits for nothing; Dapper's methods take the token in a CommandDefinition
        if not own:
            return -1 if find(call, Cancellable) is not None else None
        for function in own:
            types = [text_of(type_).split(".")[-1] for type_ in function.parameters.values()]
            if len(own) > 1 and function in call.around(Function):
                return None  # the overload with a token calls the one without
            if CANCELLATION not in types or any(f"{word}" in function.text.split("(")[0] for word in UNFIT):
                continue
            place, name = types.index(CANCELLATION), list(function.parameters)[types.index(CANCELLATION)]
            if name not in call.keywords and self._may_stop_at(function, len(call.all_arguments), place):
                return place
        return None

    def _may_stop_at(self, function: Function, given: int, place: int) -> bool:
        """The arguments end before the token, and what lies between has defaults."""
        list_ = function.node.child_by_field_name("parameters")
        if list_ is None:  # unprovable: narrows the type
            return False
        written = [text_of(child) for child in list_.named_children]
        is_extension = int(written[0].startswith("this "))
        return given + is_extension <= place and all("=" in one for one in written[given + is_extension : place])

    def _is_a_token(self, text: str, tokens: list[str]) -> bool:
        return text in tokens or text == "default" or "cancel" in text.lower() or text.endswith(".Token")

    def _fresh_root(self, call: Call) -> Alarm | None:
        if not call.is_one_of(FRESH) or self._is_meant(call):
            return None
        taker = call.file.call_at(call.user.parent) if call.user is not None else None  # unprovable: narrows the type
        handed = self._handed_in(call)
        if taker is None or not handed or needs_a_root(taker) or self._gives_a_context(call, taker):
            return None
        fix = f"Pass `{handed}` on, or `context.WithoutCancel({handed})` with a timeout of its own."
        return self._alarm(
            taker, f"`{handed}`", "context", fix, (Edit(call.node.start_byte, call.node.end_byte, handed),)
        )

    def _is_meant(self, call: Call) -> bool:
        above = call.file.comments_on(call.start_line - 2, call.start_line - 1)
        return any(_SAYS_WHY.search(note.text) for note in above)

    def _gives_a_context(self, call: Call, taker: Call) -> bool:
        """A function that makes a context of another one returns what the call makes."""
        around = call.function
        if around is None:  # unprovable: narrows the type
            return False
        result = call.file.language.returned_type(around.node)
        return taker.use == "returned" and text_of(result) == "context.Context"

    def _makes_its_own(self, call: Call) -> Alarm | None:
        """A function of this file that takes no context and calls on with a new one, called where one is at hand."""
        if not call.file.functions_named(call.method):  # unprovable: saves time
            return None
        if call.use in ("task", "deferred"):
            return None
        own = own_functions(call)
        if len(own) != 1 or not starts_anew(own[0]):
            return None
        handed = self._handed_in(call)
        if not handed:
            return None
        fix = f"Give `{own[0].name}` a `ctx context.Context` as its first parameter, and pass `{handed}`."
        return self._alarm(call, f"`{handed}`", "context", fix, ())

    def _leaves_it_out(self, call: Call) -> Alarm | None:
        """`db.Exec(…)`, where `db.ExecContext` would take the context at hand."""
        if find(call, Cancellable) is None or self._is_meant(call):
            return None
        handed = self._handed_in(call)
        if not handed or any(_GIVEN_LATER in function.text for function in call.around(Function)):
            return None
        twin = f"{call.method}WithContext" if call.method == "NewRequest" else f"{call.method}Context"
        return self._alarm(call, f"`{handed}`", "context", f"Call `{twin}` with `{handed}`.", ())

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        """`ctx = context.Background()` over the context that was handed in."""
        node = function.node
        if not _MADE_ANEW.search(file.text, node.start_byte, node.end_byte):  # unprovable: saves time
            return None
        given = {
            name for name, type_ in function.parameters.items() if file.canonical(type_, function) == "context.Context"
        }
        for binding in file.within(file.bindings, function.body):
            made = file.call_at(binding.value)
            name = text_of(binding.target)
            if made is None or made.name not in FRESH or name not in given or binding.function is not function:
                continue
            if binding.node.type != "assignment_statement" or is_missing(name, binding):
                continue
            fix = f"Use `context.WithoutCancel({name})` with a timeout of its own, where the work must go on."
            return self._alarm(made, f"`{name}`", "context", fix, ())
        return None

    def _handed_in(self, call: Call) -> str:
        """The context that the function was given; empty where it has none, or where the work runs on its own."""
        for function in call.around(Function):
            for name, type_ in function.parameters.items():
                kind = call.file.canonical(type_, function)
                if kind == "context.Context" and name != "_":
                    return name if f"<-{name}.Done()" not in function.text else ""
                if kind == "net/http.Request" and name != "_":
                    return f"{name}.Context()"
            inner = function.node.parent
            above = inner.parent if inner is not None else None  # unprovable: narrows the type
            if above is not None and (above.type in ("go_statement", "defer_statement") or _is_run_later(function)):
                return ""
        return ""

    def _alarm(self, call: Call, handed: str, what: str, fix: str, edits: tuple[Edit, ...]) -> Alarm:
        return Alarm(
            call,
            f"`{call.written}` is not given {handed}"[:80],
            f"`{call.written}` runs without the caller's {what}, though {handed} is at hand. When the caller gives up "
            "or the service shuts down it goes on, and holds its thread or connection for an answer nobody reads.",
            fix,
            edits,
        )

    bad = (
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tctx = context.Background()\n\tsave(ctx, o)\n}', line=4
        ),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tsave()\n}\n\nfunc save() {\n'
            "\tput(context.Background(), o)\n}",
            line=4,
        ),
        go(
            'import ("context"; "net/http")\n\nfunc f(w http.ResponseWriter, r *http.Request) {\n'
            "\tput(context.Background(), o)\n}",
            line=4,
        ),
        go(
            'import "context"\n\nfunc f(ctx context.Context) error {\n\treturn save(context.Background(), o)\n}', line=4
        ),
        go('import "context"\n\nfunc f(ctx context.Context) { each(func() { save(context.TODO(), o) }) }', line=3),
        csharp(
            "class A { async Task F(CancellationToken ct) {\n  await Task.Delay(500).ConfigureAwait(false);\n} }",
            line=2,
        ),
        csharp("class A { async Task F(CancellationTokenSource stop) {\n  await Task.Delay(500);\n} }", line=2),
        csharp("class A { async Task F(HttpContext http) {\n  await db.SaveChangesAsync();\n} }", line=2),
        csharp(
            "class A { void F(CancellationToken ct) {\n  Save(order);\n }\n"
            "  void Save(Order o, bool now = true, CancellationToken token = default) { } }",
            line=2,
        ),
        csharp(
            "class A { void F() {\n  CancellationToken ct = Stop();\n  Save();\n }\n  void Save() { }\n"
            "  void Save(CancellationToken ct) { } }",
            line=3,
        ),
        *FURTHER_BAD,
    )
    good = (
        csharp("class A { void Save() { }\n  void Save(CancellationToken ct) => Save(); }"),
        go('import "context"\n\nfunc f(ctx context.Context) { logger.Info(context.Background(), o) }'),
        go(
            'import ("context"; "time")\n\nfunc f(ctx context.Context) {\n'
            "\ttime.AfterFunc(5, func() { save(context.Background(), o) })\n}"
        ),
        go('import "context"\n\nfunc f(ctx context.Context) { defer pprof.SetGoroutineLabels(context.Background()) }'),
        go('import "context"\n\nfunc f(ctx context.Context) { internal.Logger.Printf(context.Background(), "o") }'),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tnewStore()\n}\n\nfunc newStore() {\n'
            "\tput(context.Background(), o)\n}"
        ),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tif ctx == nil {\n\t\tctx = context.Background()\n'
            "\t}\n\tsave(ctx, o)\n}"
        ),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tgo save()\n}\n\nfunc save() {\n'
            "\tput(context.Background(), o)\n}"
        ),
        go('import "context"\n\nfunc f() {\n\tsave()\n}\n\nfunc save() {\n\tput(context.Background(), o)\n}'),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tsave()\n}\n\nfunc save() {\n'
            "\tc, stop := context.WithTimeout(context.Background(), 5)\n\tput(c, stop)\n}"
        ),
        go('import "context"\n\nfunc f(ctx context.Context) error { return save(ctx, o) }'),
        go('import "context"\n\nfunc f() error { return save(context.Background(), o) }'),
        go(
            'import "context"\n\n// nolint: contextcheck\nfunc f(ctx context.Context) { save(context.Background(), o) }'
        ),
        *FURTHER_GOOD,
    )


def _is_run_later(function: Function) -> bool:
    """Given to `time.AfterFunc`: its caller may be long gone by then."""
    above = function.node.parent
    taker = function.file.call_at(above.parent) if above is not None else None  # unprovable: narrows the type
    return taker is not None and taker.method == "AfterFunc"
