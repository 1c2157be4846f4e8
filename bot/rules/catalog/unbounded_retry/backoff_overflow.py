"""A backoff that doubles until the number is too large."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.retrying import retry_in
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Call, Loop, SourceFile, text_of

CAPPED = regex(r"(?i)\bmin\(|\bmax\w*\b|cap|limit|clamp|deadline|monotonic|elapsed|>=?\s*\w|\bMAX")
NAME = regex(r"[A-Za-z_]\w*")


class BackoffOverflow(Rule):
    """## What it finds
    A retry that ends only when it is cancelled, and whose pause doubles each time and is never capped. A loop that
    nothing ends at all is told by `unbounded-retry/no-limit` already.

    ## Why it matters
    In Go and Java a duration that is doubled some sixty times is negative, and a negative pause is none: after the long
    outage every client hammers the peer. In JavaScript `setTimeout` takes everything over 24 days for one millisecond.
    And before that the pause is hours long, so that the client is away long after the peer is back.

    ## Use instead
    A cap: `min(60, base * 2 ** n)`.
    """

    name = "unbounded-retry/backoff-overflow"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")
    confidence = 0.75

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        retry = retry_in(loop) if loop.is_endless else None
        if retry is None or not retry.has_deadline:
            return None
        pause = next((one for one in retry.pauses if self._doubles(one, loop)), None)
        if pause is None or CAPPED.search(text_of(loop.body)):
            return None
        return Alarm(
            pause,
            "This pause doubles without end",
            "Nothing caps the pause: after a long outage it is hours, and then the number overflows and the pause is "
            "none at all. The client is either away when the peer is back, or hammers it.",
            "Cap the pause, at a minute or so, and add jitter.",
        )

    def _doubles(self, pause: Call, loop: Loop) -> bool:
        given = " ".join(argument.text for argument in pause.arguments)
        text = text_of(loop.body)
        doubled = (re.search(rf"\b{name}\s*(?:\*=|<<=|:?=\s*{name}\s*\*)", text) for name in set(NAME.findall(given)))
        return any(doubled) or bool(re.search(r"\*\*|<<|[Pp]ow\(", given))

    bad = (
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    while True:\n"
            "        if stop.is_set(): return None\n"
            "        try:\n            return requests.get(url, timeout=3)\n        except OSError:\n"
            "            time.sleep(wait)\n            wait *= 2",
            line=9,
        ),
        javascript(
            "import { setTimeout } from 'timers/promises';\nasync function load(url) {\n  let n = 0;\n  for (;;) {\n"
            "    if (signal.aborted) return null;\n    try { return await fetch(url, { signal }); }\n"
            "    catch (e) { await setTimeout(2 ** n++); }\n  }\n}",
            line=7,
        ),
        typescript(
            "import { setTimeout } from 'timers/promises';\nasync function load(url: string) {\n  let wait = 9;\n"
            "  while (true) {\n    if (signal.aborted) return null;\n"
            "    try { return await fetch(url, { signal }); }\n"
            "    catch { await setTimeout(wait); wait = wait * 2; }\n  }\n}",
            line=7,
        ),
        go(
            'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\twait := time.Second\n'
            "\tfor {\n\t\tif ctx.Err() != nil {\n\t\t\treturn nil\n\t\t}\n\t\tresp, err := c.Get(url)\n"
            "\t\tif err != nil {\n\t\t\ttime.Sleep(wait)\n\t\t\twait *= 2\n\t\t\tcontinue\n\t\t}\n"
            "\t\treturn resp\n\t}\n}",
            line=11,
        ),
        java(
            "import java.net.http.*;\nclass A { Object load(HttpClient c, HttpRequest r) throws Exception {\n"
            "  long wait = 9;\n  while (true) {\n    if (Thread.currentThread().isInterrupted()) return null;\n"
            "    try { return c.send(r, h); }\n    catch (IOException e) { Thread.sleep(wait); wait *= 2; }\n"
            "  }\n} }",
            line=7,
        ),
        csharp(
            "class A { async Task<R> Load(HttpClient c) {\n  var wait = 9;\n  while (true) {\n"
            "    if (token.IsCancellationRequested) return null;\n    try { return await c.GetAsync(u); }\n"
            "    catch (X) { await Task.Delay(wait); wait *= 2; }\n  }\n} }",
            line=6,
        ),
    )
    good = (
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    while True:\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(wait)\n"
            "            wait *= 2"
        ),
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    while True:\n"
            "        if stop.is_set(): return None\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(wait)\n"
            "            wait = min(60, wait * 2)"
        ),
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    for n in range(5):\n"
            "        if stop.is_set(): return\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(wait)\n"
            "            wait *= 2"
        ),
        python(
            "import requests, time\ndef load(url):\n    while True:\n        if stop.is_set(): return None\n"
            "        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(5)"
        ),
        javascript("async function f() { let n = 1; for (;;) { await ask(n); n *= 2; } }"),
        typescript("async function f() { while (true) { await ask(); } }"),
        go("func f() { wait := 1; for { ask(wait); wait *= 2 } }"),
        java("class A { void f() throws Exception { long w = 9; while (true) { Thread.sleep(w); w *= 2; } } }"),
        csharp("class A { async Task F() { var w = 9; while (true) { await Task.Delay(w); w *= 2; } } }"),
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    while True:\n"
            "        if stop.is_set(): return None\n        try:\n            return requests.get(url, timeout=3)\n"
            "        except OSError:\n            time.sleep(wait)\n            wait *= 2\n"
            "            if wait > 60: wait = 60",
        ),
    )
