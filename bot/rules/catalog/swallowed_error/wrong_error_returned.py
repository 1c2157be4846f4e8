"""An error check that gives back an error that is nil."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Handler, Node, Shape, SourceFile, encloses, text_of

_NOT_NIL = regex(r"^(\w+) != nil$")
_RETURNS_OTHER = regex(
    r"^(\w+) != nil \{\s*(?://[^\n]*\s*)*return (\w*(?i:err))\s*(?://[^\n]*\s*)*\}$",
)
INVERTED = regex(rb"\bif (\w*[eE]rr\w*) == nil \{\s*return \1\s*\}\s*return nil\s")
_IS_NIL = regex(r"^(\w+) == nil$")
FUNCTIONS = ("function_declaration", "method_declaration", "func_literal")


class WrongErrorReturned(Rule):
    """## What it finds
    In Go, `if err2 != nil { return err }` where `err` was found to be nil before; and `if err == nil { return err }`
    with a plain `return nil` for the other case.

    ## Why it matters
    The function says that all went well at the very place where it noticed that it did not. The caller goes on with a
    result that is not there, and no log says why.

    ## Use instead
    Return the error that was checked.
    """

    name = "swallowed-error/wrong-error-returned"
    severity = Severity.HIGH
    languages = ("go",)
    confidence = 0.85

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        condition = text_of(handler.node.child_by_field_name("condition"))
        found = _RETURNS_OTHER.match(f"{condition} {text_of(handler.body)}")
        if found is None or found[1] == found[2] or not self._is_known_nil(found[2], handler):
            return None
        checked, returned = found[1], found[2]
        return Alarm(
            Shape(handler.statements[0], file, handler),
            f"`{checked}` is checked, but `{returned}` is returned, which is nil"[:80],
            f"`{returned}` was found to be nil further up, so this tells the caller that all went well just where "
            f"`{checked}` says that it did not. The failure is lost, and the caller goes on with nothing.",
            f"Return `{checked}`.",
        )

    def check_file(self, file: SourceFile) -> list[Alarm]:
        found = []
        for match in INVERTED.finditer(file.text):
            node = file.tree.root_node.descendant_for_byte_range(match.start(), match.start() + 2)
            above = node.parent if node is not None else None  # unprovable: for the type checker
            if (
                above is not None  # unprovable: narrows the type
                and above.type == "if_statement"
            ):
                around = next((one for one in reversed(file.functions) if encloses(one.node, above)), None)
                found.append(self._inverted(Shape(above, file, around), match[1].decode()))
        return found

    def _is_known_nil(self, error: str, handler: Handler) -> bool:
        """An earlier check of it in the same block left the function; or this is inside of `if err == nil`."""
        block: Node | None = handler.node
        while block is not None:
            if block.type in FUNCTIONS:
                return False
            sibling = block.prev_named_sibling
            while sibling is not None:
                if _binds(sibling, error):
                    return False
                if _leaves_where_set(sibling, error):
                    return True
                sibling = sibling.prev_named_sibling
            above = block.parent
            if (
                above is not None  # unprovable: narrows the type
                and block == above.child_by_field_name("consequence")
            ):
                tested = _IS_NIL.match(text_of(above.child_by_field_name("condition")))
                if tested is not None and tested[1] == error:
                    return True
            block = above
        return False

    def _inverted(self, at: Shape, error: str) -> Alarm:
        return Alarm(
            at,
            f"`{error}` is returned only where it is nil"[:80],
            f"The check is the wrong way round: where `{error}` holds a failure the function goes on and returns nil. "
            "The caller is told that all went well each time it did not.",
            f"Write `if {error} != nil`.",
        )

    bad = (
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}",
            line=8,
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err == nil {\n\t\tif bErr := b(); use {\n\t\t}\n"
            "\t\tif bErr != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn err\n}",
            line=7,
        ),
        go("func f() error {\n\terr := a()\n\tif err == nil {\n\t\treturn err\n\t}\n\treturn nil\n}", line=3),
        go(
            "func g() { work() }\n\nfunc f() error {\n\terr := a()\n\tif err == nil { return err }\n\treturn nil\n}",
            line=5,
        ),
        go(
            'func f() error {\n\tif err := a(); true {\n\t\tlog.Print("asked")\n\t}\n'
            "\tif err == nil { return err }\n\treturn nil\n}\n\nfunc g() { work() }",
            line=5,
        ),
    )
    good = (
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err2\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\terr2 := b()\n\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),  # it may hold one
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n\terr = c()\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go("func f() error {\n\terr := a()\n\tif err == nil {\n\t\treturn err\n\t}\n\treturn wrap(err)\n}"),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n\tif bErr != nil {\n"
            "\t\treturn other\n\t}\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n"
            '\tif bErr := b(); bErr != nil {\n\t\tlog.Print("b failed")\n\t\treturn err\n\t}\n\treturn nil\n}'
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\tif err2 := b(); err2 != nil && strict {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\tif err2 := b(); err2 != nil {\n\t\tpanic(err)\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() (*Page, error) {\n\tpage := a()\n\tif page != nil {\n\t\treturn page\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn page\n\t}\n\treturn nil\n}"
        ),
        go(
            'func f() error {\n\terr := a()\n\tif err == nil {\n\t\tlog.Print("done")\n'
            "\t} else if err2 := b(); err2 != nil {\n\t\treturn err\n\t}\n\treturn err\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tfor err != nil {\n\t\treturn err\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tif other != nil {\n\t\treturn other\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\tlog.Print(err)\n\t}\n\terr2 := b()\n"
            "\tif err2 != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\terr := a()\n\tif err != nil {\n\t\treturn err\n\t}\n\trun(func() error {\n"
            "\t\terr2 := b()\n\t\tif err2 != nil {\n\t\t\treturn err\n\t\t}\n\t\treturn nil\n\t})\n\treturn nil\n}"
        ),
        go(
            "func f() error {\n\tif err := a(); err != nil {\n\t\treturn err\n\t}\n"
            "\tif err := b(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"
        ),
        go("func f() error {\n\t// if err == nil { return err }\n\treturn nil\n}"),
        go(
            "func f() error {\n\terr := a()\n\tif on {\n\t\tif other == nil {\n\t\t\tif bErr := b(); bErr != nil {\n"
            "\t\t\t\treturn err\n\t\t\t}\n\t\t}\n\t}\n\treturn err\n}"
        ),
    )


def _binds(statement: Node, name: str) -> bool:
    left = statement.child_by_field_name("left")
    return left is not None and name in [text_of(child) for child in left.named_children]


def _leaves_where_set(statement: Node, name: str) -> bool:
    tested = _NOT_NIL.match(text_of(statement.child_by_field_name("condition")))
    inside = text_of(statement.child_by_field_name("consequence"))
    last = inside.rstrip("} \t\n").rsplit("\n", 1)[-1].strip()
    return tested is not None and tested[1] == name and last.startswith("return")
