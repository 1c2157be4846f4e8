"""Canonical names: through imports, aliases, annotations and assignments, or silence."""

import pytest

from bot.syntax import parse, text_of


def names(path: str, code: str) -> dict[str, str]:
    file = parse(path, code.encode())
    assert file is not None
    return {call.written: call.name for call in file.calls}


PYTHON = [
    ("import requests\nrequests.get(u)", "requests.get", "requests.get"),
    ("import requests as r\nr.get(u)", "r.get", "requests.get"),
    ("from requests import get as g\ng(u)", "g", "requests.get"),
    ("import urllib.request\nurllib.request.urlopen(u)", "urllib.request.urlopen", "urllib.request.urlopen"),
    ("import requests\ns = requests.Session()\ns.get(u)", "s.get", "requests.Session.get"),
    ("try:\n  import redis\nexcept ImportError:\n  redis = None\nredis.Redis()", "redis.Redis", "redis.Redis"),
    ("try:\n  import redis\nexcept ImportError:\n  redis = Fake()\nredis.Redis()", "redis.Redis", "Fake.Redis"),
    (
        "import requests\nclass A:\n  def __init__(self): self.s = requests.Session()\n  def f(self): self.s.get(u)",
        "self.s.get",
        "requests.Session.get",
    ),
    ("import httpx\nclass A:\n  s = httpx.Client()\n  def f(self): self.s.get(u)", "self.s.get", "httpx.Client.get"),
    ("import httpx\nasync def f():\n  async with httpx.AsyncClient() as c: c.get(u)", "c.get", "httpx.AsyncClient.get"),
    ("import httpx\ndef f(c: httpx.Client): c.get(u)", "c.get", "httpx.Client.get"),
    ("import httpx\nif (c := httpx.Client()): c.get(u)", "c.get", "httpx.Client.get"),
    ("def f(requests): requests.get(u)", "requests.get", ""),
    ("import requests\ns = requests.Session()\ns = Fake()\ns.get(u)", "s.get", ""),
    ("import requests\ns = None\ns = requests.Session()\ns.get(u)", "s.get", "requests.Session.get"),
    ("def open(p): ...\nopen(p)", "open", "./open"),
    ("a, s = pair()\ns.get(u)", "s.get", ""),
]


@pytest.mark.parametrize(("code", "written", "name"), PYTHON)
def test_python_names(code: str, written: str, name: str) -> None:
    assert names("a.py", code)[written] == name


TYPESCRIPT = [
    ("import axios from 'axios';\naxios.get(u)", "axios.get", "axios.get"),
    ("import { get as g } from 'axios';\ng(u)", "g", "axios.get"),
    ("import * as fs from 'node:fs';\nfs.readFile(p)", "fs.readFile", "fs.readFile"),
    ("const { readFile: r } = require('fs');\nr(p)", "r", "fs.readFile"),
    ("const p = require('fs').promises;\np.readFile(x)", "p.readFile", "fs.promises.readFile"),
    (
        "import axios from 'axios';\nclass A { h = axios.create(); f() { this.h.get(u) } }",
        "this.h.get",
        "axios.create.get",
    ),
    ("const f = ({ fetch }) => fetch(u)", "fetch", ""),
    ("function fetch() {}\nfetch(u)", "fetch", "./fetch"),
    ("const c = (await make())!;\nfetch(u)", "fetch", "fetch"),
]


@pytest.mark.parametrize(("code", "written", "name"), TYPESCRIPT)
def test_typescript_names(code: str, written: str, name: str) -> None:
    assert names("a.ts", code)[written] == name


GO = [
    ('import "net/http"\nfunc f() { http.Get(u) }', "http.Get", "net/http.Get"),
    ('import web "net/http"\nfunc f() { web.Get(u) }', "web.Get", "net/http.Get"),
    ('import "net/http"\nfunc f(c *http.Client) { c.Get(u) }', "c.Get", "net/http.Client.Get"),
    (
        'import "net/http"\ntype S struct { c *http.Client }\nfunc (s *S) f() { s.c.Get(u) }',
        "s.c.Get",
        "net/http.Client.Get",
    ),
    ('import "net/http"\nfunc f() { c := &http.Client{}; c.Get(u) }', "c.Get", "net/http.Client.Get"),
    (
        'import "github.com/redis/go-redis/v9"\nfunc f() { redis.NewClient(o) }',
        "redis.NewClient",
        "github.com/redis/go-redis/v9.NewClient",
    ),
]


@pytest.mark.parametrize(("code", "written", "name"), GO)
def test_go_names(code: str, written: str, name: str) -> None:
    assert names("a.go", f"package a\n{code}")[written] == name


JAVA = [
    (
        "import java.net.http.*;\nclass A { HttpClient c; void f() { c.send(r); } }",
        "c.send",
        "java.net.http.HttpClient.send",
    ),
    (
        "import java.net.URL;\nclass A { void f() { new URL(u).openStream(); } }",
        "new URL(u).openStream",
        "java.net.URL.openStream",
    ),
    ("class A { void f() throws Exception { Thread.sleep(1); } }", "Thread.sleep", "java.lang.Thread.sleep"),
    ("import a.Url;\nclass A { void f(Url u) { u.open(); } }", "u.open", "a.Url.open"),
]


@pytest.mark.parametrize(("code", "written", "name"), JAVA)
def test_java_names(code: str, written: str, name: str) -> None:
    assert names("A.java", code)[written] == name


CSHARP = [
    ("class A { HttpClient c; void F() { c.GetAsync(u); } }", "c.GetAsync", "HttpClient.GetAsync"),
    ("class A { void F() { var c = new HttpClient(); c.GetAsync(u); } }", "c.GetAsync", "HttpClient.GetAsync"),
    ("class A { void F() { this.c.GetAsync(u); } HttpClient c; }", "this.c.GetAsync", "HttpClient.GetAsync"),
]


@pytest.mark.parametrize(("code", "written", "name"), CSHARP)
def test_csharp_names(code: str, written: str, name: str) -> None:
    assert names("A.cs", code)[written] == name


def test_a_name_that_stands_for_itself_does_not_loop() -> None:
    assert names("a.py", "x = x.y\ny = x\nx = y\nx.get(u)")["x.get"] == ""


@pytest.mark.parametrize(
    ("path", "code", "value"),
    [
        ("a.py", "LIMIT = 3\ndef f(): ask(LIMIT)", "3"),
        ("a.py", "def f():\n    limit = 3\n    ask(limit)", "3"),
        ("a.py", "limit = 3\ndef f(): ask(limit)", ""),
        ("a.py", "LIMIT = 3\ndef g():\n    global LIMIT\n    LIMIT = 4\ndef f(): ask(LIMIT)", ""),
        ("a.py", "def f(slow):\n    limit = 3\n    if slow: limit = 4\n    ask(limit)", ""),
        ("a.py", "def f():\n    limit = 3\n    def g(): ask(limit)", ""),
        ("a.py", "LIMIT = 3\ndef f(LIMIT): ask(LIMIT)", ""),
        ("a.py", "LIMIT, OTHER = read()\ndef f(): ask(OTHER)", ""),
        ("a.py", "from limits import LIMIT\ndef f(): ask(LIMIT)", ""),
        ("a.py", "def f(): ask(limits.LIMIT)", ""),
        ("a.js", "const limit = 3;\nconst f = () => ask(limit);", "3"),
        ("a.js", "let limit = 3;\nconst f = () => ask(limit);", ""),
        ("A.java", "class A { static final int LIMIT = 3; void f() { ask(LIMIT); } }", "3"),
        ("A.java", "class A { int limit = 3; void f() { ask(limit); } }", ""),
    ],
)
def test_a_constant_has_one_value(path: str, code: str, value: str) -> None:
    file = parse(path, code.encode())
    assert file is not None
    call = next(one for one in file.calls if one.method == "ask")
    assert text_of(file.constant(call.arguments[0].node, call.outer)) == value
