"""A write that is sent again although it may have been done."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Argument, Call, Function, SourceFile, text_of

WRITES = regex(r"""["']POST["']|["']PATCH["']""")
RETRIES = frozenset({"urllib3.Retry", "urllib3.util.Retry", "urllib3.util.retry.Retry", "requests.adapters.Retry"})
METHODS = ("allowed_methods", "method_whitelist")
DECORATORS = frozenset(
    {"tenacity.retry", "backoff.on_exception", "stamina.retry", "retrying.retry", "retry.retry", "retry.api.retry"}
)
POSTS = frozenset({"requests.post", "requests.patch", "httpx.post", "httpx.patch", "requests.Session.post"})
POSTS |= {"httpx.Client.post", "httpx.AsyncClient.post", "requests.session.post", "aiohttp.ClientSession.post"}
KEYED = regex(r"(?i)idempoten|dedup|request[-_]id|if-match|client_token")
ALWAYS = regex(r"^(?:async\s*)?\(?\s*\w*\s*\)?\s*=>\s*true$")


class WriteRetried(Rule):
    """## What it finds
    A retry that repeats writes: urllib3's `Retry` with `POST` among its methods or with the check of methods switched
    off, `axios-retry` with a condition that is always true, got's `retry.methods` with `POST`, and a function that
    posts under a retrying decorator. Where the code speaks of an idempotency key nothing is said.

    ## Why it matters
    A time limit that ran out says nothing about what the other side did: the order may be placed, the card charged,
    and only the answer lost. Sent again it happens twice. Libraries leave POST out of their retries for this reason.

    ## Use instead
    Send a key that the server knows a repeated request by (`Idempotency-Key`), or ask what happened before you send
    again. Source: Amazon Builders' Library, *Making retries safe with idempotent APIs*; IETF draft
    *The Idempotency-Key HTTP Header Field*.
    """

    name = "non-idempotent-retry/write-retried"
    severity = Severity.MEDIUM
    confidence = 0.75
    languages = ("python", "javascript", "typescript")
    names = RETRIES
    every_call_in = ("javascript", "typescript")
    needs = (b"urllib3", b"requests", b"tenacity", b"backoff", b"stamina", b"retry", b"got")

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        given = _methods(call)
        if given is None or KEYED.search(file.text.decode("utf-8", "replace")):
            return None
        # on record a list that names the writes is meant
        sure = SHOWN_ONLY if WRITES.search(given.text) else None
        return self._alarm(call, "Retries repeat writes, which may then happen twice", sure)

    def check_function(self, function: Function, file: SourceFile) -> Alarm | None:
        above = function.node.parent
        if above is None:  # unprovable: narrows the type
            return None
        if above.type != "decorated_definition" or KEYED.search(function.text):
            return None
        decorators = [call for call in file.within(file.calls, above) if call.node.end_byte < function.node.start_byte]
        if not any(call.name in DECORATORS for call in decorators):
            return None
        for call in file.within(file.calls, function.node):
            if call.name in POSTS:
                # on record what is made twice is an answer, and the retry is there for it
                title = f"`{call.written}` is repeated on failure and may then happen twice"
                return self._alarm(call, title, SHOWN_ONLY)
        return None

    def _alarm(self, call: Call, title: str, confidence: float | None = None) -> Alarm:
        return Alarm(
            call,
            title[:80],
            "When a request ran into its time limit or its answer was lost, nobody knows whether the server has done "
            "the work. Sent again without a key, the order is placed or the card charged a second time.",
            "Send an idempotency key with each write, or leave writes out of the retry.",
            confidence=confidence,
            last_line=call.start_line,
        )

    bad = (
        python("from urllib3.util import Retry\nr = Retry(total=3, allowed_methods=['GET', 'POST'])", line=2),
        python("import urllib3\nr = urllib3.Retry(3, method_whitelist=False)", line=2),
        python("import urllib3\nr = urllib3.Retry(3, allowed_methods=None)", line=2),
        python(
            "import requests\nfrom tenacity import retry, stop_after_attempt\n\n@retry(stop=stop_after_attempt(3))\n"
            "def charge(order):\n    check(order)\n    return requests.post(URL, json=order, timeout=5)",
            line=7,
        ),
        javascript(
            "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\n"
            "axiosRetry(axios, { retries: 3, retryCondition: () => true });",
            line=3,
        ),
        javascript("import got from 'got';\nawait got.post(url, { retry: { methods: ['GET', 'POST'] } });", line=2),
        typescript("import got from 'got';\nconst api = got.extend({ retry: { methods: ['PATCH'] } });", line=2),
        typescript(
            "import axiosRetry from 'axios-retry';\naxiosRetry(api, { retryCondition: (error) => true });", line=2
        ),
    )
    good = (
        python("from urllib3.util import Retry\nr = Retry(total=3, allowed_methods=['GET', 'PUT'])"),
        python("from urllib3.util import Retry\nr = Retry(total=3)"),
        python("from mine import Retry\nr = Retry(total=3, allowed_methods=['POST'])"),
        python("import urllib3\nr = urllib3.Retry(3, allowed_methods=['POST'])\nh = {'Idempotency-Key': key}"),
        python(
            "import requests\nfrom tenacity import retry\n\n@retry()\ndef load(order):\n"
            "    return requests.get(URL, timeout=5)"
        ),
        python(
            "import requests\nfrom tenacity import retry\n\n@retry()\ndef charge(order):\n"
            "    return requests.post(URL, headers={'Idempotency-Key': order.id}, timeout=5)"
        ),
        python(
            "import requests\nfrom mine import traced\n\n@traced()\ndef charge(order):\n"
            "    return requests.post(URL, timeout=5)"
        ),
        python("import requests\n\ndef charge(order):\n    return requests.post(URL, timeout=5)"),
        python(
            "import requests\nfrom tenacity import retry\n\ncareful = retry(reraise=True)\n\ndef charge(order):\n"
            "    return requests.post(URL, timeout=5)"
        ),
        python(
            "import requests\nimport tenacity\nfrom mine import traced\n\n@traced\ndef charge(order):\n"
            "    load = tenacity.retry(read)\n    return requests.post(URL, json=load(order), timeout=5)"
        ),
        javascript("import axiosRetry from 'axios-retry';\naxiosRetry(axios, { retries: 3 });"),
        javascript(
            "import axiosRetry from 'axios-retry';\naxiosRetry(axios, { retryCondition: (e) => e.code === 1 });"
        ),
        javascript("import got from 'got';\nawait got(url, { retry: { methods: ['GET'] } });"),
        javascript("import mine from 'mine';\nmine(url, { retry: { methods: ['POST'] } });"),
        typescript("import got from 'got';\nconst api = got.extend({ retry: 3, timeout: 5 });"),
        typescript("import mine from 'mine';\nmine(api, { retryCondition: () => true });"),
    )


def _methods(call: Call) -> Argument | None:
    """The argument that makes a retry repeat writes."""
    if call.file.language.name == "python":
        if not call.is_one_of(RETRIES):
            return None
        given = next((call.keywords[name] for name in METHODS if name in call.keywords), None)
        return given if given is not None and _repeats_writes(given.text) else None
    if call.name == "axios-retry":
        return next((one for one in call.arguments if ALWAYS.match(_entry(call, one, "retryCondition"))), None)
    if call.name.split(".")[0] == "got":
        return next((one for one in call.arguments if WRITES.search(_entry(call, one, "retry", "methods"))), None)
    return None


def _repeats_writes(text: str) -> bool:
    return text in ("None", "False") or bool(WRITES.search(text))


def _entry(call: Call, argument: Argument, *keys: str) -> str:
    """The text at a path of keys in an object literal; empty where there is none."""
    node = argument.node
    for key in keys:
        entries = call.file.language.entries(node)
        if not entries or key not in entries:
            return ""
        node = entries[key]
    return text_of(node)
