"""Where an author let another linter's equivalent pass, ours is silent, and says by which remark."""

import pytest

from bot.rules import FilePair, FileScan, ScanOptions, all_rules, scan_pair
from bot.rules.remarks.equivalents import names_of

GET = "import requests\nrequests.get(url)"
CATCH = "def f():\n    try:\n        g()\n    except BaseException:\n        count()\n"
TALK = "async function ask() {}\nfunction f() {\n  ask();\n}"
EMPTY = "function f() {\n  try { g(); }\n  catch (e) {\n  }\n}"
BODY = 'package a\n\nimport "net/http"\n\nfunc f() error {\n\tr, err := http.DefaultClient.Do(q)\n\treturn err\n}\n'
RESCUE = "def f\n  g\nrescue Exception\n  count\nend"


def scanned(path: str, code: str, rule: str) -> tuple[list[int], list[str]]:
    """Lines of the findings of one rule, and the remarks that silence others of it."""
    scan = scan_pair(FilePair(path, None, None, code.encode(), frozenset()), ScanOptions(whole=True))
    dropped = [one.detail for one in scan.dropped if one.finding is not None and one.finding.rule == rule]
    return [one.start_line for one in scan.findings if one.rule == rule], dropped


def is_settled(path: str, code: str, rule: str) -> bool:
    found, dropped = scanned(path, code, rule)
    assert bool(found) is not bool(dropped), (found, dropped)
    return bool(dropped)


TIMEOUT = "missing-timeout/http-or-socket-call"


@pytest.mark.parametrize(
    ("code", "settled"),
    [
        (GET + "  # noqa: S113", True),
        (GET + "  #noqa:E501,S113", True),
        (GET + "  # noqa: E501 S113 the sidecar limits it", True),
        (GET + "  # NOQA: S113", True),
        (GET + "  # nosec B113", True),
        (GET + "  # nosec: B113", True),
        (GET + "  # pylint: disable=missing-timeout", True),
        (GET + "  # pylint: disable=line-too-long, W3101", True),
        (GET.replace("\n", "\n# pylint: disable-next=missing-timeout\n"), True),
        ("# pylint: disable=missing-timeout\n" + GET, True),
        ("# ruff: noqa: S113\n" + GET, True),
        (GET + "\n# flake8: noqa: S113\n", True),
        (GET.replace("(url)", "(\n    url,\n)  # noqa: S113"), True),
        (GET, False),
        (GET + "  # noqa", False),
        (GET + "  # noqa: S110", False),
        (GET + "  # nosec", False),
        (GET + "\n# noqa: S113", False),
        ("# ruff: noqa\n" + GET, False),
        ("# ruff: noqa: E501\n" + GET, False),
        (GET.replace("url", "'# noqa: S113'"), False),
        (GET.replace("\n", "\n#nosec B113\n"), False),
        ("# pylint: disable=missing-timeout\n" + GET + "\n# pylint: enable=missing-timeout", True),
        ("# pylint: disable=missing-timeout\n# pylint: enable=missing-timeout\n" + GET, False),
        ("# pylint: disable=missing-timeout\n# pylint: enable=all\n" + GET, False),
        ("def f():\n    # pylint: disable=missing-timeout\n    pass\n" + GET, False),
    ],
)
def test_python(code: str, settled: bool) -> None:
    assert is_settled("a.py", code, TIMEOUT) is settled


def test_a_remark_counts_for_the_code_that_its_rule_knows() -> None:
    sockets = "import urllib.request\nurllib.request.urlopen(url)  # noqa: S113"
    assert not is_settled("a.py", sockets, TIMEOUT)


@pytest.mark.parametrize("remark", ["noqa: BLE001", "noqa: E722", "pylint: disable=broad-except"])
def test_older_names_of_the_same_rule_count(remark: str) -> None:
    code = CATCH.replace("BaseException:", f"BaseException:  # {remark}")
    assert is_settled("a.py", code, "broad-catch/bare-or-base-except")


def test_a_remark_to_squawk_settles_a_migration() -> None:
    code, remark = "CREATE INDEX done ON orders (done);\n", "-- squawk-ignore require-concurrent-index-creation\n"
    rule, path = "migration-hazard/blocking-index-build", "migrations/0002_orders.sql"
    assert is_settled(path, remark + code, rule)
    assert not is_settled(path, remark.replace("creation", "deletion") + code, rule)


def test_it_is_recorded_with_the_remark() -> None:
    assert scanned("a.py", GET + "  # noqa: S113", TIMEOUT) == ([], ["# noqa: S113"])


def scan_change(before: str, after: str) -> FileScan:
    return scan_pair(FilePair("a.py", None, before.encode(), after.encode(), frozenset({2})), ScanOptions())


def test_taking_a_linters_remark_away_leaves_the_old_code_that_it_is() -> None:
    remarked = GET + "  # noqa: S113\n"
    assert scan_change(remarked, GET + "\n").findings == ()
    assert scan_change(GET + "\n", remarked).findings == ()


def test_taking_our_own_remark_away_asks_what_stands_there() -> None:
    remarked = GET + f"  # seawall: ignore[{TIMEOUT}] the sidecar limits it\n"
    assert [one.rule for one in scan_change(remarked, GET + "\n").findings] == [TIMEOUT]


@pytest.mark.parametrize(
    ("code", "settled"),
    [
        (TALK.replace("ask();", "ask(); // eslint-disable-line @typescript-eslint/no-floating-promises"), True),
        (TALK.replace("  ask();", "  // eslint-disable-next-line no-floating-promises -- told\n  ask();"), True),
        (TALK.replace("  ask();", "  // eslint-disable-next-line no-console, no-floating-promises\n  ask();"), True),
        (TALK.replace("  ask();", "  /* eslint-disable-next-line no-floating-promises */\n  ask();"), True),
        (TALK.replace("  ask();", "  // oxlint-disable-next-line no-floating-promises\n  ask();"), True),
        (TALK.replace("  ask();", "  // biome-ignore lint/nursery/noFloatingPromises: told\n  ask();"), True),
        (TALK.replace("  ask();", "  // tslint:disable-next-line:no-floating-promises\n  ask();"), True),
        ("/* eslint-disable no-floating-promises */\n" + TALK, True),
        ("/* eslint-disable no-floating-promises */\n" + TALK + "\n/* eslint-enable no-floating-promises */", True),
        ("/* eslint-disable no-floating-promises */\n/* eslint-enable no-floating-promises */\n" + TALK, False),
        ("/* eslint-disable no-floating-promises */\n/* eslint-enable no-console */\n" + TALK, True),
        ("/* eslint-disable no-floating-promises */\n/* eslint-enable */\n" + TALK, False),
        ("/* eslint-disable no-floating-promises */\n/* eslint-enable -- from here on */\n" + TALK, False),
        ("/* eslint-disable -- no-floating-promises */\n" + TALK, False),
        ("/* eslint-disable */\n" + TALK, False),
        ("/* eslint-disable no-console */\n" + TALK, False),
        (TALK.replace("  ask();", "  // eslint-disable-next-line\n  ask();"), False),
        (TALK.replace("  ask();", "  // eslint-disable-next-line no-floating-promises\n\n\n  ask();"), False),
    ],
)
def test_javascript(code: str, settled: bool) -> None:
    assert is_settled("a.ts", code, "fire-and-forget/floating-promise-or-task") is settled


@pytest.mark.parametrize(
    ("old", "new", "settled"),
    [
        ("Do(q)", "Do(q) //nolint:bodyclose", True),
        ("Do(q)", "Do(q) // nolint: errcheck,bodyclose // closed by the caller", True),
        ("\tr, err", "\t//nolint:bodyclose\n\tr, err", True),
        ("func f", "//nolint:bodyclose // closed by the caller\nfunc f", True),
        ("func f", "// f asks.\n//\n//nolint:bodyclose\nfunc f", True),
        ("package a", "//nolint:bodyclose\npackage a", True),
        ("package a", "//lint:file-ignore bodyclose the caller does\npackage a", True),
        ("\tr, err", "\t//lint:ignore bodyclose the caller does\n\tr, err", True),
        ("Do(q)", "Do(q) //nolint", False),
        ("Do(q)", "Do(q) //nolint:errcheck", False),
        ("func f", "//nolint:bodyclose\nvar a = 1\n\nfunc f", False),
    ],
)
def test_go(old: str, new: str, settled: bool) -> None:
    assert is_settled("a.go", BODY.replace(old, new), "resource-leak/http-body-not-closed") is settled


def test_go_names_the_analyzer_or_its_rule() -> None:
    code = 'package a\n\nimport "net/http"\n\nfunc f() { http.ListenAndServe(a, h) }REMARK\n'
    for remark in ("//nolint:gosec", "// #nosec G114 -- inside the mesh"):
        assert is_settled("a.go", code.replace("REMARK", f" {remark}"), "server-timeout/serve-without-timeouts")
    assert not is_settled("a.go", code.replace("REMARK", " // #nosec G112"), "server-timeout/serve-without-timeouts")


JAVA = "class A {\n  MARK\n  void f() {\n    try { g(); } catch (Exception e) { INNER }\n  }\n}"


@pytest.mark.parametrize(
    ("mark", "settled"),
    [
        ('@SuppressWarnings("java:S108")', True),
        ('@SuppressWarnings("squid:S108")', True),
        ('@SuppressWarnings({"unused", "java:S108"})', True),
        ('@SuppressWarnings("all")', False),
        ('@SuppressWarnings("java:S1181")', False),
        ("@Override", False),
    ],
)
def test_java(mark: str, settled: bool) -> None:
    code = JAVA.replace("MARK", mark).replace("INNER", "")
    assert is_settled("A.java", code, "swallowed-error/empty-catch") is settled


CSHARP = "class A {\n  ATTRIBUTE\n  void F() {\nABOVE\n    G();\nBELOW\n  }\n  async Task G() { await H(); }\n}"


@pytest.mark.parametrize(
    ("attribute", "above", "below", "settled"),
    [
        ("", "#pragma warning disable VSTHRD110", "#pragma warning restore VSTHRD110", True),
        ("", "#pragma warning disable CS1998, CS4014", "", True),
        ('[SuppressMessage("Usage", "CS4014:Await it", Justification = "told")]', "", "", True),
        ("", "#pragma warning disable", "", False),
        ("", "#pragma warning disable CA2000", "", False),
        ("", "#pragma warning disable CS4014\n#pragma warning restore CS4014", "", False),
        ("", "#pragma warning disable CS4014\n#pragma warning restore", "", False),
        ("", "#pragma warning disable CS4014\n#pragma warning restore CS1998", "", True),
        ('[SuppressMessage("Usage", "CA2000")]', "", "", False),
    ],
)
def test_csharp(attribute: str, above: str, below: str, settled: bool) -> None:
    code = CSHARP.replace("ATTRIBUTE", attribute).replace("ABOVE", above).replace("BELOW", below)
    assert is_settled("A.cs", code, "fire-and-forget/floating-promise-or-task") is settled


@pytest.mark.parametrize(
    ("old", "new", "settled"),
    [
        ("rescue Exception", "rescue Exception # rubocop:disable Lint/RescueException", True),
        ("def f", "# rubocop:disable Lint/RescueException\ndef f", True),
        ("end", "end\n# rubocop:enable Lint/RescueException", False),
        ("def f", "# rubocop:disable Lint/RescueException\n# rubocop:enable Lint/RescueException\ndef f", False),
        ("def f", "# rubocop:disable Lint/RescueException\n# rubocop:enable all\ndef f", False),
        ("def f", "def f # rubocop:disable Lint/RescueException", False),
        ("def f", "# rubocop:disable all\ndef f", False),
        ("def f", "# rubocop:todo Style/Documentation, Lint/RescueException\ndef f", True),
    ],
)
def test_ruby(old: str, new: str, settled: bool) -> None:
    assert is_settled("a.rb", RESCUE.replace(old, new, 1), "broad-catch/bare-or-base-except") is settled


@pytest.mark.parametrize(
    ("mark", "settled"),
    [
        ('@Suppress("SleepInsteadOfDelay")', True),
        ('@Suppress("detekt:SleepInsteadOfDelay")', True),
        ('@Suppress("UNUSED")', False),
    ],
)
def test_kotlin(mark: str, settled: bool) -> None:
    code = f"class A {{\n    {mark}\n    suspend fun f() {{\n        Thread.sleep(5)\n    }}\n}}"
    assert is_settled("A.kt", code, "blocking-in-async/sleep-in-async") is settled


@pytest.mark.parametrize(
    ("outer", "inner", "settled"),
    [
        ("#[allow(clippy::unwrap_used)]", "", True),
        ("", '#[expect(clippy::unwrap_used, reason = "checked")]', True),
        ("#![allow(clippy::unwrap_used)]", "", True),
        ("#[allow(clippy::expect_used)]", "", False),
        ("#[must_use]", "", False),
    ],
)
def test_rust(outer: str, inner: str, settled: bool) -> None:
    code = f"{outer}\nfn f(text: &str) -> u32 {{\n    {inner}\n    let n = text.parse::<u32>().unwrap();\n    n\n}}"
    assert is_settled("a.rs", code, "panic-on-error/unwrap-or-assert") is settled


def test_every_entry_has_names() -> None:
    for rule in all_rules():
        assert all(names for names, _ in names_of(rule.covered_by)), rule.name
        assert len(names_of(rule.covered_by)) == len(rule.covered_by)
