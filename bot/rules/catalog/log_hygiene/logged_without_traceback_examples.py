"""Further examples of log-hygiene/logged-without-traceback: each proves a condition of the rule."""

from bot.rules.rule import java, python

FURTHER_GOOD = (
    python(
        "try:\n    sync()\nexcept KeyError:\n    log.error('no such order')",
    ),
    python(
        "try:\n    sync()\nexcept Exception:\n    log.error('sync failed')\n    traceback.print_exc()",
    ),
    python(
        "try:\n    sync()\nexcept Exception:\n    log.error('sync failed')\n    log.exception('because of')",
    ),
    java('class A { void f() { log.error(line); retry("{}", new SyncException()); } }'),
)
