"""What a change brings: identity across moves, renames and formatting; suppression; suggestions."""

import time

from bot.domain import Suggestion
from bot.rules import FilePair, ScanOptions, apply_suggestion, scan_all, scan_pair, try_suggestion
from bot.syntax.guard import Guard

WHOLE = ScanOptions(whole=True)
CHANGE = ScanOptions()
TIMEOUT = "missing-timeout/http-or-socket-call"

OLD = b"""import requests

class Client:
    def load(self, url):
        return requests.get(url, headers={'a': 'b'})
"""


def pair(before: bytes | None, after: bytes | None, added: set[int] | None = None, path: str = "app.py", old=None):
    return FilePair(path, old, before, after, frozenset(added or ()))


def found(before: bytes | None, after: bytes | None, options: ScanOptions = CHANGE, **more):
    return scan_pair(pair(before, after, **more), options).findings


def test_an_old_defect_is_not_the_changes_doing():
    assert found(OLD, OLD + b"\n\nVERSION = 2\n") == ()


def test_a_new_file_brings_all_it_has():
    assert [finding.start_line for finding in found(None, OLD)] == [5]


def test_moving_code_down_raises_nothing():
    assert found(OLD, b"import requests\n\n\nLIMIT = 3\n\n" + OLD.removeprefix(b"import requests\n")) == ()


def test_reformatting_raises_nothing():
    after = b"""import requests

class Client:
    def load(self, url):
        return requests.get(
            url,  # where it lies
            headers={
                "a": "b",
            },
        )
"""
    assert found(OLD, after) == ()


def test_moving_code_to_another_function_raises_nothing():
    assert found(OLD, OLD.replace(b"def load", b"def fetch")) == ()


def test_a_call_of_what_was_a_copy_of_the_library_is_not_the_changes_doing():
    for copy in (b"from lib import requests", b"from shop.vendor import requests", b"import ext.requests as requests"):
        assert found(OLD.replace(b"import requests", copy), OLD) == ()


def test_nor_is_one_of_a_library_that_was_had_where_it_could_be():
    maybe = b"try:\n    import requests\nexcept ImportError:\n    requests = None\n"
    assert found(OLD.replace(b"import requests\n", maybe), OLD) == ()


def test_a_function_whose_module_has_another_name_now_is_no_new_call():
    before = b"import urllib2\n\ndef load(url):\n    return urllib2.urlopen(url, DATA).read()\n"
    after = b"import urllib.request\n\ndef load(url):\n    return urllib.request.urlopen(url, DATA).read()\n"
    assert found(before, after) == ()
    assert len(found(before, after.replace(b"DATA", b"MORE"))) == 1


def test_renaming_the_file_raises_nothing():
    assert found(OLD, OLD, path="client.py", old="app.py") == ()


def test_the_fingerprint_outlives_a_rename():
    before = found(None, OLD)[0].fingerprint
    moved = scan_pair(pair(None, OLD, path="client.py", old="app.py"), WHOLE).findings[0]
    assert (moved.fingerprint, moved.path) == (before, "client.py")
    assert len(before) == 16


def test_of_two_equal_calls_the_one_the_change_wrote_is_new():
    twice = OLD.replace(b"        return", b"        requests.get(url, headers={'a': 'b'})\n        return")
    old_mark = found(None, OLD)[0].fingerprint
    (new,) = found(OLD, twice, added={5})
    assert new.start_line == 5
    assert new.fingerprint != old_mark


def test_making_a_known_call_out_of_an_unknown_one_is_new():
    assert len(found(b"from wrap import requests\nrequests.get(u)\n", b"import requests\nrequests.get(u)\n")) == 1


HANDLER = b"""def close(peer):
    try:
        peer.close()
    except BaseException:
        count(peer)
"""


def test_a_handler_that_begins_as_before_is_not_new_whatever_changed_inside():
    assert [one.rule for one in found(None, HANDLER)] == ["broad-catch/bare-or-base-except"]
    assert found(HANDLER, HANDLER.replace(b"count(peer)", b"count(peer, 'closed')\n        notify(peer)")) == ()


def test_a_second_handler_like_the_first_is_new():
    more = HANDLER + HANDLER.split(b"\n", 1)[1].replace(b"count(peer)", b"count(peer, 2)")
    assert [finding.start_line for finding in found(HANDLER, more)] == [8]


def test_a_call_of_several_lines_that_was_flawed_before_is_not_new():
    call = b"import requests\ndef f(url):\n    requests.post(\n        url,\n        data=1,\n    )\n"
    assert found(call, call.replace(b"data=1", b"data=2")) == ()
    bounded = call.replace(b"data=1", b"timeout=3")
    assert {finding.class_ for finding in found(bounded, call)} == {"missing-timeout"}


def test_a_call_that_was_flawed_before_is_not_new_with_other_arguments():
    call = b"import requests\ndef f(url):\n    requests.post(url, data=1)\n"
    assert found(call, call.replace(b"data=1", b"data=2")) == ()
    assert [one.start_line for one in found(call, call + b"    requests.post(url, data=2)\n")] == [4]
    assert [one.start_line for one in found(call, call.replace(b"post", b"put"))] == [3]


def test_a_flawed_call_outside_of_functions_may_be_edited_as_well():
    call = b"import requests\nrequests.get(url)\n"
    assert found(call, call.replace(b"url", b"url, headers=HEADERS")) == ()
    assert [one.start_line for one in found(call, call + b"requests.get(url, headers=HEADERS)\n")] == [3]


def test_of_a_new_call_and_an_edited_one_the_new_one_is_told():
    old = b"import requests\ndef f(url):\n    return requests.get(url, headers={'a': 'b'}, verify=CA)\n"
    new = old.replace(b"'b'", b"'c'").replace(b"    return", b"    requests.get(PING)\n    return")
    assert [one.start_line for one in found(old, new, added={3, 4})] == [3]


def test_a_loop_that_was_flawed_before_is_not_new_with_another_header():
    loop = b"import requests\ndef f(url):\n    for n in range(3):\n        try:\n"
    loop += b"            return requests.get(url, timeout=3)\n        except OSError:\n            continue\n"
    assert [one.rule for one in found(None, loop)] == ["unbounded-retry/no-backoff"]
    assert found(loop, loop.replace(b"range(3)", b"range(5)")) == ()
    two = loop + loop.split(b"\n", 2)[2].replace(b"range(3)", b"range(5)")
    assert [one.start_line for one in found(loop, two)] == [8]


def test_an_edit_does_not_hide_what_another_call_lost():
    old = b"import requests\ndef f(u):\n    requests.get(u)\n    requests.get(u, timeout=3, verify=CA)\n"
    new = b"import requests\ndef f(u):\n    requests.get(u + '/')\n    requests.get(u, verify=CA)\n"
    assert [one.start_line for one in found(old, new, added={3, 4})] == [4]


def test_taking_a_timeout_away_is_new():
    assert len(found(b"import requests\nrequests.get(u, timeout=3)\n", b"import requests\nrequests.get(u)\n")) == 1


def test_time_grows_with_the_file_and_not_with_its_square():
    one = "def f{}(u):\n    while True:\n        try:\n            return requests.get(u, timeout=3)\n"
    one += "        except OSError:\n            time.sleep(1)\n"
    code = "import requests, time\n" + "".join(one.format(number) for number in range(1000))
    before = time.process_time()
    assert len(found(None, code.encode())) == 1000
    assert time.process_time() - before < 8


def test_a_file_that_is_gone_brings_nothing():
    assert found(OLD, None) == ()


def test_test_files_are_left_alone_unless_wanted():
    assert found(None, OLD, path="tests/test_app.py") == ()
    assert len(found(None, OLD, ScanOptions(include_tests=True), path="tests/test_app.py")) == 1


def test_a_go_function_that_takes_a_tests_handle_is_a_test_wherever_it_lies():
    def code(given: str) -> bytes:
        return f'package shop\n\nimport "net/http"\n\nfunc load({given}) {{\n\thttp.Get(url)\n}}\n'.encode()

    wanted = ScanOptions(include_tests=True)
    for handle in ("t *testing.T", "name string, t testing.TB", "_ *testing.B"):
        assert found(None, code(handle), path="shop/load.go") == ()
        assert TIMEOUT in {one.rule for one in found(None, code(handle), wanted, path="shop/load.go")}
    for other in ("name string", "t *mytesting.T", "run func(t *testing.T)"):
        assert TIMEOUT in {one.rule for one in found(None, code(other), path="shop/load.go")}


def test_a_file_in_no_known_language_has_no_language():
    scan = scan_pair(pair(None, b"all: test\n", path="Makefile"), WHOLE)
    assert (scan.language, scan.findings, scan.failure) == ("", (), "")


def test_rules_and_classes_can_be_off():
    assert found(None, OLD, ScanOptions(rules_off=(TIMEOUT,))) == ()
    assert found(None, OLD, ScanOptions(rules_off=("missing-timeout",))) == ()


# Suppression


def suppressed(comment: str, *, above: bool = False, today: str = "2026-11-22"):
    call = "requests.get(u)"
    line = f"{comment}\n{call}" if above else f"{call}  {comment}"
    return scan_pair(pair(None, f"import requests\n{line}\n".encode()), ScanOptions(today=today))


def test_an_ignore_with_a_reason_silences_and_is_recorded():
    scan = suppressed(f"# seawall: ignore[{TIMEOUT}] the proxy cuts it after 5 s")
    assert scan.findings == ()
    (dropped,) = scan.dropped
    assert dropped.reason == "suppressed"
    assert "the proxy cuts it" in dropped.detail
    assert dropped.finding is not None
    assert dropped.finding.rule == TIMEOUT


def test_an_ignore_may_name_the_class_and_stand_on_the_line_above():
    assert suppressed("# seawall: ignore[missing-timeout] the proxy cuts it", above=True).findings == ()


def test_an_ignore_may_go_on_over_more_comment_lines():
    assert suppressed("# seawall: ignore[missing-timeout] the proxy\n# cuts it after 5 s", above=True).findings == ()


def test_an_ignore_without_a_reason_counts_for_nothing():
    scan = suppressed("# seawall: ignore[missing-timeout]")
    assert len(scan.findings) == 1
    assert [dropped.reason for dropped in scan.dropped] == ["suppression-invalid"]
    assert "gives no reason" in scan.dropped[0].detail


def test_an_ignore_expires():
    comment = "# seawall: ignore[missing-timeout] until=2027-01-31 the gateway moves"
    assert suppressed(comment, today="2027-01-31").findings == ()
    late = suppressed(comment, today="2027-02-01")
    assert len(late.findings) == 1
    assert "expired on 2027-01-31" in late.dropped[0].detail


def test_an_ignore_of_another_rule_does_not_silence():
    assert len(suppressed("# seawall: ignore[swallowed-error] something else").findings) == 1


def test_a_misspelt_rule_is_told():
    scan = scan_pair(pair(None, b"# seawall: ignore[missing-timeot] because\nx = 1\n"), WHOLE)
    assert "no rule or class named missing-timeot" in scan.dropped[0].detail


def test_a_string_is_no_comment():
    assert len(suppressed("or 'seawall: ignore[missing-timeout] a trick'").findings) == 1


def test_taking_an_ignore_away_brings_the_finding():
    before = b"import requests\nrequests.get(u)  # seawall: ignore[missing-timeout] the proxy cuts it\n"
    assert len(found(before, b"import requests\nrequests.get(u)\n")) == 1


def test_other_comment_styles_work():
    scan = scan_pair(
        pair(None, b"// seawall: ignore[missing-timeout] cut by the proxy\nawait fetch(u);\n", path="a.ts"), WHOLE
    )
    assert (scan.findings, scan.dropped[0].reason) == ((), "suppressed")
    scan = scan_pair(
        pair(None, b"await fetch(u); /* seawall: ignore[missing-timeout] cut off */\n", path="a.ts"), WHOLE
    )
    assert scan.findings == ()
    assert scan.dropped[0].detail.endswith("cut off */")


# Suggestions


def test_a_suggestion_adds_the_timeout_and_keeps_the_layout():
    after = b"import requests\r\n\r\ndef f():\r\n    requests.get(\r\n        url,\r\n        json=x,\r\n    )\r\n"
    (finding,) = found(None, after)
    assert finding.suggestion is not None
    assert finding.suggestion == Suggestion(start_line=6, end_line=6, text="        json=x,\n        timeout=10,")
    edited = apply_suggestion(after, finding.suggestion)
    assert edited == after.replace(b"json=x,\r\n", b"json=x,\r\n        timeout=10,\r\n")


def test_a_suggestion_keeps_a_byte_order_mark():
    after = b"\xef\xbb\xbfimport requests; requests.get(u)"
    (finding,) = found(None, after)
    assert finding.suggestion is not None
    assert apply_suggestion(after, finding.suggestion) == b"\xef\xbb\xbfimport requests; requests.get(u, timeout=10)"


def test_an_option_is_added_to_an_object_literal():
    (finding,) = found(None, b"await fetch(url, { method: 'POST' });\n", path="a.ts")
    assert finding.suggestion is not None
    assert finding.suggestion.text == "await fetch(url, { method: 'POST', signal: AbortSignal.timeout(10_000) });"


def test_bytes_that_are_not_utf8_get_no_suggestion():
    (finding,) = found(None, b"import requests\nrequests.get('\xff\xfe')\n")
    assert finding.suggestion is None


def test_a_suggestion_is_tried():
    good = b"import requests\nrequests.get(u, timeout=3)\n"

    def tried(text: str, line: int = 2) -> str:
        return try_suggestion("app.py", good, Suggestion(start_line=line, end_line=line, text=text), CHANGE)

    assert tried("requests.get(u, timeout=5)") == ""
    assert tried("requests.get(u, timeout=3)") == "it changes nothing"
    assert tried("requests.get(u, timeout=(3)") == "the file would not parse any more"
    assert tried("requests.get(u)") == f"it would raise {TIMEOUT}"
    assert tried("x = 1", line=9) == "lines 9 to 9 are not in the file"


# In the guard


def test_files_are_scanned_in_guarded_processes_in_order():
    seen = []
    with Guard(1, 20, 1024) as guard:
        pairs = [pair(None, OLD), pair(None, b"\xff\xfe\x00", path="b.go"), pair(OLD, OLD, path="c.py")]
        scans = scan_all(guard, pairs, CHANGE, lambda: seen.append(1))
    assert [(scan.path, len(scan.findings), scan.failure) for scan in scans] == [
        ("app.py", 1, ""),
        ("b.go", 0, ""),
        ("c.py", 0, ""),
    ]
    assert len(seen) == 3


def test_a_file_that_cannot_be_scanned_in_time_says_so():
    huge = b"x = [" + b"{1: (" * 60000 + b"\n"
    with Guard(1, 0.05, 1024) as guard:
        (scan,) = scan_all(guard, [pair(None, huge * 20)], CHANGE)
    assert scan.findings == ()
    assert scan.path == "app.py"
    assert scan.failure.startswith("stopped after 0.05 s")


def test_a_jump_to_a_label_is_compared_with_the_one_before() -> None:
    code = "class A {{ void f() {{ all: while (true) {{ try {{ a(); }} finally {{ {} all; }} }} }} }}"
    pair = FilePair("A.java", None, code.format("continue").encode(), code.format("break").encode())
    assert [one.rule for one in scan_pair(pair, ScanOptions()).findings] == ["swallowed-error/jump-or-throw-in-finally"]


def test_an_exception_is_thrown_though_the_grammar_loses_its_way_before_it() -> None:
    code = (
        b"class A { void F(object o) {\n  if (o is string s)\n    n = 1;\n#if WIDE\n  else if (o is long l)\n  {\n"
        b'    n = 2;\n  }\n#endif\n  else\n    throw new ArgumentException("o");\n} }\n'
    )
    assert scan_pair(FilePair("src/A.cs", None, None, code), ScanOptions()).findings == ()
