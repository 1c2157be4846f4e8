"""The ways from what a person types to what that person sees: the request as each system sends and signs it, the real
edge, the command carried out, the real writer.

Only the engine between edge and worker is left out: what the edge hands over is answered on the spot.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
from flask.testing import FlaskClient

from bot.cli.chat import EXIT_CODES
from bot.domain import Answer, CommandGiven, Delivery, Reply, Transport
from bot.settings import Settings
from bot.transports import markdown
from bot.transports.slack import Slack
from bot.voices import ChatVoice
from tests.chat.people import CHANNEL, REPOSITORY, THREAD
from tests.chat.terminal import typed
from tests.chat.town import Town
from tests.transports.signing import signed_command, slash_command, teams_message
from tests.transports.slack_double import SlackDouble
from tests.webhooks import chat, edge, payloads

CARD = Path(__file__).parent.parent / "transports" / "teams-card.schema.json"
COMMENT_CHARS, CARD_BYTES, POST_CHARS, COLUMNS = 65_536, 28_000, 16_383, 80
"""The longest comment on GitHub, message in Teams and post in Mattermost; how wide a terminal is at least."""


@dataclass(frozen=True)
class Seen:
    """What came of one line. `shown`: the title as it is read, its sign before it; `text`: everything that is read."""

    answer: Answer
    given: CommandGiven
    shown: str
    text: str


class AtOnce:
    """An inbox that answers what it is handed, in the town of the test that runs."""

    def __init__(self) -> None:
        self.town: Town | None = None
        self.heard: list[tuple[CommandGiven, Answer]] = []

    def submit(self, delivery: Delivery) -> bool:
        for job in delivery.jobs:
            assert isinstance(job, CommandGiven)
            self.command(job)
        return True

    def command(self, given: CommandGiven) -> bool:
        assert self.town is not None, "a test says in which town it talks"
        self.heard.append((given, self.town.answer(given)))
        return True

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        given, answer = self.heard[-1]
        return answer.reply if given.id == command_id else None

    def backlog(self) -> Mapping[str, int]:
        return {}

    def alive(self) -> bool:
        return True


@dataclass(frozen=True)
class Edge:
    """One edge for all tests, with Slack behind it."""

    inbox: AtOnce
    client: FlaskClient
    settings: Settings
    there: SlackDouble


Way = Callable[[Edge, Town, str, str, bool], Seen]
"""edge, town, the line as typed, the login of whoever types it, whether in the thread of the finding."""


def github(edge_: Edge, town: Town, text: str, login: str, in_thread: bool) -> Seen:
    """A comment on the pull request, or an answer in the thread."""
    event = "pull_request_review_comment" if in_thread else "issue_comment"
    reply_to = {"in_reply_to_id": int(THREAD)} if in_thread else {}
    sent = payloads.comment(
        event,
        f"/seawall {text}\n\nThanks!",
        user={"login": login, "type": "User"},
        created_at=town.now.isoformat(timespec="seconds"),
        **reply_to,
    )
    sent["repository"] |= {"id": REPOSITORY.id, "name": REPOSITORY.name, "full_name": REPOSITORY.full_name}
    sent["issue" if "issue" in sent else "pull_request"]["number"] = 7
    sent["installation"]["id"] = REPOSITORY.installation_id
    taken = edge.deliver(edge_.client, sent, event)
    assert (taken.status_code, taken.get_json()["jobs"]) == (202, 1), taken.get_json()
    given, answer = edge_.inbox.heard[-1]
    comment = markdown.render(answer.reply)
    assert len(comment) < COMMENT_CHARS
    title = comment.partition("\n")[0].replace("**", "")
    return Seen(answer, given, _unescaped(title), _unescaped(comment))


def slack(edge_: Edge, town: Town, text: str, login: str, in_thread: bool) -> Seen:
    """`/seawall …` in the channel; the answer goes to the response_url, where Slack's limits are checked."""
    name = f"T1/{len(edge_.inbox.heard)}/x"
    body = slash_command(
        text,
        user_id=f"U-{login}",
        channel_id=CHANNEL,
        trigger_id=name,
        response_url=edge_.there.response_url(name),
    )
    acknowledged = chat.slack(edge_.client, "commands", body).get_json()
    assert acknowledged["response_type"] == "ephemeral"
    given, answer = edge_.inbox.heard[-1]
    before = len(edge_.there.posted)
    ChatVoice(Slack(), edge_.settings).say(given, answer.reply, given.id)
    posted = edge_.there.posted[before:]
    assert {kind for kind, _ in posted} == {"in_channel" if answer.reply.is_public else "ephemeral"}
    assert edge_.there.called == [], "nobody is called"
    read = html.unescape("\n".join(_values(message["blocks"], "text") for _, message in posted))
    return Seen(answer, given, html.unescape(posted[0][1]["text"]), read)


def teams(edge_: Edge, town: Town, text: str, login: str, in_thread: bool) -> Seen:
    """A message that mentions the outgoing webhook; the answer is its response."""
    body = teams_message(
        f"<p><at>Seawall</at>&nbsp;{html.escape(text)}</p>",
        **{"from": {"id": "29:1", "name": login.title(), "aadObjectId": f"U-{login}"}},
        conversation={"id": f"{CHANNEL};messageid=1", "conversationType": "channel", "tenantId": "T1"},
        channelData={"teamsChannelId": CHANNEL, "tenant": {"id": "T1"}},
    )
    answered = chat.teams(edge_.client, body)
    assert len(answered.data) <= CARD_BYTES
    card = answered.get_json()
    assert [fault.message for fault in _card_judge().iter_errors(card)] == []
    given, answer = edge_.inbox.heard[-1]
    content = card["attachments"][0]["content"]
    return Seen(answer, given, _values(content["body"][0], "text"), _values(content, "text"))


def signed(edge_: Edge, town: Town, text: str, login: str, in_thread: bool) -> Seen:
    """Signed JSON; the answer is the response."""
    body = signed_command(text, user={"id": f"U-{login}", "name": login.title()}, channel=CHANNEL)
    said = chat.signed(edge_.client, body).get_json()
    given, answer = edge_.inbox.heard[-1]
    assert (said["run_id"], said["state"]) == (given.run_id, answer.reply.state)
    assert len(said["text"]) <= POST_CHARS
    title = said["text"].partition("\n")[0].replace("**", "")
    return Seen(answer, given, _unescaped(title), _unescaped(said["text"]))


def terminal(edge_: Edge, town: Town, text: str, login: str, in_thread: bool) -> Seen:
    """`seawall chat "…"`."""
    told = typed(town, text)
    assert told.exit_code == EXIT_CODES.get(told.answer.reply.state, 0)
    assert max(map(len, told.prose)) <= COLUMNS
    return Seen(told.answer, told.given, told.output.partition("\n")[0], told.output)


WAYS: Mapping[Transport, Way] = {
    "github": github,
    "slack": slack,
    "teams": teams,
    "signed": signed,
    "terminal": terminal,
}


def _card_judge() -> Any:
    return jsonschema_rs.Draft7Validator(json.loads(CARD.read_text(encoding="utf-8")))


def _unescaped(text: str) -> str:
    return html.unescape(re.sub(r"\\(?=[^\w\s])", "", text))


def _values(tree: Any, name: str) -> str:
    """Every text under that name, in order."""
    if isinstance(tree, dict):
        own = [tree[name]] if isinstance(tree.get(name), str) else []
        return "\n".join([*own, *filter(None, (_values(value, name) for value in tree.values()))])
    return "\n".join(filter(None, (_values(value, name) for value in tree))) if isinstance(tree, list) else ""
