"""Clients that a file builds and keeps where other files can reach them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.posture.asking import MADE
from bot.posture.outgoing import Outgoing, built_by
from bot.posture.sheet import Sheet
from bot.regex import regex
from bot.rules.api_rows import Client, OwnRetry
from bot.rules.apis import find, limit_given
from bot.syntax import Binding, Call, Class, Function, text_of

_DEFAULT = regex(r"^(?:export default|module\.exports =)\s+(\w+)\s*;?\s*$", re.MULTILINE)
_RENAMED = regex(r"\b(\w+)\s+as\s+(\w+)")
_EXPORTED = regex(r"^export\s*\{([^}]*)\}\s*;?\s*$", re.MULTILINE)
_BEAN = regex(r"@Bean\b")
_TYPED = regex(r"\bAddHttpClient<\s*(?:[\w.]+\s*,\s*)?([\w.]+)\s*>\s*\(")
_LAMBDA = regex(r"^\(?\w+\)?\s*=>")
_STATIC = regex(r"\bstatic\b")


@dataclass(frozen=True)
class Kept:
    """`out` is None where what it is built with cannot be told."""

    name: str
    type: str
    reach: Literal["module", "bean", "class"]
    out: Outgoing | None


def kept_in(sheet: Sheet) -> Iterator[Kept]:
    """One of each name; of a name that is given more than one client nothing can be told."""
    if sheet.language in ("python", "javascript", "typescript", "go"):
        yield from _of_module(sheet)
        yield from _given(sheet)
    elif sheet.language in ("java", "kotlin", "csharp"):
        yield from _static(sheet)
        yield from _typed(sheet) if sheet.language == "csharp" else _beans(sheet)


def _of_module(sheet: Sheet) -> Iterator[Kept]:
    made_at_top = [
        text_of(one.target)
        for one in sheet.file.bindings
        if one.outer is None
        and (made := sheet.file.call_at(one.value)) is not None
        and _client(made, sheet) is not None
    ]
    bound: dict[str, list[Binding]] = {name: [] for name in made_at_top}
    for binding in sheet.file.bindings if bound else ():
        target = binding.target
        if target is not None and target.type in sheet.file.language.identifiers:
            name = text_of(target)
            if name in bound and _is_at_top(binding, sheet):
                bound[name].append(binding)
    names = _spoken_names(sheet)
    for name, bindings in bound.items():
        made = sheet.file.call_at(bindings[0].value) if bindings else None
        if made is None or (out := _client(made, sheet)) is None:
            continue
        type_ = sheet.file.canonical(bindings[0].target, None)
        for spoken in names.get(name, (name,)):
            yield Kept(spoken, type_, "module", out if len(bindings) == 1 else None)


def _given(sheet: Sheet) -> Iterator[Kept]:
    """What functions of the module return, where it is built in them: `def make_client(): return httpx.Client(…)`."""
    returned: dict[str, list[Outgoing]] = {}
    for call in sheet.file.calls:
        around = call.function if call.use == "returned" else None
        if around is None or not around.name or around.enclosing_class or any(True for _ in around.around(Function)):
            continue
        if (out := _client(call, sheet)) is not None:
            returned.setdefault(around.name, []).append(out)
    for name, made in returned.items():
        alike = len({(out.call.name, _limit_of(out)) for out in made}) == 1
        for spoken in _spoken_names(sheet).get(name, (name,)):
            yield Kept(f"{spoken}{MADE}", made[0].call.name, "module", made[0] if alike else None)


def _limit_of(out: Outgoing) -> str:
    argument = limit_given(out.client_row, out.call)[1] if out.client_row is not None else None
    return argument.text if argument is not None else ""


def _is_at_top(binding: Binding, sheet: Sheet) -> bool:
    """True for names of the module: bound outside of functions, or given a new value inside of one."""
    if binding.function is None:
        return not any(True for _ in binding.around(Class))
    if sheet.language == "python":
        if b"global " not in sheet.file.text:
            return False
        name = re.escape(text_of(binding.target))
        return bool(re.search(rf"\bglobal\b[^\n]*\b{name}\b", binding.function.text))
    return binding.node.type in ("assignment_expression", "assignment_statement")


def _spoken_names(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Name in the file → the names others know it by, where these are others."""
    if sheet.language not in ("javascript", "typescript"):
        return {}
    spoken: dict[str, tuple[str, ...]] = {}
    for listed in _EXPORTED.findall(sheet.text):
        for name, other in _RENAMED.findall(listed):
            spoken[name] = (*spoken.get(name, (name,)), other)
    if found := _DEFAULT.search(sheet.text):
        spoken[found[1]] = (*spoken.get(found[1], (found[1],)), "default")
    return spoken


def _static(sheet: Sheet) -> Iterator[Kept]:
    """Static fields, by class and name: `Http.CLIENT`."""
    for binding in sheet.file.bindings:
        owner = next((shape.name for shape in binding.around(Class)), "")
        if binding.function is not None or not owner or binding.target is None:
            continue
        made = sheet.file.call_at(binding.value)
        out = _client(made, sheet) if made is not None else None
        declared = binding.node.parent if sheet.language == "csharp" else binding.node
        if out is not None and declared is not None and _STATIC.search(text_of(declared).partition("=")[0]):
            type_ = text_of(binding.type) if binding.type is not None else out.call.name
            yield Kept(f"{owner}.{text_of(binding.target)}", sheet.file.imports.get(type_, type_), "module", out)


def _beans(sheet: Sheet) -> Iterator[Kept]:
    """What methods under `@Bean` give, by the type that they declare."""
    if b"@Bean" not in sheet.file.text:
        return
    for function in sheet.file.functions:
        header = _header(function, sheet)
        declared = re.search(rf"\b([A-Z]\w*)(?:<[^()]*>)?\s+{re.escape(function.name)}\s*\(", header)
        if not function.name or declared is None or not _BEAN.search(header):
            continue
        made = [out for call in sheet.file.within(sheet.file.calls, function.node) if (out := _client(call, sheet))]
        type_ = sheet.file.imports.get(declared[1], declared[1])
        yield Kept(function.name, type_, "bean", made[0] if len(made) == 1 else None)


def _typed(sheet: Sheet) -> Iterator[Kept]:
    """ASP.NET's typed clients: `services.AddHttpClient<Payments>(client => client.Timeout = …)`."""
    for call in sheet.file.calls:
        named = _TYPED.search(call.text) if call.method == "AddHttpClient" else None
        row = next((row for row in sheet.rows_of_name("HttpClient") if isinstance(row, Client)), None)
        if named is None or row is None:
            continue
        out = Outgoing(call, row, row.does, call, row, True, None)
        is_told = all(_LAMBDA.search(argument.text) for argument in call.arguments) and sheet.file.call_on(call) is None
        yield Kept(named[1].rsplit(".", 1)[-1], "HttpClient", "class", out if is_told else None)


def _header(function: Function, sheet: Sheet) -> str:
    body = function.body
    return sheet.file.between(function.node.start_byte, body.start_byte if body else function.node.end_byte)


def _client(made: Call, sheet: Sheet) -> Outgoing | None:
    call, row = built_by(made, sheet)
    if row is None:
        retrying = find(call, OwnRetry)
        return Outgoing(call, retrying, "http", call, None, True, None) if retrying is not None else None
    return Outgoing(call, row, row.does, call, row, True, None) if row.what != "request" else None
