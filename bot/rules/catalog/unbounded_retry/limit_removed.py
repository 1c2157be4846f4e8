"""A retry that lost its limit or its pause."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.unbounded_retry.limit_removed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.losing import OFF, condition_of, is_own, named_arguments, same_call_without
from bot.rules.retrying import is_pause
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Loop, Shape, encloses

COUNTED = regex(r"(?i)attempt|retr(?:y|ies)|\btries\b|\w*tries|rediscover|max_?elapsed|deadline")
OPTION = regex(r"(?i)^(?:max_?)?(?:retr(?:y|ies)|attempts|tries)(?:_?limit|_?count)?$|^stop$|^max_(?:tries|time)$")
SPACING = regex(
    r"(?i)backoff|jitter|^retry_?(?:delay|interval|wait)|^(?:min|max|initial)_?retry_?(?:time|delay)|^wait$"
)
SPEAKS = regex(r"(?i)(?:\b|_)log|print|warn|debug")
NAME = regex(r"[A-Za-z_]\w*")


class RetryLimitRemoved(Rule):
    """## What it finds
    A limit of tries, or the pause between them, that the base had and the head has not: a counting loop that became
    endless, an `if tries > limit` that is gone, a `sleep` taken out of a retry loop, a retry option dropped.

    ## Why it matters
    Tests pass either way. During an outage the retries go on without end, or all at once, and keep the other side down
    when it tries to come back.

    ## Use instead
    Keep both: a limit of tries or time, and growing pauses with jitter.
    """

    name = "unbounded-retry/limit-removed"
    severity = Severity.HIGH
    confidence = SHOWN_ONLY  # on record: it gives up in another way, or elsewhere
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            yield from self._options(function)
            if len(function.loops_before) == len(function.loops_after):
                for loop, head in zip(function.loops_before, function.loops_after, strict=True):
                    alarm = self._limit(function, loop, head) or self._pause(function, loop, head)
                    if alarm is not None:
                        yield alarm

    def _limit(self, change: FunctionChange, loop: Loop, head: Loop) -> Alarm | None:
        if not head.is_endless or not _shares_calls(loop, head):
            return None
        if loop.is_endless:
            limits = [
                condition_of(jump)
                for jump in change.jumps_before
                if jump.loop is loop and jump.leaves(loop) and COUNTED.search(condition_of(jump))
            ]
        else:
            limits = [loop.header] if loop.counts and COUNTED.search(loop.header) else []
        gone = [limit for limit in limits if change.is_gone(limit.split("\n")[0])]
        if not gone or _tells_count(head) or _has_limit(change, head):
            return None
        return self._alarm(head, gone[0], "no longer gives up", "tries without end while the other side is down")

    def _pause(self, change: FunctionChange, loop: Loop, head: Loop) -> Alarm | None:
        """A sleep between tries that is gone, in a loop that still takes failures."""
        pauses = [call for call in change.calls_before if call.loop is loop and is_pause(call)]
        if not pauses or any(is_pause(call) for call in head.file.within(head.file.calls, head.node)):
            return None
        retries = any(h.loop is head for h in change.handlers_after)
        waits = any(word in head.text for word in ("wait", "Wait", "select", "await new Promise", "Tick", "poll"))
        if not retries or waits or not _shares_calls(loop, head) or not change.is_gone(f"{pauses[0].method}("):
            return None
        return self._alarm(head, pauses[0].text, "no longer pauses", "tries again at once, as fast as it can")

    def _options(self, change: FunctionChange) -> Iterator[Alarm]:
        for call in change.calls_before:
            for argument in named_arguments(call):
                name = argument.name
                if argument.text in OFF or not (OPTION.match(name) or SPACING.search(name)):
                    continue
                if name in ("stop", "wait") and "retry" not in call.written.lower():
                    continue
                head = same_call_without(change, call, argument)
                if (
                    head is not None
                    and change.is_gone(argument.text)
                    and not is_own(head)
                    and not change.is_added(name)
                ):
                    what = "lost its retry limit" if OPTION.match(name) else "lost its pauses"
                    yield self._alarm(
                        head,
                        name if name == argument.text else f"{name} {argument.text}",
                        what,
                        "leaves its retries to the library's default",
                    )

    def _alarm(self, at: Shape, was: str, what: str, cost: str) -> Alarm:
        was = " ".join(was.split()).rstrip("{: ")
        was = was if len(was) <= 60 else f"{was[:57]}…"
        noun = "retry loop" if isinstance(at, Loop) else "call"
        return Alarm(
            at,
            f"This {noun} {what}"[:80],
            f"Before this change it had `{was}`; now it {cost}. Every instance does so at the same time, and together "
            "they keep an overloaded peer down.",
            f"Keep a limit and a growing pause, as `{was}` was.",
            was=f"Before this change it had `{was}`.",
        )

    bad = (
        python(
            "def load(api):\n    while True:\n        try:\n            return api.load()\n"
            "        except OSError as e:\n            log.warning('again: %s', e)",
            line=2,
            before="def load(api):\n    for attempt in range(5):\n        try:\n            return api.load()\n"
            "        except OSError as e:\n            log.warning('again: %s', e)",
        ),
        javascript(
            "function dial() {\n  return connect({ host });\n}",
            line=2,
            before="function dial() {\n  return connect({ host, maxRetries: 5 });\n}",
        ),
        typescript(
            "class A { async dial() {\n  while (true) {\n    try { return await this.connect(); }\n"
            "    catch (e) { this.trace(e); }\n  }\n} }",
            line=2,
            before="class A { async dial() {\n  while (true) {\n    try { return await this.connect(); }\n"
            "    catch (e) { if (++tries > this.max) throw e;\n      this.trace(e); }\n  }\n} }",
        ),
        go(
            "func load(c *Client) error {\n\tfor {\n\t\tif err := c.Load(); err != nil {\n\t\t\tcontinue\n\t\t}\n"
            "\t\treturn nil\n\t}\n}",
            line=2,
            before="func load(c *Client) error {\n\tfor retry := 0; retry < 5; retry++ {\n"
            "\t\tif err := c.Load(); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
        ),
        java(
            "class A { void f() {\n  while (true) {\n    try { api.load(); return; }\n"
            "    catch (IOException e) { log(e); }\n  }\n} }",
            line=2,
            before="class A { void f() {\n  for (int attempt = 0; attempt < 3; attempt++) {\n"
            "    try { api.load(); return; } catch (IOException e) { log(e); }\n  }\n} }",
        ),
        csharp(
            "class A { void F() {\n  while (true) {\n    try { api.Load(); return; }\n"
            "    catch (IOException e) { Log(e); }\n  }\n} }",
            line=2,
            before="class A { void F() {\n  for (var attempt = 0; attempt < 3; attempt++) {\n"
            "    try { api.Load(); return; } catch (IOException e) { Log(e); }\n  }\n} }",
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "def load(api):\n    while True:\n        try:\n            return api.load()\n        except OSError:\n"
            "            if late(deadline):\n                raise",
            before="def load(api):\n    for attempt in range(5):\n        try:\n            return api.load()\n"
            "        except OSError:\n            log.warning('again')",
        ),
        javascript(
            "function dial() { return connect({ host, maxRetries: 9 }); }",
            before="function dial() { return connect({ host, maxRetries: 5 }); }",
        ),
        typescript(
            "class A { dial() { return this.connect({ host }); } }",
            before="class A { dial() { return this.connect({ host, pool: 5 }); } }",
        ),
        go(
            "func load(c *Client) error {\n\treturn c.Load()\n}",
            before="func load(c *Client) error {\n\tfor retry := 0; retry < 5; retry++ {\n"
            "\t\tif err := c.Load(); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
        ),
        java(
            "class A { void f() { while (true) { api.load(); Thread.sleep(9); } } }",
            before="class A { void f() { while (true) { api.load(); Thread.sleep(5); } } }",
        ),
        csharp(
            "class A { void F() { for (var attempt = 0; attempt < 9; attempt++) { api.Load(); } } }",
            before="class A { void F() { for (var attempt = 0; attempt < 3; attempt++) { api.Load(); } } }",
        ),
        *FURTHER_GOOD,
    )


def _shares_calls(loop: Loop, head: Loop) -> bool:
    def called(of: Loop) -> set[str]:
        return {call.written for call in of.file.within(of.file.calls, of.body) if "log" not in call.written.lower()}

    return bool(called(loop) & called(head))


def _tells_count(head: Loop) -> bool:
    """The loop still counts its tries and tells the count to something that may end it; a log or a pause will not."""
    file = head.file
    inner = file.within(file.calls, head.body)
    idle = [call for call in inner if SPEAKS.search(call.written) or is_pause(call)]
    return any(
        not any(encloses(call.node, mention) for call in idle)
        for name in set(NAME.findall(head.header))
        if COUNTED.search(name)
        for mention in file.language.mentions(name, head.body or head.node)  # unprovable: narrows the type
    )


def _has_limit(change: FunctionChange, head: Loop) -> bool:
    return any(
        jump.leaves(head) and (jump.kind == "raise" or COUNTED.search(condition_of(jump)))
        for jump in change.jumps_after
        if jump.loop is head
    )
