"""What all of the head tells of a file: that it is a program which is started and ends, that pages in a browser alone
take it in, that tests alone call it, that somebody takes what nobody awaits, or that each request is ended in time."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from bot.domain import Finding
from bot.domain.searching import Search
from bot.errors import SourceError
from bot.regex import regex
from bot.review.callers import FAMILIES, PYTHON, SCRIPTS, Place, callers_of
from bot.review.stages import Desk
from bot.rules.bringing import COPIES
from bot.rules.mentions import PAGES, Caller
from bot.rules.places import FILLS_A_PAGE, is_beside_tests, is_for_hands, is_of_node, is_page
from bot.rules.programs import is_command, is_run_to_its_end
from bot.rules.weighing import OF_A_RUN, OF_A_SERVER, SHOWN_ONLY
from bot.settings.beside import is_of_team
from bot.syntax import is_test_path, parse

LEVELS = 4
"""How far to look for who takes in a file that takes in the one asked about."""
MOST_FILES = 30
_TAKES_IN = regex(r"\bimport\b|\brequire\s*\(|\bfrom\s+[\"'.\w]|[\"'][\w./:@~-]*[\"']|^[\s\w,]*\)?\s*$")
"""An import, one name of an import of several lines, or a name in quotes: many a plugin is loaded by that."""
_LEFT = "fire-and-forget/floating-promise-or-task"
_FOR_ALL = ("unhandledRejection", "uncaughtException")
_LISTENS = regex(r"\.(?:on|once|addListener|prependListener)\(\s*[\"'`](?:unhandledRejection|uncaughtException)\b")
_LIMITERS = ("TimeoutMiddleware", "RequestTimeoutMiddleware", "EventletTimeoutMiddleware")
"""What wraps a program of WSGI or ASGI, and ends a request after a while."""
_LIMITS = regex(r"^(?!\s*class\b).*\b\w*TimeoutMiddleware\s*[(,)]")
_FOR_SOCKETS = ("setdefaulttimeout",)
_SETS_FOR_SOCKETS = regex(r"\bsetdefaulttimeout\(\s*(?!None\b)[\w.(]")
_OF_SOCKETS = regex(
    r"(?:^`|[.`])(?:urlopen|urlretrieve|open|HTTPS?Connection|create_connection|socket|SMTP|SMTP_SSL|FTP|FTP_TLS|IMAP4"
    r"|IMAP4_SSL|POP3|POP3_SSL|Telnet|ServerProxy)`|^This (?:rpc client|connection) is built"
)
"""Of a title: what takes the limit that all sockets of a process have by default. Requests and httpx set their own."""
_MODULE = regex(r"(?m)^module\s+(\S+)")
_REPLACES = regex(r"(?m)^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+\./(\S*[^\s/])/?\s*$")
_IMPORTED = regex(r"(?:\bfrom|\bimport|\brequire)\b[\s(]*[\"']([\w./@~$#-]+)[\"']")
_QUOTED = regex(r"[\"'`]([\w./@~$#-]+)[\"'`]")
_WORD = regex(r"\w+")
MOST_FOLDERS = 12
_DRAWS = regex(
    rb"\"(?:react(?:-dom|-scripts|-native)?|vue|svelte|preact|solid-js|@angular/core|@vue/cli-service|vite|expo|lit)\"\s*:"
)
_SERVES = regex(
    rb"\"(?:express|fastify|koa|hono|polka|restify|next|nuxt|@nestjs/[\w-]+|@hapi/hapi|@sveltejs/[\w-]+|@remix-run/[\w-]+|@trpc/server"
    rb"|@apollo/server|apollo-server[\w-]*|graphql-yoga|serverless|(?:@types/)?aws-lambda|electron|ws|socket\.io|http-proxy"
    rb"|bull(?:mq)?|amqplib|kafkajs|(?:io)?redis|pg|mysql2?|mongodb|mongoose|typeorm|knex|sequelize|prisma|@prisma/client)\"\s*:"
)
"""Of a package.json: frameworks of pages, and of what runs beside or behind them."""


class Runs(StrEnum):
    """Who runs a file, where the head can tell."""

    ALONE = "is started, ends, and is part of nothing else"
    PAGES = "is part of pages in a browser alone"


_WHO = {
    Caller.LEFT: "callers that do not wait for it",
    Caller.PAGE: "pages in a browser",
    Caller.TERMINAL: "commands that somebody waits for",
}
_COSTS_NOTHING = {Runs.ALONE: frozenset(OF_A_RUN), Runs.PAGES: frozenset(OF_A_SERVER)}


def held_by_use(findings: Sequence[Finding], desk: Desk) -> dict[str, str]:
    """Fingerprint → why it is for a scan: who runs the file sees it stall and starts it again, somebody else ends
    it, or nobody runs it. Where the head cannot be searched that is told of none."""
    search, would_be_said = desk.search, [one for one in findings if _is_asked_about(one, desk)]
    if search is None or not would_be_said:
        return {}
    asked = [one for one in would_be_said if _family(one.path)]
    runs = {path: _runs(path, desk, search) for path in sorted({one.path for one in asked})}
    taker = _place(search, _FOR_ALL, SCRIPTS, _LISTENS) if any(map(_is_left_alone, asked)) else ""
    limiter = _place(search, _LIMITERS, PYTHON, _LIMITS) if any(map(_is_wait_in_python, asked)) else ""
    sockets = _place(search, _FOR_SOCKETS, PYTHON, _SETS_FOR_SOCKETS) if any(map(_is_of_sockets, asked)) else ""
    takers = _Takers(taker, limiter, sockets)
    why = {one.fingerprint: reason for one in asked if (reason := _why(one, runs[one.path], takers))}
    why |= _in_copies_of_modules(would_be_said, search)
    return why | _why_by_callers([one for one in would_be_said if one.fingerprint not in why], desk, search)


def _in_copies_of_modules(findings: Sequence[Finding], search: Search) -> dict[str, str]:
    """What lies in the folder that `go.mod` at the root puts in the place of somebody else's module."""
    in_go = [one for one in findings if one.path.endswith(".go")]
    try:
        text = search.read(["go.mod"]).get("go.mod", b"").decode("utf-8", "replace") if in_go else ""
    except SourceError:
        return {}
    own = _MODULE.search(text)
    copies = [
        (module, folder)
        for module, folder in _REPLACES.findall(text)
        if own is not None and module.split("/")[:2] != own[1].split("/")[:2]
    ]
    return {
        one.fingerprint: f"go.mod puts {folder} in the place of {module}: a library's copy is held back."
        for one in in_go
        for module, folder in copies
        if one.path.startswith(f"{folder}/")
    }


def _why_by_callers(findings: Sequence[Finding], desk: Desk, search: Search) -> dict[str, str]:
    reached = callers_of(findings, desk, search)
    told = {one.fingerprint: _why_of(one, reached.get(Place(one.path, one.scope))) for one in findings}
    return {fingerprint: why for fingerprint, why in told.items() if why}


def _why_of(finding: Finding, ends: frozenset[Caller] | None) -> str:
    if ends is None:
        return ""
    if ends <= {Caller.TEST}:
        return (
            f"Nothing{' but tests' if ends else ''} calls {finding.scope}: what it would cost a service is held back."
        )
    costs = {Caller.TERMINAL: OF_A_RUN, Caller.PAGE: OF_A_SERVER, Caller.LEFT: ("missing-timeout",)}
    if any(finding.class_ not in costs.get(end, (finding.class_,)) for end in ends):
        return ""
    who = " and ".join(_WHO[end] for end in sorted(ends & costs.keys()))
    return f"Only {who} reach {finding.scope}: what costs a service alone is held back."


class _Takers(NamedTuple):
    """The files that end for a whole process what one place leaves open; empty where there is none."""

    promises: str
    requests: str
    sockets: str


def _why(finding: Finding, runs: Runs | None, takers: _Takers) -> str:
    """Why it is for a scan; empty where it is not."""
    if runs is not None and finding.class_ in _COSTS_NOTHING[runs]:
        return f"{finding.path} {runs}: what costs a service alone is held back."
    if takers.promises and _is_left_alone(finding):
        return f"{takers.promises} takes what nobody awaits, for all of its process: promises left alone are held back."
    if takers.requests and _is_wait_in_python(finding):
        told = "ends every request that takes too long: waits without a limit of their own are held back."
        return f"{takers.requests} {told}"
    if takers.sockets and _is_of_sockets(finding):
        return f"{takers.sockets} gives all sockets a limit: waits of the standard library are held back."
    return ""


def _is_left_alone(finding: Finding) -> bool:
    """A promise of JavaScript that nobody awaits."""
    return finding.rule == _LEFT and _family(finding.path) is SCRIPTS


def _is_wait_in_python(finding: Finding) -> bool:
    return finding.class_ == "missing-timeout" and _family(finding.path) is PYTHON


def _is_of_sockets(finding: Finding) -> bool:
    return _is_wait_in_python(finding) and bool(_OF_SOCKETS.search(finding.title))


def _place(search: Search, names: Sequence[str], family: Sequence[str], says: re.Pattern[str]) -> str:
    """The first file, tests and copies of libraries left out, with a line that says so; empty where there is none, or
    that cannot be told."""
    try:
        hits = search.find(names, family)
    except SourceError:
        return ""
    said = (hit.path for hit in hits if says.search(hit.text) and not is_test_path(hit.path))
    return next((path for path in said if COPIES.isdisjoint(PurePosixPath(path).parts)), "")


def _is_asked_about(finding: Finding, desk: Desk) -> bool:
    """What would be said by a rule of ours: what a team wrote into its own stays as it wrote it."""
    least = desk.snapshot.policy.at(finding.path).min_confidence
    is_of_use = finding.class_ in OF_A_RUN or finding.class_ in OF_A_SERVER
    return (
        not is_of_team(finding.rule)
        and is_of_use
        and finding.confidence >= least > SHOWN_ONLY
        and finding.path.endswith(tuple(suffix for family in FAMILIES for suffix in family))
    )


def _family(path: str) -> tuple[str, ...]:
    return next((family for family in (PYTHON, SCRIPTS) if path.endswith(family)), ())


def _runs(path: str, desk: Desk, search: Search) -> Runs | None:
    content = desk.snapshot.contents[path]
    if _family(path) is PYTHON:
        is_candidate = desk.guard.map(read_use, [(path, content, False)]) == [Runs.ALONE]
    else:
        is_candidate = not is_of_node(content)
    if not is_candidate:
        return None  # whoever takes it in
    try:
        if _family(path) is SCRIPTS and _is_in_package_of_pages(path, search):
            return Runs.PAGES
        ends = _ends(path, search)
        texts = search.read([*ends, *filter(None, map(_package_of, ends))]) if ends else {}
    except SourceError:
        return None
    asked = [(name, texts[name], _package_of(name) in texts) for name in ends if name in texts]
    if not ends or len(asked) < len(ends):
        return None
    runs = desk.guard.map(read_use, asked)
    if ends == [path]:
        return runs[0] if isinstance(runs[0], Runs) else None
    # What a program that ends takes in, a service that it starts may run as well: only pages are told from afar.
    return Runs.PAGES if all(one is Runs.PAGES for one in runs) else None


def _ends(path: str, search: Search) -> list[str]:
    """The files that nothing takes in, or that are pages, at the beginning of what leads to it; none where that cannot
    be told."""
    family, seen, near, ends = _family(path), {path}, [path], list[str]()
    for _ in range(LEVELS):
        hits = [
            (hit.path, _spoken_of(hit.text, hit.path.endswith(PAGES)))
            for hit in search.find([_word_of(_stem(name)) for name in near], family)
            if _TAKES_IN.search(hit.text) and not is_test_path(hit.path)
        ]
        further: set[str] = set()
        for name in near:
            takers = {taker for taker, words in hits if taker != name and _stem(name) in words}
            if not takers:
                ends.append(name)
            further |= takers
        near = sorted(further - seen)
        seen.update(near)
        if len(seen) > MOST_FILES:
            return []
        ends += [name for name in near if name.endswith(PAGES)]
        near = [name for name in near if not name.endswith(PAGES)]
        if not near:
            return ends
    return []


def _spoken_of(text: str, is_page: bool) -> frozenset[str]:
    """The words of a line, and the last parts of the paths in it; of a page's line those that it imports: what it only
    speaks of is none of its."""
    paths = (_IMPORTED if is_page else _QUOTED).findall(text)
    parts = [_stem(path if path.endswith(SCRIPTS) else f"{path}{SCRIPTS[0]}") for path in paths]
    return frozenset(parts if is_page else [*parts, *_WORD.findall(text)])


def _stem(path: str) -> str:
    """The word by which others speak of it; of a file that stands for its folder, the folder's."""
    place = PurePosixPath(path)
    return place.parent.name if place.stem in ("__init__", "index") and place.parent.name else place.stem


def _word_of(stem: str) -> str:
    """What a search for whole words finds `order-service` and `order.service` by."""
    return max(_WORD.findall(stem), key=len, default="")


def _is_in_package_of_pages(path: str, search: Search) -> bool:
    """By what the nearest package.json asks for: what draws pages, and nothing that serves or stores."""
    folders = list(PurePosixPath(path).parents)[:MOST_FOLDERS]
    places = [str(folder / "package.json") for folder in folders]
    texts = search.read(places)
    nearest = next((texts[place] for place in places if place in texts), b"")
    return bool(_DRAWS.search(nearest)) and not _SERVES.search(nearest)


def _package_of(path: str) -> str:
    return str(PurePosixPath(path).with_name("__init__.py")) if path.endswith(".py") else ""


def read_use(asked: tuple[str, bytes, bool]) -> Runs | None:
    """Runs in a guarded process. The last of what is asked: whether the file lies in a package."""
    path, content, is_in_package = asked
    if path.endswith((".vue", ".svelte")):
        return Runs.PAGES
    file = parse(path, content)
    if file is None:
        return None
    if is_page(file):
        is_filled = any(one.name in FILLS_A_PAGE for one in file.functions)
        return None if is_filled else Runs.PAGES  # of the one that its server fills each function tells for itself
    by_hand = is_for_hands(file) or is_command(file) or is_beside_tests(file) or is_run_to_its_end(file, is_in_package)
    return Runs.ALONE if by_hand else None
