"""How much a finding weighs: what the severities and confidences mean, and what the place takes off."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.addresses import addresses_in
from bot.rules.deadlines import is_arm_without_limit
from bot.rules.places import is_beside_tests, is_example, is_for_hands, is_of_page, is_script
from bot.rules.programs import is_command, is_in_command
from bot.rules.record import is_said
from bot.rules.rule import Alarm, Rule
from bot.settings.beside import OWN
from bot.syntax import Argument, Call, Comment, Handler, Section, SourceFile

SHOWN_ONLY = 0.45
"""Too little for a comment, by the default of `min_confidence`: a scan shows it."""
OF_A_RUN = (
    *("missing-timeout", "resource-leak", "unbounded-retry", "fire-and-forget", "unhandled-async-error"),
    "blocking-in-async",
)
"""Classes whose cost ends with the process: whoever started a tool by hand sees it hang, and stops it."""
OF_A_SERVER = (
    *("missing-timeout", "fire-and-forget", "unhandled-async-error", "unbounded-retry"),
    *("swallowed-error", "log-hygiene", "lost-cause", "unbounded-concurrency", "resource-leak", "unbounded-growth"),
)
"""Classes whose cost is a server's: in a browser one visitor waits, sees it, and loads the page again; nobody reads
its log."""
_OF_A_DECISION = (
    *("broad-catch", "ignored-cancellation", "blocking-in-async", "fire-and-forget", "swallowed-error"),
    "unbounded-retry",
)
"""Classes in which the same code is a fault here and right there: an author who says why has decided."""
_NEAR = regex(r"(?:\(\s*)?[rbf]?[\"'`](?:https?://)?(?:localhost|127\.0\.0\.1)\b")
_HOSTS = regex(r"https?://([\w.-]*)")
_LOOPBACK = regex(r"localhost|127\.0\.0\.1")
_OF_A_BROWSER = regex(
    r"^(?:(?:global|window|globalThis|self)\.)?fetch$|^axios(?:\.(?:get|post|put|patch|delete|head|request))?$"
)
"""What asks without a client of its own, and so without a host that such a client would add."""
_BASE_WITHOUT_HOST = regex(r"\A(?:\w+\.)?create\(\s*\{[^{}]*\bbaseURL:\s*[\"'`]/(?!/)")
"""Of axios and its like."""
_WITHOUT_HOST = regex(r"[\"'`]/(?!/)")
_NO_REASON = regex(
    r"(?i)\b(?:todo|fixme|xxx|hack)\b|noqa|nolint|nosec|eslint|pylint|type:\s*ignore|pragma|rubocop|prettier|biome"
)
_FEWEST_LETTERS = 12
_LONGEST = 12
"""Lines of a comment of several that is looked for above an alarm."""
_MILDER = {Severity.CRITICAL: Severity.HIGH, Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}


def severity_of(rule: Rule, alarm: Alarm, file: SourceFile) -> Severity:
    """What the rule says of this alarm, one step milder in a script: somebody watches it, and can run it again.

    What a team wrote into its own rule stays as it wrote it.
    """
    said = alarm.severity or rule.severity
    return _MILDER.get(said, said) if is_ours(rule) and is_script(file) else said


def confidence_of(rule: Rule, alarm: Alarm, file: SourceFile) -> float:
    """What the rule says of this alarm; too little for a comment, and still shown by a scan, where the page on
    confidence says so."""
    said = _said(rule, alarm)
    return min(said, SHOWN_ONLY) if _is_unheard(rule, alarm, file) or _is_for_no_comment(rule, alarm, file) else said


def own_confidence_of(rule: Rule, alarm: Alarm, file: SourceFile) -> float:
    """What the rule says of this alarm, where nothing but the lack of a record speaks against it; else 0."""
    return _said(rule, alarm) if _is_unheard(rule, alarm, file) and not _is_for_no_comment(rule, alarm, file) else 0


def _said(rule: Rule, alarm: Alarm) -> float:
    return alarm.confidence if alarm.confidence is not None else rule.confidence


def _is_unheard(rule: Rule, alarm: Alarm, file: SourceFile) -> bool:
    return is_ours(rule) and not is_said(rule.name, file.language.name, alarm.sort)


def _is_for_no_comment(rule: Rule, alarm: Alarm, file: SourceFile) -> bool:
    if isinstance(alarm.at, Call | Section) and alarm.at.node.has_error:
        return True  # the grammar lost its way in it
    return is_ours(rule) and (
        file.language.name in rule.shown_only_in
        or is_example(file)
        or is_beside_tests(file)
        or (rule.class_ in OF_A_RUN and _is_run_by_hand(alarm, file))
        or (rule.class_ in OF_A_SERVER and is_of_page(alarm.at))
        or (rule.class_ in OF_A_SERVER and _asks_where_its_page_came_from(alarm))
        or (rule.class_ == "missing-timeout" and (_asks_its_own_machine(rule, alarm) or is_arm_without_limit(alarm.at)))
        or (rule.class_ in _OF_A_DECISION and _is_reasoned(alarm, file))
    )


def _is_run_by_hand(alarm: Alarm, file: SourceFile) -> bool:
    return is_for_hands(file) or is_command(file) or is_in_command(alarm.at)


def _asks_its_own_machine(rule: Rule, alarm: Alarm) -> bool:
    """What runs beside it seldom stalls alone."""
    if not isinstance(alarm.at, Call):
        return False
    if rule.name.endswith("/client-without-timeout") and alarm.at.function is not None:
        hosts = _HOSTS.findall(alarm.at.function.text)
        if hosts and all(map(_LOOPBACK.fullmatch, hosts)):
            return True  # what the client is for stands beside it
    return any(_says(_NEAR, one, alarm.at) for one in alarm.at.all_arguments)


def _asks_where_its_page_came_from(alarm: Alarm) -> bool:
    """`fetch("/api/users")`: an address without a host has a meaning in a browser alone."""
    if not isinstance(alarm.at, Call):
        return False
    if _OF_A_BROWSER.match(alarm.at.name):
        return any(_says(_WITHOUT_HOST, one, alarm.at) for one in alarm.at.all_arguments[:1])
    return bool(_BASE_WITHOUT_HOST.search(alarm.at.text))


def _says(beginning: re.Pattern[str], argument: Argument, call: Call) -> bool:
    """All that the argument can be, as far as the file shows, begins like this."""
    found = addresses_in(argument, call)
    return bool(found) and all(map(beginning.match, found))


def _is_reasoned(alarm: Alarm, file: SourceFile) -> bool:
    """True where a comment stands on the line, alone above it, or on a handler's first."""
    line = alarm.at.start_line
    beside = file.comments_on(line, line + isinstance(alarm.at, Handler))
    return any(
        sum(char.isalpha() for char in comment.text) >= _FEWEST_LETTERS and not _NO_REASON.search(comment.text)
        for comment in (*beside, *_block_above(line, file))
    )


def _block_above(line: int, file: SourceFile) -> list[Comment]:
    """The comments that stand alone on the lines right above, however many they are."""
    found: list[Comment] = []
    while alone := [
        one for one in file.comments_on(line - _LONGEST, line - 1) if one.stands_alone and one.end_line == line - 1
    ]:
        found += alone
        line = alone[0].start_line
    return found


def is_ours(rule: Rule) -> bool:
    return rule.name.split("/")[0] != OWN


PAGES = {
    "severity": """# Severity: what a finding can cost

| severity | means | such as |
|---|---|---|
| critical | data is lost or doubled, or a failure spreads to other services | a payment sent twice by a retry |
| high | an outage of this service when a peer is slow or fails, or under load | a request without a limit on its wait |
| medium | a fault that needs an unlucky day: a leak, a rare order of events | a file that an early return leaves open |
| low | untidy, and may hide a fault | an exception logged without its trace |

It follows three things, in this order.

- **The class.** Each rule has its severity: `seawall rules` lists them.
- **What is proven.** A rule lowers it where it sees less than the whole defect, such as a retry that \
waits, but always as long.
- **The place.** On the path of a request and in a worker it stands as it is: nobody is there to notice. In a \
script it is one step milder, for somebody watches it and can run it again. A script lies in a folder such as \
`scripts/`, `tools/`, `bin/` or `examples/`, or begins with `#!`. Tests are not judged at all (`include_tests`).

A team's own rules keep the severity that they name. The model's findings are held to the floor of their class by the \
server, not by the model.

Thresholds are policy: `min_severity` (milder ones are counted, not said) and `fail_on` (at or over it a gate fails), \
for the whole repository or for some paths, in `[[paths]]` tables.
""",
    "confidence": """# Confidence: how sure it is that the finding is one

| confidence | means |
|---|---|
| 90 % and more | the code in sight proves it: the call, its arguments, and what its library does by default |
| 70 % to 90 % | it follows from this file and its libraries; code elsewhere could make it harmless |
| 50 % to 70 % | likely, by names or by a usual shape; a person should look |
| under 50 % | said only where somebody asks for more than the default, as `seawall scan` does |

In a project's examples, benchmarks and documentation (`examples/`, `shop-samples/`, `docs/`) nothing is said with \
more than 45 %: they leave out on purpose what a service needs. The same holds

- for waits, retries, leaks, lost promises and failures, and log lines in code of the browser (`.tsx`, `static/js/`, \
or a file that imports React, Vue, Svelte or Angular or speaks of the page), where one visitor waits and sees it;
- for a call to the very machine it runs on (`http://localhost:9001/`), and a client beside no other address;
- for a call in JavaScript to an address without a host (`fetch("/api/users")`), which has a meaning in a browser alone;
- for waits, retries, leaks and lost promises in `scripts/`, `tools/` and `contrib/`, in migrations, in the commands \
of a Go program (`cmd/`, `commands/`), in a Python program that reads its options, and in magics of a notebook, which \
end in sight of somebody;
- for the same in a file that all of the head tells to be a program by itself (it does something when it is loaded, \
ends, and no file takes it in), to be taken in by pages of a browser alone, or to lie in a package that draws \
pages and serves nothing (`package.json`);
- for the same in a function of Python, JavaScript or Go that, followed through its callers in all of the head, tests, \
commands at a terminal, commented lines or pages of a browser alone reach; and for a wait in JavaScript that is \
started and not waited for;
- for a promise that nobody awaits, where the repository says for all of a process what becomes of those \
(`process.on("unhandledRejection", …)`);
- for a wait in Python, where the repository wraps its program in what ends each request (`TimeoutMiddleware(app)`);
- for a wait of Python's standard library, where the project gives all sockets a limit (`socket.setdefaulttimeout`);
- for what a library's copy holds: in a folder that the title forks (`Fork some-driver 3.5`), or \
that `go.mod` puts in the place of somebody else's module; and for a wait that a revert brings back;
- for a limit on a wait that is gone where the change's title says that it goes, or another of its files gets one;
- for a connect alone (`net.Dial`, `tokio::net::TcpStream::connect`), which the system ends by itself;
- for a protection that is gone in a change of more than five files or of more than 40 written lines, where it has \
mostly moved;
- for a promise that an ordinary function leaves alone: a callback of an event, a constructor, which cannot wait;
- for a client in Go that another package's client is given, or that stands beside contexts with a deadline;
- for what is a fault here and right there, such as a broad or silent handler, where a comment beside it says why;
- for a protection, other than a lock, that is gone from a file to which the change brings 20 new lines or more: there \
it has mostly moved;
- for a call or a lock that its language's grammar cannot read;
- for a rule, or a shape within one, for which no record speaks: its findings in the history of public projects were \
mostly not worth a comment, or too few of them have been read to tell (`config/record.toml` has the figures).

A rule that cannot tell is silent: it does not lower its confidence to say something anyway. A finding weighs severity \
times confidence; the weightiest come first, and where there are more than `max_comments` the rest is listed.

`min_confidence` (0.5 by default) is the threshold, for the whole repository or for some paths, in `[[paths]]` tables. \
What people accept and dispute is counted for each rule; one that is surely heeded less often than `mute_below` mutes \
itself.
""",
}
"""What `seawall explain severity` and `seawall explain confidence` show."""
