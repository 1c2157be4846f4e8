"""Further examples of unbounded-retry/limit-removed: each proves a condition of the rule."""

from bot.rules.rule import go, javascript, python

FURTHER_BAD = (
    go(
        'import "time"\n\nfunc load(c *Client) error {\n\tfor retry := 0; ; retry++ {\n'
        '\t\tif err := c.Load(); err != nil {\n\t\t\tlog.Printf("try %d: %v", retry, ctx.Err())\n'
        "\t\t\ttime.Sleep(time.Duration(retry) * time.Second)\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
        line=4,
        before='import "time"\n\nfunc load(c *Client) error {\n\tfor retry := 0; retry < 5; retry++ {\n'
        '\t\tif err := c.Load(); err != nil {\n\t\t\tlog.Printf("try %d", retry)\n'
        "\t\t\ttime.Sleep(time.Duration(retry) * time.Second)\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
    ),  # the count is kept for the log and the pause alone
    go(
        "func load(c *Client) error {\n\tfor retry, page := 0, 1; ; retry++ {\n"
        "\t\tif err := c.Load(page); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
        line=2,
        before="func load(c *Client) error {\n\tfor retry, page := 0, 1; retry < 5; retry++ {\n"
        "\t\tif err := c.Load(page); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
    ),
    python(
        "import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
        line=3,
        before="import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)\n            time.sleep(pause)",
    ),
    javascript(
        "function dial() {\n  return connect({ host });\n}",
        line=2,
        before="function dial() {\n  return connect({ host, retryDelay: grown });\n}",
    ),
    javascript(
        "function dial(maxRetries) {\n  return connect({ host });\n}",
        line=2,
        before="function dial(maxRetries) {\n  return connect({ host, maxRetries });\n}",
    ),
    javascript(
        "function dial() {\n  return connect({ host });\n}",
        line=2,
        before="function dial() {\n  return connect({ host, retryDelay: (n) => "
        "Math.min(settings.longestPause, settings.shortestPause * 2 ** n) });\n}",
    ),
    python(
        "def load(api):\n    while True:\n        try:\n            for part in api.parts():\n"
        "                if part.broken:\n                    raise Broken(part)\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
        line=2,
        before="def load(api):\n    for attempt in range(5):\n        try:\n            for part in api.parts():\n"
        "                if part.broken:\n                    raise Broken(part)\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
    ),
    python(
        "def load(api):\n    while True:\n        try:\n            return api.load()\n        except OSError:\n"
        "            attempt = count()\n            if attempt % 10:\n                continue\n"
        '            log.warning("again")',
        line=2,
        before="def load(api):\n    for attempt in range(50):\n        try:\n            return api.load()\n"
        "        except OSError:\n            if attempt % 10:\n                continue\n"
        '            log.warning("again")',
    ),
    python(
        "def load(api):\n    for attempt in Retrying(reraise=True):\n        api.load(attempt)",
        line=2,
        before="def load(api):\n    for attempt in Retrying(stop=stop_after_attempt(3), reraise=True):\n"
        "        api.load(attempt)",
    ),
)
FURTHER_GOOD = (
    python(
        "def load(api):\n    while True:\n        api.take()",
        before="def load(api):\n    for attempt in range(5):\n        api.load()",
    ),  # something else altogether
    javascript(
        "const connect = require('./connect');\nfunction dial() { return connect({ host }); }",
        before="const connect = require('./connect');\nfunction dial() { return connect({ host, retry }); }",
    ),  # the project's own: it has its limits inside
    javascript(
        "function dial() { return connect({ host }).with({ maxRetries }); }",
        before="function dial() { return connect({ host, maxRetries }); }",
    ),
    python(
        "def run(api):\n    while True:\n        for job in api.jobs():\n            api.run(job)",
        before="def run(api):\n    while True:\n        for job in api.jobs():\n"
        "            if job.attempts > 3:\n                return\n            api.run(job)",
    ),
    python(
        "def run(api):\n    while True:\n        job = api.next()\n        api.run(job)",
        before="def run(api):\n    while True:\n        job = api.next()\n        if job.attempts > 3:\n"
        "            continue\n        api.run(job)",
    ),
    python(
        "def load(api):\n    while True:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            check(e)\n\ndef check(e):\n    if e.tries > 3:\n        raise e",
        before="def load(api):\n    while True:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            if e.tries > 3:\n                raise",
    ),  # it moved
    python(
        "def load(api):\n    while True:\n        try:\n            return api.take()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
        before="def load(api):\n    for attempt in range(5):\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
    ),  # only the log is the same
    go(
        "func load(c *Client) error {\n\tfor retry := 0; ; retry++ {\n\t\tif err := c.Load(retry); err != nil {\n"
        "\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
        before="func load(c *Client) error {\n\tfor retry := 0; retry < 5; retry++ {\n"
        "\t\tif err := c.Load(retry); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn nil\n\t}\n}",
    ),  # told how often it was tried
    python(
        "import time\ndef run(api):\n    while api.open:\n        api.load()",
        before="import time\ndef run(api):\n    while api.open:\n        api.load()\n        time.sleep(pause)",
    ),
    python(
        "import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError:\n            api.wait()",
        before="import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError:\n            time.sleep(pause)",
    ),
    python(
        "import time\ndef load(api):\n    while api.open:\n        try:\n            return api.take()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)",
        before="import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            log.warning('again: %s', e)\n            time.sleep(pause)",
    ),
    python(
        "import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            again(e)\n\ndef again(e):\n    time.sleep(pause)",
        before="import time\ndef load(api):\n    while api.open:\n        try:\n            return api.load()\n"
        "        except OSError as e:\n            time.sleep(pause)",
    ),
    javascript(
        "function dial() {\n  const policy = limit(LIMIT);\n  return policy.run(() => connect({ host }));\n}",
        before="function dial() {\n  return connect({ host, maxRetries: LIMIT });\n}",
    ),
    javascript(
        "function dial() {\n  use({ maxRetries: LIMITS.dial });\n  return connect({ host });\n}",
        before="function dial() {\n  return connect({ host, maxRetries: 5 });\n}",
    ),
    python(  # it walked over what had failed, and counted something else
        "def load(api, retries):\n    while True:\n        api.load(retries.pop())\n\ndef read(api):\n"
        "    while True:\n        api.read()",
        before="def load(api, retries):\n    for each in retries:\n        api.load(each)\n\ndef read(api):\n"
        "    for n in range(10):\n        api.read()",
    ),
    python(  # the pause was not between tries
        "def load(api):\n    while True:\n        try:\n            return api.load()\n        except OSError:\n"
        '            log.warning("again")',
        before="def load(api):\n    time.sleep(5)\n    while True:\n        try:\n            return api.load()\n"
        '        except OSError:\n            log.warning("again")',
    ),
    python(  # it still pauses
        "def load(api):\n    while True:\n        try:\n            return api.load()\n        except OSError:\n"
        "            time.sleep(5)",
        before="def load(api):\n    while True:\n        time.sleep(1)\n        try:\n"
        "            return api.load()\n        except OSError:\n            time.sleep(5)",
    ),
    python(  # a failure ends it
        "def load(api):\n    try:\n        while not api.ready():\n            api.ask()\n    except OSError:\n"
        '        log.warning("gone")',
        before="def load(api):\n    try:\n        while not api.ready():\n            api.ask()\n"
        '            time.sleep(1)\n    except OSError:\n        log.warning("gone")',
    ),
    python(  # another option, and one that was off
        "def load(host):\n    return connect(host)",
        before="def load(host):\n    return connect(host, retries=0, lanes=5)",
    ),
    python(  # it still ends
        "def load(api):\n    while True:\n        try:\n            return api.load()\n        except OSError:\n"
        "            if not api.is_up():\n                raise",
        before="def load(api):\n    for attempt in range(5):\n        try:\n            return api.load()\n"
        "        except OSError:\n            if not api.is_up():\n                raise",
    ),
    python(
        "def load(api):\n    while True:\n        attempt = count()\n        try:\n            return api.load()\n"
        "        except OSError:\n            if attempt > 5:\n                return None",
        before="def load(api):\n    for attempt in range(5):\n        try:\n            return api.load()\n"
        '        except OSError:\n            log.warning("again")',
    ),
)
