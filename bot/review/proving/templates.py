"""Tests that need no model: a plain function that calls out through requests, httpx or fetch, and a server that hangs.

Where anything would have to be guessed, there is none: a test that fails for another reason proves nothing.
"""

import re
from posixpath import dirname, relpath
from string import Template

from bot.regex import regex
from bot.review.proving.ground import Ground
from bot.review.proving.imports import imported
from bot.review.proving.record import NoProof
from bot.settings.resources import resource_text

NEEDS = (
    "With a model (`SEAWALL_LLM__MODEL`) Seawall writes one for any language it reads; without one only for plain "
    "functions that call requests, httpx or fetch and can be called without guessing."
)
_CLIENTS = {"requests", "httpx", "urllib"}
_VALUES = {
    "str": '"1"', "int": "1", "float": "1.0", "bool": "True", "bytes": 'b"1"', "dict": "{}", "list": "[]",
    "string": '"1"', "number": "1", "boolean": "true",
}  # fmt: skip
"""Written type → a value of it."""
_PLAIN_NAME = regex(r"(?:\w*_)?(?:id|name|key|code|slug|symbol)|\w+(?:Id|Name|Key|Code)")
_ADDRESS_NAME = regex(r"(?:\w*_)?(?:url|uri|endpoint)|\w+(?:Url|Uri)", re.IGNORECASE)
_UNSURE = regex(r"\*|\.\.\.|\{|[(,]\s*/")


def from_template(ground: Ground) -> str | NoProof:
    """The whole test, or what it would take."""
    target, framework = ground.target, ground.framework
    if ground.fault.name != "hang":
        return _none(f"our own templates know a dependency that hangs, not {ground.fault.title}")
    if not target.is_top or target.has_decorator:
        return _none(f"`{target.name}` is no plain function: what it belongs to would have to be made first")
    arguments = _arguments(ground)
    if arguments is None:
        return _none(f"what `{target.name}` must be called with cannot be told from its signature")
    if framework.name == "pytest":
        return _in_python(ground, arguments)
    if framework.name in ("vitest", "jest", "node-test"):
        return _in_javascript(ground, arguments)
    return _none(f"there is no template of our own for {framework.title}")


def _in_python(ground: Ground, arguments: str) -> str | NoProof:
    target = ground.target
    roots = {spec.split(".")[0] for spec in imported(target.code, ground.tongue)}
    if target.is_async or not roots & _CLIENTS:
        return _none(f"`{target.name}` does not call out through requests, httpx or urllib in one thread")
    module = _module(ground)
    if not module:
        return _none(f"how tests import {ground.finding.path} is not told by those that are there")
    package, _, name = module.rpartition(".")
    text = _filled("pytest-hang", name=target.name, package=package, module=name, arguments=arguments)
    return text if package else text.replace("from  import ", "import ")


def _in_javascript(ground: Ground, arguments: str) -> str | NoProof:
    target, name = ground.target, ground.target.name
    if not re.search(r"(?<![\w.])fetch\s*\(\s*(?!new\b)", target.text) or re.search(
        r"\bfetch\b[^(\n]*\bfrom\b", target.code
    ):
        return _none(f"`{name}` does not call the platform's own fetch")
    word = re.escape(name)
    is_module = re.search(
        rf"\bexport\s+(?:async\s+)?(?:function|const)\s+{word}\b|\bexport\s*\{{[^}}]*\b{word}\b", target.code
    )
    if not is_module and not re.search(
        rf"\bexports\.{word}\s*=|module\.exports\s*=\s*\{{[^}}]*\b{word}\b", target.code
    ):
        return _none(f"`{name}` is not exported")
    is_typed = ground.path.endswith((".ts", ".tsx", ".mts", ".cts"))
    runner = ground.framework.name
    named = {"vitest": ("vitest", "{ expect, test }"), "jest": ("", "")}.get(runner, ("node:test", "test"))
    wanted = [("node:net", "{ createServer }"), named]
    if runner == "node-test":
        wanted.append(("node:assert/strict", "assert"))
    wanted.append((_relative(ground), f"{{ {name} }}"))
    lines = [_import(what, where, is_module=bool(is_module)) for where, what in wanted if where]
    if is_typed:
        lines.insert(1, 'import type { AddressInfo, Socket } from "node:net";')
    return _filled(
        "node-test-hang" if runner == "node-test" else "expect-hang",
        imports="\n".join(lines),
        name=name,
        arguments=arguments,
        of_sockets="<Socket>" if is_typed else "",
        of_nothing="<void>" if is_typed else "",
        as_address=" as AddressInfo" if is_typed else "",
        of_timer=": ReturnType<typeof setTimeout> | undefined" if is_typed else "",
    )


def _arguments(ground: Ground) -> str | None:
    """What a call is given; None where that would be a guess."""
    target = ground.target
    if _UNSURE.search(target.header):
        return None
    values: list[str] = []
    for name, type_ in target.parameters:
        if re.search(rf"\b{re.escape(name)}\s*(?::[^,=]*)?=(?!>)|\b{re.escape(name)}\?", target.header):
            break
        if _ADDRESS_NAME.fullmatch(name) and _VALUES.get(type_ or "str") == '"1"':
            values.append('"http://localhost/"')
        elif type_ in _VALUES:
            values.append(_VALUES[type_])
        elif not type_ and _PLAIN_NAME.fullmatch(name):
            values.append('"1"')
        else:
            return None
    return ", ".join(values)


def _module(ground: Ground) -> str:
    """How the repository's tests import the file: the part of its path that begins at a package they know."""
    parts = ground.finding.path.removesuffix(".py").split("/")
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    if not all(part.isidentifier() for part in parts):
        return ""
    known = ground.had.tested
    at = next((index for index, part in enumerate(parts) if part in known), None)
    return ".".join(parts[at:]) if at is not None else parts[0] if len(parts) == 1 else ""


def _relative(ground: Ground) -> str:
    path = ground.finding.path
    where = relpath(path, dirname(ground.path) or ".")
    where = where if where.startswith(".") else f"./{where}"
    has_suffix = re.search(r"[\"']\.{1,2}/[^\"']*\.(?:[cm]?js|ts)[\"']", ground.model)
    if ground.framework.name == "node-test":
        return where
    bare = re.sub(r"\.[cm]?[jt]sx?$", "", where)
    if not has_suffix:
        return bare
    return where if has_suffix[0].rstrip("\"'").endswith(".ts") else re.sub(r"\.([cm]?)[jt]sx?$", r".\1js", where)


def _import(what: str, where: str, is_module: bool) -> str:
    return f'import {what} from "{where}";' if is_module else f'const {what} = require("{where}");'


def _filled(template: str, **values: str) -> str:
    return Template(resource_text(f"config/proofs/{template}.txt")).substitute(values)


def _none(reason: str) -> NoProof:
    return NoProof(reason=f"no model is asked, and {reason}", needs=NEEDS)
