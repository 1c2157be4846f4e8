"""Retries on one hop of a chain of calls that retries on another multiply."""

from bot.domain import Severity
from bot.rules.rule import Rule, go, javascript, python, typescript


class NestedRetry(Rule):
    """## What it finds
    A change by which tries multiply along a chain of services: it adds retries, or raises their number, where a service
    above or below tries again as well. Told where the maps of the services are on record (`seawall posture --keep`) and
    policy names them; no file alone shows it. In the examples others try this service 3 times.

    ## Why it matters
    Three tries on each of three hops are 27 calls on the last one, all at the moment in which it fails. A short
    disturbance is kept alive by the load that it causes, and the service cannot come back while anybody retries.
    Google, *Site Reliability Engineering*, chapter 22; Amazon Builders' Library, *Timeouts, retries, and backoff*.

    ## Use instead
    Retries on one hop of the chain, best the one nearest to the failure, and a failure handed on everywhere else; a
    budget for retries, so that they stay a small share of the calls.
    """

    name = "unbounded-retry/nested-retry"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go")
    confidence = 0.7
    joins_services = True

    bad = (
        python(
            "import requests\nfrom tenacity import retry, stop_after_attempt, wait_random_exponential\n\n"
            "@retry(stop=stop_after_attempt(4), wait=wait_random_exponential())\ndef charge(order):\n"
            "    requests.post('http://payments.internal/charges', order, timeout=2)",
            line=4,
        ),
        javascript(
            "import pRetry from 'p-retry';\nawait pRetry(() => fetch('http://payments.internal/x'), { retries: 3 });",
            line=2,
        ),
        typescript(
            "import pRetry from 'p-retry';\nawait pRetry(() => fetch('http://payments.internal/x'), { retries: 3 });",
            line=2,
        ),
        go(
            'import "net/http"\n\nfunc load() (resp *http.Response, err error) {\n'
            '\tfor i := 0; i < 4; i++ {\n\t\tresp, err = http.Get("http://payments.internal/x")\n'
            "\t\tif err != nil {\n\t\t\ttime.Sleep(jittered(i))\n\t\t\tcontinue\n\t\t}\n\t\treturn resp, nil\n\t}\n"
            "\treturn nil, err\n}",
            line=4,
        ),
    )
    good = (
        python("import requests\n\nrequests.post('http://payments.internal/charges', order, timeout=2)"),
        javascript("await fetch('http://payments.internal/x');"),
        typescript("await fetch('http://payments.internal/x');"),
        go('import "net/http"\n\nfunc load() {\n\thttp.Get("http://payments.internal/x")\n}'),
    )
