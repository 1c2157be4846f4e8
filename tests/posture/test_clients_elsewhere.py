"""Calls on clients that another file of the tree builds."""

import pickle
from collections.abc import Callable, Iterable
from textwrap import dedent
from typing import Any, cast

import pytest

from bot.domain import PostureMap
from bot.posture import change_between, change_lines, map_of, scan_all, survey, survey_all
from bot.posture.elsewhere import clients_for, without_called
from bot.posture.records import FileSurvey
from bot.rules import FilePair, ScanOptions
from bot.syntax import parse
from bot.syntax.guard import Guard


def surveyed(files: dict[str, str]) -> PostureMap:
    """The map of a tree, its files surveyed in this process."""
    parsed = {path: parse(path, dedent(code).lstrip("\n").encode()) for path, code in files.items()}
    first = [survey(file) for file in parsed.values() if file is not None]
    found = clients_for(first)
    again: list[FileSurvey | None] = []
    for one in first:
        file = parsed[one.path]
        assert file is not None
        again.append(survey(file, kept=found[one.path]) if one.path in found else one)
    called = [kept for answers in found.values() for kept in answers.values()]
    return map_of([one for one in without_called(again, called) if one is not None])


def told(files: dict[str, str]) -> dict[str, str]:
    """Protection → its text, of the only dependency; `no` is left out."""
    [one] = surveyed(files).dependencies
    return {name: word.text for name, word in one.protections.by_name().items() if word.text != "no"}


HTTPX = "import httpx\nclient = httpx.Client(timeout=5, base_url='https://payments.internal')\n"
AXIOS = (
    "import axios from 'axios';\nexport const api = axios.create({ baseURL: 'https://pay.internal', timeout: 3000 });\n"
)
GO = 'package pay\nimport (\n "net/http"\n "time"\n)\nvar httpClient = &http.Client{Timeout: 3 * time.Second}\n'

FOUND = {
    "python, by absolute import": (
        {
            "app/__init__.py": "",
            "app/http.py": HTTPX,
            "app/pay.py": "from app.http import client\ndef pay():\n    client.post('/charges')\n",
        },
        "5 s",
    ),
    "python, under another name": (
        {"app/http.py": HTTPX, "app/pay.py": "from .http import client as c\ndef pay():\n    c.post('/charges')\n"},
        "5 s",
    ),
    "python, by its module": (
        {"app/http.py": HTTPX, "app/pay.py": "from . import http\ndef pay():\n    http.client.post('/charges')\n"},
        "5 s",
    ),
    "python, below a folder of sources": (
        {
            "src/app/__init__.py": "",
            "src/app/http.py": HTTPX,
            "src/app/pay/charge.py": "import app.http as h\ndef pay():\n    h.client.post('/charges')\n",
        },
        "5 s",
    ),
    "python, passed on by a package": (
        {
            "app/__init__.py": "",
            "app/io/__init__.py": "from .http import client\n",
            "app/io/http.py": HTTPX,
            "app/pay.py": "from app.io import client\ndef pay():\n    client.post('/charges')\n",
        },
        "5 s",
    ),
    "typescript, by name": (
        {
            "src/client.ts": AXIOS,
            "src/pay.ts": "import { api } from './client';\nexport const f = () => api.post('/x');",
        },
        "3 s",
    ),
    "typescript, by its module": (
        {
            "src/client.ts": AXIOS,
            "src/a/pay.ts": "import * as c from '../client.js';\nexport const f = () => c.api.post('/x');",
        },
        "3 s",
    ),
    "typescript, from the root of the sources": (
        {
            "web/src/lib/client.ts": AXIOS,
            "web/src/a/pay.ts": "import { api } from '@/lib/client';\nexport const f = () => api.post('/x');",
        },
        "3 s",
    ),
    "typescript, the default": (
        {
            "src/client/index.ts": AXIOS + "export default api;\n",
            "src/pay.ts": "import http from './client';\nexport const f = () => http.post('/x');",
        },
        "3 s",
    ),
    "typescript, exported under another name": (
        {
            "src/client.ts": AXIOS.replace("export ", "") + "export { api as http };\n",
            "src/pay.ts": "import { http } from './client';\nexport const f = () => http.post('/x');",
        },
        "3 s",
    ),
    "javascript, required": (
        {
            "src/client.js": "const axios = require('axios');\nconst api = axios.create({ timeout: 3000 });\n"
            "module.exports = { api };\n",
            "src/pay.js": "const { api } = require('./client');\nexports.f = () => api.post('https://pay.internal/x');",
        },
        "3 s",
    ),
    "go, of the same package": (
        {
            "pay/client.go": GO,
            "pay/pay.go": 'package pay\nfunc Pay() {\n\thttpClient.Get("https://pay.internal/")\n}\n',
        },
        "3 s",
    ),
    "go, of another package": (
        {
            "clients/client.go": GO.replace("httpClient", "HTTP"),
            "pay/pay.go": 'package pay\nimport "example.com/shop/clients"\nfunc Pay() {\n'
            '\tclients.HTTP.Get("https://pay.internal/")\n}\n',
        },
        "3 s",
    ),
    "csharp, a typed client": (
        {
            "Startup.cs": "class Startup {\n void Configure(IServiceCollection services) {\n"
            "  services.AddHttpClient<IPay, Pay>(c => { c.Timeout = TimeSpan.FromSeconds(5); });\n }\n}\n",
            "Pay.cs": "using System.Net.Http;\nclass Pay {\n  private readonly HttpClient _http;\n"
            "  public Pay(HttpClient http) { _http = http; }\n"
            '  public async Task<string> Load() { return await _http.GetStringAsync("https://pay.internal/x"); }\n}\n',
        },
        "5 s",
    ),
    "csharp, a static field": (
        {
            "Http.cs": "using System.Net.Http;\nclass Http {\n"
            " public static readonly HttpClient Shared = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };\n}\n",
            "Pay.cs": "class Pay {\n"
            '  public Task<string> Load() { return Http.Shared.GetStringAsync("https://pay.internal/x"); }\n}\n',
        },
        "4 s",
    ),
    "python, by the function that makes it": (
        {
            "app/http.py": "import httpx\ndef make():\n    return httpx.Client(timeout=5)\n",
            "app/pay.py": "from app.http import make\ndef pay():\n    c = make()\n    c.post('http://pay/charges')\n",
        },
        "5 s",
    ),
    "typescript, by the function that makes it": (
        {
            "src/http.ts": "import axios from 'axios';\nexport const make = () => axios.create({ timeout: 5000 });\n",
            "src/pay.ts": "import { make } from './http';\nconst api = make();\nawait api.post('http://pay/charges');\n",
        },
        "5 s",
    ),
    "go, by the function that makes it, limited alike on both its ways": (
        {
            "web/client.go": 'package web\nimport "net/http"\nfunc New(o Options) *http.Client {\n if o.Plain {\n'
            "  return &http.Client{Timeout: 5 * time.Second}\n }\n"
            " return &http.Client{Timeout: 5 * time.Second, Transport: t}\n}\n",
            "pay/pay.go": 'package pay\nimport "shop.example/web"\nfunc Pay() {\n c := web.New(o)\n'
            ' c.Post("http://pay/charges", "", nil)\n}\n',
        },
        "5 s",
    ),
}


@pytest.mark.parametrize("case", FOUND.values(), ids=FOUND)
def test_a_client_of_another_file_limits_the_call(case: tuple[dict[str, str], str]) -> None:
    files, timeout = case
    assert told(files)["timeout"] == timeout


def test_what_the_client_is_told_holds_for_the_call() -> None:
    [one] = surveyed(FOUND["python, by absolute import"][0]).dependencies
    assert (one.title, one.target, one.library) == ("payments HTTP POST", "payments.internal/charges", "httpx")
    assert one.protections.timeout.where == "app/http.py:2"
    assert [site.place for site in one.sites] == ["app/pay.py:3"]


JAVA_CALL = (
    "import org.springframework.web.client.RestTemplate;\nclass Pay {\n  private final RestTemplate payments;\n"
    "  Pay(RestTemplate payments) { this.payments = payments; }\n"
    '  String load() { return payments.getForObject("https://pay.internal/x", String.class); }\n}\n'
)
LIMITED = "new RestTemplate(calm)"


def config(**beans: str) -> str:
    made = "".join(f"  @Bean\n  public RestTemplate {name}() {{ return {code}; }}\n" for name, code in beans.items())
    return f"import org.springframework.web.client.RestTemplate;\n@Configuration\nclass Conf {{\n{made}}}\n"


def timeout_in(path: str, files: dict[str, str]) -> str:
    """Of the only call of a file."""
    [one] = [one for one in surveyed(files).dependencies if one.sites[0].path == path]
    return one.protections.timeout.text


def test_the_only_bean_of_a_type_is_meant() -> None:
    assert timeout_in("Pay.java", {"Conf.java": config(any=LIMITED), "Pay.java": JAVA_CALL}) == "calm"
    assert timeout_in("Pay.java", {"Conf.java": config(any="new RestTemplate()"), "Pay.java": JAVA_CALL}) == "no"


def test_of_several_beans_the_one_named_as_the_field_is_meant() -> None:
    files = {"Conf.java": config(other="new RestTemplate()", payments=LIMITED), "Pay.java": JAVA_CALL}
    assert timeout_in("Pay.java", files) == "calm"


UNTOLD = {
    "two clients of one name": {
        "app/http.py": HTTPX + "if fast:\n    client = httpx.Client(timeout=1)\n",
        "app/pay.py": "from app.http import client\ndef pay():\n    client.post('https://pay.internal/x')\n",
    },
    "a client given anew by a function": {
        "app/http.py": HTTPX + "def reset():\n    global client\n    client = httpx.Client(timeout=None)\n",
        "app/pay.py": "from app.http import client\ndef pay():\n    client.post('https://pay.internal/x')\n",
    },
    "two beans of a type": {
        "Conf.java": config(one="new RestTemplate()", two=LIMITED),
        "Pay.java": JAVA_CALL,
    },
    "a bean made by something unknown": {
        "Conf.java": config(one="factory.make()"),
        "Pay.java": JAVA_CALL,
    },
    "a typed client with a handler beside": {
        "Startup.cs": "class Startup {\n void Configure(IServiceCollection s) {\n"
        "  s.AddHttpClient<Pay>(c => c.Timeout = TimeSpan.FromSeconds(5)).AddStandardResilienceHandler();\n }\n}\n",
        "Pay.cs": FOUND["csharp, a typed client"][0]["Pay.cs"],
    },
}


@pytest.mark.parametrize("files", UNTOLD.values(), ids=UNTOLD)
def test_where_more_than_one_client_can_be_meant_nothing_is_told(files: dict[str, str]) -> None:
    [path] = {"app/pay.py", "Pay.java", "Pay.cs"} & files.keys()
    assert timeout_in(path, files) == "unknown"


STRANGERS = {
    "a module of the same name elsewhere": {
        "app/__init__.py": "",
        "app/http.py": HTTPX,
        "app/pay.py": "from http import client\ndef pay():\n    client.post('/x')\n",
    },
    "a package of a registry": {
        "src/client.ts": AXIOS,
        "src/pay.ts": "import { api } from 'client';\nexport const f = () => api.post('/x');",
    },
    "a parameter of the same name": {
        "pay/client.go": GO,
        "pay/pay.go": 'package pay\nfunc Pay(httpClient Doer) {\n\thttpClient.Get("https://pay.internal/")\n}\n',
    },
    "a variable of the same name": {
        "pay/client.go": GO,
        "pay/pay.go": 'package pay\nfunc Pay() {\n\thttpClient := doer()\n\thttpClient.Get("https://pay.internal/")\n}\n',
    },
    "a name of another package's folder": {
        "other/client.go": GO,
        "pay/pay.go": 'package pay\nfunc Pay() {\n\thttpClient.Get("https://pay.internal/")\n}\n',
    },
}


@pytest.mark.parametrize("files", STRANGERS.values(), ids=STRANGERS)
def test_a_name_that_is_not_the_clients_is_no_call_on_it(files: dict[str, str]) -> None:
    caller = [*files][-1]
    assert caller not in {one.sites[0].path for one in surveyed(files).dependencies}


def test_retries_of_a_session_count_in_other_files() -> None:
    session = (
        "import requests\nfrom requests.adapters import HTTPAdapter\nsession = requests.Session()\n"
        "session.mount('https://', HTTPAdapter(max_retries=3))\n"
    )
    found = told(
        {
            "app/http.py": session,
            "app/pay.py": "from app.http import session\n"
            "def pay():\n    session.get('https://pay.internal/x', timeout=2)\n",
        }
    )
    assert found == {"timeout": "2 s", "retry": "4 tries, backoff"}


def test_a_session_without_a_limit_leaves_the_call_without_one() -> None:
    files = {
        "app/http.py": "import requests\nsession = requests.Session()\n",
        "app/pay.py": "from app.http import session\ndef pay():\n    session.get('https://pay.internal/x')\n",
    }
    assert "timeout" not in told(files)


def test_a_client_that_only_other_files_call_is_not_listed_for_itself() -> None:
    files = FOUND["python, by absolute import"][0]
    [alone] = surveyed({"app/http.py": files["app/http.py"]}).dependencies
    assert alone.sites[0].place == "app/http.py:2"
    assert "app/http.py" not in {one.sites[0].path for one in surveyed(files).dependencies}


class Here:
    """A guard that works in this process."""

    def map(
        self, function: Callable[[Any], Any], items: Iterable[Any], progress: Callable[[], object] | None = None
    ) -> list[Any]:
        return [pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(item))))) for item in items]


def test_surveys_of_a_tree_and_scans_of_a_change_are_joined() -> None:
    files = FOUND["python, by absolute import"][0]
    new = {path: content.replace("timeout=5", "timeout=9").encode() for path, content in files.items()}
    pairs = [FilePair(path, path, content.encode(), new[path]) for path, content in files.items()]
    guard = cast(Guard, Here())
    found = survey_all(guard, [(path, content.encode()) for path, content in files.items()])
    change = change_between(scan_all(guard, pairs, ScanOptions()), {})
    [one] = map_of([survey for survey in found if isinstance(survey, FileSurvey)]).dependencies
    assert (one.sites[0].place, one.protections.timeout.text) == ("app/pay.py:3", "5 s")
    assert change is not None
    assert change_lines(change) == ["timeout on `payments` 5 s → 9 s"]


def test_what_is_done_to_a_client_where_it_is_kept_counts_where_it_is_called() -> None:
    files = {
        "src/http.ts": AXIOS + "import axiosRetry from 'axios-retry';\naxiosRetry(api, { retries: 2 });\n",
        "src/pay.ts": "import { api } from './http';\nexport const pay = () => api.post('/charges');\n",
    }
    assert told(files)["retry"] == "3 tries"
