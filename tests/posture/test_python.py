"""What protects a call in Python."""

import pytest

from tests.posture.surveys import only, told

BARE = "import requests\ndef load():\n    return requests.get('http://rates.internal/x', timeout=2)"
CASES = {
    "nothing": ("import requests\nrequests.get('http://rates.internal/x')", {}),
    "a timeout on the call": (BARE, {"timeout": "2 s"}),
    "a pair of timeouts": (
        "import requests\nrequests.get('http://rates.internal/x', timeout=(0.5, 2))",
        {"timeout": "2.5 s"},
    ),
    "a constant": (
        "import requests\nLIMIT_S = 4\nrequests.get('http://a.internal', timeout=LIMIT_S)",
        {"timeout": "4 s"},
    ),
    "a setting": (
        "import requests\nfrom conf import settings\nrequests.get('http://a.internal', timeout=settings.slow)",
        {"timeout": "settings.slow"},
    ),
    "switched off": ("import requests\nrequests.get('http://a.internal', timeout=None)", {}),
    "a splat": ("import requests\nrequests.get('http://a.internal', **options)", {"timeout": "unknown"}),
    "the library's own limit": (
        "import httpx\nhttpx.get('http://a.internal')",
        {"timeout": "5 s (default)"},
    ),
    "a client with a limit": (
        "import httpx\nclient = httpx.Client(base_url='http://a.internal', timeout=httpx.Timeout(1.5))\n"
        "def f():\n    client.get('/x')",
        {"timeout": "1.5 s", "bulkhead": "100 at once (default)"},
    ),
    "a client from elsewhere": (
        "import httpx\ndef f(client: httpx.Client):\n    client.get('http://a.internal')",
        {"timeout": "unknown", "retry": "unknown", "breaker": "unknown", "metrics": "unknown"},
    ),
    "a session handed in, whose library knows no limit on sessions": (
        "import requests\ndef f(session: requests.Session):\n    session.get('http://a.internal', timeout=3)",
        {"timeout": "3 s", "retry": "unknown", "breaker": "unknown", "metrics": "unknown"},
    ),
    "wait_for": (
        "import asyncio, aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n"
        "        await asyncio.wait_for(s.get('http://a.internal'), 3)",
        {"timeout": "3 s", "bulkhead": "100 at once (default)", "cancellation": "its task"},
    ),
    "asyncio.timeout": (
        "import asyncio, httpx\nasync def f():\n    async with asyncio.timeout(2):\n"
        "        async with httpx.AsyncClient() as c:\n            await c.get('http://a.internal')",
        {"timeout": "2 s", "bulkhead": "100 at once (default)", "cancellation": "its task"},
    ),
    "tenacity": (
        "import requests, tenacity as t\n"
        "@t.retry(stop=t.stop_after_attempt(3), wait=t.wait_random_exponential(max=9))\n"
        "def f():\n    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "3 tries, backoff, jitter"},
    ),
    "tenacity without a limit": (
        "import requests\nfrom tenacity import retry\n@retry\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "for ever"},
    ),
    "stamina by default": (
        "import requests, stamina\n@stamina.retry(on=OSError)\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "10 tries, backoff, jitter"},
    ),
    "backoff": (
        "import requests, backoff\n@backoff.on_exception(backoff.expo, OSError, max_tries=4)\n"
        "def f():\n    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "4 tries, backoff, jitter"},
    ),
    "a loop": (
        "import requests, time, random\ndef f():\n    for n in range(5):\n        try:\n"
        "            return requests.get('http://a.internal', timeout=1)\n        except OSError:\n"
        "            time.sleep(2 ** n + random.random())",
        {"timeout": "1 s", "retry": "5 tries, backoff, jitter"},
    ),
    "retries mounted on a session": (
        "import requests\nfrom requests.adapters import HTTPAdapter, Retry\ns = requests.Session()\n"
        "s.mount('http://', HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.5)))\n"
        "s.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "4 tries, backoff"},
    ),
    "retries that multiply": (
        "import requests, stamina, backoff\n@stamina.retry(on=OSError, attempts=3)\n"
        "@backoff.on_exception(backoff.expo, OSError, max_tries=4)\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "retry": "12 tries, backoff, jitter"},
    ),
    "a breaker as decorator": (
        "import requests, pybreaker\nbreaker = pybreaker.CircuitBreaker(fail_max=5)\n@breaker\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "breaker": "yes"},
    ),
    "a breaker that is handed the function of the library": (
        "import requests, pybreaker\nbreaker = pybreaker.CircuitBreaker()\n"
        "def f():\n    breaker.call(requests.get, 'http://a.internal', timeout=1)",
        {"timeout": "1 s", "breaker": "yes"},
    ),
    "a breaker that is handed a function of this file": (
        "import requests, pybreaker\nbreaker = pybreaker.CircuitBreaker()\n"
        "def fetch():\n    return requests.get('http://a.internal', timeout=1)\ndef f():\n"
        "    return breaker.call(fetch)",
        {"timeout": "1 s", "breaker": "yes"},
    ),
    "a breaker as section": (
        "import requests, pybreaker\nbreaker = pybreaker.CircuitBreaker()\ndef f():\n    with breaker.calling():\n"
        "        requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "breaker": "yes"},
    ),
    "a decorator from another module that may be one": (
        "import requests\nfrom shop.safety import circuit_breaker\n@circuit_breaker\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "breaker": "unknown"},
    ),
    "a semaphore": (
        "import asyncio, httpx\ngate = asyncio.Semaphore(8)\nasync def f():\n    async with gate:\n"
        "        async with httpx.AsyncClient() as c:\n            await c.get('http://a.internal')",
        {"timeout": "5 s (default)", "bulkhead": "8 at once", "cancellation": "its task"},
    ),
    "a rate limit": (
        "import requests\nfrom ratelimit import limits\n@limits(calls=15, period=1)\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "throttle": "15"},
    ),
    "a handler that gives the older value": (
        "import requests\ndef f(cache):\n    try:\n        return requests.get('http://a.internal', timeout=1)\n"
        "    except OSError:\n        return cache['rates']",
        {"timeout": "1 s", "fallback": "yes"},
    ),
    "a handler that raises again": (
        "import requests\ndef f():\n    try:\n        return requests.get('http://a.internal', timeout=1)\n"
        "    except OSError as e:\n        raise Down from e",
        {"timeout": "1 s"},
    ),
    "a handler that only logs": (
        "import requests\ndef f():\n    try:\n        requests.get('http://a.internal', timeout=1)\n"
        "    except OSError:\n        log.warning('down')",
        {"timeout": "1 s"},
    ),
    "metrics": (
        "import requests\nfrom prometheus_client import Histogram\nTIME = Histogram('t', 't')\n@TIME.time()\ndef f():\n"
        "    requests.get('http://a.internal', timeout=1)",
        {"timeout": "1 s", "metrics": "yes"},
    ),
    "boto3 by default": (
        "import boto3\ns3 = boto3.client('s3')\ndef f():\n    s3.put_object(Bucket='a', Key='b')",
        {"timeout": "60 s (default)", "retry": "3 tries, backoff, jitter (default)"},
    ),
    "boto3 with a configuration": (
        "import boto3\nfrom botocore.config import Config\n"
        "s3 = boto3.client('s3', config=Config(read_timeout=3, retries={'max_attempts': 2}))\n"
        "def f():\n    s3.put_object(Bucket='a', Key='b')",
        {"timeout": "3 s", "retry": "2 tries, backoff, jitter"},
    ),
    "redis": (
        "import redis\nr = redis.Redis(host='cache', socket_timeout=0.5)\ndef f():\n    r.get('x')",
        {"timeout": "0.5 s", "retry": "4 tries, backoff, jitter (default)"},
    ),
    "a pool of database connections": (
        "import sqlalchemy\nengine = sqlalchemy.create_engine(URL, pool_size=3)\n",
        {"timeout": "30 s (default)", "bulkhead": "3 at once"},
    ),
    "a process": ("import subprocess\nsubprocess.run(['git', 'fetch'], timeout=60)", {"timeout": "60 s"}),
}


@pytest.mark.parametrize(("code", "found"), CASES.values(), ids=CASES)
def test_protections(code: str, found: dict[str, str]) -> None:
    assert told("python", code) == found


def test_where_each_stands_is_told() -> None:
    found = only(
        "python", "import requests, stamina\n@stamina.retry(on=OSError)\ndef f():\n    requests.get(u, timeout=1)"
    )
    assert (found.protections.timeout.where, found.protections.timeout.seconds) == ("shop/client.py:4", 1.0)
    assert (found.protections.retry.where, found.protections.retry.tries) == ("shop/client.py:2", 10)
