import re

from bot.domain import Review, Severity
from bot.review.formats.github import PER_LEVEL
from tests.review.formats import samples
from tests.review.formats.samples import render

COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*)::(.*)$")


def rows(review):
    return render(review, "github").rstrip("\n").split("\n")


def runner_reads(row):
    """As the Actions runner takes a command apart."""
    level, properties, message = COMMAND.match(row).groups()

    def unescape(text, also=""):
        for code, sign in {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}.items():
            if sign in "\r\n" + also:
                text = text.replace(code, sign)
        return text.replace("%25", "%")

    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    return level, {key: unescape(value, ":,") for key, value in pairs.items()}, unescape(message)


def test_a_finding_is_an_annotation_on_its_lines():
    level, place, message = runner_reads(rows(samples.FULL)[0])
    assert level == "error"
    assert place == {
        "file": "shop/payment.py",
        "line": "11",
        "endLine": "11",
        "title": "requests.post can wait for ever (missing-timeout/http-or-socket-call)",
    }
    assert message == samples.FINDINGS[0].body
    assert [COMMAND.match(row)[1] for row in rows(samples.FULL)[:3]] == ["error", "error", "warning"]


def test_whatever_the_text_the_runner_reads_it_back_and_no_second_command():
    hostile = "100%, a:b\n::error::x\n##[group]y %0A::stop-commands::z"
    bad = samples.finding(path="we,ird:50%.py", title="a, b: 100%", body=hostile)
    shown = rows(Review(receipt=samples.receipt(), findings=(bad,)))
    assert len(shown) == 2
    _, place, message = runner_reads(shown[0])
    assert place["file"] == "we,ird:50%.py"
    assert place["title"].startswith("a, b: 100%")
    assert message == hostile


def test_findings_over_github_s_limit_are_listed_not_lost():
    many = [samples.finding(start_line=n, end_line=n, fingerprint=str(n)) for n in range(1, 26)]
    many.append(samples.finding(severity=Severity.LOW, path="a::set-env.py", title="##[x] ::y", fingerprint="l"))
    shown = rows(Review(receipt=samples.receipt(), findings=tuple(many)))
    assert sum(row.startswith("::error ") for row in shown) == PER_LEVEL
    assert sum(row.startswith("::notice ") for row in shown) == 1
    assert sum(row.startswith("high shop/payment.py:") for row in shown) == 15
    assert shown[-1].startswith("Seawall: 26 findings (25 high, 1 low)")


def test_a_plain_line_can_never_be_a_command():
    many = [samples.finding(start_line=n, end_line=n, path="::x\n::y##[z]", fingerprint=str(n)) for n in range(1, 13)]
    plain = [
        row for row in rows(Review(receipt=samples.receipt(), findings=tuple(many))) if not row.startswith("::error ")
    ]
    assert len(plain) == 3
    assert not any("::" in row or "##[" in row for row in plain)


def test_a_removed_line_has_no_place_to_be_annotated():
    assert any(row.startswith("low web/cart.ts:40") for row in rows(samples.FULL))


def test_an_incomplete_review_warns_and_a_clean_one_says_so():
    level, place, message = runner_reads(rows(samples.PARTIAL)[0])
    assert (level, place["title"]) == ("warning", "Seawall did not read everything")
    assert "src/big.py" in message
    assert rows(samples.CLEAN) == ["Seawall: Nothing found in 2 files"]
