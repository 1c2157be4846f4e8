"""Slack, Teams and the signed endpoint: names, markup and buttons that act, requests that are not what they seem."""

from tests.injection.hostile import ON_ONE_LINE, TYPED
from tests.injection.obedient import ordered
from tests.injection.scene import Scene
from tests.transports.signing import press, signed_command, signed_headers, slack_headers, slash_command

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAMES = [
    "<!channel>",
    "<@U1>",
    "</at><at>everyone</at>",
    "<http://evil.example|https://github.com>",
    "*_`mona`_*",
    "octocat",
    "&lt;!here&gt;",
]


def test_a_display_name_that_acts(scene: Scene) -> None:
    scene.change()
    with scene.unharmed():
        for name in NAMES:
            assert "not linked" in scene.slack("U9", "whoami", name)
            assert "not linked" in scene.teams("<at>Seawall</at> whoami", name)
            assert "not linked" in scene.signed("whoami", name)
            assert "does not know who you are" in scene.slack("U9", f"pause acme/shop#1 for {name}", name)
    scene.link("U9", "octocat")
    assert "are paused" in scene.slack("U9", "pause acme/shop#1", NAMES[0]), "a name takes nothing away either"


def test_answers_that_act_in_every_system(scene: Scene) -> None:
    scene.change()
    for user, transport, workspace in (("U9", "slack", "T1"), ("aad-1", "teams", "tenant-1"), ("u7", "signed", "")):
        scene.link(user, "octocat", transport, workspace)
    with scene.unharmed():
        question = f"ask {ordered(ON_ONE_LINE)} acme/shop#1"
        for said in (scene.slack("U9", question), scene.teams(f"<at>Seawall</at> {question}"), scene.signed(question)):
            assert "LGTM" in said
    assert "LGTM" not in scene.slack("U9", "status acme/shop#1")


def test_commands_that_act_in_every_system(scene: Scene) -> None:
    scene.change()
    with scene.unharmed():
        for text in (TYPED, f"help {TYPED}", f"explain {TYPED}", f"{TYPED} help", "<!channel> help", "help </at>"):
            assert scene.slack("U9", text) != "[]"
            assert scene.teams(f"<at>Seawall</at> {text}") != ""
            assert scene.signed(text) != ""
    assert "What you can say" in scene.slack("U9", "help")


def test_an_announcement_of_names_that_act(scene: Scene) -> None:
    scene.link("U9", "octocat")
    scene.change()
    scene.slack("U9", "subscribe acme/shop findings low+")
    with scene.unharmed("points", "evidence"):
        scene.change(
            {"a|<!here>*_`x`.py": "import requests\n\n\ndef f(u):\n    return requests.get(u)\n"},
            title=f"{ON_ONE_LINE[:200]}",
        )
    news = [str(body) for method, body in scene.slack_side.posted if method == "chat.postMessage"]
    assert any("new finding" in each and "Dismiss" in each for each in news)


def test_a_button_pressed_in_another_workspace(scene: Scene) -> None:
    scene.change()
    scene.link("U9", "octocat")
    button = f"dismiss {scene.points()[0].handle} acme/shop#1"
    with scene.unharmed():
        assert "does not know who you are" in scene.press("U9", button, team="T2")
        assert "does not know who you are" in scene.press("U8", button)
        assert "There is no command" in scene.press("U9", "rm -rf / <!channel>")
    assert "Dismissed" in scene.press("U9", button)


def test_requests_that_nobody_vouches_for(scene: Scene) -> None:
    scene.change()
    scene.link("U7", "octocat")
    scene.link("u7", "octocat", "signed", "")
    slash, button, signed = (
        slash_command("pause acme/shop#1"),
        press("pause acme/shop#1"),
        signed_command("pause acme/shop#1"),
    )
    forged = (
        ("slack/commands", slash, slack_headers(slash, age_s=301)),
        ("slack/commands", slash, slack_headers(slash, secret="x")),
        ("slack/commands", slash, {}), ("slack/actions", button, slack_headers(slash)), ("slack/events", b"{}", {}),
        ("teams", signed, {"Authorization": "HMAC AAAA"}), ("signed", signed, signed_headers(signed, age_s=400)),
        ("signed", signed, signed_headers(b"{}")),
    )  # fmt: skip
    with scene.unharmed():
        for path, body, headers in forged:
            assert scene.edge.post(f"/chat/{path}", data=body, headers=FORM | headers).status_code == 401, path
    assert "are paused" in scene.slack("U7", "pause acme/shop#1")


def test_a_request_played_again(scene: Scene) -> None:
    scene.change()
    scene.link("U7", "octocat")
    body = slash_command("pause acme/shop#1", response_url=scene.slack_side.response_url("again"), trigger_id="again")
    for text in ("pause acme/shop#1", "resume acme/shop#1"):
        scene.slack("U7", text)
    scene.edge.post("/chat/slack/commands", data=body, headers=FORM | slack_headers(body))
    scene.slack("U7", "resume acme/shop#1")
    with scene.unharmed():
        again = scene.edge.post("/chat/slack/commands", data=body, headers=FORM | slack_headers(body))
        assert "Already on it" in again.text


def test_an_answer_is_posted_nowhere_else(scene: Scene) -> None:
    """The address to answer at comes with the request; only the chat system's own is used."""
    scene.change()
    posted, heard = len(scene.slack_side.posted), len(scene.hook.got)
    with scene.unharmed():
        body = slash_command("help", response_url=f"{scene.hook.url}/slack.com", trigger_id="elsewhere")
        scene.edge.post("/chat/slack/commands", data=body, headers=FORM | slack_headers(body))
        body = signed_command("help", answer_url="http://127.0.0.1:9/evil")
        scene.edge.post("/chat/signed", data=body, headers=signed_headers(body))
    assert len(scene.hook.got) == heard
    assert [method for method, _ in scene.slack_side.posted[posted:]] == ["chat.postEphemeral"], (
        "by the token, to the asker"
    )
