"""A connection that is taken out of a pool and does not come back."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, javascript, python, typescript
from bot.syntax import Call, Finally, Handler, SourceFile, text_of

POOL = regex(r"(?i)(?:^|[._])\w*pool$")
BORROWS = {
    "python": frozenset({"getconn", "acquire", "get_connection"}),
    "javascript": frozenset({"connect", "getConnection", "acquire"}),
}
RETURNS = {
    "python": frozenset({"putconn", "release", "close", "put_connection"}),
    "javascript": frozenset({"release", "end", "destroy"}),
}
for table in (BORROWS, RETURNS):
    table["typescript"] = table["javascript"]
OWN = frozenset(
    {"query", "execute", "cursor", "commit", "rollback", "fetch", "fetchrow", "fetchval", "beginTransaction"}
)


class BorrowWithoutReturn(Rule):
    """## What it finds
    A connection that a function takes out of a pool and uses itself, and that it gives back never, or only where all
    goes well.

    ## Why it matters
    A pool has ten or twenty connections. Each failed query keeps one; after twenty failures every request waits for a
    connection that will not come, and the service stands still with an idle database.

    ## Use instead
    `try { … } finally { client.release(); }`, `async with pool.acquire() as connection`, or `pool.query(…)`.
    """

    name = "pool-exhaustion/borrow-without-return"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript")
    methods = frozenset().union(*BORROWS.values())
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        language, function, name = file.language.name, call.function, call.assigned_to
        if call.method not in BORROWS[language] or function is None or not POOL.search(text_of(call.receiver)):
            return None
        if (
            call.use != "assigned"  # unprovable: only saves time, `with … as name` names it once more
            or not name.isidentifier()
            or (language != "python" and not call.is_awaited)
        ):
            return None
        calls = [one for one in file.within(file.calls, function.body) if one.node.start_byte > call.node.end_byte]
        returned = [one for one in calls if self._gives_back(one, name, RETURNS[language])]
        if not self._stays_here(name, call, returned):
            return None
        if any(next(one.around(Finally), None) or next(one.around(Handler), None) for one in returned):
            return None
        between = [one for one in calls if text_of(one.receiver) == name]
        if returned and not any(
            one.node.end_byte < returned[0].node.start_byte
            for one in between
            if one not in returned  # unprovable: none of them ends before the first
        ):
            return None
        return self._alarm(call, name, bool(returned))

    def _gives_back(self, call: Call, name: str, returns: frozenset[str]) -> bool:
        """`client.release()` or `pool.putconn(client)`."""
        return call.method in returns and (text_of(call.receiver) == name or name in [a.text for a in call.arguments])

    def _stays_here(self, name: str, call: Call, returned: list[Call]) -> bool:
        """Nothing else takes it over: only its own methods are called."""
        function, file = call.function, call.file
        if function is None:  # unprovable: narrows the type
            return True
        for mention in file.language.mentions(name, function.node):
            if mention.end_byte <= call.node.end_byte:
                continue
            owner = mention.parent
            if (
                owner is not None  # unprovable: narrows the type
                and owner.type in file.language.members
                and file.language.member(owner)[1] in OWN
            ):
                continue
            if not any(one.node.start_byte <= mention.start_byte < one.node.end_byte for one in returned):
                return False
        return True

    def _alarm(self, call: Call, name: str, on_success: bool) -> Alarm:
        when = "comes back only where all goes well" if on_success else "never comes back"
        return Alarm(
            call,
            f"The connection in `{name}` {when}"[:80],
            f"The connection that `{call.written}` takes out of the pool {when}. After as many failures as the pool "
            "has connections, every request waits for one that will not come, and the service stands still.",
            "Give it back in a `finally`, or let the pool run the query itself.",
        )

    bad = (
        python(
            "def load(pool):\n    c = pool.getconn()\n    rows = c.execute(q)\n    pool.putconn(c)\n    return rows",
            line=2,
        ),
        javascript("async function load() {\n  const c = await pool.connect();\n  return c.query(q);\n}", line=2),
        typescript(
            "class A { async load() {\n  const c = await this.dbPool.connect();\n  const r = await c.query(q);\n"
            "  c.release();\n  return r;\n} }",
            line=2,
        ),
        python(
            "def swap(pool, lock, conn):\n    pool.putconn(conn)\n    conn = pool.getconn()\n"
            '    conn.execute("select 1")\n    lock.release()',
            line=3,
        ),
    )
    good = (
        python(
            "def load(pool):\n    c = pool.getconn()\n    try:\n        return c.execute(q)\n    finally:\n"
            "        pool.putconn(c)"
        ),
        python("def load(pool):\n    c = pool.getconn()\n    return Session(c)"),
        python("def load(lock):\n    c = lock.acquire()\n    return c.query(q)"),
        javascript(
            "async function f() { const c = await pool.connect(); try { await c.query(q); } finally { c.release(); } }"
        ),
        javascript("async function load() { const c = await pool.connect(); return run(c); }"),
        javascript("async function load() { const c = await pool.connect(); c.release(); }"),
        javascript("function load() { const c = pool.connect(); c.query(q); }"),
        typescript("async function load() { return pool.query(q); }"),
        typescript(
            "async function load() { const c = await pool.connect();\n  try { await c.query(q); c.release(); }\n"
            "  catch (e) { c.release(e); throw e; } }"
        ),
        python("def ping(pool):\n    answer = pool.execute('SELECT 1')\n    log.debug('the database answers')"),
        python("c = pool.getconn()\nc.execute(q)"),  # a script's, until its end
        python("class A:\n    def open(self):\n        self.connection = self.pool.getconn()"),
        python("async def load(pool):\n    async with pool.acquire() as c:\n        return await c.fetch(q)"),
        python("def lease(pool):\n    c = pool.getconn()\n    return c.detach()"),
        python(
            'def reach(pool):\n    conn = pool.getconn()\n    log.info("reached")\n    pool.putconn(conn)',
        ),
    )
