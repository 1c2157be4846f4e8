"""`record`: the counts of the ledger, with the interval they allow."""

from bot.domain import Table
from tests.chat.people import POINT, REPOSITORY
from tests.chat.town import Town

AT = "2026-11-21T09:00:00+00:00"


def _judged(town: Town, fates: list[str]) -> None:
    for number, fate in enumerate(fates):
        name = f"{number:x}".rjust(16, "e")
        town.ledger.keep_points(REPOSITORY.id, 7, [POINT.model_copy(update={"fingerprint": name})], AT)
        town.ledger.keep_fate(REPOSITORY.id, 7, name, fate, AT)  # type: ignore[arg-type]


def test_a_rule_shows_what_became_of_it_and_how_certain_that_is(town: Town) -> None:
    _judged(town, ["fixed"] * 5 + ["accepted", "disputed", "dismissed", "ignored", "ignored"])
    reply = town.say("record").reply
    (table,) = [part for part in reply.parts if isinstance(part, Table)]
    row = next(row for row in table.rows if POINT.finding.rule in row[0])
    assert row[1:] == ("11", "5", "1", "2", "2", "60%", "31% to 83%")


def test_by_class_the_same_are_counted_together(town: Town) -> None:
    _judged(town, ["fixed", "disputed"])
    (table,) = [part for part in town.say("record classes").reply.parts if isinstance(part, Table)]
    assert table.columns[0] == "Class"
    assert [row[0] for row in table.rows] == [f"`{POINT.finding.class_}`"]


def test_a_repository_where_nothing_was_said_says_so(town: Town) -> None:
    assert "Nothing was said here yet" in town.say("record models").reply.model_dump_json()
