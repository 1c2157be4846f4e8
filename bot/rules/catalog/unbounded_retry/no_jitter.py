"""Retries that all clients make at the same moments."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.retrying import RetryLoop, retry_in, walks_hosts
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Call, Loop, SourceFile, text_of

GROWS = regex(r"\*\*|<<|\b(?:Math\.)?[Pp]ow\(|\bshift")
RANDOM = regex(r"(?i)jitter|rand|uniform|backoff|dither|fuzz")
NAME = regex(r"[A-Za-z_]\w*")


class RetryWithoutJitter(Rule):
    """## What it finds
    A retry of a remote call whose pauses grow exponentially, and are the same for every client.

    ## Why it matters
    When a dependency comes back after an outage all clients that failed together try again together, after one, two and
    four seconds. Each wave is as large as the first, and pushes the peer down again.

    ## Use instead
    Full jitter: `random() * min(cap, base * 2 ** n)`, as Amazon's builders' library describes it.
    """

    name = "unbounded-retry/no-jitter"
    severity = Severity.LOW
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")
    confidence = 0.45  # a handful of tries by a handful of clients does no harm

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        if RANDOM.search(loop.text):
            return None
        retry = retry_in(loop)
        if (
            retry is None
            or not retry.calls
            or not retry.pauses  # unprovable: only saves time
            or walks_hosts(retry)
            or (loop.is_endless and not retry.has_deadline)  # unbounded-retry/no-limit asks for jitter as well
        ):
            return None
        pause = next((one for one in retry.pauses if self._grows(one, retry)), None)
        if pause is None:
            return None
        return Alarm(
            pause,
            "Every client retries at the same moments",
            "The pause grows with each try but is the same everywhere. After an outage, all clients that failed "
            "together come back together, and each wave pushes the recovering peer down again.",
            "Multiply the pause by a random number between 0 and 1, and cap it.",
        )

    def _grows(self, pause: Call, retry: RetryLoop) -> bool:
        """By its own formula, or because the loop multiplies what it waits for."""
        given = " ".join(argument.text for argument in pause.arguments)
        if GROWS.search(given):
            return True
        text = text_of(retry.loop.body)
        names = set(NAME.findall(given))
        return any(
            re.search(rf"\b{name}\s*(?:\*=|:?=\s*{name}\s*\*|=[^=\n]*(?:\*\*|<<|[Pp]ow\())", text) for name in names
        )

    bad = (
        python(
            "import requests, time\ndef load(url):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(2 ** n)",
            line=7,
        ),
        python(
            "import requests, time\ndef load(url):\n    n = 0\n    while True:\n        if stop.is_set(): return None\n"
            "        n += 1\n        try:\n            return requests.get(url, timeout=3)\n"
            "        except OSError:\n            time.sleep(min(60, 2 ** n))",
            line=10,
        ),
        javascript(
            "async function load(url) {\n  let wait = 100;\n  for (let i = 0; i < 5; i++) {\n"
            "    try { return await fetch(url, { signal }); }\n"
            "    catch (e) { await sleep(wait); await setTimeout(wait); wait *= 2; }\n  }\n}\n"
            "import { setTimeout } from 'timers/promises';",
            line=5,
        ),
        typescript(
            "import { setTimeout } from 'timers/promises';\nasync function load(url: string) {\n"
            "  for (let i = 0; i < 5; i++) {\n    try { return await fetch(url, { signal }); }\n"
            "    catch { await setTimeout(100 * 2 ** i); }\n  }\n}",
            line=5,
        ),
        go(
            'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\twait := time.Second\n'
            "\tfor i := 0; i < 5; i++ {\n\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\ttime.Sleep(wait)\n"
            "\t\t\twait *= 2\n\t\t\tcontinue\n\t\t}\n\t\treturn resp\n\t}\n\treturn nil\n}",
            line=8,
        ),
        java(
            "import java.net.http.*;\nclass A { Object load(HttpClient c, HttpRequest r) throws Exception {\n"
            "  for (int i = 0; i < 5; i++) {\n    try { return c.send(r, h); }\n"
            "    catch (IOException e) { Thread.sleep(100L << i); }\n  }\n  return null;\n} }",
            line=5,
        ),
        csharp(
            "class A { async Task<R> Load(HttpClient c) {\n  for (var i = 0; i < 5; i++) {\n"
            "    try { return await c.GetAsync(u); }\n    catch (X) { await Task.Delay((int)Math.Pow(2, i)); }\n  }\n"
            "  return null;\n} }",
            line=4,
        ),
        python(  # the counter picks the pause, not whom to ask
            "import requests, time\ndef load(url):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n"
            "            time.sleep(STEPS[n] * 2 ** n)",
            line=7,
        ),
    )
    good = (
        go(
            'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\tfor i := 0; i < 5; i++ {\n'
            "\t\tresp, err := c.Get(hosts[i])\n\t\tif err != nil {\n\t\t\ttime.Sleep(time.Second << i)\n"
            "\t\t\tcontinue\n\t\t}\n\t\treturn resp\n\t}\n\treturn nil\n}"
        ),
        python(
            "import random, requests, time\ndef load(url):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n"
            "            time.sleep(random.random() * 2 ** n)"
        ),
        python(
            "import requests, time\ndef load(url):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(2)"
        ),
        python(
            "import requests, time\ndef load(url):\n    wait = 1\n    while True:\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(wait)\n"
            "            wait *= 2"
        ),
        python("import time\ndef wait():\n    for n in range(5):\n        time.sleep(2 ** n)"),
        javascript(
            "async function load(url) { for (let i = 0; i < 5; i++) { try { return await fetch(url, { signal }); }\n"
            "  catch (e) { await pause(i); } } }"
        ),
        typescript("async function load(u: string) { for (const x of all) { await fetch(u, { signal }); } }"),
        go('import "time"\n\nfunc f() { for i := 0; i < 5; i++ { time.Sleep(time.Second << i) } }'),
        java("class A { void f() throws Exception { for (int i = 0; i < 5; i++) { Thread.sleep(100L << i); } } }"),
        csharp("class A { async Task F() { for (var i = 0; i < 5; i++) { await Task.Delay(i * 2); } } }"),
        python(
            "import time\ndef load(path):\n    for n in range(5):\n        try:\n            return parse(path)\n"
            "        except OSError:\n            time.sleep(2 ** n)"
        ),
        python(
            "import requests, time\ndef load(hosts):\n    for i in range(len(hosts)):\n        try:\n"
            "            return requests.get(hosts[i], timeout=3)\n        except OSError:\n"
            "            time.sleep(0.1 * 2 ** i)"
        ),
    )
