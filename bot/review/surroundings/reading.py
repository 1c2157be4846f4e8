"""What one file tells of its functions and classes. Runs in the guarded processes; only plain values leave."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.regex import regex
from bot.review.surroundings.common_names import HEADER_WORDS, OWN
from bot.syntax import Call, Class, Function, SourceFile, is_test_path, parse, text_of

_LONGEST_BRIEF = 14
_NAME = regex(r"[^\W\d]\w*")
_CONSTANT = regex(r"(?<!\w)_*[A-Z][A-Z0-9_]{3,}\b(?!\s*\()")
_SETTING = regex(r"\b(?:settings?|config|cfg|conf|options|opts|env|properties|props)\s*[.\[]\s*['\"]?([a-z_]\w{3,})")


class Scope(NamedTuple):
    """A named function or class. Lines are from 1, inclusive."""

    name: str
    qualified: str
    owner: str
    """Simple name of the class around a method; of a class its own."""
    is_class: bool
    is_spanned: bool
    """True for what a reader is shown as one whole: a function that has a name of its own."""
    start: int
    end: int
    signature_end: int
    brief_start: int
    brief_end: int
    """From the comments and decorators above to the signature, or the first lines of the text that explains it."""
    bases: tuple[str, ...] = ()
    """Names in the header of a class, what it extends among them."""


class Used(NamedTuple):
    """A call, or the mention of a constant, in a part that changed."""

    name: str
    line: int
    scope: str
    """Qualified name of what it stands in."""
    receiver: str = ""
    """The last name before the dot: `payments` of `self.payments.charge()`."""
    is_own: bool = False
    """True where the receiver is the object itself."""
    canonical: str = ""
    is_imported: bool = False
    """True where the canonical name comes from an import: then it says where the definition is."""
    is_constant: bool = False


class Facts(NamedTuple):
    """One changed file of the head."""

    path: str
    scopes: tuple[Scope, ...]
    touched: tuple[int, ...]
    """Which of the scopes the change wrote in, or took something away from."""
    uses: tuple[Used, ...]
    imports: Mapping[str, str]


class Found(NamedTuple):
    """One file in which a name was found."""

    scopes: tuple[Scope, ...]
    """Those of the names asked for, and of the classes asked for also what makes one."""
    around: Mapping[int, Scope | None]
    """Line → the innermost function or class; lines whose hit is in a comment are left out."""
    calls: frozenset[int]
    """Those of the lines on which one of the names is called."""


def read_changed(asked: tuple[str, bytes, frozenset[int]]) -> Facts:
    """Path, head and the lines of it that changed, or stand where something was taken away."""
    path, content, changed = asked
    file = parse(path, content)
    if file is None:
        return Facts(path, (), (), (), {})
    scopes = tuple(_scopes(file))
    touched = sorted({at for line in changed if (at := _innermost(scopes, line)) is not None})
    uses = [*_calls(file, scopes, touched, changed), *_constants(file, scopes, touched, changed)]
    imports = {local: canonical for local, canonical in file.imports.items() if canonical}
    return Facts(path, scopes, tuple(touched), tuple(uses), imports)


def read_found(asked: tuple[str, bytes, frozenset[str], frozenset[int]]) -> Found:
    """Path, content, the names whose definitions are wanted, and the lines whose surroundings are."""
    path, content, names, lines = asked
    file = parse(path, content)
    if file is None:
        return Found((), {}, frozenset())
    scopes = tuple(_scopes(file))
    told = lines - _remarks(file)
    around = {line: scopes[at] if (at := _innermost(scopes, line)) is not None else None for line in told}
    calls = frozenset(call.start_line for call in file.calls if call.start_line in lines and call.method in names)
    return Found(_wanted(scopes, names), around, calls)


def found_in(facts: Facts, names: frozenset[str], lines: frozenset[int]) -> Found:
    """The same of a changed file, from what is known of it already: every one of the lines counts as a call."""
    scopes = facts.scopes
    around = {line: scopes[at] if (at := _innermost(scopes, line)) is not None else None for line in lines}
    return Found(_wanted(scopes, names), around, lines)


def _wanted(scopes: tuple[Scope, ...], names: frozenset[str]) -> tuple[Scope, ...]:
    """Those of these names, and what makes objects of the classes among them."""
    makers = {"__init__", "constructor", "new", "New"}
    return tuple(
        scope
        for scope in scopes
        if scope.name in names or (scope.owner in names and (scope.name in makers or scope.name == scope.owner))
    )


def _scopes(file: SourceFile) -> Iterator[Scope]:
    texts = [line.decode("utf-8", "replace") for line in file.lines]
    shapes: list[Class | Function] = [*file.classes, *file.functions]
    for shape in shapes:
        if not shape.name:
            continue
        is_class = isinstance(shape, Class)
        start, signature_end = _header(shape)
        brief_start, brief_end = _brief(texts, start, signature_end)
        owner = shape.name if is_class else shape.enclosing_class if isinstance(shape, Function) else ""
        yield Scope(
            shape.name,
            shape.scope,
            owner,
            is_class,
            isinstance(shape, Function) and not shape.is_anonymous,
            shape.start_line,
            shape.end_line,
            signature_end,
            brief_start,
            brief_end,
            _bases(shape, texts, signature_end) if is_class else (),
        )


def _header(shape: Class | Function) -> tuple[int, int]:
    """First and last line of the signature, decorators included."""
    above = shape.node.parent
    start = int(above.start_point.row) + 1 if above is not None and "decorated" in above.type else shape.start_line
    body = shape.body
    if body is None or body.start_byte <= shape.node.start_byte:
        return start, shape.start_line
    text = shape.file.between(shape.node.start_byte, body.start_byte).rstrip()
    opens_below = body.type.endswith(("block", "body", "list")) and text_of(body)[:1] == "{"
    last = int(body.start_point.row) + 1 if opens_below else shape.start_line + text.count("\n")
    return start, max(shape.start_line, min(last, shape.end_line))


def _brief(texts: list[str], start: int, signature_end: int) -> tuple[int, int]:
    """With the comment above and the first lines of a text below the signature."""
    first = start
    while (
        first > 1 and start - first < 4 and texts[first - 2].strip().startswith(("//", "#", "*", "/*", "///", "[", "@"))
    ):
        first -= 1
    last = signature_end
    below = texts[last].strip() if last < len(texts) else ""
    if below.lstrip("rRbBuU").startswith(('"""', "'''")):
        last += 1
        quote = below.lstrip("rRbBuU")[:3]
        if quote in below.lstrip("rRbBuU")[3:]:
            return first, min(last, first + _LONGEST_BRIEF - 1)
        while last < len(texts) and last - signature_end < 4 and texts[last].strip() and quote not in texts[last]:
            last += 1
    return first, min(last, first + _LONGEST_BRIEF - 1)


def _bases(shape: Class | Function, texts: list[str], signature_end: int) -> tuple[str, ...]:
    header = " ".join(texts[shape.start_line - 1 : signature_end]).split("{")[0]
    header = re.sub(r"<[^<>]*>", " ", header)
    names = dict.fromkeys(_NAME.findall(header))
    return tuple(name for name in names if name != shape.name and name not in HEADER_WORDS)[:6]


def _innermost(scopes: tuple[Scope, ...], line: int) -> int | None:
    around = [at for at, scope in enumerate(scopes) if scope.start <= line <= scope.end]
    return min(around, key=lambda at: scopes[at].end - scopes[at].start, default=None)


def _remarks(file: SourceFile) -> set[int]:
    """The lines that are nothing but comment."""
    alone = (comment for comment in file.comments if comment.stands_alone)
    return {line for comment in alone for line in range(comment.start_line, comment.end_line + 1)}


def _spans(scopes: tuple[Scope, ...], touched: Iterable[int], changed: frozenset[int]) -> set[int]:
    """The lines whose calls matter: whole functions that were touched, elsewhere the changed lines."""
    lines = set(changed)
    for at in touched:
        if not scopes[at].is_class:
            lines.update(range(scopes[at].start, scopes[at].end + 1))
    return lines


def _calls(file: SourceFile, scopes: tuple[Scope, ...], touched: list[int], changed: frozenset[int]) -> Iterator[Used]:
    lines = _spans(scopes, touched, changed)
    imports = tuple(name for name in file.imports.values() if name)
    for call in file.calls:
        if call.start_line not in lines or not _NAME.fullmatch(call.method):
            continue
        at = _innermost(scopes, call.start_line)
        receiver = _last_name(call)
        scope = scopes[at].qualified if at is not None else ""
        is_imported = bool(call.name) and call.name.startswith(imports)
        yield Used(call.method, call.start_line, scope, receiver, receiver in OWN, call.name, is_imported)


def _last_name(call: Call) -> str:
    if call.receiver is None:
        return ""
    names = _NAME.findall(text_of(call.receiver).split("(")[0][-80:])
    return names[-1] if names else "?"


def _constants(
    file: SourceFile, scopes: tuple[Scope, ...], touched: list[int], changed: frozenset[int]
) -> Iterator[Used]:
    if is_test_path(file.path):
        return
    for line in sorted(_spans(scopes, touched, changed) - _remarks(file)):
        text = file.line_text(line)
        if names := [*_CONSTANT.findall(text), *_SETTING.findall(text)]:
            at = _innermost(scopes, line)
            for name in dict.fromkeys(names):
                yield Used(name, line, scopes[at].qualified if at is not None else "", is_constant=True)
