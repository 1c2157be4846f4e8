"""Commands people gave: what was asked, what came of it, who still waits for an end."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.domain import CommandGiven, Person, Place
from bot.ledger.opening import Opened
from bot.ledger.rows import clean, upsert
from bot.ledger.work import keep_repository_if_unknown

ANSWER_URL_LIVES = timedelta(minutes=30)
_TEXT_LIMIT = 4000
"""Of `CommandGiven.text`; a mask or a pseudonym may have made it longer."""
_SHOWN = """id, run_id, name, text, state, title, transport, person_key, person_name, repository_id, number, at,
    ended_at, awaits"""


class Commands(Opened):
    def keep_command(self, given: CommandGiven, name: str) -> None:
        """A command as heard, once; `name` of the command it was understood as, or empty. Heard again, only the name
        may change.

        The answer URL is a secret: it is kept unmasked, blanked when the command ends, and in any case by the first
        command that comes half an hour later.
        """
        with self._connection.writing() as database:
            place = given.place
            if place.repository:
                keep_repository_if_unknown(database, place.repository)
            blank_old_answer_urls(database, datetime.fromisoformat(given.at))
            row = {
                "id": given.id,
                "run_id": given.run_id,
                "name": name,
                "text": given.text,
                "transport": given.person.transport,
                "workspace": given.person.workspace,
                "person_id": given.person.id,
                "person_name": given.person.name,
                "repository_id": place.repository.id if place.repository else None,
                "number": place.number,
                "place": place.model_copy(update={"answer_url": ""}).to_json(),
                "answer_url": "",
                "at": given.at,
            }
            known = database.conn.execute("SELECT 1 FROM commands WHERE id = ?", [given.id]).fetchone()
            if known:
                database.conn.execute("UPDATE commands SET name = ? WHERE id = ?", [clean(name), given.id])
                return
            upsert(database, "commands", row, ["id"])
            # Past the masks: masked, nobody could answer there.
            database.conn.execute("UPDATE commands SET answer_url = ? WHERE id = ?", [place.answer_url, given.id])

    def end_command(self, command_id: str, state: str, title: str, at: str, awaits: str = "") -> None:
        """What came of it. With `awaits`, the key of a review, its answer URL lives on until `end_wait`.

        Said again, it does not bring a wait back that is over.
        """
        self._changed(
            """UPDATE commands SET state = :state, title = :title, ended_at = :at,
                awaits = CASE WHEN :awaits = '' OR ended_at = '' THEN :awaits ELSE awaits END,
                answer_url = CASE WHEN :awaits = '' THEN '' ELSE answer_url END WHERE id = :id""",
            {"id": command_id, "state": state, "title": clean(title), "at": at, "awaits": clean(awaits)},
        )

    def command(self, run_id: str) -> dict[str, Any] | None:
        """The command people know by this run id: id, run_id, name, text, state (empty while under way), title,
        transport, person_key, person_name, repository_id, number, at, ended_at, awaits."""
        rows = self._rows(
            f"SELECT {_SHOWN} FROM commands WHERE run_id = :run_id ORDER BY at DESC LIMIT 1",  # noqa: S608 — ours
            {"run_id": run_id.strip().lower()},
        )
        return rows[0] if rows else None

    def commands_awaiting(self, review_key: str) -> list[CommandGiven]:
        """Commands whose thread is to hear of this review's end, oldest first."""
        sql = "SELECT * FROM commands WHERE awaits = :review_key AND awaits != '' ORDER BY at, id"
        return [_given(row) for row in self._rows(sql, {"review_key": review_key})]

    def end_wait(self, command_id: str) -> None:
        """The end was told: nothing is awaited any more, and the answer URL goes."""
        self._changed("UPDATE commands SET awaits = '', answer_url = '' WHERE id = :id", {"id": command_id})

    def commands_before(self, given: CommandGiven, since: str, until: str) -> int:
        """How many of the same person were known before this one, of those given from `since` to `until`.

        In the order they were heard in: GitHub delivers out of order, and a late one must not find its place taken
        back. One that is not known yet comes after all that are.
        """
        sql = """SELECT COUNT(*) AS given FROM commands WHERE person_key = :person_key AND at BETWEEN :since AND :until
            AND rowid < COALESCE((SELECT rowid FROM commands WHERE id = :id), 1 << 62)"""
        values = {"person_key": given.person.key, "since": since, "until": until, "id": given.id}
        return int(self._rows(sql, values)[0]["given"])

    def recent_commands(
        self, repository_id: int | None, number: int | None = None, limit: int = 20
    ) -> list[dict[str, Any]]:
        """Newest first, as `command` gives them; of one repository, and one pull request, where they are named."""
        sql = f"""SELECT {_SHOWN} FROM commands WHERE (:repository_id IS NULL OR repository_id = :repository_id)
            AND (:number IS NULL OR number = :number) ORDER BY at DESC, id DESC LIMIT :limit"""  # noqa: S608 — ours
        return self._rows(sql, {"repository_id": repository_id, "number": number, "limit": limit})


def blank_old_answer_urls(database: Database, now: datetime) -> None:
    before = (now.astimezone(UTC) - ANSWER_URL_LIVES).isoformat(timespec="seconds")
    database.conn.execute("UPDATE commands SET answer_url = '' WHERE answer_url != '' AND at < ?", [before])


def drop_texts(database: Database, before: str) -> int:
    """Empties what people wrote in commands given before that time, and ends their waiting; the row stays."""
    return int(
        database.conn.execute(
            """UPDATE commands SET text = '', title = '', answer_url = '', awaits = ''
            WHERE at < ? AND (text != '' OR title != '' OR answer_url != '' OR awaits != '')""",
            [before],
        ).rowcount
    )


def _given(row: dict[str, Any]) -> CommandGiven:
    # A forgotten login may have been a word of ours, so what is known otherwise is not read out of the JSON.
    sure = {name: row[name] for name in ("transport", "answer_url")}
    place = Place.from_json(json.loads(row["place"]) | sure)
    person = Person(
        transport=row["transport"], workspace=row["workspace"], id=row["person_id"], name=row["person_name"]
    )
    return CommandGiven(id=row["id"], text=row["text"][:_TEXT_LIMIT], person=person, place=place, at=row["at"])
