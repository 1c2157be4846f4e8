"""A cache that lets everybody through at once."""

import re
from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.catalog.thundering_herd.cache_stampede_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Binding, Call, SourceFile, text_of

ALONE = regex(rb"(?i)locks?\b|mutex|in_?flight|pending|single_?flight|dedup|semaphore|\bonce\b")
PAGES = (".tsx", ".jsx")
"""In a browser there is one who asks."""
ENTRY = regex(r"^([\w.]+)\[([^\[\]]+)\]$")


class CacheStampede(Rule):
    """## What it finds
    An async function that looks into a cache of the process (a `Map`, a dict), finds nothing, awaits another service
    and then stores the answer. All who ask for the same key meanwhile find nothing either. Where the file speaks of a
    lock, of what is pending or in flight, nothing is said.

    ## Why it matters
    A busy key that is missing, on start or when it has expired, sends every request of that moment to the service
    behind: it sees the full load for as long as one call takes, and being slow under it makes that longer. That is
    what the cache was there to prevent. Facebook gave its memcache *leases* against this (*Scaling Memcache at
    Facebook*, NSDI 2013); Go has `singleflight` for it.

    ## Use instead
    One load for all: put the promise or task into the cache before it is awaited, and take it out again if it fails;
    or load under a lock for the key.
    """

    name = "thundering-herd/cache-stampede"
    severity = Severity.LOW
    languages = ("python", "javascript", "typescript")
    confidence = SHOWN_ONLY  # how many ask at once, and what it costs, is not in the code
    needs = (b"await",)

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        if file.path.endswith(PAGES):
            return
        for at, cache, key in _stored(file):
            loaded = _loaded_after_a_look(at, cache, key)
            if loaded is not None and not ALONE.search(file.text):
                yield Alarm(
                    at,
                    f"All who ask for a missing `{key}` at once load it"[:80],
                    f"Between the look into `{cache}` and this line the function awaits `{loaded.written}`. Requests "
                    "that come meanwhile find nothing either and each call it too: when a busy key is missing, the "
                    "cache sends the whole load on to what it was to spare.",
                    "Store the promise or task itself before it is awaited, or load under a lock for the key.",
                    last_line=at.start_line,
                )

    bad = (
        python(
            "import httpx\n\nclass Rates:\n    async def get(self, currency):\n        if currency not in self.rates:\n"
            "            async with httpx.AsyncClient() as client:\n                answer = await client.get(URL)\n"
            "            self.rates[currency] = answer.json()\n        return self.rates[currency]",
            line=8,
        ),
        javascript(
            "async function user(id) {\n  if (!this.users.has(id)) {\n"
            "    this.users.set(id, await fetch(url + id, { signal }));\n  }\n  return this.users.get(id);\n}",
            line=3,
        ),
        typescript(
            "const users = new Map<string, User>();\nasync function user(id: string) {\n"
            "  const known = users.get(id);\n"
            "  if (known) return known;\n  const answer = await fetch(url + id, { signal });\n"
            "  users.set(id, await answer.json());\n  return users.get(id);\n}",
            line=6,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import httpx\n\nclient = httpx.AsyncClient()\nrates = {}\n\nasync def rate(currency):\n"
            "    async with locks[currency]:\n        if currency not in rates:\n"
            "            rates[currency] = await client.get(URL)\n        return rates[currency]"
        ),
        javascript(
            "const users = new Map();\nasync function user(id) {\n  if (!users.has(id)) {\n"
            "    users.set(id, fetch(url + id, { signal }));\n  }\n  return users.get(id);\n}"
        ),
        typescript(
            "async function load(id: string) {\n  const users = new Map();\n  if (!users.has(id)) {\n"
            "    users.set(id, await fetch(url + id, { signal }));\n  }\n}"
        ),
        python("async def close(self):\n    await self.rates.save()\n    self.closed.set()"),
        *FURTHER_GOOD,
    )


def _stored(file: SourceFile) -> Iterator[tuple[Call | Binding, str, str]]:
    """What puts something into a cache, the cache and the key."""
    for call in file.calls:
        if call.method == "set" and len(call.arguments) == 2:
            yield call, text_of(call.receiver), call.arguments[0].text
    for binding in file.bindings:
        if entry := ENTRY.match(text_of(binding.target)):
            yield binding, entry[1], entry[2]


def _loaded_after_a_look(at: Call | Binding, cache: str, key: str) -> Call | None:
    """The call to another service that is awaited between a look for the key and here."""
    function, file = at.function, at.file
    if function is None:
        return None
    root = re.split(r"\W", cache)[0]
    own = {*function.parameters, *(text_of(one.target) for one in file.within(file.bindings, function.body))}
    if root in own - file.language.self_names(function):
        return None
    name, entry = re.escape(cache), re.escape(key)
    look = re.search(
        rf"\b{name}\.(?:get|has)\({entry}(?!\w)|\b{entry} (?:not )?in {name}\b|\b{name}\[{entry}\]",
        file.between(function.node.start_byte, at.node.start_byte),
    )
    for call in file.within(file.calls, function.body) if look else ():
        if call.is_awaited and _asks_elsewhere(call) and call.node.start_byte < at.node.end_byte:
            return call
    return None


def _asks_elsewhere(call: Call) -> bool:
    """It leaves the process, or is a function of this file that does."""
    inner = call.file.function_named(call.name.removeprefix("./"))
    asked = call.file.within(call.file.calls, inner.body) if inner is not None else [call]
    return any(find(one, Outbound) is not None for one in asked)
