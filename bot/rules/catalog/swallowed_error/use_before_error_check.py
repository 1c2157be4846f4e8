"""A result that is used before its error is looked at."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.own import own_functions
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Handler, Node, Shape, SourceFile, text_of

_NOTHING = regex(r"(?:nil\b|\"\"|0\b|false\b|[\w.]+\{\})")
LOOKED_BACK = 4
"""So many statements may stand between the call and the check."""


class UseBeforeErrorCheck(Rule):
    """## What it finds
    A Go result whose field or method is used between the call and the `if err != nil` that belongs to it, most often by
    a `defer resp.Body.Close()` one line too early. Other uses are shown by a scan only: of a value that is no pointer,
    or that comes together with its error, they are right.

    ## Why it matters
    When the call fails its result is nil, so the line before the check panics, and the check that would have answered
    with a proper error is never reached. It works in every test and takes the process down on the first bad day.

    ## Use instead
    Check the error first, then `defer` the clean-up.
    """

    name = "swallowed-error/use-before-error-check"
    severity = Severity.HIGH
    languages = ("go",)
    confidence = 0.85

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        between: list[Node] = []
        statement = handler.node.prev_named_sibling
        while statement is not None and len(between) < LOOKED_BACK:
            names = _names_bound(statement)
            if handler.variable in names:
                if _gives_value_with_error(statement, file):
                    return None
                return self._first_use(
                    [n for n in names if n not in (handler.variable, "_") and not _is_span(n)], between[::-1], handler
                )
            if statement.type != "comment":
                between.append(statement)
            statement = statement.prev_named_sibling
        return None

    def _first_use(self, names: list[str], between: list[Node], handler: Handler) -> Alarm | None:
        language = handler.file.language
        errors = [handler.variable, *(name for name in names if name.lower().endswith("err"))]
        for statement in between:
            if any(mention for error in errors for mention in language.mentions(error, statement)):
                return None
            for name in names:
                for mention in language.mentions(name, statement):
                    if not _is_guarded(name, statement) and _is_taken_apart(mention):
                        return self._alarm(Shape(statement, handler.file, handler.outer), name, handler.variable)
        return None

    def _alarm(self, at: Shape, name: str, error: str) -> Alarm:
        is_sure = at.node.type == "defer_statement" or f"{name}.Body" in at.text
        return Alarm(
            at,
            f"`{name}` is used before `{error}` is checked"[:80],
            f"When the call fails, `{name}` is nil and this line panics, so the check of `{error}` below it is never "
            "reached. One failed call then takes down the goroutine, and without a recover the whole process.",
            f"Move this below `if {error} != nil`.",
            last_line=at.start_line,
            confidence=None if is_sure else SHOWN_ONLY,
        )

    bad = (
        go(
            "func f() error {\n\tpage, err := get()\n\tdefer page.Close()\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}\n\nfunc get() (*Page, error) {\n\treturn fetch()\n}",
            line=3,
        ),
        go(
            "func load(c *http.Client) error {\n\tresp, err := c.Get(url)\n\tdefer resp.Body.Close()\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}",
            line=3,
        ),
        go(
            "func load() error {\n\tf, err := os.Open(p)\n\t// say where\n\tlog(f.Name())\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}",
            line=4,
        ),
        go(
            "func f() error {\n\tresp, err := get()\n\tshow(resp.Status)\n\t// it may have failed\n"
            "\t// in many ways\n\t// such as these\n\t// and more\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}",
            line=3,
        ),
        go(
            "func f() error {\n\tpage, err := get()\n\tshow(page.Status)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}\n\nfunc get() (*Page, error) {\n\tif off {\n\t\treturn nil, errOff\n\t}\n"
            "\treturn &Page{}, nil\n}",
            line=3,
        ),
        go(
            "func f() error {\n\tresp, err := http.Get(url)\n\tuse(resp.Body)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}",
            line=3,
        ),
    )
    good = (
        go(
            "func f() error {\n\tpage, err := get()\n\tshow(page.Status)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}\n\nfunc get() (*Page, error) {\n\treturn &Page{Status: 500}, load()\n}"
        ),
        go(
            "func f() error {\n\tpage, readErr, err := get()\n\tif failed(readErr) {\n\t\tshow(page.Status)\n\t}\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f(ctx C) error {\n\tctx, span, err := start(ctx)\n\tdefer span.End()\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go("func load() error {\n\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n}"),
        go(
            "func load() error {\n\tf, err := os.Open(p)\n\tif f != nil {\n\t\tdefer f.Close()\n\t}\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func load() error {\n\tf, err := os.Open(p)\n\tlog(err, f.Name())\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func load() error {\n\tn, err := r.Read(b)\n\ttotal += n\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}"
        ),
        go(
            "func load() error {\n\tf, err := os.Open(p)\n\tlog(one)\n\tlog(two)\n\tlog(three)\n\tlog(four)\n"
            "\tf.Read(b)\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\t_, err := get()\n\tlog.Print(_.Status)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tfor resp, err := range pages() {\n\t\tshow(resp)\n\t}\n\tpage.Show()\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tvar resp, err = get()\n\tshow(resp.Status)\n\tif err != nil {\n\t\treturn err\n"
            "\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tpage, err := cached, old()\n\tshow(page.Status)\n\tif err != nil {\n"
            "\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tpage, err := <-pages\n\tshow(page.Status)\n\tif err != nil {\n\t\treturn err\n"
            "\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tpage, err := get()\n\tshow(page)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tpage, err := get()\n\tshow(site.page)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tpage, err := get()\n\tfill(&page)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\treturn nil\n}"
        ),
    )


def _is_span(name: str) -> bool:
    """Whoever starts a trace's span gives it with the error too: it is where the error is noted."""
    return name.lower().endswith("span")


def _names_bound(statement: Node) -> list[str]:
    """The names that an assignment of one call's results gives a value."""
    given = [value.type for value in _right(statement)]
    bound = [text_of(name) for left in statement.children_by_field_name("left") for name in left.named_children]
    return bound if given == ["call_expression"] else []


def _gives_value_with_error(statement: Node, file: SourceFile) -> bool:
    """What is called stands in this file, and a `return` of it gives both a value and an error."""
    called = next((file.call_at(value) for value in _right(statement)), None)
    if called is None:  # unprovable: narrows the type
        return False
    returns = [
        [value.strip() for value in jump.text.removeprefix("return").rsplit(",", 1)]
        for function in own_functions(called)
        for jump in file.within(file.jumps, function.node)
    ]
    return any(len(given) == 2 and given[1] != "nil" and not _NOTHING.match(given[0]) for given in returns)


def _right(statement: Node) -> list[Node]:
    return [value for right in statement.children_by_field_name("right") for value in right.named_children]


def _is_guarded(name: str, statement: Node) -> bool:
    return f"{name} != nil" in text_of(statement)


def _is_taken_apart(mention: Node) -> bool:
    """`x.field` or `x.method()`."""
    above = mention.parent
    return (
        above is not None  # unprovable: for the type checker
        and above.type == "selector_expression"
        and above.child_by_field_name("operand") == mention
    )
