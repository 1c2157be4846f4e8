"""A retry that never gives up."""

from bot.domain import Severity
from bot.rules.api_rows import Retry
from bot.rules.apis import find
from bot.rules.retry_options import endless_option, retry_options
from bot.rules.retry_word import retry_word_in
from bot.rules.retrying import retry_in
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Handler, Jump, Loop, SourceFile, text_of

ON_PURPOSE = frozenset({"python", "javascript", "typescript", "java", "go", "csharp", "kotlin"})
"""Their endless loops are mostly a service's own, which waits for what it cannot do without; but for those that hand
somebody an answer, and do not even pause."""


class RetryWithoutLimit(Rule):
    """## What it finds
    An endless loop that tries a remote call again after every failure, with no limit of tries or time; and a library's
    retry that is left at "for ever", or set to it.

    ## Why it matters
    While the other side is down the caller never gets an answer, not even an error, and keeps its worker. When it comes
    back, every instance that has been hammering it is still there: the retries themselves keep it down.

    ## Use instead
    A limit of tries and a deadline, growing pauses with jitter, and an error to the caller at the end.
    """

    name = "unbounded-retry/no-limit"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust")
    sections = ("retry",)
    confidence = 0.85

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        if not loop.is_endless:
            return None
        retry = retry_in(loop)
        if retry is None or retry.has_deadline:
            return None
        is_own = file.language.name in ON_PURPOSE and (retry.pauses or not _gives_an_answer(loop))
        sure = SHOWN_ONLY if is_own else None
        return self._alarm(loop, f"`{retry.calls[0].written}`" if retry.calls else "this", sure)

    def _alarm(self, at: Loop | Jump, what: str, confidence: float | None = None) -> Alarm:
        return Alarm(
            at,
            "This retry never gives up",
            f"Each failure of {what} goes round the loop again, without a limit of tries or time. During an outage of "
            "the other side the caller hangs here for ever instead of failing, and every instance keeps knocking, "
            "which keeps the other side down when it tries to come back.",
            "Count the tries or check a deadline, wait with exponential backoff and jitter in between, and raise the "
            "last error when the limit is reached.",
            confidence=confidence,
        )

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        """Ruby's `retry`."""
        again = retry_word_in(handler)
        if again is None or again.is_limited:
            return None
        return self._alarm(again.jump, f"`{again.calls[0].written}`" if again.calls else "this")

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Retry)
        given = retry_options(row, call) if row is not None else None
        if (
            row is None  # unprovable: narrows the type
            or given is None
            or _is_kept(call)
            or (call.name == "retrying.retry" and _stands_over_coroutine(call))  # it hands the coroutine on, once
        ):
            return None
        endless = endless_option(row, given)
        if not endless and (row.limited or any(name in given for name in row.limit)):
            return None
        return Alarm(
            call,
            f"`{call.written}` retries for ever{'' if endless else ' by default'}"[:80],
            f"{f'With `{endless}`' if endless else _without(row)} this tries again until it succeeds. During an outage "
            "the caller never gets an answer and never lets go of its worker.",
            row.fix or "Give it a limit of tries or time, and pauses that grow, with jitter.",
        )

    bad = (
        python("from retrying import retry\n\n@retry(wait_fixed=9)\ndef a(): ask()\nasync def b(): ...", line=3),
        python("from tenacity import retry\n\n@retry()\nasync def load():\n    return await ask()", line=3),
        python(
            "import requests, time\ndef load(url):\n    while True:\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except requests.RequestException:\n"
            "            time.sleep(1)",
            line=3,
        ),
        python("from tenacity import retry\n@retry\ndef load(url): ...", line=2),
        python("import backoff\n@backoff.on_exception(backoff.expo, OSError)\ndef load(url): ...", line=2),
        java(
            "import com.github.rholder.retry.RetryerBuilder;\nclass A { Object r = RetryerBuilder.newBuilder()"
            ".retryIfException().build(); }",
            line=2,
        ),
        csharp("class A { object p = Policy.Handle<IOException>().RetryForeverAsync(); }"),
        javascript(
            "import pRetry from 'p-retry';\nawait pRetry(load, { retries: Infinity, onFailedAttempt });", line=2
        ),
        javascript("const retry = require('async-retry');\nawait retry(load, { forever: true, retries: 3 });", line=2),
        typescript("import { retry } from 'rxjs';\nconst all$ = source$.pipe(retry());", line=2),
        typescript("import { retry } from 'rxjs';\nconst all$ = source$.pipe(retry({ delay: 1000 }));", line=2),
        typescript("import { retry } from 'rxjs/operators';\nconst all$ = source$.pipe(retry(Infinity));", line=2),
        typescript(
            "import { retry, handleAll, ExponentialBackoff } from 'cockatiel';\n"
            "const policy = retry(handleAll, { backoff: new ExponentialBackoff() });",
            line=2,
        ),
        python("from backoff import on_exception, expo\n@on_exception(expo, OSError, max_tries=None)\ndef f(): ...", 2),
        javascript(
            "async function load(url) {\n  while (true) {\n    try {\n      return await fetch(url, { signal });\n"
            "    } catch (e) {\n      console.warn(e);\n    }\n  }\n}",
            line=2,
        ),
        typescript(
            "async function load(url: string) {\n  for (;;) {\n    try { return await fetch(url, { signal }); }\n"
            "    catch { await sleep(1000); }\n  }\n}",
            line=2,
        ),
        go(
            'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\tfor {\n'
            "\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\ttime.Sleep(time.Second)\n\t\t\tcontinue\n\t\t}\n"
            "\t\treturn resp\n\t}\n}",
            line=4,
        ),
        java(
            "class A { String load() {\n  while (true) {\n    try { return api.load(); }\n"
            "    catch (IOException e) { Thread.sleep(1000); }\n  }\n} }",
            line=2,
        ),
        csharp(
            "class A { async Task<string> Load(HttpClient c) {\n  while (true) {\n"
            "    try { return await c.GetStringAsync(u); }\n    catch (Exception e) { log.Warn(e); }\n  }\n} }",
            line=2,
        ),
        kotlin(
            "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n    while (true) {\n"
            "        try {\n            return c.newCall(r).execute()\n        } catch (e: IOException) {\n"
            "            log.warn(e)\n        }\n    }\n}",
            line=4,
        ),
        ruby("def load\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n  sleep 1\n  retry\nend", line=5),
        ruby(
            "def load\n  loop do\n    begin\n      return Net::HTTP.get(uri)\n    rescue IOError => e\n"
            "      log(e)\n    end\n  end\nend",
            line=2,
        ),
        rust(
            "async fn load(c: &reqwest::Client) -> Res {\n    loop {\n"
            "        match c.get(url).send().await {\n            Ok(r) => return Ok(r),\n"
            '            Err(e) => warn!("{e}"),\n        }\n    }\n}',
            line=2,
        ),
        ruby("def load\n  api.load\nrescue Net::ReadTimeout\n  sleep 1\n  retry\nend", line=5),
        python(
            "import requests\ndef tell(url):\n    while True:\n        try:\n"
            "            requests.post(url, timeout=3)\n            break\n        except OSError:\n"
            '            log.warning("again")',
            line=3,
        ),
        rust(
            "async fn load(c: reqwest::Client) {\n    loop {\n        match c.get(URL).send().await {\n"
            "            Ok(_) => return,\n            Err(e) => sleep(Duration::from_secs(1)).await,\n        }\n"
            "    }\n}",
            line=2,
        ),
    )
    good = (
        python("from retrying import retry\n\n@retry(wait_fixed=9)\nasync def load():\n    return await ask()"),
        python(
            "from tenacity import Retrying, stop_after_attempt\ndef load(go):\n"
            "    again = Retrying(stop=stop_after_attempt(3))\n    return again(go)"
        ),
        python(
            "import requests, time\ndef load(url):\n    for attempt in range(3):\n        try:\n"
            "            return requests.get(url, timeout=3)\n        except OSError:\n"
            "            time.sleep(2 ** attempt)"
        ),
        python(
            "while True:\n    try:\n        n = int(input())\n        break\n    except ValueError:\n"
            "        print('again')"
        ),
        python(
            "import requests, time\ndef run():\n    while True:\n        try:\n"
            "            requests.get(url, timeout=3)\n"
            "        except OSError:\n            log.exception('poll')\n        time.sleep(60)"
        ),  # a service's main loop
        python(
            "from tenacity import retry, stop_after_attempt\n@retry(stop=stop_after_attempt(3))\ndef load(url): ..."
        ),
        java(
            "import com.github.rholder.retry.RetryerBuilder;\nclass A { Object r = RetryerBuilder.newBuilder()"
            ".withStopStrategy(limit).build(); }"
        ),
        csharp("class A { object p = Policy.Handle<IOException>().WaitAndRetryAsync(3, Pause); }"),
        javascript(
            "async function load(url) {\n  let n = 0;\n  while (true) {\n"
            "    try { return await fetch(url, { signal }); }\n"
            "    catch (e) { if (++n > 3) throw e; }\n  }\n}"
        ),
        typescript(
            "async function run() {\n  for (;;) {\n    try { await fetch(url, { signal }); }\n"
            "    catch { await sleep(1000); }\n  }\n}"
        ),
        go(
            'import ("net/http"; "time")\n\nfunc load(ctx context.Context, c *http.Client) error {\n\tfor {\n'
            "\t\t_, err := c.Get(url)\n\t\tif err != nil {\n\t\t\tselect {\n\t\t\tcase <-ctx.Done():\n"
            "\t\t\t\treturn ctx.Err()\n\t\t\tcase <-time.After(time.Second):\n\t\t\t}\n\t\t\tcontinue\n\t\t}\n"
            "\t\treturn nil\n\t}\n}"
        ),
        java(
            "class A { String load() {\n  int n = 0;\n  while (true) {\n    try { return api.load(); }\n"
            "    catch (IOException e) { if (n++ > 3) throw e; Thread.sleep(1000); }\n  }\n} }"
        ),
        csharp(
            "class A { async Task<string> Load(HttpClient c) {\n  for (var i = 0; i < 3; i++) {\n"
            "    try { return await c.GetStringAsync(u); }\n    catch (Exception e) { log.Warn(e); }\n  }\n"
            "  return null;\n} }"
        ),
        csharp(  # its caller ends it
            "class A { async Task<string> Load(HttpClient c, CancellationToken stop) {\n  while (true) {\n"
            "    stop.ThrowIfCancellationRequested();\n    try { return await c.GetStringAsync(u); }\n"
            "    catch (Exception e) { log.Warn(e); }\n  }\n} }"
        ),
        kotlin(
            "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n    while (true) {\n"
            "        try {\n            return c.newCall(r).execute()\n        } catch (e: IOException) {\n"
            "            if (++tries > 3) throw e\n        }\n    }\n}"
        ),
        ruby(
            "def load\n  tries ||= 0\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n"
            "  raise if (tries += 1) > 3\n  sleep 2**tries\n  retry\nend"
        ),
        ruby(
            "def load\n  tries ||= 0\n  Net::HTTP.get(uri)\nrescue Net::ReadTimeout\n  retry if (tries += 1) < 3\nend"
        ),
        ruby("def add\n  User.create_or_find_by!(name: name)\nrescue ActiveRecord::RecordNotUnique\n  retry\nend"),
        ruby("def ask\n  read_answer\nrescue ArgumentError\n  retry\nend"),
        rust(
            "async fn load(c: &reqwest::Client) -> Res {\n    loop {\n"
            "        match c.get(url).send().await {\n            Ok(r) => return Ok(r),\n"
            "            Err(e) if attempts > 3 => return Err(e),\n            Err(_) => attempts += 1,\n"
            "        }\n    }\n}"
        ),
        rust(
            "async fn run(c: &reqwest::Client) {\n    loop {\n        match c.get(url).send().await {\n"
            "            Ok(r) if r.is_last() => return,\n            Ok(r) => take(r),\n"
            '            Err(e) => warn!("{e}"),\n        }\n    }\n}'
        ),
        javascript("import pRetry from 'p-retry';\nawait pRetry(load, { retries: 5 });"),
        javascript("import pRetry from 'p-retry';\nawait pRetry(load, { retries: Infinity, signal });"),  # it ends
        javascript("import pRetry from 'p-retry';\nawait pRetry(load);"),  # ten by default
        javascript("const retry = require('async-retry');\nawait retry(load, { forever: true, maxRetryTime: 60000 });"),
        typescript("import { retry } from 'rxjs';\nconst all$ = source$.pipe(retry(3));"),
        typescript("import { retry } from 'rxjs';\nconst all$ = source$.pipe(retry({ count: 3, delay: 1000 }));"),
        typescript("import { retry } from 'rxjs';\nconst all$ = source$.pipe(retry(policy));"),  # cannot know
        typescript("import { retry } from 'cockatiel';\nconst policy = retry(handleAll, options);"),
        typescript("import { retry } from 'cockatiel';\nconst policy = retry(handleAll, { ...options });"),
        typescript("import { retry } from 'cockatiel';\nconst policy = retry(handleAll, { maxAttempts: 3, backoff });"),
        python(
            "from backoff import on_exception\n@on_exception(expo, OSError, max_tries=None, max_time=60)\ndef f(): ..."
        ),
        python("from tenacity import retry\n@retry(**POLICY)\ndef load(url): ..."),
        python(
            "import requests\ndef tell(url, again):\n    while True:\n        code = 0\n        try:\n"
            "            code = requests.post(url, timeout=3).status_code\n            if code == 429 and again:\n"
            "                again -= 1\n                continue\n            if code == 200:\n"
            "                return code\n        except requests.RequestException:\n            log()\n"
            "        return code"
        ),
    )


def _without(row: Retry) -> str:
    return f"Without {' or '.join(f'`{name}`' for name in row.limit[:2])}" if row.limit else "As its name says,"


def _gives_an_answer(loop: Loop) -> bool:
    returns = (jump for jump in loop.file.within(loop.file.jumps, loop.body) if jump.kind == "return")
    return any(jump.text.rstrip(";").strip() != "return" for jump in returns)


def _is_kept(call: Call) -> bool:
    """Not made here: it was told of its limit where it was, `again = Retrying(stop=…)`."""
    return any(text_of(one.target) == call.written for one in call.file.bindings)


def _stands_over_coroutine(call: Call) -> bool:
    above = call.node.parent.parent if call.node.parent is not None else None  # unprovable: narrows the type
    return any(function.is_async and function.node.parent == above for function in call.file.functions)
