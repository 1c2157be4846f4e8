"""An error wrapped so that nobody can ask what it is."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Edit, Example, Rule, go
from bot.syntax import Call, Handler, SourceFile

_VERB = regex(r"%[+#]?[vs]")
_CONVERTS = regex(r"= strconv\.(?:Parse|Atoi|Unquote)\w*\(")
"""Fails because a value is wrong and for no other reason: nobody asks which."""
_ERROR = regex(r"(?:^e|[eE]rr)(?:or)?$")


def _told(times: int) -> str:
    """A function in which so many errors are put into a text."""
    step = '\tif err := fetch(ctx, 0); err != nil {\n\t\treturn fmt.Errorf("fetch: %v", err)\n\t}\n'
    return "func load(ctx context.Context) error {\n" + step * times + "\treturn nil\n}"


class ErrorCompareOrWrap(Rule):
    """## What it finds
    `fmt.Errorf` in an error branch that puts the error into its text (`%v`, `%s`) instead of wrapping it (`%w`).

    ## Why it matters
    What comes out is text. `errors.Is` and `errors.As` see nothing in it, so callers can no longer tell a timeout from
    a wrong password: retries repeat what cannot succeed, and give up on what would have.

    ## Use instead
    `%w`. Where callers shall not depend on what is inside, `%v` is right; a comment says so.
    """

    name = "lost-cause/error-compare-or-wrap"
    severity = Severity.LOW
    covered_by = ("golangci-lint:errorlint",)
    languages = ("go",)
    confidence = 0.45  # most projects wrap by their own habit

    def check_handler(self, handler: Handler, file: SourceFile) -> list[Alarm]:
        calls = [call for call in file.within(file.calls, handler.body) if call.name == "fmt.Errorf"]
        return [alarm for call in calls if (alarm := self._unwrapped(call, handler, file)) is not None]

    def _unwrapped(self, call: Call, handler: Handler, file: SourceFile) -> Alarm | None:
        given = call.arguments
        form = next(iter(given), None)
        if (
            form is None  # unprovable: narrows the type
            or "string" not in form.node.type
            or "%w" in form.text
            or "%*" in form.text
            or "%[" in form.text
        ):
            return None
        verbs = list(re.finditer(r"%[^a-zA-Z]*[a-zA-Z]", form.text.replace("%%", "  ")))
        place = next((i for i, one in enumerate(given[1:]) if one.text == handler.variable), None)
        innermost = next(call.around(Handler), None)
        if place is None or len(verbs) != len(given) - 1 or innermost is not handler or self._is_meant(call, file):
            return None
        if _CONVERTS.search(file.line_text(handler.start_line)) or _CONVERTS.search(
            file.line_text(handler.start_line - 1)
        ):
            return None
        if sum(bool(_ERROR.search(one.text)) for one in given[1:]) > 1:
            return None  # two failures in one text: which of them to wrap is its author's choice
        verb = verbs[place]
        at = form.node.start_byte + len(form.text[: verb.start()].encode())
        return Alarm(
            call,
            f"`{handler.variable}` is put into the text and lost as an error"[:80],
            "The new error holds only the words of the old one. `errors.Is` and `errors.As` find nothing in it, so "
            "callers and retries can no longer tell a timeout or a cancellation from any other failure.",
            "Wrap it: `%w` in place of the verb.",
            (Edit(at, at + len(verb.group()), "%w"),) if _VERB.fullmatch(verb.group()) else (),
        )

    def _is_meant(self, call: Call, file: SourceFile) -> bool:
        return bool(file.comments_on(call.start_line - 1, call.end_line))

    bad = (
        Example("go", _told(3), line=3, also=(6, 9)),
        go(
            "func load(ctx context.Context) error {\n\to, err := fetch(ctx)\n\tif err != nil {\n"
            '\t\treturn fmt.Errorf("load: %v", err)\n\t}\n\treturn keep(o)\n}',
            line=4,
        ),
        go(
            'import "fmt"\n\nfunc f() error {\n\tif err := g(); err != nil {\n\t\treturn fmt.Errorf("g: %v", err)\n'
            "\t}\n\treturn nil\n}",
            line=5,
        ),
        go(
            'import "fmt"\n\nfunc f() error {\n\tif err != nil {\n\t\treturn fmt.Errorf("g %d%%: %+v", n, err)\n\t}\n'
            "\treturn nil\n}",
            line=5,
        ),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n\t\tif err := undo(); err != nil {\n"
            '\t\t\treturn fmt.Errorf("undo: %v", err)\n\t\t}\n\t}\n\treturn nil\n}',
            line=4,
        ),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n"
            '\t\treturn fmt.Errorf("sync: %.80v", err)\n\t}\n\treturn nil\n}',
            line=3,
        ),
    )
    good = (
        go(
            "func load(ctx context.Context) error {\n\tif err := fetch(ctx); err != nil {\n"
            "\t\tundoErr := undo(ctx)\n"
            '\t\treturn fmt.Errorf("load (%v) and undo: %v", err, undoErr)\n\t}\n\treturn nil\n}'
        ),
        go('import "fmt"\n\nfunc f() error { if err != nil { return fmt.Errorf("g: %w", err) }; return nil }'),
        go('import "fmt"\n\nfunc f() error { if err != nil { return fmt.Errorf("%w: %v", ErrG, err) }; return nil }'),
        go('import "fmt"\n\nfunc f() error { if err != nil { return fmt.Errorf("g: %v", err.Code) }; return nil }'),
        go('import "fmt"\n\nfunc f() error { if err != nil { return fmt.Errorf(form, err) }; return nil }'),
        go('import "fmt"\n\nfunc f() error { if err != nil { return fmt.Errorf("g: %v %*d", err, n) }; return nil }'),
        go(
            'import "fmt"\n\nfunc f() error {\n\tif err != nil {\n\t\t// nobody shall depend on it\n'
            '\t\treturn fmt.Errorf("g: %v", err)\n\t}\n\treturn nil\n}'
        ),
        go(
            'func f() { if err := sync(); err != nil { log.Printf("sync: %v", err) } }',
        ),
        go(
            'func f() error {\n\tif err := sync(); err != nil {\n\t\treturn fmt.Errorf(form+": %v", err)\n'
            "\t}\n\treturn nil\n}",
        ),
        go(
            "func f() error {\n\tif err := sync(); err != nil {\n"
            '\t\treturn fmt.Errorf("sync: %[1]v", err)\n\t}\n\treturn nil\n}',
        ),
        go(
            "func f() error {\n\tn, err := strconv.Atoi(size)\n\tif err != nil {\n"
            '\t\treturn fmt.Errorf("size: %v", err)\n\t}\n\treturn keep(n)\n}'
        ),
        go(  # one value is missing
            "func f() error {\n\tif err := sync(); err != nil {\n"
            '\t\treturn fmt.Errorf("sync %s: %v", err)\n\t}\n\treturn nil\n}',
        ),
        go(
            "func f() error {\n\tif n, err := strconv.Atoi(size); err != nil {\n"
            '\t\treturn fmt.Errorf("size: %v", err)\n\t}\n\treturn nil\n}'
        ),
    )
