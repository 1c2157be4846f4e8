"""Whole payloads of comments, as GitHub sends them, and what of them is a command."""

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import CommandGiven, Job, ReplyNoted, ThreadNoted, TimelineNoted, marker_of
from tests.webhooks.edge import MemoryInbox, edge_settings, signed
from tests.webhooks.payloads import comment, thread
from webhooks.app import create_app
from webhooks.comments import MAX_TEXT_CHARS, command_in
from webhooks.events import BEHAVIOURS
from webhooks.payload import Payload

SECRET = "ghp_" + "a1B2" * 9


def only_job(event: str, values: dict[str, object]) -> Job:
    wanted = BEHAVIOURS[event].jobs(Payload(values))
    assert isinstance(wanted, tuple)
    [job] = wanted
    return job


def test_a_whole_comment_on_a_pull_request_is_a_command() -> None:
    job = only_job("issue_comment", comment("issue_comment", "/seawall stats 7d"))
    assert isinstance(job, CommandGiven)
    assert (job.id, job.text, job.person.key) == ("github-issue-comment-900", "stats 7d", "github::mona")
    assert job.place.repository
    assert (job.place.repository.full_name, job.place.repository.installation_id) == ("acme/checkout", 5)
    assert (job.place.number, job.place.message, job.place.thread) == (12, "900", "")


def test_a_whole_answer_in_a_thread_is_noted() -> None:
    values = comment("pull_request_review_comment", "By design", in_reply_to_id=800)
    wanted = BEHAVIOURS["pull_request_review_comment"].jobs(Payload(values))
    assert isinstance(wanted, tuple)
    noted, job = wanted
    assert isinstance(noted, TimelineNoted)
    assert [(each.event, each.details) for each in noted.events] == [("commented", {"id": 900, "place": "code"})]
    assert isinstance(job, ReplyNoted)
    assert (job.number, job.comment_id, job.in_reply_to, job.author, job.body) == (12, 900, 800, "mona", "By design")


@pytest.mark.parametrize(("action", "is_resolved"), [("resolved", True), ("unresolved", False)])
def test_a_whole_thread_is_noted(action: str, is_resolved: bool) -> None:
    job = only_job("pull_request_review_thread", thread(action))
    assert isinstance(job, ThreadNoted)
    assert (job.number, job.comment_ids, job.is_resolved, job.actor) == (12, (800, 900), is_resolved, "mona")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("/seawall", ""),
        ("@seawall\tstats\t7d ", "stats\t7d".replace("\t", " ")),
        ("   /seawall help", "help"),
        ("/SEAWALL Help", "Help"),
        ("@seawall, what now?", "what now?"),
        ("/seawall ask what?\rmore", "ask what?"),
        ("/seawall ask a\u2028b\x00c\x1bd", "ask a b c d"),
    ],
)
def test_a_command_is_one_clean_line(body: str, text: str) -> None:
    assert command_in(body) == text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "seawall help",
        "//seawall help",
        "/ seawall help",
        "\t/seawall help",
        "    /seawall help",
        "> /seawall help",
        ">/seawall help",
        "- /seawall help",
        "`/seawall help`",
        "~~~\n/seawall help\n~~~",
        "/seawallx",
        "/seawall-help",
        "/seawall/help",
        "/seawall.help",
        "@seawall-bot help",
        "@seawall[bot] help",
        "/seawall\u0131",
        "Thanks!\n\n/seawall help",
    ],
)
def test_what_is_no_command(body: str) -> None:
    assert command_in(body) is None


@given(st.text(max_size=300), st.sampled_from(["/seawall ", "@seawall ", "/seawall: "]))
def test_whatever_follows_stays_one_line_within_its_length(rest: str, opening: str) -> None:
    text = command_in(opening + rest)
    assert text is not None
    assert not any(sign in text for sign in "\n\r\x00\u2028")
    assert len(text) <= MAX_TEXT_CHARS


@given(st.text(max_size=200))
def test_no_other_opening_gives_a_command(body: str) -> None:
    first = body.lstrip("\r\n").lstrip(" ").lower()
    if not first.startswith(("/seawall", "@seawall")):
        assert command_in(body) is None


def test_a_secret_in_a_command_is_masked_before_anything_keeps_it(client: FlaskClient, inbox: MemoryInbox) -> None:
    body = json.dumps(comment("issue_comment", f"/seawall ask why does {SECRET} not work?")).encode()
    assert client.post("/webhooks/github", data=body, headers=signed(body, "issue_comment")).status_code == 202
    [delivery] = inbox.kept.values()
    assert SECRET not in delivery.model_dump_json()
    [job] = delivery.jobs
    assert isinstance(job, CommandGiven)
    assert job.text == "ask why does [secret masked] not work?"


def test_a_long_command_is_cut() -> None:
    assert len(command_in("/seawall ask " + "x" * 10_000) or "") == MAX_TEXT_CHARS


def test_what_we_post_ourselves_never_comes_back_as_a_command(client: FlaskClient, inbox: MemoryInbox) -> None:
    """With a person's token our own comments carry a person's name."""
    for guid, event in (("a" * 36, "issue_comment"), ("b" * 36, "pull_request_review_comment")):
        body = json.dumps(comment(event, f"/seawall help\n\n{marker_of('answer', 1)}")).encode()
        answer = client.post("/webhooks/github", data=body, headers=signed(body, event, guid))
        assert (answer.status_code, (answer.json or {}).get("reason")) == (202, "ignored: the comment is our own")
    assert not inbox.kept


def test_a_paused_service_hears_no_command_and_keeps_what_records(tmp_path_factory: pytest.TempPathFactory) -> None:
    inbox = MemoryInbox()
    settings = edge_settings(tmp_path_factory.mktemp("paused"), paused=True)
    client = create_app(settings, inbox).test_client()
    for number, values in enumerate(
        [
            comment("pull_request_review_comment", "/seawall help", in_reply_to_id=800),
            comment("pull_request_review_comment", "By design", in_reply_to_id=800),
        ]
    ):
        body = json.dumps(values).encode()
        headers = signed(body, "pull_request_review_comment", f"0b989ba4-242f-11e5-81e1-c7b6966d251{number}")
        client.post("/webhooks/github", data=body, headers=headers)
    command, reply = inbox.kept.values()
    assert (command.jobs, [job.kind for job in reply.jobs]) == ((), ["timeline", "reply"])
    assert ("paused" in command.ignored_because, reply.ignored_because) == (True, "")


def test_a_repository_that_is_not_served_gives_no_commands(tmp_path_factory: pytest.TempPathFactory) -> None:
    inbox = MemoryInbox()
    settings = edge_settings(tmp_path_factory.mktemp("other"), repositories=["other/*"])
    body = json.dumps(comment("issue_comment", "/seawall help")).encode()
    client = create_app(settings, inbox).test_client()
    client.post("/webhooks/github", data=body, headers=signed(body, "issue_comment"))
    assert [delivery.jobs for delivery in inbox.kept.values()] == [()]
