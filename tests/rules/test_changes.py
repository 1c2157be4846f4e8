"""What a change takes away: told once, where it stood, and not where code moved or was written anew."""

import pytest

from bot.rules import FilePair, ScanOptions, scan_pair

BEFORE = b"""import requests

class Client:
    def load(self, url):
        return requests.get(url, timeout=self.timeout)

    def keep(self, x):
        with self._lock:
            self.last = x
"""


def found(before: bytes, after: bytes, path: str = "app.py"):
    return scan_pair(FilePair(path, None, before, after, frozenset()), ScanOptions()).findings


def test_a_lost_timeout_is_told_once_with_what_was_there() -> None:
    (finding,) = found(BEFORE, BEFORE.replace(b", timeout=self.timeout", b""))
    assert finding.rule == "missing-timeout/http-or-socket-call"
    assert "Before this change it was limited by `timeout self.timeout`." in finding.body


def test_a_timeout_that_is_switched_off_is_told_with_what_it_was() -> None:
    (finding,) = found(BEFORE, BEFORE.replace(b"timeout=self.timeout", b"timeout=None"))
    assert finding.rule == "missing-timeout/timeout-disabled"
    assert "Before this change it was limited by `timeout self.timeout`." in finding.body


def test_which_of_two_calls_was_switched_off_is_not_guessed() -> None:
    before = b"def f(peer):\n    peer.read(1, timeout=5)\n    peer.read(2, timeout=5)\n"
    assert found(before, before.replace(b"=5", b"=None")) == ()
    assert len(found(before, before.replace(b"1, timeout=5", b"1, timeout=None"))) == 1


def test_a_lost_lock_is_told_where_it_stood() -> None:
    after = BEFORE.replace(b"        with self._lock:\n            self.last", b"        self.last")
    (finding,) = found(BEFORE, after)
    assert (finding.rule, finding.start_line) == ("lock-hazard/lock-removed", 8)


def test_in_a_file_that_is_reworked_a_protection_has_mostly_moved_and_a_lock_has_not() -> None:
    limited = b"ctx, cancel := context.WithTimeout(context.Background(), t)\n\tdefer cancel()\n\treturn ask(ctx, to)\n"
    locked = b"c.mu.Lock()\n\tdefer c.mu.Unlock()\n\tc.last = x\n"
    before = b"func (c *C) keep(x int) {\n\t" + locked + b"}\n\nfunc load(to string) error {\n\t" + limited + b"}\n"
    after = before.replace(locked, b"c.last = x\n").replace(limited, b"return ask(context.Background(), to)\n")
    more = b"".join(b"\nconst limit%d = 3" % number for number in range(17))
    small, large = (found(before, after + text, "a.go") for text in (more, more + b"\nconst limit = 3\nconst last = 3"))
    lost = ["lock-hazard/lock-removed", "missing-timeout/timeout-removed"]
    assert [one.rule for one in small] == [one.rule for one in large] == lost
    assert small[0].confidence == large[0].confidence
    assert [one[1].confidence >= 0.5 for one in (small, large)] == [True, False]


def test_its_fingerprint_outlives_later_pushes() -> None:
    after = BEFORE.replace(b"        with self._lock:\n            self.last", b"        self.last")
    (first,) = found(BEFORE, after)
    (later,) = found(BEFORE, after.replace(b"import requests\n", b"import requests\n\nLIMIT = 3\n"))
    assert first.fingerprint == later.fingerprint
    assert later.start_line == first.start_line + 2


def test_a_protection_that_moved_within_the_file_is_not_lost() -> None:
    before = b"def stop(t):\n    t.ask()\n    t.join(5)\n\ndef end(t):\n    t.close()\n"
    after = b"def stop(t):\n    t.ask()\n    t.join()\n\ndef end(t):\n    t.join(5)\n    t.close()\n"
    assert found(before, after) == ()


def test_a_clean_up_that_two_functions_now_share_is_not_lost() -> None:
    head = b"class Feed {\n  open() {\n    %s;\n    this.tick = setInterval(beat, 5);\n  }\n  close() {\n    %s;\n  }\n"
    own = b"  halt() {\n    clearInterval(this.tick);\n  }\n}\n"
    before = head % (b"clearInterval(this.tick)", b"clearInterval(this.tick)") + own.replace(b"(this.tick)", b"(0)")
    assert found(before, head % (b"this.halt()", b"this.halt()") + own, "feed.js") == ()
    assert (
        len(
            found(
                before, head % (b"this.beat()", b"clearInterval(this.tick)") + own.replace(b".tick", b".x"), "feed.js"
            )
        )
        == 1
    )


def test_an_empty_value_on_the_way_out_is_not_the_one_that_lost_its_limit() -> None:
    before = (
        b"func ask(c *Config) (Request, error) {\n\tif err := check(c); err != nil {\n\t\treturn Request{}, old(err)\n"
    )
    before += b"\t}\n\treturn Request{\n\t\tGroup: c.Group,\n\t\tSessionTimeout: c.Session,\n\t}, nil\n}\n"
    after = before.replace(b"old(err)", b"wrap(err)").replace(b"return Request{\n", b"return Question{\n")
    assert found(before, after.replace(b"SessionTimeout: c.Session", b"Limit: c.Session"), "ask.go") == ()


def test_a_function_written_anew_lost_nothing() -> None:
    many = b"".join(b"    step_%d(t)\n" % number for number in range(20))
    other = b"".join(b"    other_%d(t)\n" % number for number in range(20))
    assert len(found(b"def stop(t):\n" + many + b"    t.join(5)\n", b"def stop(t):\n" + many + b"    t.join()\n")) == 1
    assert found(b"def stop(t):\n" + many + b"    t.join(5)\n", b"def stop(t):\n" + other + b"    t.join()\n") == ()


def test_a_flag_that_is_gone_altogether_is_not_missed() -> None:
    before = b"let running = false;\nfunction start() {\n  if (!running) return;\n  dial();\n}\n"
    after = b"let timer = null;\nfunction start() {\n  dial();\n}\n"
    assert found(before, after, "app.js") == ()
    assert len(found(before, b"let running = false;\nfunction start() {\n  dial();\n}\n", "app.js")) == 1


def test_overloads_are_told_by_their_order() -> None:
    before = b"class A {\n  Task F(C c) => Run(G, c);\n  Task F(D d, C c) => Run(H, c);\n}\n"
    after = b"class A {\n  Task F(C c) => Run(G, c);\n  Task F(D d, C c) => Run(H, default);\n}\n"
    (finding,) = found(before, after, "A.cs")
    assert (finding.rule, finding.start_line) == ("ignored-cancellation/token-removed", 3)


def test_a_limit_that_is_set_by_hand_now_is_not_lost() -> None:
    before = b"async function f(id) {\n  const s = AbortSignal.timeout(60000);\n  return await load(id, s);\n}\n"
    bare = b"async function f(id) {\n  const ac = new AbortController();\n  return await load(id, ac.signal);\n}\n"
    by_hand = bare.replace(b"();\n", b"();\n  setTimeout(() => ac.abort(), 10000);\n", 1)
    assert [one.rule for one in found(before, bare, "app.js")] == ["missing-timeout/timeout-removed"]
    assert found(before, by_hand, "app.js") == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from six.moves import urllib\n\nurllib.request.urlopen(url)\n", "urllib.request.urlopen(url)\n"),
        ("from six.moves.urllib.request import urlopen\n\nurlopen(url)\n", "urllib.request.urlopen(url)\n"),
        ("import urllib2\n\nurllib2.urlopen(url)\n", "urllib.request.urlopen(url)\n"),
        ("import xmlrpclib\n\nxmlrpclib.ServerProxy(url)\n", "xmlrpc.client.ServerProxy(url)\n"),
    ],
)
def test_a_module_that_goes_by_its_new_name_brings_nothing(before: str, after: str) -> None:
    head = f"import urllib.request\nimport xmlrpc.client\n\n{after}".encode()
    assert len(found(b"", head)) == 1
    assert found(before.encode(), head) == ()
