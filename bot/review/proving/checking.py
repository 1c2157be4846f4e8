"""Why a test must not be offered. Pure: the grammar has been asked already, and nothing is run."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from bot.regex import regex
from bot.review.filter import can_be_suggested
from bot.review.proving.ground import Ground
from bot.review.proving.imports import leads_to, missing_imports
from bot.review.proving.target import Written

MOST_LINES, MOST_CHARS = 150, 7000
LONGEST_SLEEP_S = 5.0
_LONGEST_LINE = 200
_URL = regex(
    r"\b[a-z][a-z0-9+.-]{1,12}://(?:[^\s/@\"'`]*@)?(?P<host>\[[0-9a-fA-F:]+\]|[^\s/:\"'`?#)\]]*)", re.IGNORECASE
)
_LABEL_BEHIND = regex(r"(?:[}\]]|%[sdv])\.[\w-]+\.[a-z]{2,}", re.IGNORECASE)
"""What is filled in is but the first part of a name."""
_ADDRESS = regex(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_HOST = regex(
    r"[\"'`](?P<first>[\w-]+)\.(?:[\w-]+\.)*(?:com|org|net|io|dev|app|cloud|internal|local|example|invalid|test|localdomain|co|ai|eu)"
    r"(?::\d+)?(?:/[^\"'`\n]*)?[\"'`]"
)
_ALL_INTERFACES = regex(
    r"[\"'`](?:0\.0\.0\.0|\[?::\]?|\*)?:\d+[\"'`]|bind\s*\(\s*\(\s*[\"']{2}|INADDR_ANY|IPAddress\.Any"
)
_FIXED_PORT = regex(
    r"(?:127\.0\.0\.1|localhost|\[::1\])(?:[\"'`]\s*,\s*|:)0*([1-9]\d*)\b|\.listen\s*\(\s*([1-9]\d*)\b", re.IGNORECASE
)
_RESERVED = (".test", ".example", ".invalid", ".localhost")
"""Names that no name server knows (RFC 2606): they stand for a host where a stand-in takes the place of the network."""
_WAITS = regex(
    r"socket|server|listen|thread|await|async|promise|future|channel|event|queue|latch|sleep|\bchan\b|\bgo\b",
    re.IGNORECASE,
)
_WAITS_IN_SCRIPTS = regex(r"server|listen|socket|\bonce\b|setTimeout|setInterval", re.IGNORECASE)
"""There a promise that nobody settles ends the test: by the runner's own limit, or as the loop runs empty."""
_JOINED = regex(r"\bwith\b[^\n]*\bThreadPoolExecutor\b|\bto_thread\s*\(|\brun_in_executor\s*\(")
_ENDLESS = ("hang", "slow-client", "error-storm", "endless-body")
"""Faults under which the call itself may never come back."""
_WAITED_FOR = regex(r"\bwait_for\s*\(\s*(?P<what>\w+(?:\.\w+)*)\s*(?P<call>\()?")
_NUMBER = regex(r"\d[\d_]*(?:\.\d+)?")
_UNITS_S = (
    (regex(r"\btime\.Microsecond|from_micros|\bmicroseconds\b", re.IGNORECASE), 1e-6),
    (regex(r"\btime\.Millisecond|from_millis|\bmilliseconds\b|ofMillis", re.IGNORECASE), 1e-3),
    (regex(r"\btime\.Second|from_secs|\bseconds\b|ofSeconds", re.IGNORECASE), 1.0),
    (regex(r"\btime\.(?:Minute|Hour)|from_(?:mins|hours)|\b(?:minutes|hours)\b|of(?:Minutes|Hours)"), 60.0),
)  # fmt: skip
_UNIT = regex(
    r"\b(?:time|Duration|TimeUnit|TimeSpan|chrono)\b|\b\w*(?:nano|micro|milli|second|minute|hour|sec)\w*\b|[eE]\d",
    re.IGNORECASE,
)
_NAME = regex(r"[A-Za-z_]\w*")
_THREAD = regex(r"\bThread\s*\((?P<rest>[^\n]*(?:\n\s+[^\n]*){0,8})")


def reasons_against(text: str, written: Written | None, ground: Ground) -> list[str]:
    """What is wrong with a test, the gravest first, each as `it …`; empty where it may be offered."""
    return list(dict.fromkeys(_reasons(text, written, ground)))


def _reasons(text: str, written: Written | None, ground: Ground) -> Iterator[str]:
    framework, tongue = ground.framework, ground.tongue
    if written is None:
        yield f"it is not in the language of {ground.path}"
        return
    code = written.code
    names = [name for name in (*ground.callables, ground.target.owner) if name]
    if written.errors:
        yield "it does not parse"
        return
    if len(text) > MOST_CHARS or text.count("\n") >= MOST_LINES or max(map(len, text.split("\n"))) > _LONGEST_LINE:
        yield f"it is longer than {MOST_LINES} lines or {MOST_CHARS:,} characters, or has a line over {_LONGEST_LINE}"
    if not can_be_suggested(text):
        yield "it holds what must not be committed from a comment: a secret, a command line, or signs that do not show"
    if framework.skipped.search(code):
        yield "it skips itself, or others"
    if not framework.test.search(code):
        yield f"it is no test of {framework.title}"
    if not framework.assertion.search(code):
        yield "it asserts nothing"
    if not any(re.search(rf"\b{re.escape(name)}\b", code) for name in ground.callables):
        callers = (
            f", nor {', '.join(ground.target.callers[:3])}, from which it is called" if ground.target.callers else ""
        )
        yield f"it does not call {ground.target.name}{callers}"
    if not leads_to(code, ground.path, ground.finding.path, names, tongue):
        yield f"it does not import {ground.finding.path}"
    yield from (
        f"it {ban.reason} (`{_shown(found[0])}`)" for ban in tongue.forbidden if (found := ban.pattern.search(code))
    )
    if missing := missing_imports(code, ground.had, tongue):
        yield f"it imports {', '.join(f'`{_shown(spec)}`' for spec in missing[:3])}, which the repository does not have"
    yield from _unbounded(code, ground)
    yield from _strangers(code, ground.had.own | ground.had.roots)


def _unbounded(code: str, ground: Ground) -> Iterator[str]:
    waits = _WAITS_IN_SCRIPTS if ground.tongue.name == "javascript" else _WAITS
    if not ground.framework.deadline.search(code) and (ground.fault.can_hang or waits.search(code)):
        yield "it has no deadline of its own"
    for found in ground.tongue.sleep.finditer(code):
        seconds = _seconds(found[1], code, ground.tongue.sleep_unit_s)
        if seconds is None:
            yield f"it sleeps for a time that nobody can see (`{_shown(found[0])}`)"
        elif seconds > LONGEST_SLEEP_S:
            yield f"it sleeps for more than {LONGEST_SLEEP_S:g} s (`{_shown(found[0])}`)"
    if ground.tongue.name == "python":
        for found in _THREAD.finditer(code):
            if not re.search(r"\bdaemon\s*=\s*True", found["rest"]) and ".daemon = True" not in code:
                yield "it starts a thread that is no daemon: where the call hangs, the test run would never end"
        yield from _never_let_go(code, ground)


def _never_let_go(code: str, ground: Ground) -> Iterator[str]:
    """What looks like a deadline in Python and is none."""
    if ground.fault.name in _ENDLESS and (found := _JOINED.search(code)):
        yield f"it waits for its threads without a limit (`{_shown(found[0])}`): take a daemon thread"
    for found in _WAITED_FOR.finditer(code) if ground.fault.name == "cancellation" else ():
        name = found["what"]
        is_task = re.search(rf"\b{re.escape(name)}\s*=\s*[\w.]*(?:create_task|ensure_future)\s*\(", code)
        if is_task or (found["call"] and name.rpartition(".")[2] in ground.callables):
            yield "it waits with `wait_for`, which waits on where the cancellation is swallowed: take `asyncio.wait`"


def _strangers(code: str, own: frozenset[str]) -> Iterator[str]:
    """Whatever lies beyond the loopback. `own`: packages, whose modules may look like hosts (`shop.app`)."""
    for found in _URL.finditer(code):
        rest = code[found.start("host") :].partition("\n")[0]
        is_stranger = not _is_loopback(found["host"]) and not _is_reserved(found["host"])
        if is_stranger or _LABEL_BEHIND.search(rest):
            yield f"it names a host that is not the loopback (`{_shown(found[0])}`)"
    for found in _ADDRESS.finditer(code):
        if not _is_loopback(found[0]):
            yield f"it names an address that is not the loopback (`{_shown(found[0])}`)"
    for found in _HOST.finditer(code):
        if found["first"] not in own and not _is_reserved(found[0]):
            yield f"it names a host that is not the loopback (`{_shown(found[0])}`)"
    if found_any := _ALL_INTERFACES.search(code):
        yield f"it listens on more than the loopback (`{_shown(found_any[0])}`)"
    for found in _FIXED_PORT.finditer(code):
        yield f"it uses a port that may be taken (`{_shown(found[0])}`); port 0 is free"


def _is_reserved(host: str) -> bool:
    bare = re.split(r"[:/]", host.strip("\"'`"))[0]
    return bare.lower().endswith(_RESERVED)


def _is_loopback(host: str) -> bool:
    host = host.strip("[]").lower()
    if host in ("", "localhost", "%s", "%v") or host.startswith(("{", "${", "$", "#{", "%", "<", "+")):
        return True  # what is filled in was made by the test itself, or is named elsewhere in it
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(wait: str, code: str, unit_s: float) -> float | None:
    """How long `2 * time.Second`, `0.5` or `DEADLINE` is; None where it cannot be told."""
    wait = wait.strip()
    if re.fullmatch(r"[A-Za-z_]\w*", wait):
        named = re.search(rf"\b{re.escape(wait)}\b\s*(?::\s*[\w.]+\s*)?:?=\s*([^\n;]+)", code)
        if named is None or re.fullmatch(r"[A-Za-z_]\w*", named[1].strip()):
            return None
        wait = named[1]
    numbers = [float(number.replace("_", "")) for number in _NUMBER.findall(wait)]
    unit = next((seconds for pattern, seconds in _UNITS_S if pattern.search(wait)), None)
    if _NAME.search(_UNIT.sub("", wait)):
        return None
    if not numbers:
        return unit
    product = 1.0
    for number in numbers:
        product *= number
    return product * (unit if unit is not None else unit_s)


def _shown(text: str) -> str:
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= 60 else f"{line[:59]}…"
