import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema_rs
import pytest

from bot.domain import Review, SkippedFile, Suggestion
from tests.review.formats import samples
from tests.review.formats.samples import render

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())
PAGES = {"missing-timeout/http-or-socket-call": "## What it finds\nA call without a `timeout`.\n\n## Why\nIt hangs.\n"}


def run(review, rules=PAGES):
    log = json.loads(render(review, "sarif", rules=rules))
    jsonschema_rs.Draft4Validator(SCHEMA).validate(log)
    return log["runs"][0]


@pytest.mark.parametrize("number", range(len(samples.ALL)))
def test_every_review_is_valid_sarif(number):
    assert run(samples.ALL[number])["tool"]["driver"]["name"] == "Seawall"
    assert run(samples.ALL[number], rules={})


def test_the_oracle_refuses_what_is_not_sarif():
    log = json.loads(render(samples.FULL, "sarif"))
    log["runs"][0]["results"][0]["level"] = "high"
    assert not jsonschema_rs.Draft4Validator(SCHEMA).is_valid(log)


def test_a_result_names_its_rule_place_level_and_fingerprint():
    answer = run(samples.FULL)
    result = answer["results"][0]
    assert answer["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == samples.FINDINGS[0].rule
    assert result["level"] == "error"
    assert result["partialFingerprints"] == {"seawall/v1": "a1b2c3d4e5f60718"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "shop/payment.py", "uriBaseId": "%SRCROOT%"}
    assert (place["region"]["startLine"], place["region"]["endLine"]) == (11, 11)
    assert [one["level"] for one in answer["results"]] == ["error", "error", "warning", "note"]


def test_a_rule_carries_its_page_as_help():
    rules = {rule["id"]: rule for rule in run(samples.FULL)["tool"]["driver"]["rules"]}
    described = rules["missing-timeout/http-or-socket-call"]
    assert described["help"]["markdown"].startswith("## What it finds")
    assert described["help"]["text"].startswith("What it finds\nA call without a timeout.")
    assert described["shortDescription"]["text"] == "A call without a timeout."
    assert rules["unbounded/fan-out"]["shortDescription"]["text"] == "fan out (unbounded)"
    assert rules.keys() >= set(samples.FULL.receipt.rules)


def test_left_to_itself_it_takes_the_pages_of_the_rules_that_ran():
    log = json.loads(render(samples.FULL, "sarif"))
    jsonschema_rs.Draft4Validator(SCHEMA).validate(log)
    rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    described = rules["missing-timeout/http-or-socket-call"]
    assert "## Why it matters" in described["help"]["markdown"]
    assert described["shortDescription"]["text"].endswith(".")
    assert "Severity" not in described["shortDescription"]["text"]


PATHS = ["a b.py", "é/ü.py", "a:b.py", "50%.py", "#x?.py", 'q"<>.py', "[id]/page.tsx", "caf\\xe9.py"]


@pytest.mark.parametrize("path", PATHS)
def test_any_path_becomes_a_relative_uri_that_leads_back_to_it(path):
    answer = run(Review(receipt=samples.receipt(), findings=(samples.finding(path=path),)))
    uri = answer["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert uri.isascii()
    assert unquote(uri) == path


def applied(fix, lines):
    """The lines after the replacement, by SARIF's rules for regions."""
    replacement = fix["artifactChanges"][0]["replacements"][0]
    region = replacement["deletedRegion"]
    text = "".join(f"{line}\n" for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    last = region["endLine"] - 1
    end = starts[last] + (region["endColumn"] - 1 if "endColumn" in region else len(lines[last]))
    return (text[:start] + replacement["insertedContent"]["text"] + text[end:]).splitlines()


@pytest.mark.parametrize(
    ("text", "expected"), [("B\nB2", ["a", "B", "B2", "d"]), ("", ["a", "d"]), ("x", ["a", "x", "d"])]
)
def test_a_fix_replaces_whole_lines(text, expected):
    bad = samples.finding(suggestion=Suggestion(start_line=2, end_line=3, text=text))
    result = run(Review(receipt=samples.receipt(), findings=(bad,)))["results"][0]
    assert applied(result["fixes"][0], ["a", "b", "c", "d"]) == expected


def test_what_was_not_read_is_a_notification_on_its_file():
    invocation = run(samples.PARTIAL)["invocations"][0]
    assert invocation["executionSuccessful"]
    whole, unread, note = invocation["toolExecutionNotifications"]
    assert (whole["level"], whole["descriptor"]["id"]) == ("warning", "review-incomplete")
    assert unread["level"] == "warning"
    assert unread["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/big.py"
    assert "did you mean" in note["message"]["text"]
    expected = SkippedFile(path="go.sum", reason="lock file")
    clean = run(Review(receipt=samples.receipt(files={"skipped": (expected,)})))
    assert clean["invocations"][0]["toolExecutionNotifications"][0]["level"] == "note"


def test_a_review_that_did_not_happen_is_not_a_success():
    assert not run(samples.NONE)["invocations"][0]["executionSuccessful"]
