"""What a proof must call: the function around a finding. Read in the guarded processes; only plain values leave."""

from typing import NamedTuple

from bot.syntax import Class, Function, SourceFile, parse, text_of

_MOST_CHARS = 12_000


class Target(NamedTuple):
    """One function of the head."""

    name: str
    qualified: str
    owner: str
    """Simple name of the class around a method; empty for a function of its own."""
    text: str
    callers: tuple[str, ...]
    """Functions of the same file that name it: a test may reach it through one of them."""
    code: str
    """The whole file, without comments."""
    is_top: bool
    """True for a plain function at the file's own level."""
    has_decorator: bool
    is_async: bool
    header: str
    """From its beginning to its body, on one line."""
    parameters: tuple[tuple[str, str], ...]
    """Name and written type, empty where none is."""


class Written(NamedTuple):
    """What the grammar makes of a test."""

    errors: int
    code: str
    """Without comments."""
    names: frozenset[str]
    """What it defines at its own level, and what it imports."""
    imports: dict[str, str]
    """Name → what it is of."""


def read_target(asked: tuple[str, bytes, int]) -> Target | None:
    """Path, content, and a line of it; None where no named function is around that line."""
    path, content, line = asked
    file = parse(path, content)
    if file is None:
        return None
    around = [shape for shape in file.functions if shape.name and shape.start_line <= line <= shape.end_line]
    if not around:
        return None
    function = min(around, key=lambda shape: shape.end_line - shape.start_line)
    callers = [
        shape.name
        for shape in file.functions
        if shape.name and shape.name != function.name and function.name in shape.text
    ]
    above = function.node.parent
    return Target(
        name=function.name,
        qualified=function.scope,
        owner=function.enclosing_class or "",
        text=function.text[:_MOST_CHARS],
        callers=tuple(dict.fromkeys(callers)),
        code=without_comments(file),
        is_top=function.outer is None and not function.enclosing_class,
        has_decorator=above is not None and "decorat" in above.type,
        is_async=function.is_async,
        header=_header(function),
        parameters=tuple((name, text_of(type_).lstrip(": ")) for name, type_ in function.parameters.items()),
    )


def read_written(asked: tuple[str, bytes]) -> Written | None:
    """Path and content; None where there is no grammar for it."""
    path, content = asked
    file = parse(path, content)
    if file is None:
        return None
    shapes: list[Class | Function] = [*file.classes, *file.functions]
    tops = {shape.name for shape in shapes if shape.outer is None}
    bound = {text_of(binding.target) for binding in file.bindings if binding.outer is None}
    names = frozenset({*tops, *bound, *file.imports} - {""})
    return Written(file.error_count, without_comments(file), names, dict(file.imports))


def _header(function: Function) -> str:
    body = function.body
    end = body.start_byte if body is not None else function.node.end_byte
    return " ".join(function.file.between(function.node.start_byte, end).split())


def without_comments(file: SourceFile) -> str:
    """Its text with every comment blank, line ends kept."""
    text = bytearray(file.text)
    for comment in file.comments:
        start, end = comment.node.start_byte, comment.node.end_byte
        text[start:end] = bytes(byte if byte in b"\r\n" else 0x20 for byte in text[start:end])
    return text.decode("utf-8", "replace")
