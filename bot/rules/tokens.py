"""The cancellation tokens and contexts that code could pass on at a place."""

import re
from collections.abc import Iterator

from bot.regex import regex
from bot.syntax import Binding, Call, Class, Function, Node, Shape, SourceFile, text_of

CANCELLATION = "CancellationToken"
REQUESTS = {"HttpContext": "RequestAborted", "ServerCallContext": "CancellationToken"}
"""Types of the framework that carry the token of the request."""
CONTROLLERS = frozenset({"ControllerBase", "Controller", "PageModel", "ViewComponent"})
_NAMED_LIKE_ONE = regex(r"^(?:ct|token|cancel\w*)\d*$", re.IGNORECASE)


def tokens_in_sight(call: Call) -> list[str]:
    """What a C# call could be given as its token, as it would be written there; nearest first."""
    file = call.file
    found: list[str] = []
    is_static = False
    for shape in call.around(Shape):
        if isinstance(shape, Function) and not is_static:
            found += _of_parameters(shape, file)
            found += _of_locals(shape, call)
            is_static = "static" in file.language.modifiers(shape.node)
        elif isinstance(shape, Class):
            found += _of_class(shape, is_static)
            break
    return found


def _of_parameters(function: Function, file: SourceFile) -> Iterator[str]:
    for name, type_ in function.parameters.items():
        if type_ is None:
            if _NAMED_LIKE_ONE.match(name):
                yield name
        elif text_of(type_) == f"{CANCELLATION}Source":
            yield f"{name}.Token"
        else:
            yield from _carried_by(name, type_, file)


def _carried_by(name: str, type_: "Node | None", file: SourceFile) -> Iterator[str]:
    simple = text_of(type_).rstrip("?").split(".")[-1]
    if simple == CANCELLATION:
        yield name
    elif simple in REQUESTS:
        yield f"{name}.{REQUESTS[simple]}"
    else:
        of = next((shape for shape in file.classes if shape.name == simple), None)
        members = _members(of) if of is not None else ()
        yield from (f"{name}.{member}" for member, kind, _ in members if text_of(kind).split(".")[-1] == CANCELLATION)


def _of_locals(function: Function, call: Call) -> Iterator[str]:
    for binding in call.file.within(call.file.bindings, function.body):
        before = binding.node.end_byte <= call.node.start_byte
        if before and binding.function is function and _holds_token(binding) and _is_in_scope(binding, call):
            yield text_of(binding.target)


def _holds_token(binding: Binding) -> bool:
    if binding.type is not None:
        return text_of(binding.type).split(".")[-1] == CANCELLATION
    value = text_of(binding.value)
    return value.endswith(f"{CANCELLATION}.None") or bool(re.match(rf"new (?:[\w.]+\.)?{CANCELLATION}\(", value))


def _is_in_scope(binding: Binding, call: Call) -> bool:
    block = binding.node.parent
    while block is not None and block.type not in ("block", "compilation_unit"):
        block = block.parent
    return block is not None and block.end_byte >= call.node.end_byte


def _of_class(class_: Class, only_static: bool) -> Iterator[str]:
    for name, type_, is_static in _members(class_):
        if is_static or not only_static:
            yield from _carried_by(name, type_, class_.file)
    bases = next((child for child in class_.node.children if child.type == "base_list"), None)
    if bases is not None and not only_static and any(text_of(base) in CONTROLLERS for base in bases.named_children):
        yield "HttpContext.RequestAborted"


def _members(class_: Class) -> "Iterator[tuple[str, Node | None, bool]]":
    """(name, type, whether it is static) of fields, properties and a record's parameters."""
    for binding in class_.file.within(class_.file.bindings, class_.body):
        if binding.outer is class_ and binding.type is not None:
            yield text_of(binding.target), binding.type, "static" in class_.file.language.modifiers(binding.node)
    given = next((child for child in class_.node.named_children if child.type == "parameter_list"), None)
    for child in given.named_children if given is not None else ():
        yield text_of(child.child_by_field_name("name")), child.child_by_field_name("type"), False
