"""What stood in another file of the same change is not new where it stands now."""

import pytest

from bot.domain import Finding
from bot.posture import scan_all
from bot.rules import FilePair, ScanOptions
from bot.syntax.guard import Guard

GET = "def load(url):\n    return requests.get(url)\n"
HEAD = "import requests\n\n\n"
LOADS = (HEAD + GET).encode()
QUIET = b"import requests\n\n\ndef tell(url):\n    return url\n"
WAITS = (
    "class {0} {{\n  void run() {{\n    while (true) {{\n      try {{ {1} }}\n"
    "      catch (InterruptedException e) {{ }}\n    }}\n  }}\n}}\n"
)


def findings(*pairs: FilePair, options: ScanOptions | None = None) -> list[Finding]:
    """What is said of a change with all these files."""
    with Guard(1, 60, 1024) as guard:
        scans = scan_all(guard, pairs, options or ScanOptions())
    return [found for scan in scans for found in scan.rules.findings]


def said(*pairs: FilePair) -> list[tuple[str, str]]:
    """Path and rule of it."""
    return [(found.path, found.rule) for found in findings(*pairs)]


def changed(path: str, before: bytes | None, after: bytes | None) -> FilePair:
    written = frozenset(range(1, 99))
    return FilePair(path, None, before, after, written)


TIMEOUT = "missing-timeout/http-or-socket-call"


def test_a_new_file_with_new_code_is_told_of() -> None:
    assert said(changed("new.py", None, LOADS)) == [("new.py", TIMEOUT)]


def test_code_from_a_deleted_file_is_not_new() -> None:
    assert said(changed("new.py", None, LOADS), changed("old.py", LOADS, None)) == []


def test_code_that_left_a_file_which_stays_is_not_new() -> None:
    assert said(changed("new.py", None, LOADS), changed("old.py", LOADS, QUIET)) == []


def test_it_may_change_its_arguments_on_the_way_in_a_function_of_the_same_name() -> None:
    after = LOADS.replace(b"get(url)", b"get(url, headers=kept)\n    # moved")
    before = LOADS.replace(b"requests.get(url)", b"requests.get(url)\n    # moved here")
    assert said(changed("new.py", None, after), changed("old.py", before, None)) == []


def test_a_call_with_types_is_the_same_call() -> None:
    before = (
        b"import axios from 'axios';\nexport async function load(url) {\n  return await axios.request<T>({ url });\n}\n"
    )
    after = before.replace(b"({ url })", b"({\n    url,\n    method,\n  })")
    assert said(changed("Client.ts", None, after)) == [("Client.ts", TIMEOUT)]
    assert said(changed("Client.ts", None, after), changed("client.ts", before, None)) == []


def test_code_that_is_copied_is_new() -> None:
    assert said(changed("new.py", None, LOADS), changed("old.py", LOADS, LOADS + b"\nx = 1\n")) == [("new.py", TIMEOUT)]


def test_each_that_left_stands_for_one() -> None:
    twice = LOADS + b"\n\ndef again(url):\n    return requests.get(url)\n"
    assert said(changed("new.py", None, twice), changed("old.py", LOADS, None)) == [("new.py", TIMEOUT)]


def test_the_same_code_is_what_moved_though_a_like_call_stands_above_it() -> None:
    both = LOADS.replace(b"    return", b"    requests.get(url, headers=kept)\n    return")
    (told,) = findings(changed("new.py", None, both), changed("old.py", LOADS, None))
    assert told.evidence.strip() == "requests.get(url, headers=kept)"


def test_who_leaves_our_own_remark_behind_asks_what_stands_there() -> None:
    remarked = LOADS.replace(b"get(url)", f"get(url)  # seawall: ignore[{TIMEOUT}] the sidecar limits it".encode())
    assert said(changed("new.py", None, LOADS), changed("old.py", remarked, None)) == [("new.py", TIMEOUT)]
    assert said(changed("new.py", None, remarked), changed("old.py", remarked, None)) == []


def test_another_call_in_a_function_of_another_name_is_new() -> None:
    other = LOADS.replace(b"load", b"fetch").replace(b"get(url)", b"get(url, stream=True)")
    assert said(changed("new.py", None, other), changed("old.py", LOADS, None)) == [("new.py", TIMEOUT)]


def test_a_handler_is_known_by_what_it_guards() -> None:
    old, moved = (WAITS.format(name, "Thread.sleep(10);").encode() for name in ("Old", "New"))
    other = WAITS.format("New", "queue.take();").encode()
    rule = "ignored-cancellation/cancellation-swallowed"
    assert said(changed("New.java", None, moved), changed("Old.java", old, None)) == []
    assert said(changed("New.java", None, other), changed("Old.java", old, None)) == [("New.java", rule)]


def test_what_a_test_held_was_never_said() -> None:
    new, gone = changed("new.py", None, LOADS), changed("tests/test_load.py", LOADS, None)
    assert said(new, gone) == [("new.py", TIMEOUT)]
    assert findings(new, gone, options=ScanOptions(include_tests=True)) == []


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("from six.moves import urllib", "import urllib.request", "urllib.request.urlopen(url)"),
        ("from six.moves.urllib.request import urlopen", "from urllib.request import urlopen", "urlopen(url)"),
        ("import urllib2 as web", "import urllib.request as web", "web.urlopen(url)"),
        ("import httplib", "import http.client as httplib", "httplib.HTTPConnection(url)"),
    ],
)
def test_a_module_under_its_name_of_today_is_the_same_module(old: str, new: str, call: str) -> None:
    before, after = (f"{line}\n\n\ndef load(url):\n    return {call}\n".encode() for line in (old, new))
    assert said(changed("load.py", before, after)) == []
    assert [path for path, _ in said(changed("load.py", None, before))] == ["load.py"]


def test_a_function_that_stands_for_another_brings_nothing_with_the_same_call() -> None:
    before = LOADS + b"\n\ndef tell(url):\n    return requests.get(url, headers=kept)\n"
    renamed = before.replace(
        b"def load(url):\n    return requests.get(url)", b"def read(base):\n    return requests.get(base + path)"
    )
    assert said(changed("load.py", before, renamed)) == []
    both = before + b"\n\ndef more(url):\n    return requests.get(url, params=all)\n"
    assert said(changed("load.py", before, both)) == [("load.py", TIMEOUT)]
