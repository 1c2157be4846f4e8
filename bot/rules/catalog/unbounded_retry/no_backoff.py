"""A retry that does not wait, or always waits the same."""

from collections.abc import Mapping

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Retry
from bot.rules.apis import find
from bot.rules.catalog.unbounded_retry.no_backoff_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.retry_options import endless_option, retry_options
from bot.rules.retry_word import retry_word_in
from bot.rules.retrying import constant_pause, retry_in, walks_hosts
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Handler, Jump, Loop, SourceFile

_TICKS = regex(r"<-\s*[\w.]+\.C\b|<-\s*time\.After\(|<-\s*\w*(?i:tick)\w*\b")
"""Go: each try waits for a clock."""
_CALLED_A_PAUSE = regex(r"\b\w*(?i:back_?off|sleep|pause)\w*\(")
"""A helper of the project's own."""
_OF_CONTENT = regex(r"(?:Validation|Schema|Pars(?:e|ing)|Decode?|Json|JSON|Format)\w*(?:Error|Exception)\b")
"""Failures of what was answered."""
_TWICE = regex(r"\bstop_after_attempt\(\s*[12]\s*\)$")
_PAUSES = regex(r"\b(?:Thread\.Sleep|Task\.Delay)\(")
"""C#."""
_FIX = "Wait between the tries, with backoff and full jitter, such as `random() * min(cap, base * 2 ** n)`."


class RetryWithoutBackoff(Rule):
    """## What it finds
    A loop that repeats a failed remote call at once, or after a constant pause; and a library's retry whose delay is
    left at zero.

    ## Why it matters
    A dependency that fails because it is overloaded gets its load multiplied within milliseconds, by every client at
    the same moment. Retries at once also rarely help: what failed a millisecond ago fails again.

    ## Use instead
    Pauses that grow exponentially, with jitter so that clients do not march in step, and a cap.
    """

    name = "unbounded-retry/no-backoff"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust")
    sections = ("retry",)
    confidence = 0.8

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        retry = retry_in(loop) if loop.is_endless or loop.counts else None
        if retry is None or not retry.calls or walks_hosts(retry):
            return None
        if loop.is_endless and not retry.has_deadline:
            return None  # unbounded-retry/no-limit says it, and asks for backoff as well
        if not retry.pauses:
            is_spaced = _TICKS.search(loop.text) or _CALLED_A_PAUSE.search(loop.text)
            return None if is_spaced else self._at_once(loop, retry.calls[0].written)
        if constant_pause(retry) and not any(word in loop.text for word in ("jitter", "rand", "backoff")):
            return Alarm(
                loop,
                "Every retry waits equally long",
                "The pause between the tries is the same each time and for every client. After an outage all clients "
                "come back in step, in waves that push the recovering peer down again.",
                _FIX,
                severity=Severity.LOW,
                confidence=SHOWN_ONLY,  # a poll looks the same
            )
        return None

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        """Ruby's `retry`."""
        again = retry_word_in(handler)
        if again is None or not again.is_limited or not again.calls or again.pauses:
            return None
        return self._at_once(again.jump, again.calls[0].written)

    def _at_once(self, at: Loop | Jump, called: str) -> Alarm:
        return Alarm(
            at,
            f"`{called}` is tried again at once"[:80],
            f"When `{called}` fails, the next try follows without a pause. An overloaded peer so gets its load "
            "multiplied at the worst moment, and all tries are used up within milliseconds, before anything "
            "could have recovered.",
            _FIX,
        )

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Retry)
        given = retry_options(row, call) if row is not None else None
        if (
            row is None  # unprovable: narrows the type
            or given is None
            or row.spaced  # unprovable: only saves time, such rows have no `wait`
            or self._is_off(call)
            or not row.wait
            or not call.all_arguments
        ):
            return None
        if any(name in given for name in row.wait) or not self._limits(row, given):
            return None
        if any(_OF_CONTENT.search(argument.text) for argument in call.keywords.values()):
            return None  # the peer has answered: a pause would spare it nothing
        if any(_PAUSES.search(argument.text) for argument in call.arguments):
            return None  # what is called before each try
        return Alarm(
            call,
            f"`{call.written}` retries without a pause"[:80],
            f"Without `{row.wait[0]}` the next try follows at once. An overloaded peer gets its load multiplied, and "
            "the tries are used up before anything could have recovered.",
            row.fix,
        )

    def _is_off(self, call: Call) -> bool:
        """`Retry(0)`, `Retry(total=False)`: no retry at all; `Retry(1)`, or Polly's `RetryAsync(onRetry)`: one, which
        multiplies nothing."""
        if (stop := call.keywords.get("stop")) is not None and _TWICE.search(stop.text):
            return True
        tries = call.keywords.get("total") or next(iter(call.arguments), None)
        if tries is None:
            return False
        return tries.text in ("0", "1", "False") or any(
            function.node == tries.node for function in call.file.within(call.file.functions, tries.node)
        )

    def _limits(self, row: Retry, given: Mapping[str, str]) -> bool:
        """Retries without a limit are the business of unbounded-retry/no-limit."""
        return not endless_option(row, given) and (row.limited or any(name in given for name in row.limit))

    bad = (
        python(
            "import requests\ndef load(url):\n    for attempt in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            continue",
            line=3,
        ),
        python("from urllib3 import Retry\nretries = Retry(total=5)", line=2),
        csharp("class A { object p = Policy.Handle<IOException>().RetryAsync(3); }"),
        python("import tenacity\n@tenacity.retry(stop=tenacity.stop_after_attempt(3))\ndef load(): ...", line=2),
        javascript(
            "async function load(url) {\n  for (let i = 0; i < 5; i++) {\n"
            "    try { return await fetch(url, { signal }); }\n"
            "    catch (e) { console.warn(e); }\n  }\n}",
            line=2,
        ),
        javascript("const axiosRetry = require('axios-retry');\naxiosRetry(api, { retries: 3 });", line=2),
        typescript(
            "async function load(url: string) {\n  let n = 0;\n  while (n < 5) {\n"
            "    try { return await fetch(url, { signal }); }\n    catch { n += 1; }\n  }\n}",
            line=3,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) *http.Response {\n\tfor i := 0; i < 5; i++ {\n'
            "\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn resp\n\t}\n"
            "\treturn nil\n}",
            line=4,
        ),
        java(
            "import java.net.http.*;\nclass A { Object load(HttpClient c) {\n  for (int i = 0; i < 5; i++) {\n"
            '    try { return c.send(r, h); }\n    catch (IOException e) { log.warn("again", e); }\n  }\n'
            "  return null;\n} }",
            line=3,
        ),
        csharp(
            "class A { async Task<string> Load(HttpClient c) {\n  for (var i = 0; i < 3; i++) {\n"
            "    try { return await c.GetStringAsync(u); }\n    catch (Exception e) { log.Warn(e); }\n  }\n"
            "  return null;\n} }",
            line=2,
        ),
        kotlin(
            "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n    repeat(5) {\n"
            "        try {\n            return c.newCall(r).execute()\n        } catch (e: IOException) {\n"
            "            log.warn(e)\n        }\n    }\n    throw Gone()\n}",
            line=4,
        ),
        kotlin(
            "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n"
            "    for (n in 1..5) {\n        try {\n            return c.newCall(r).execute()\n"
            "        } catch (e: IOException) {\n            Thread.sleep(1000)\n        }\n    }\n"
            "    throw Gone()\n}",
            line=4,
        ),
        ruby(
            "def load\n  tries ||= 0\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n  retry if (tries += 1) < 3\nend",
            line=5,
        ),
        rust(
            "async fn load(c: &reqwest::Client) -> Res {\n    for _ in 0..5 {\n"
            "        match c.get(url).send().await {\n            Ok(r) => return Ok(r),\n"
            '            Err(e) => warn!("{e}"),\n        }\n    }\n    Err(gone())\n}',
            line=2,
        ),
        rust(
            "async fn load(c: &reqwest::Client) -> Res {\n    for _ in 0..5 {\n"
            "        match c.get(url).send().await {\n            Ok(r) => return Ok(r),\n"
            "            Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,\n        }\n    }\n"
            "    Err(gone())\n}",
            line=2,
        ),
        python(
            "import requests\ndef load(url, stop):\n    while True:\n        if stop.is_set(): return None\n"
            "        try:\n            return requests.get(url, timeout=3)\n        except OSError:\n"
            '            log.warning("again")',
            line=3,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import requests, time, random\ndef load(url):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n"
            "            time.sleep(random.random() * 2 ** n)"
        ),
        python(
            "import requests\ndef load(hosts):\n    for host in hosts:\n        try:\n"
            "            return requests.get(host, timeout=3)\n        except OSError:\n            continue"
        ),  # asks somebody else
        python("from urllib3 import Retry\nretries = Retry(total=5, backoff_factor=0.5)"),
        python("from urllib3 import Retry\nretries = Retry(0, read=False)"),
        python("from urllib3 import Retry\nonce = Retry(total=1)"),
        javascript(
            "const axiosRetry = require('axios-retry');\naxiosRetry(api, { retryDelay: axiosRetry.exponentialDelay });"
        ),
        javascript("const axiosRetry = require('axios-retry');\naxiosRetry(api, options);"),  # cannot know
        javascript("const axiosRetry = require('axios-retry');\naxiosRetry(api, { retries: Infinity });"),
        typescript(
            "async function load(url: string) {\n  for (let i = 0; i < 5; i++) {\n"
            "    try { return await fetch(url, { signal }); }\n"
            "    catch { await sleep(2 ** i * 100 * Math.random()); }\n  }\n}"
        ),
        typescript(
            "for (const url of urls) {\n  try { await fetch(url, { signal }); } catch (e) { failed.push(url); }\n}"
        ),
        go(
            'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\tfor i := 0; i < 5; i++ {\n'
            "\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\ttime.Sleep(backoff(i))\n\t\t\tcontinue\n\t\t}\n"
            "\t\treturn resp\n\t}\n\treturn nil\n}"
        ),
        java(
            "import java.net.http.*;\nclass A { Object load(HttpClient c) {\n  for (int i = 0; i < 5; i++) {\n"
            "    try { return c.send(r, h); } catch (IOException e) { Thread.sleep(pause(i)); }\n  }\n"
            "  return null;\n} }"
        ),
        csharp(
            "class A { async Task<string> Load(HttpClient c) {\n  for (var i = 0; i < 3; i++) {\n"
            "    try { return await c.GetStringAsync(u); } catch (Exception e) { await Task.Delay(Pause(i)); }\n"
            "  }\n  return null;\n} }"
        ),
        kotlin(
            "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n    repeat(5) {\n"
            "        try {\n            return c.newCall(r).execute()\n        } catch (e: IOException) {\n"
            "            Thread.sleep(pause(it))\n        }\n    }\n    throw Gone()\n}"
        ),
        ruby(
            "def load\n  tries ||= 0\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n  sleep 2**tries\n"
            "  retry if (tries += 1) < 3\nend"
        ),
        ruby("def load\n  tries ||= 0\n  read(uri)\nrescue Net::ReadTimeout\n  retry if (tries += 1) < 3\nend"),
        rust(
            "async fn load(c: &reqwest::Client) -> Res {\n    for n in 0..5 {\n"
            "        match c.get(url).send().await {\n            Ok(r) => return Ok(r),\n"
            "            Err(_) => tokio::time::sleep(pause(n)).await,\n        }\n    }\n    Err(gone())\n}"
        ),
        python(
            "import time\ndef load(path):\n    for attempt in range(5):\n        try:\n            return parse(path)\n"
            "        except OSError:\n            time.sleep(1)"
        ),
        python(
            "import requests\ndef load(hosts):\n    for i in range(len(hosts)):\n        try:\n"
            "            return requests.get(hosts[i], timeout=3)\n        except OSError:\n            continue"
        ),
        python("from urllib3 import Retry\nretries = Retry(total=5, **OPTIONS)"),
        python("from urllib3 import Retry\nretries = Retry()"),
        ruby("def load\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n  retry\nend"),  # it has no limit, either
        java(
            "import dev.failsafe.RetryPolicy;\nclass A { Object p = RetryPolicy.builder(settings.retries()).build(); }"
        ),
        python(  # its own pause may grow
            "import requests, time\ndef load(url, backoff):\n    for n in range(5):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n            time.sleep(1)\n"
            "            backoff.wait(n)",
        ),
        python(  # unbounded-retry/no-limit says it
            "from tenacity import retry, retry_if_exception_type\n\n@retry(retry=retry_if_exception_type(OSError))\n"
            "def load(): ...",
        ),
        *FURTHER_GOOD,
    )
