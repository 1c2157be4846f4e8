"""Who of a chat system owns which GitHub login, proved by a one-time code which that login posted."""

from sqlite_utils import Database

from bot.ledger.opening import Opened
from bot.ledger.rows import clean


class Links(Opened):
    def keep_link_code(self, person_key: str, login: str, code_digest: str, expires_at: str) -> None:
        """A person says to own a login. One code a person: a newer one takes the older one's place."""
        self._changed(
            """INSERT OR REPLACE INTO link_codes (person_key, login, code_digest, expires_at)
            VALUES (:person_key, :login, :code_digest, :expires_at)""",
            {
                "person_key": clean(person_key),
                "login": clean(login),
                "code_digest": code_digest,
                "expires_at": expires_at,
            },
        )

    def confirm_link(self, login: str, code_digest: str, at: str) -> str | None:
        """The login has posted a code: the person whose it is owns that login from now on.

        None for a code that is unknown, another login's, or too old. A used one says again what it said, as long as
        that link stands, and links nobody any more.
        """
        with self._connection.writing() as database:
            row = database.conn.execute(
                "SELECT person_key, login, expires_at, used_at FROM link_codes "
                "WHERE code_digest = ? AND login = ? COLLATE NOCASE",
                [code_digest, clean(login)],
            ).fetchone()
            if row is None:
                return None
            person_key, expected, expires_at, used_at = (str(value) for value in row)
            if used_at:
                links = database.conn.execute("SELECT login FROM links WHERE person_key = ?", [person_key])
                return person_key if links.fetchone() == (expected,) else None
            if expires_at <= at:
                return None
            database.conn.execute("UPDATE link_codes SET used_at = ? WHERE person_key = ?", [at, person_key])
            database.conn.execute("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", [person_key, expected, at])
            return person_key

    def login_of(self, person_key: str) -> str:
        """The GitHub login of a person; empty where none is proved. On GitHub people are their login."""
        if person_key.startswith("github:"):
            return person_key.split(":", 2)[-1]
        rows = self._rows("SELECT login FROM links WHERE person_key = :person_key", {"person_key": person_key})
        return str(rows[0]["login"]) if rows else ""

    def unlink(self, person_key: str) -> bool:
        """False where there was no link. An outstanding code goes too."""
        with self._connection.writing() as database:
            database.conn.execute("DELETE FROM link_codes WHERE person_key = ?", [person_key])
            return int(database.conn.execute("DELETE FROM links WHERE person_key = ?", [person_key]).rowcount) == 1


def drop_codes(database: Database, before: str) -> int:
    """Deletes codes that ended before that time. How many."""
    return int(database.conn.execute("DELETE FROM link_codes WHERE expires_at < ?", [before]).rowcount)
