"""What must not stay does not stay: secrets, forgotten people and repositories, old raw text."""

from datetime import UTC, datetime
from pathlib import Path

from bot.domain import Dropped, Posted, Receipt, Review
from bot.ledger import Ledger
from tests.ledger.records import TOKEN, a_delivery, a_finding, a_pull_request, a_repository, a_review, a_run


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def test_no_secret_reaches_the_file_through_any_text(ledger: Ledger) -> None:
    soiled = a_finding(
        "f1", title=f"t {TOKEN}", body=TOKEN, evidence=f'key = "{TOKEN}"', scope=TOKEN, path=f"pay/{TOKEN}"
    )
    review = a_review(soiled)
    review = Review(
        receipt=review.receipt.model_copy(update={"reason": TOKEN, "notes": (TOKEN,)}),
        findings=review.findings,
        dropped=(Dropped(finding=soiled, reason="suppressed", detail=TOKEN),),
    )
    pull_request = a_pull_request(title=TOKEN, body=f"use {TOKEN}", head_ref=TOKEN, labels=(TOKEN,), author=TOKEN)
    ledger.keep_delivery(a_delivery(payload=f'{{"body":"{TOKEN}"}}', ignored_because=TOKEN, sender=TOKEN))
    ledger.keep_pull_request(pull_request)
    ledger.keep_event(71, 12, "opened", "2026-11-20T09:00:00Z", TOKEN, {"title": [TOKEN, {"deep": TOKEN}]})
    ledger.keep_review(**a_run(pull_request=pull_request, review=review, posted=Posted(review_id=1, url=TOKEN)))
    ledger.keep_model_call(
        "c1", review_key="k", model=TOKEN, prompt="review", prompt_version="1", outcome=f"refused: {TOKEN}", at="2026"
    )
    ledger.close()
    assert TOKEN.encode() not in bytes_of(ledger.path)
    assert b"[secret masked]" in bytes_of(ledger.path)


def test_a_masked_key_does_not_break_the_receipt(ledger: Ledger) -> None:
    begun = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow"
    ledger.keep_review(**a_run(review=a_review(reason=begun, notes=(begun, "seen"))))
    receipt = ledger.receipt_for_head(71, "a" * 40)
    assert isinstance(receipt, Receipt)
    assert receipt.notes[1] == "seen"
    assert "MIIE" not in receipt.reason


def test_text_that_utf8_cannot_hold_is_kept_all_the_same(ledger: Ledger) -> None:
    ledger.keep_pull_request(
        a_pull_request(title="half a smile \ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    )
    ledger.keep_event(71, 12, "opened", "2026-11-20T09:00:00Z", "mona", {"title": "half a smile \ud83d", "nul": "\0"})
    assert "half a smile ?" in ledger.ask("timeline", repository_id=71, number=12)[0]["details"]


def test_a_forgotten_repository_leaves_no_row_and_no_byte(ledger: Ledger) -> None:
    other = a_pull_request(repository=a_repository(id=72, name="basket"), head_sha="d" * 40, url="https://x.test/2")
    for pull_request in (a_pull_request(), other):
        repository = pull_request.repository
        ledger.keep_delivery(a_delivery(guid=f"guid-{repository.id}", repository=repository, jobs=()))
        ledger.keep_review(
            **a_run(
                pull_request=pull_request, posted=Posted(review_id=repository.id, comment_ids={"f1": repository.id})
            )
        )
        ledger.keep_event(repository.id, 12, "opened", "2026-11-20T09:00:00Z", "mona")
        ledger.keep_model_call(
            f"c{repository.id}", review_key="k", repository_id=repository.id, model="m", prompt="review",
            prompt_version="1", outcome="answered", at="2026",
        )  # fmt: skip
    before = ledger.counts()
    forgotten = ledger.forget(repository="Acme/Checkout")
    assert forgotten == {
        "comments": 1, "deliveries": 1, "dropped": 2, "events": 1, "findings": 2, "model_calls": 1,
        "pull_requests": 1, "repositories": 1, "reviews": 1,
    }  # fmt: skip
    after = ledger.counts()
    assert after == {table: count - forgotten.get(table, 0) for table, count in before.items()}
    assert [known.full_name for known in ledger.known_repositories()] == ["acme/basket"]
    ledger.close()
    assert b"checkout" not in bytes_of(ledger.path).lower()


def test_a_forgotten_person_is_somebody_everywhere_and_the_words_stay(ledger: Ledger) -> None:
    pull_request = a_pull_request(
        author="Mona-Lisa", title="@mona-lisa's idea", body="with mona-lisa", head_ref="mona-lisa/retry",
        url="https://github.com/mona-lisa/fork/pull/1",
    )  # fmt: skip
    finding = a_finding("f1", body="asked by @mona-lisa", evidence="# TODO(mona-lisa) timeout")
    ledger.keep_delivery(a_delivery(sender="mona-lisa", payload='{"login":"MONA-LISA"}', jobs=()))
    ledger.keep_pull_request(pull_request)
    ledger.keep_event(71, 12, "merged", "2026-11-20T09:00:00Z", "mona-lisa", {"by": "mona-lisa", "mona-lisa": 1})
    ledger.keep_event(71, 12, "closed", "2026-11-20T09:00:00Z", "mona-lisa-2")
    ledger.keep_review(**a_run(pull_request=pull_request, review=a_review(finding, notes=("by mona-lisa",))))
    touched = ledger.forget(user="mona-lisa")
    assert touched == {"deliveries": 1, "events": 1, "findings": 1, "pull_requests": 1, "reviews": 1}
    row = ledger.recent_reviews(1)[0]
    assert row["title"].startswith("@someone-")
    assert row["title"].endswith("'s idea")
    actors = {row["actor"] for row in ledger.ask("timeline", repository_id=71, number=12)}
    assert "mona-lisa-2" in actors
    assert len(actors) == 2
    ledger.close()
    left = bytes_of(ledger.path).lower().replace(b"mona-lisa-2", b"").replace(b'"mona-lisa":1', b"")
    assert b"mona-lisa" not in left
    assert ledger.ask("search-findings", words='"mona lisa"', limit=5) == []


def test_forgetting_what_was_never_known_touches_nothing(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    before = ledger.counts()
    assert ledger.forget(repository="acme/nothing", user="hubot") == {}
    assert ledger.counts() == before


def test_a_login_that_is_also_a_word_of_ours_breaks_no_receipt(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_delivery(a_delivery(sender="kind"))
    ledger.forget(user="kind")
    ledger.forget(user="coverage")
    assert ledger.receipt_for_head(71, "a" * 40) == a_review().receipt


def test_raw_deliveries_go_after_their_days_and_the_rest_of_the_row_stays(ledger: Ledger) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ledger.keep_delivery(a_delivery(guid="old", received_at="2026-10-21T11:59:59+00:00"))
    ledger.keep_delivery(a_delivery(guid="new", received_at="2026-10-21T12:00:01+00:00"))
    assert ledger.retention(30, now) == 1
    assert ledger.retention(30, now) == 0
    with ledger._connection.reading() as database:
        rows = {row["guid"]: row for row in database.table("deliveries").rows}
    assert (rows["old"]["payload"], rows["old"]["jobs"], rows["old"]["event"]) == (None, None, "pull_request")
    assert rows["new"]["payload"] == '{"action":"opened"}'
