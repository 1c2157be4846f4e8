"""One round trip for each item."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.programs import is_program
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Call, Handler, Loop, SourceFile, text_of

FAR = ("http", "database", "cache", "rpc")
ASKS = {
    "python": regex(
        r"(?:^|\.)(?:objects\.(?:get|filter|create)|session\.(?:query|execute|get|scalars?)|cursor\.execute)$"
    ),
    "javascript": regex(r"\.(?:findOne|findById|findUnique|findFirst|findMany|findByPk|findAll|query|queryRaw)$"),
    "java": regex(
        r"(?i)(?:repository|repo|dao|mapper)\.(?:find|get|save|delete|exists|load)\w*$"
        r"|jdbcTemplate\.(?:query|update)\w*$|(?:entityManager|em)\.find$"
    ),
    "csharp": regex(
        r"\.(?:FindAsync|FirstOrDefaultAsync|SingleOrDefaultAsync|FirstAsync|SingleAsync|SaveChangesAsync)$"
    ),
    "go": regex(r"\.(?:QueryRow|QueryRowContext|QueryContext|ExecContext)$"),
}
ASKS["typescript"] = ASKS["javascript"]
PIECES = regex(r"(?i)batch|chunk|page|retry|attempt|shard|stream|backoff|queue|event|message|record|poll")
WALKS = ("for_statement", "for_in_statement", "enhanced_for_statement", "foreach_statement")


class QueryOrAwaitInLoop(Rule):
    """## What it finds
    A loop over items that asks the database or another service once for each of them, one after the other.

    ## Why it matters
    Ten items are ten round trips, a thousand are a thousand: a page that took 20 ms in the test takes ten seconds for
    the largest customer, and holds a connection for all that time. The database is asked a thousand small questions
    where it could answer one.

    ## Use instead
    One query for all of them (`WHERE id IN …`, a join, `selectinload`, a bulk call), or a bounded number at once.
    """

    name = "n-plus-one/query-or-await-in-loop"
    severity = Severity.LOW
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")
    sections = ("outbound",)
    confidence = 0.45

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        if (
            loop.node.type not in WALKS  # unprovable: only saves time, others have no item
            or loop.counts
            or loop.is_endless
            or PIECES.search(loop.header)
        ):
            return None
        item = self._item(loop)
        if not item or any(jump.leaves(loop) for jump in file.within(file.jumps, loop.body)) or is_program(file):
            return None
        for call in file.within(file.calls, loop.body):
            if call.loop is loop and next(call.around(Handler), None) is None and self._asks(call, item):
                return self._alarm(call)
        return None

    def _item(self, loop: Loop) -> str:
        """The name of what the loop walks with, as a pattern for one of several."""
        node = loop.node
        clause = next((child for child in node.named_children if child.type == "range_clause"), node)
        left = clause.child_by_field_name("left") or clause.child_by_field_name("name")
        return "|".join(name for name in re.findall(r"\w+", text_of(left)) if name not in ("_", "const", "let", "var"))

    def _asks(self, call: Call, item: str) -> bool:
        row = find(call, Outbound)
        known = row is not None and row.does in FAR and (row.blocks or call.is_awaited)
        language = call.file.language.name
        is_one = known or bool(ASKS[language].search(call.written))
        if language in ("javascript", "typescript", "csharp") and not call.is_awaited:
            return False
        return is_one and any(re.search(rf"\b(?:{item})\b", argument.text) for argument in call.all_arguments)

    def _alarm(self, call: Call) -> Alarm:
        return Alarm(
            call,
            f"`{call.written}` is asked once for every item"[:80],
            f"Each round of this loop waits for `{call.written}` before the next begins, so the time grows with the "
            "number of items. For the customer who has the most of them the request runs into its timeout.",
            "Ask once for all of them, or for a bounded number at a time.",
        )

    bad = (
        python("import requests\ndef load(ids):\n    for i in ids:\n        requests.get(url + i, timeout=3)", line=4),
        python(
            "def load(self, orders):\n    for o in orders:\n        o.user = self.session.get(User, o.user_id)", line=3
        ),
        javascript("async function f(ids) {\n  for (const id of ids) {\n    await User.findById(id);\n  }\n}", line=3),
        typescript(
            "async function f(ids: string[]) {\n  for (const id of ids) {\n    await fetch(url + id, { signal });\n  }"
            "\n}",
            line=3,
        ),
        go(
            "func f(ids []int) {\n\tfor _, id := range ids {\n\t\tdb.QueryRowContext(ctx, q, id).Scan(&n)\n\t}\n}",
            line=3,
        ),
        java(
            "class A { void f() { for (Order o : orders) {\n  users.add(userRepository.findById(o.userId()));\n} } }",
            line=2,
        ),
        csharp(
            "class A { async Task F() { foreach (var o in orders) {\n  await db.Users.FindAsync(o.UserId);\n} } }",
            line=2,
        ),
    )
    good = (
        python("import requests\ndef load(ids):\n    for i in ids:\n        show(i)\n    requests.get(url, timeout=3)"),
        python(
            "import requests\ndef first(urls):\n    for u in urls:\n        r = requests.get(u, timeout=3)\n"
            "        if r.ok:\n            return r"
        ),
        python(
            "import requests\ndef load(chunks):\n    for c in chunks:\n        requests.post(url, data=c, timeout=3)"
        ),
        python("import requests\ndef load(n):\n    for i in range(n):\n        requests.get(url, timeout=3)"),
        python("import requests\ndef load(ids):\n    for i in ids:\n        requests.get(url, timeout=3)"),
        python("import requests\ndef load(ids):\n    while ids:\n        requests.get(url + ids.pop(), timeout=3)"),
        javascript("async function f(ids) { for (const id of ids) { all.push(User.findById(id)); } }"),
        typescript("async function f(ids: string[]) { return Promise.all(ids.map((id) => one(id))); }"),
        go("func f(ids []int) {\n\tfor _, id := range ids {\n\t\tuse(id)\n\t}\n}"),
        java("class A { void f() { for (Order o : orders) { users.add(cache.findById(o.userId())); } } }"),
        csharp("class A { async Task F() { foreach (var o in orders) { tasks.Add(db.Users.FindAsync(o.UserId)); } } }"),
        python("def f(self, n):\n    for i in range(n):\n        self.session.execute(CLEAR, i)"),
        python(
            "def f(self, slots):\n    for _ in slots:\n"
            "        self.session.execute(\"DELETE FROM jobs WHERE kind LIKE 'x-_' LIMIT 1\")"
        ),  # the same each time
        python(
            "import requests\ndef load(ids):\n    for i in ids:\n        requests.get(url + i, timeout=3)\n"
            "if __name__ == '__main__':\n    load(IDS)"
        ),
        python(
            "import requests\ndef wait(hosts):\n    for host in hosts:\n        up = False\n        while not up:\n"
            "            up = requests.get(host, timeout=3).ok"
        ),
        python(
            "import requests\ndef send(orders):\n    for order in orders:\n        try:\n            put(order)\n"
            "        except OSError:\n            requests.post(DEAD_LETTERS, json=order, timeout=3)"
        ),
        python("import socket\ndef check(ports):\n    for p in ports:\n        socket.create_connection((HOST, p), 3)"),
        python(
            "import httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def load(ids):\n"
            "    return await gather([client.get(url + i) for i in ids])\n"
            "def begin(ids, tasks):\n    for i in ids:\n        tasks.append(client.get(url + i))"
        ),
        python(
            "import itertools\ndef run(self):\n    for since in itertools.repeat(None):\n"
            "        self.session.execute(EXPIRE, since)"
        ),  # goes on for ever, over nothing
    )
