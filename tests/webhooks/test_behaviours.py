"""Each file of the drawer does what its examples say, and copes with all that GitHub can send."""

from typing import Any

import pytest

from bot.domain import CheckRerequested, InstallationChanged, MergeGroupQueued, RepositoryChanged, ReviewWanted
from tests.webhooks.payloads import description, payload, pull_request
from webhooks.behaviour import Example, Ignored
from webhooks.events import BEHAVIOURS
from webhooks.payload import Payload
from webhooks.refusal import Malformed

EXAMPLES = [
    pytest.param(event, example, id=f"{event}: {example.says}")
    for event, behaviour in BEHAVIOURS.items()
    for example in behaviour.examples
]


def actions_of(event: str) -> list[str]:
    schema = description()["definitions"].get(f"{event}_event", {})
    return [choice["$ref"].split("$")[-1] for choice in schema.get("oneOf", ())]


EVERYTHING = [(event, action) for event in BEHAVIOURS for action in actions_of(event)]


def sent(event: str, action: str) -> dict[str, Any]:
    ours = {"repository": {"id": 71, "name": "checkout", "owner": {"login": "acme"}}}
    if event == "pull_request" and not action.startswith("review_request"):
        return pull_request(action)
    if event in ("check_run", "check_suite"):
        ours[event] = {"name": "Seawall", "head_sha": "a" * 40} if event == "check_run" else {"head_sha": "a" * 40}
    if event == "merge_group":
        ours[event] = {"head_sha": "a" * 40, "base_sha": "b" * 40}
    return payload(event, action, **({} if event.startswith("installation") else ours))


@pytest.mark.parametrize(("event", "example"), EXAMPLES)
def test_an_example_holds(event: str, example: Example) -> None:
    assert BEHAVIOURS[event].jobs(Payload(example.payload)) == example.wanted


@pytest.mark.parametrize("event", BEHAVIOURS)
def test_each_behaviour_states_its_policy_and_shows_it(event: str) -> None:
    behaviour = BEHAVIOURS[event]
    assert len((behaviour.__doc__ or "").split()) > 10
    assert behaviour.examples
    assert event in description()["events"]


@pytest.mark.parametrize(("event", "action"), EVERYTHING)
def test_no_action_that_github_sends_is_malformed(event: str, action: str) -> None:
    is_request = action.startswith("review_request")  # GitHub describes these two apart, one way each for user and team
    values = pull_request("opened") | {"action": action} if is_request else sent(event, action)
    wanted = BEHAVIOURS[event].jobs(Payload(values))
    assert isinstance(wanted, Ignored) or wanted


@pytest.mark.parametrize(
    ("event", "action", "kind"),
    [
        ("pull_request", "opened", ReviewWanted),
        ("pull_request", "reopened", ReviewWanted),
        ("pull_request", "ready_for_review", ReviewWanted),
        ("pull_request", "synchronize", ReviewWanted),
        ("check_run", "rerequested", CheckRerequested),
        ("check_suite", "rerequested", CheckRerequested),
        ("merge_group", "checks_requested", MergeGroupQueued),
        ("installation", "created", InstallationChanged),
        ("installation", "deleted", InstallationChanged),
        ("installation_repositories", "added", InstallationChanged),
        ("installation_repositories", "removed", InstallationChanged),
        ("repository", "renamed", RepositoryChanged),
        ("repository", "transferred", RepositoryChanged),
        ("repository", "deleted", RepositoryChanged),
    ],
)
def test_a_whole_payload_asks_for_the_job(event: str, action: str, kind: type) -> None:
    values = sent(event, action)
    if event == "installation":
        values["repositories"] = [{"id": 71, "node_id": "x", "name": "a", "full_name": "acme/a", "private": True}]
    if event == "installation_repositories":
        values["repositories_added"] = values["repositories_removed"] = []
    wanted = BEHAVIOURS[event].jobs(Payload(values))
    assert not isinstance(wanted, Ignored)
    assert isinstance(wanted[-1], kind)


def test_the_whole_pull_request_is_read() -> None:
    wanted = BEHAVIOURS["pull_request"].jobs(Payload(pull_request("opened", body="So that", labels=[])))
    assert not isinstance(wanted, Ignored)
    job = wanted[-1]
    assert isinstance(job, ReviewWanted)
    read = job.pull_request
    assert (read.repository.full_name, read.repository.id, read.repository.installation_id) == ("acme/checkout", 71, 5)
    assert (read.number, read.title, read.body, read.author) == (12, "Retry payments", "So that", "mona")
    assert (read.base_ref, read.base_sha, read.head_ref, read.head_sha) == (
        "main",
        "b" * 40,
        "retry-payments",
        "a" * 40,
    )
    assert (read.is_open, read.is_draft, read.author_is_bot) == (True, False, False)


WRONG = {
    "pull_request": (None, [], "x"),
    "number": (None, 0, -1, True, 1.5, "12", 2**63),
    "title": (7, ["x"]),
    "draft": ("yes", 1),
    "state": (None, 3),
    "labels": ("x", ["x"], [{}], [{"name": None}]),
    "user": ("mona", 3),
    "base": (None, {}, {"ref": "main", "sha": "xyz"}, {"ref": 1, "sha": "b" * 40}),
    "head": ({"ref": "main", "sha": "A" * 40}, {"ref": "main", "sha": "a" * 40 + "\n"}),
    "created_at": (None, "yesterday", 1763600000),
    "updated_at": ("", "2026-11-20", {}),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_misshapen_field_is_named(name: str, value: Any) -> None:
    values = pull_request("reopened" if name == "updated_at" else "opened")  # what was opened says so itself
    if name == "pull_request":
        values[name] = value
    else:
        values["pull_request"][name] = value
    with pytest.raises(Malformed, match=f"pull_request.*{name}|`pull_request`"):
        BEHAVIOURS["pull_request"].jobs(Payload(values))


@pytest.mark.parametrize("name", ["../etc", "a b", "", "..", "a/b", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    repository = {"id": 1, "name": name, "owner": {"login": "acme"}}
    with pytest.raises(Malformed, match="repository"):
        BEHAVIOURS["repository"].jobs(Payload({"action": "renamed", "repository": repository}))
    listed = [{"id": 1, "full_name": f"/{name}"}]
    with pytest.raises(Malformed, match="repositories"):
        BEHAVIOURS["installation"].jobs(
            Payload({"action": "created", "installation": {"id": 5}, "repositories": listed})
        )
