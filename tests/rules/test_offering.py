"""Suggestions are tried together where they are apart, each is judged by itself, and those that others feel by all."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from bot.rules import FilePair, ScanOptions, apply_suggestion, offering, scan_pair
from bot.rules.engine import alarms_around, alarms_in
from bot.rules.findings import Raised
from bot.rules.offering import Text, offered
from bot.rules.rule import Edit
from bot.syntax import Replaced, SourceFile, Span, parse, parse_again

WHOLE = ScanOptions(whole=True)
TIMEOUT = "missing-timeout/http-or-socket-call"
LOAD = "def load_{0}(url):\n    return requests.get(url + '{0}')\n\n\n"
HEAD = "import requests\n\n\n"
ASYNC_VOID = "class A {{\n  async void Load() {{ await Read(); }}\n{}}}\n"


def suggestions(code: str, path: str = "app.py") -> dict[int, str]:
    """Line → what is suggested there, line breaks and all."""
    findings = scan_pair(FilePair(path, None, None, code.encode()), WHOLE).findings
    return {one.start_line: one.suggestion.text for one in findings if one.suggestion is not None}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The texts that were parsed to try suggestions."""
    texts: list[bytes] = []

    def counted(file: SourceFile, content: bytes, pieces: Sequence[Replaced]) -> SourceFile:
        texts.append(content)
        return parse_again(file, content, pieces)

    monkeypatch.setattr(offering, "parse_again", counted)
    return texts


def test_functions_apart_from_one_another_are_tried_in_one_go(parsed: list[bytes]) -> None:
    found = suggestions(HEAD + "".join(LOAD.format(number) for number in range(6)))
    assert len(found) == 6
    (tried,) = parsed
    assert tried.count(b"timeout=10") == 6


def test_two_in_one_function_are_tried_one_after_the_other(parsed: list[bytes]) -> None:
    found = suggestions(HEAD + "def load(url):\n    requests.get(url, 1)\n    requests.get(url, 2)\n")
    assert len(found) == 2
    assert [text.count(b"timeout=10") for text in parsed] == [1, 1]


def test_statements_outside_of_functions_are_tried_in_one_go(parsed: list[bytes]) -> None:
    assert sorted(suggestions("import requests\nA = requests.get(u)\nB = requests.get(v)\n")) == [2, 3]
    assert len(parsed) == 1


def _tried_with(edits: Callable[[Raised], tuple[Edit, ...]]) -> list[str]:
    """The scopes of two calls whose suggestions are offered, when the first one has these edits instead."""
    content = (HEAD + LOAD.format(1) + LOAD.format(2)).encode()
    file = parse("app.py", content)
    assert file is not None
    first, second = alarms = [one for one in alarms_in(file) if one.rule.name == TIMEOUT]
    other = replace(first, alarm=replace(first.alarm, edits=edits(first)))
    offers = offered(Text(content, file, alarms), [other, second], (), lambda _: None)
    return [one.scope for one in (other, second) if id(one) in offers]


def test_one_that_spoils_the_file_does_not_take_the_others_along() -> None:
    assert _tried_with(lambda one: one.alarm.edits) == ["load_1", "load_2"]
    assert _tried_with(lambda one: (replace(one.alarm.edits[0], text=", timeout=("),)) == ["load_2"]


def test_one_that_does_not_do_well_beside_another_is_tried_alone(
    monkeypatch: pytest.MonkeyPatch, parsed: list[bytes]
) -> None:
    content = (HEAD + LOAD.format(1) + LOAD.format(2)).encode()
    file = parse("app.py", content)
    assert file is not None
    first, second = alarms = [one for one in alarms_in(file) if one.rule.name == TIMEOUT]

    def confused(file: SourceFile, place: Span, rules_off: tuple[str, ...]) -> list[Raised]:
        is_beside = file.text.count(b"timeout=10") == 2 and b"load_2" in file.text[slice(*place)]
        return [second] if is_beside else alarms_around(file, place, rules_off)

    monkeypatch.setattr(offering, "alarms_around", confused)
    offers = offered(Text(content, file, alarms), alarms, (), lambda _: None)
    assert [id(one) in offers for one in (first, second)] == [True, True]
    assert [text.count(b"timeout=10") for text in parsed] == [2, 1]


def test_one_that_leaves_the_finding_is_not_offered() -> None:
    assert _tried_with(lambda one: (replace(one.alarm.edits[0], text=", stream=1"),)) == ["load_2"]


def test_one_that_raises_another_finding_is_not_offered() -> None:
    assert _tried_with(lambda one: (replace(one.alarm.edits[0], text=", timeout=None"),)) == ["load_2"]


def test_one_in_the_header_of_a_function_is_judged_by_those_who_call_it() -> None:
    assert suggestions(ASYNC_VOID.format(""), "A.cs") == {2: "  async Task Load() { await Read(); }"}
    assert suggestions(ASYNC_VOID.format("  void Start() { Load(); }\n"), "A.cs") == {}


def test_places_hold_after_longer_lines_and_odd_line_endings() -> None:
    code = "\ufeff" + (HEAD + "".join(LOAD.format(number) for number in range(3))).replace("\n", "\r\n")
    findings = scan_pair(FilePair("app.py", None, None, code.encode()), WHOLE).findings
    text = code.encode()
    for one in findings:
        assert one.suggestion is not None
        text = apply_suggestion(text, one.suggestion)
    assert text.count(b", timeout=10)\r\n") == 3


@pytest.mark.parametrize("end", ["\n    return n\n\nrequests.get(v)\n", "\n", ""])
def test_one_that_takes_lines_away_is_tried_on_what_is_left(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    tried: list[SourceFile] = []
    monkeypatch.setattr(offering, "parse_again", lambda *given: tried.append(parse_again(*given)) or tried[-1])
    content = f"import requests\n\ndef load(url):\n    n = 1\n    requests.get(url){end}".encode()
    file = parse("app.py", content)
    assert file is not None
    alarms = [one for one in alarms_in(file) if one.rule.name == TIMEOUT]
    start = content.index(b"    requests.get(url)")
    gone = replace(alarms[0], alarm=replace(alarms[0].alarm, edits=(Edit(start, start + 21, ""),)))
    wanted = [gone, *alarms[1:]]
    assert len(offered(Text(content, file, alarms), wanted, (), lambda _: None)) == len(wanted)
    at_once = parse("app.py", tried[0].text)
    assert at_once is not None
    assert str(tried[0].tree.root_node) == str(at_once.tree.root_node)
    assert [call.start_line for call in tried[0].calls] == [call.start_line for call in at_once.calls]
