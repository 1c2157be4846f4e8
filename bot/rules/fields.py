"""Fields of a class and the conditions on them, as one file shows them."""

import re
from collections.abc import Iterator

from bot.regex import regex
from bot.syntax import Binding, Class, Function, Node, Section, Shape, SourceFile, text_of

_EMPTY = regex(r"^(?P<not>!*)(?:(?P<left>[\w.]+)(?P<op>[!=]=)null|null(?P<po>[!=]=)(?P<right>[\w.]+))$")


def field_named(written: str, at: Shape) -> Binding | None:
    """The declaration of `x`, `this.x` or `Inner.x` as a field; None where a local hides it or it is another file's.

    A bare name may be one of a class around."""
    owner, _, name = written.rpartition(".")
    function = at.function
    if not owner and function is not None and (name in function.parameters or _is_local(name, function)):
        return None
    declared = {
        binding.outer.name: binding
        for binding in reversed(at.file.bindings)
        if isinstance(binding.outer, Class) and text_of(binding.target) == name
    }
    around = [one.name for one in at.around(Class)]
    wanted = [owner] if owner not in ("", "this") else around[:1] if owner else around
    return next((declared[one] for one in wanted if one in declared), None)


def _is_local(name: str, function: Function) -> bool:
    return any(
        binding.type is not None and text_of(binding.target) == name
        for binding in function.file.within(function.file.bindings, function.body)
    )


def written_again(field: Binding) -> Iterator[Binding]:
    """Where a field is given a value outside of its declaration and of constructors."""
    name, owner = text_of(field.target), field.outer
    for binding in field.file.within(field.file.bindings, owner.node if owner is not None else None):
        target, function = text_of(binding.target), binding.function
        if binding is field or binding.type is not None or target not in (name, f"this.{name}") or function is None:
            continue
        if function.node.type != "constructor_declaration" and field_named(target, binding) is field:
            yield binding


def tested_empty(condition: Node | None) -> str:
    """X of `x == null`, `null == x`, `!(x != null)`; empty for any other condition."""
    text = re.sub(r"[\s()]", "", text_of(condition))
    found = _EMPTY.match(text)
    if found is None:
        return ""
    says_empty = (found["op"] or found["po"]) == "=="
    return (found["left"] or found["right"]) if says_empty == (len(found["not"]) % 2 == 0) else ""


def held_by(section: Section, file: SourceFile) -> Node | None:
    """The expression that a lock section holds, parentheses taken off."""
    held = section.held[0] if section.held else None
    while held is not None and held.type == "parenthesized_expression":
        held = file.language.unwrap(held)
    return held
