"""Pull requests of one team, written down moment by moment, and what a person computes of them with a pencil.

The week is 2026-W44 in Berlin: from Sunday 2026-10-25 23:00 UTC to Sunday 2026-11-01 23:00 UTC. Clocks went back on the
Sunday before it began. Working hours are 08:00 to 16:00 UTC in it, and 07:00 to 15:00 UTC before.

A line is `MM-DD HH:MM event [actor] [key=value …]`, in UTC of 2026. `part`: hours of coding, pickup, pickup in working
hours, review, merging, ready to merge, first commit to merge; `-` where there is none.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TEAM = 7
REPOSITORY = "harbour/pier"


@dataclass(frozen=True)
class Case:
    about: str
    author: str
    lines: str
    parts: str = "- - - - - - -"
    row: tuple[tuple[str, Any], ...] = ()


CASES: dict[int, Case] = {
    1: Case("plain", "ana", """
        10-26 06:00 first-commit
        10-26 08:00 opened ana is_draft=false additions=10 deletions=5
        10-26 10:00 reviewed ben state=approved
        10-26 12:00 merged ben""", "2 2 2 0 2 4 6"),
    2: Case("opened as a draft: the draft is coding, nobody is waited for", "ben", """
        10-26 08:00 first-commit
        10-26 09:00 opened ben is_draft=true additions=50 deletions=10
        10-26 20:00 size additions=80 deletions=20
        10-27 09:00 ready ben
        10-27 12:00 reviewed cleo state=commented
        10-27 13:00 pushed ben
        10-27 14:00 reviewed cleo state=approved
        10-27 15:00 merged cleo""", "25 3 3 2 1 6 31"),
    3: Case("looked at while it still was a draft: picked up at once", "cleo", """
        10-26 08:00 first-commit
        10-26 08:00 opened cleo is_draft=true
        10-26 10:00 reviewed dan state=commented
        10-26 12:00 ready cleo
        10-26 13:00 reviewed dan state=approved
        10-26 14:00 merged dan""", "4 0 0 1 1 2 6"),
    4: Case("taken back into draft for 23 hours: 1 h open, then 2 h", "dan", """
        10-26 07:00 first-commit
        10-26 08:00 opened dan is_draft=false
        10-26 09:00 drafted dan
        10-27 08:00 ready dan
        10-27 10:00 reviewed eve state=approved
        10-27 11:00 merged eve""", "1 3 3 0 1 27 28"),
    5: Case("closed for 46 hours and reopened: 2 h open, then 1 h", "eve", """
        10-26 08:00 first-commit
        10-26 08:00 opened eve is_draft=false
        10-26 10:00 closed eve
        10-28 08:00 reopened eve
        10-28 09:00 reviewed ana state=approved
        10-28 10:00 merged ana""", "0 3 3 0 1 50 50"),
    6: Case("never reviewed, merged by its author", "ana", """
        10-27 08:00 first-commit
        10-27 09:00 opened ana is_draft=false
        10-27 10:00 merged ana""", "1 - - - - 1 2"),
    7: Case("never reviewed, merged by another; first commit unknown", "ben", """
        10-27 08:00 opened ben is_draft=false
        10-27 12:00 merged cleo""", "- - - - - 4 -"),
    8: Case("of a bot: in no figure but its own", "renovate[bot]", """
        10-27 08:00 opened renovate[bot] is_draft=false
        10-27 09:00 reviewed ana state=approved
        10-27 09:00 merged ana""", "- 1 1 0 0 1 -", (("author_is_bot", 1),)),
    9: Case("bots review first: they are not waited for", "cleo", """
        10-27 08:00 first-commit
        10-27 08:00 opened cleo is_draft=false additions=30 deletions=10
        10-27 08:05 reviewed sonar[bot] state=commented
        10-27 08:06 reviewed seawall state=changes-requested is_bot=true
        10-27 12:00 reviewed dan state=approved
        10-27 12:30 merged dan""", "0 4 4 0 0.5 4.5 4.5"),
    10: Case("the author's own remarks are no review", "dan", """
        10-27 09:00 first-commit
        10-27 10:00 opened dan is_draft=false
        10-27 10:30 reviewed dan state=commented
        10-27 10:31 commented dan place=code
        10-27 11:00 reviewed eve state=commented
        10-27 13:00 reviewed eve state=approved
        10-27 13:00 merged eve""", "1 1 1 2 0 3 4"),
    11: Case("a revert, merged by its author after a review", "eve", """
        10-28 08:00 opened eve is_draft=false
        10-28 08:00 reverts number=1
        10-28 08:30 reviewed ana state=approved
        10-28 08:30 merged eve""", "- 0.5 0.5 0 0 0.5 -"),
    # Friday 16:00 to Monday 10:00 in Berlin look like 66 h on the clock and are 67; one working hour on each day.
    12: Case("over the weekend in which clocks go back", "ana", """
        10-23 12:00 first-commit
        10-23 14:00 opened ana is_draft=false additions=5 deletions=3
        10-26 09:00 reviewed ben state=approved
        10-26 10:00 merged ben""", "2 67 2 0 1 68 70"),
    13: Case("changes requested, pushed with force and again", "ben", """
        10-28 08:00 first-commit
        10-28 08:00 opened ben is_draft=false additions=200 deletions=100
        10-28 10:00 reviewed cleo state=changes-requested
        10-28 11:00 pushed ben is_forced=true
        10-28 12:00 pushed ben
        10-28 14:00 reviewed cleo state=approved
        10-28 15:00 merged cleo""", "0 2 2 4 1 7 7"),
    14: Case("rewritten by force: the earliest commit is younger than the opening", "cleo", """
        10-29 08:00 opened cleo is_draft=false
        10-29 11:00 pushed cleo is_forced=true
        10-29 12:00 first-commit
        10-29 13:00 reviewed dan state=approved
        10-29 14:00 merged dan""", "0 5 5 0 1 6 6"),
    15: Case("an approval dismissed by a push, and a second one", "dan", """
        10-29 08:00 first-commit
        10-29 08:00 opened dan is_draft=false
        10-29 09:00 reviewed eve state=approved review_id=151
        10-29 10:00 pushed dan
        10-29 10:00 reviewed eve state=dismissed review_id=151
        10-29 12:00 reviewed ana state=approved review_id=152
        10-29 13:00 merged ana""", "0 1 1 3 1 5 5"),
    16: Case("merged after its only approval was dismissed", "eve", """
        10-29 08:00 first-commit
        10-29 08:00 opened eve is_draft=false
        10-29 10:00 reviewed ana state=approved review_id=161
        10-29 11:00 reviewed ana state=dismissed review_id=161
        10-29 12:00 merged eve""", "0 2 2 2 - 4 4"),
    17: Case("closed without a merge", "ana", """
        10-28 08:00 opened ana is_draft=false
        10-28 09:00 reviewed ben state=commented
        10-28 10:00 closed ana""", "- 1 1 - - - -"),
    18: Case("open, nobody has looked yet", "ben", """
        10-30 08:00 opened ben is_draft=false"""),
    19: Case("reviewed the week before, merged in this one", "cleo", """
        10-20 08:00 first-commit
        10-21 08:00 opened cleo is_draft=false
        10-22 08:00 reviewed dan state=commented
        10-26 08:00 reviewed dan state=approved
        10-26 09:00 merged dan""", "24 24 8 96 1 121 145"),
    20: Case("merged in the second in which the week begins", "dan", """
        10-25 20:00 first-commit
        10-25 21:00 opened dan is_draft=false
        10-25 22:00 reviewed eve state=approved
        10-25 23:00 merged eve""", "1 1 0 0 1 2 3"),
    21: Case("merged in the second in which the week is over: still open", "eve", """
        11-01 20:00 first-commit
        11-01 20:00 opened eve is_draft=false
        11-01 22:00 reviewed ana state=approved
        11-01 23:00 merged ana""", "0 2 0 - - - -"),
    22: Case("two approvals: the last lets it in", "ana", """
        10-30 08:00 first-commit
        10-30 08:00 opened ana is_draft=false
        10-30 09:00 reviewed ben state=approved
        10-30 11:00 reviewed cleo state=approved
        10-30 12:00 merged cleo""", "0 1 1 2 1 4 4"),
    23: Case("approved only after its author had merged it", "ben", """
        10-30 08:00 first-commit
        10-30 09:00 opened ben is_draft=false
        10-30 10:00 merged ben
        10-30 11:00 reviewed cleo state=approved""", "1 - - - - 1 2"),
    24: Case("all its accounts are gone", "", """
        10-30 08:00 opened is_draft=false
        10-30 10:00 reviewed state=approved
        10-30 11:00 merged""", "- 2 2 0 1 3 -"),
    25: Case("a comment in the code is a review, one in the conversation is none", "cleo", """
        10-30 08:00 first-commit
        10-30 08:00 opened cleo is_draft=false
        10-30 08:30 commented ana place=conversation
        10-30 09:00 commented dan place=code
        10-30 09:10 commented cleo place=code
        10-30 09:11 commented ci[bot] place=conversation
        10-30 10:00 reviewed dan state=approved
        10-30 10:00 merged dan""", "0 1 1 1 0 2 2"),
    26: Case("a comment and a review heard of twice", "dan", """
        10-30 10:00 first-commit
        10-30 10:00 opened dan is_draft=false
        10-30 12:00 commented ana place=code id=261
        10-30 12:01 commented ana place=code id=261
        10-30 13:00 reviewed ana state=approved review_id=9
        10-30 13:01 reviewed ana state=approved review_id=9
        10-30 14:00 merged ana""", "0 2 2 1 1 4 4"),
    27: Case("made ready: so it was a draft, though its opening does not say so", "eve", """
        10-30 06:00 first-commit
        10-30 07:00 opened eve
        10-30 09:00 ready eve
        10-30 10:00 reviewed ben state=approved
        10-30 10:00 merged ben""", "3 1 1 0 0 1 4"),
    28: Case("open, changes requested and not answered", "ana", """
        10-27 08:00 opened ana is_draft=false
        10-27 09:00 reviewed cleo state=changes-requested""", "- 1 1 - - - -"),
    29: Case("open and approved", "ben", """
        10-28 08:00 opened ben is_draft=false
        10-28 12:00 reviewed dan state=approved""", "- 4 4 - - - -"),
    30: Case("open, answered by a push and forgotten", "cleo", """
        10-15 08:00 opened cleo is_draft=false
        10-16 08:00 reviewed eve state=commented
        10-17 08:00 pushed cleo""", "- 24 8 - - - -"),
    31: Case("open, its checks have failed", "dan", """
        10-29 08:00 opened dan is_draft=false head_sha=h31
        10-29 08:20 checked ci[bot] conclusion=failure sha=h31 app=ci"""),
    32: Case("an open draft waits for nobody", "eve", """
        10-29 08:00 opened eve is_draft=true"""),
    33: Case("lived on a weekend alone", "ana", """
        10-31 10:00 first-commit
        10-31 12:00 opened ana is_draft=false
        11-01 12:00 reviewed dan state=approved
        11-01 12:00 merged dan""", "2 24 0 0 0 24 26"),
    34: Case("its opening was never heard: the host says when it was made", "ben", """
        10-26 10:00 reviewed cleo state=approved
        10-26 11:00 merged cleo""", "- 2 2 0 1 3 -", (("created_at", "2026-10-26T08:00:00Z"),)),
    35: Case("closed and merged in the same second", "cleo", """
        10-29 09:00 first-commit
        10-29 09:00 opened cleo is_draft=false
        10-29 10:00 reviewed eve state=approved
        10-29 11:00 closed eve
        10-29 11:00 merged eve""", "0 1 1 0 1 2 2"),
    36: Case("only a bot has reviewed it", "dan", """
        10-28 08:00 first-commit
        10-28 08:00 opened dan is_draft=false
        10-28 08:10 reviewed seawall[bot] state=commented
        10-28 09:00 merged eve""", "0 - - - - 1 1"),
    37: Case("of a bot, open: waits in nobody's list", "renovate[bot]", """
        10-28 08:00 opened renovate[bot] is_draft=false""", row=(("author_is_bot", 1),)),
}  # fmt: skip


def events_of(number: int, lines: str, year: int = 2026) -> list[dict[str, Any]]:
    return [_event(number, line.split(), year) for line in lines.strip().splitlines()]


def pull_request_of(number: int, author: str, **more: Any) -> dict[str, Any]:
    return {
        "repository_id": TEAM,
        "number": number,
        "repository": REPOSITORY,
        "title": f"Change {number}",
        "author": author,
        "author_is_bot": 0,
        "is_draft": 0,
        "is_open": 1,
        "url": f"https://github.test/{REPOSITORY}/pull/{number}",
        "created_at": "",
    } | more


def parts_of(number: int) -> list[float | None]:
    return [None if part == "-" else float(part) for part in CASES[number].parts.split()]


def _event(number: int, words: list[str], year: int) -> dict[str, Any]:
    day, clock, event, *rest = words
    actor = rest.pop(0) if rest and "=" not in rest[0] else ""
    details = {key: _value(text) for key, text in (word.split("=") for word in rest)}
    return {
        "repository_id": TEAM,
        "number": number,
        "event": event,
        "at": datetime.fromisoformat(f"{year}-{day}T{clock}:00+00:00").isoformat(),
        "actor": actor,
        "details": json.dumps(details),
    }


def _value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
