"""One file, surveyed: which calls leave the process, where they lead, and what protects each."""

import re
from collections.abc import Mapping

from bot.domain.posture import CallSite, Protections
from bot.posture.around import Surroundings
from bot.posture.asking import asks_in
from bot.posture.guards import (
    breaker_of,
    bulkhead_of,
    cancellation_of,
    fallback_of,
    metrics_of,
    throttle_of,
)
from bot.posture.keeping import Kept, kept_in
from bot.posture.naming import Target, name_in
from bot.posture.outgoing import Outgoing, handed_on, outgoing_in
from bot.posture.records import FileSurvey, FoundCall, KeptClient
from bot.posture.retries import retry_of
from bot.posture.sheet import Sheet, chain_of
from bot.posture.timeouts import timeout_of
from bot.regex import regex
from bot.syntax import Argument, Call, Class, SourceFile, text_of

_VERB = regex(r"^(?:do)?(get|post|put|patch|delete|head|options)(?![a-z])", re.IGNORECASE)
_WRITTEN_VERB = regex(r"\b(?:Method)?\.?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Get|Post|Put|Patch|Delete|Head)\b")
_ADDRESS = frozenset(
    {
        "url",
        "uri",
        "baseurl",
        "base_url",
        "host",
        "address",
        "endpoint_url",
        "bootstrap_servers",
        "target",
        "dsn",
        "node",
    }
    | {"connectionstring", "brokers", "hosts", "addr", "prefixurl", "baseaddress", "queueurl", "base_uri", "server"}
)
_RUNS = frozenset(
    {"run", "Popen", "call", "check_call", "check_output", "exec", "execSync", "spawn", "execFile", "Command"}
)
_PLACES = frozenset({"src", "lib", "libs", "pkg", "cmd", "internal", "app", "core", "common", "index", "init", "test"})
_GIVEN_VALUES = ("database", "cache")
"""Their calls are given keys and values; where they lead to is said to the client that they are made on."""
_GET_BY_DEFAULT = frozenset({"fetch", "axios", "got", "ky", "urlopen", "openStream", "openConnection", "ofetch"})


def survey(file: SourceFile, path: str = "", kept: Mapping[str, KeptClient] | None = None) -> FileSurvey:
    """Every call of the file that leaves the process. `path`: how the map names the file, where not by its own.
    `kept`: clients that other files build, by what this file asked for in an earlier survey."""
    sheet = Sheet(file, path, kept)
    found = [_found(out, Surroundings(out.call, sheet)) for out in outgoing_in(sheet)]
    found += [_found(out, Surroundings(call, sheet, handed_to=call)) for call, out in handed_on(sheet)]
    found.sort(key=lambda one: one.site.line)
    clients = tuple(_kept(one, sheet) for one in kept_in(sheet))
    passes_on = dict(file.imports) if sheet.path.endswith("__init__.py") else {}
    return FileSurvey(path=sheet.path, calls=tuple(found), clients=clients, asks=asks_in(file), passes_on=passes_on)


def _kept(one: Kept, sheet: Sheet) -> KeptClient:
    found = _found(one.out, Surroundings(one.out.call, sheet)) if one.out is not None else None
    limits = one.out is not None and one.out.is_client
    return KeptClient(name=one.name, type=one.type, reach=one.reach, path=sheet.path, found=found, limits=limits)


def _found(out: Outgoing, around: Surroundings) -> FoundCall:
    sheet, call = around.sheet, out.call
    target = _target(out, sheet)
    return FoundCall(
        kind=out.kind,
        method=_method(out, sheet),
        library=out.library,
        host=target.host,
        path=target.path,
        setting=target.setting,
        words=_words(out, call),
        site=CallSite(path=sheet.path, line=call.start_line, scope=call.scope),
        protections=protections_of(out, around),
        is_client=out.is_client,
    )


def protections_of(out: Outgoing, around: Surroundings) -> Protections:
    return Protections(
        timeout=timeout_of(out, around),
        retry=retry_of(out, around),
        breaker=breaker_of(out, around),
        bulkhead=bulkhead_of(out, around),
        throttle=throttle_of(out, around),
        fallback=fallback_of(out, around),
        cancellation=cancellation_of(out, around),
        metrics=metrics_of(out, around),
    )


def _parts(out: Outgoing, sheet: Sheet) -> list[Call]:
    """The call, the request it is given, what it is made on, and the client: each may hold the address."""
    parts = [out.call]
    for argument in out.call.arguments[:1]:
        made = sheet.first_of(argument.node, out.call)
        if made is not None and made is not out.call:
            parts += chain_of(made)
    parts += chain_of(out.call)[1:]
    if out.client is not None:
        parts += [link for link in chain_of(out.client) if link not in parts]
    return parts


def _target(out: Outgoing, sheet: Sheet) -> Target:
    """Where it leads to: the host of the first part that tells one, with the path of the first that tells that."""
    if out.kind == "process":
        return Target("", sheet)
    best = Target("", sheet)
    for part in _parts(out, sheet):
        if part is out.call and out.kind in _GIVEN_VALUES and not out.is_client:
            continue
        for argument in _addresses(part):
            target = Target(argument.text, sheet)
            best.path = best.path or target.path
            if target.is_known and not best.is_known:
                best.host, best.setting = target.host, target.setting
            if (
                argument.name.lower() == "host"
                and not best.is_known
                and re.match(r"^[\"'][\w.-]+[\"']$", argument.text)
            ):
                best.host = argument.text.strip("\"'")
        if best.is_known:
            break
    if out.built is not None and not best.is_known:
        best.host, best.setting = out.built.host, out.built.setting
        best.path = best.path or out.built.path
    return best


def _addresses(call: Call) -> list[Argument]:
    given = [argument for name, argument in call.keywords.items() if name.lower() in _ADDRESS]
    for argument in call.arguments[:3]:
        entries = call.file.language.entries(argument.node)
        if entries is None:
            given.append(argument)
        else:
            given += [Argument(value, name) for name, value in entries.items() if name.lower() in _ADDRESS]
    return given


def _method(out: Outgoing, sheet: Sheet) -> str:
    """HTTP method, remote procedure or program; empty where it is not known."""
    call = out.call
    if out.kind == "process":
        text = call.arguments[0].text if call.arguments else ""
        word = re.match(r"^\[?\s*[\"'`]([\w./-]+)", text)
        return word[1].rsplit("/", 1)[-1] if word else ""
    if out.is_client:
        return ""
    if out.kind == "rpc":
        return call.method
    if out.kind != "http":
        return ""
    for part in _parts(out, sheet):
        if verb := _VERB.match(part.method):
            return verb[1].upper()
        texts = [argument.text for argument in part.arguments[:3]] + [
            a.text for a in part.keywords.values() if a.name == "method"
        ]
        for argument in part.arguments[:2]:
            entries = part.file.language.entries(argument.node) or {}
            texts = ([text_of(entries["method"])] if "method" in entries else []) + texts
        for text in texts:
            if (written := _WRITTEN_VERB.search(text)) and len(text) < 30:
                return written[1].upper()
    return "GET" if call.method in _GET_BY_DEFAULT and not call.has_splat else ""


def _words(out: Outgoing, call: Call) -> str:
    """The name in what it is called on, else in what keeps the client, else in the class around."""
    if out.kind == "process":
        return ""
    receiver = text_of(call.receiver) if call.receiver is not None and out.has_client and not out.is_client else ""
    if out.built is not None and out.built.words:
        return out.built.words
    stub = re.sub(r"^New", "", out.stub)
    for words in (stub, receiver if len(receiver) < 60 else "", call.assigned_to if out.is_client else ""):
        if name := name_in(words):
            return name
    around = next((shape.name for shape in call.around(Class)), "")
    if not around and (function := call.function) is not None:
        around = function.enclosing_class
    if not re.search(r"(?i)client|api|gateway|adapter|service|connector", around):
        return ""
    return name_in(around) or _name_of_place(out.call.file.path)


def _name_of_place(path: str) -> str:
    """What a file is about whose class is just `Client`: `karakeep` of `karakeep/client.go`."""
    folder, _, file = path.rpartition("/")
    for place in (file.partition(".")[0], folder.rpartition("/")[2]):
        if place not in _PLACES and (name := name_in(place)):
            return name
    return ""
