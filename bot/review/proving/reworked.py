"""What a mended function was and is, and what a function calls. Read in the guarded processes; plain values leave."""

from typing import NamedTuple

from bot.syntax import Function, SourceFile, parse

_MOST_CALLED = 40
_SHORTEST = 4


class Reworked(NamedTuple):
    """One function that a change rewrote. Lines are of the file before."""

    qualified: str
    start_line: int
    end_line: int
    before: str
    after: str


class Calling(NamedTuple):
    """One function, and words by which others like it are found."""

    qualified: str
    text: str
    words: tuple[str, ...]
    """Packages that its calls come from; where none is known, the names of what it calls."""


def reworked_functions(asked: tuple[str, bytes, bytes]) -> tuple[Reworked, ...]:
    """Path, before and after: functions of both whose code differs, the innermost ones."""
    path, before, after = asked
    one, other = parse(path, before), parse(path, after)
    if one is None or other is None:
        return ()
    found = [
        (function, twin)
        for function in one.functions
        if function.name and (twin := other.function_named(function.qualified_name)) and _differ(function, twin)
    ]
    names = [function.qualified_name for function, _ in found]
    return tuple(
        Reworked(function.qualified_name, function.start_line, function.end_line, function.text, twin.text)
        for function, twin in found
        if not any(name.startswith(f"{function.qualified_name}.") for name in names)
    )


def calling_at(asked: tuple[str, bytes, int]) -> Calling | None:
    """Path, content, and a line of it; None where no named function is around that line."""
    path, content, line = asked
    file = parse(path, content)
    if file is None:
        return None
    around = [shape for shape in file.functions if shape.name and shape.start_line <= line <= shape.end_line]
    inner = min(around, key=lambda shape: shape.end_line - shape.start_line, default=None)
    return Calling(inner.qualified_name, inner.text, _words(file, inner)) if inner is not None else None


def _words(file: SourceFile, function: Function) -> tuple[str, ...]:
    calls = file.within(file.calls, function.node)[:_MOST_CALLED]
    imported = {name: local for local, name in file.imports.items() if name}
    packages = [
        local
        for call in calls
        for name, local in imported.items()
        if call.name == name or call.name.startswith((f"{name}.", f"{name}/"))
    ]
    named = [call.method for call in calls if len(call.method) >= _SHORTEST and call.method.isidentifier()]
    return tuple(dict.fromkeys(packages)) or tuple(dict.fromkeys(named))


def _differ(one: Function, other: Function) -> bool:
    return "".join(one.text.split()) != "".join(other.text.split())
