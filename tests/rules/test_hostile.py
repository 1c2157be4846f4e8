"""Files that nobody meant to be read: broken, deep, huge, binary, of mixed encodings. Each is scanned or named."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules import FilePair, ScanOptions, all_rules, scan_all, scan_pair
from bot.syntax import all_languages
from bot.syntax.guard import Guard

ALL = ScanOptions(whole=True, include_tests=True)
TRIES = int(os.environ.get("HOSTILE_TRIES", "25"))
"""More of them by hand: `HOSTILE_TRIES=2000 pytest tests/rules/test_hostile.py`."""
SUFFIXES = sorted(suffix for language in all_languages() for suffix in language.suffixes[:1])
CODE = {
    suffix: [
        example.code.encode()
        for rule in all_rules()
        for example in (*rule.bad, *rule.good)
        if example.file_name.endswith(suffix)
    ]
    or [b"a"]
    for suffix in SUFFIXES
}
ODD = (
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"\xef\xbb\xbf",
    b'"',
    b"'",
    b"`",
    b"/*",
    b"#",
    b"{",
    b")",
    b"\xe2\x80\xa8",
    b"\t",
    b"\\",
)


@st.composite
def _broken(draw: st.DrawFn, suffix: str) -> bytes:
    """Rules' examples, cut, spliced, doubled, sprinkled with odd bytes or in another encoding."""
    text = draw(st.sampled_from(CODE[suffix]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        other = draw(st.sampled_from(CODE[suffix]))
        how = draw(st.sampled_from(["cut", "splice", "repeat", "odd", "swap", "drop"]))
        if how == "cut":
            text = text[:at]
        elif how == "splice":
            text = text[:at] + other[draw(st.integers(0, len(other))) :]
        elif how == "repeat":
            text = text[:at] + text[at : at + 30] * draw(st.integers(2, 20)) + text[at:]
        elif how == "odd":
            text = text[:at] + draw(st.sampled_from(ODD)) * draw(st.integers(1, 5)) + text[at:]
        elif how == "swap":
            text = text[at:] + text[:at]
        else:
            text = text[:at] + text[at + draw(st.integers(1, 10)) :]
    encoding = draw(st.sampled_from(["", "", "", "utf-16", "utf-32-be"]))
    return text.decode("utf-8", "replace").encode(encoding) if encoding else text


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=TRIES, deadline=None, derandomize=TRIES == 25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_broken_code_is_scanned_without_falling_over(suffix: str, data: st.DataObject) -> None:
    head = data.draw(_broken(suffix))
    base = data.draw(st.none() | _broken(suffix) | st.sampled_from(CODE[suffix]))
    added = frozenset(range(1, head.count(b"\n") + 2))
    scan = scan_pair(FilePair(f"service/a{suffix}", None, base, head, added), ALL)
    lines = head.count(b"\n") + 1
    for finding in scan.findings:
        assert 1 <= finding.start_line <= finding.end_line <= lines
        assert len(finding.title) <= 80


SIZE = 1 if TRIES == 25 else 6
DEEP = {
    "brackets": b"(" * 3_000 * SIZE,
    "closed brackets": b"[" * 500 * SIZE + b"]" * 500 * SIZE,
    "blocks": b"{ if (a) " * 500 * SIZE,
    "calls": b"a(" * 500 * SIZE + b"1" + b")" * 500 * SIZE,
    "chains": b"a" + b".b()" * 500 * SIZE,
    "indents": b"".join(b" " * depth + b"if a:\n" for depth in range(70 * SIZE)),
    "one line": b"x = '" + b"a" * 50_000 * SIZE + b"'",
    "sums": b"x = " + b"a + " * 1_000 * SIZE + b"a",
    "strings": b'"' * 1_999 * SIZE,
    "noughts": b"\0" * 10_000 * SIZE,
    "noise": bytes(range(256)) * 40 * SIZE,
    "lines": b"f(x)\n" * 1_000 * SIZE,
}


@pytest.fixture(scope="module")
def guard():
    with Guard(processes=2, timeout_s=10, memory_mb=1024) as made:
        yield made


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_that_are_deep_or_huge_are_scanned_or_named(suffix: str, guard: Guard) -> None:
    pairs = [FilePair(f"{name}{suffix}", None, None, content) for name, content in DEEP.items()]
    for pair, scan in zip(pairs, scan_all(guard, pairs, ALL), strict=True):
        assert scan.path == pair.path
        assert not scan.failure or "the limit for one file" in scan.failure or "memory" in scan.failure
