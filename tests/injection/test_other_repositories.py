"""What belongs to a repository is told to nobody who may not see it, from wherever it is asked."""

import re

import pytest

from tests.injection.scene import Scene

ON_GITHUB = (
    "status acme/vault", "status acme/vault#1", "memory acme/vault", "waivers acme/vault", "config acme/vault",
    "posture acme/vault", "incident list acme/vault", "stats 7d acme/vault", "weekly acme/vault",
    "explain fade012",
    "fix fade0123456789ab", "dismiss fade012 by design", "memory forget g-ffffff1",
    "pause acme/vault", "resume acme/vault",
    "whoami acme/vault", "mute busy-wait for 7d acme/vault", "unmute busy-wait acme/vault", "subscribe acme/vault",
    "review acme/vault#1", "ask what is in https://127.0.0.1/acme/vault/pull/1 ?", "cancel acme/vault#1",
)  # fmt: skip
IN_CHAT = (*ON_GITHUB, "describe acme/vault#1", "explain fade012 acme/vault#1", "dismiss fade012 acme/vault#1")


def test_on_github_nobody_reads_of_another_repository(scene: Scene) -> None:
    """Not even who may see both: all who read the pull request would read it."""
    scene.change()
    login = "mona"
    with scene.unharmed():
        for text in (*ON_GITHUB, f"status {scene.vault_run}", f"cancel {scene.vault_run}"):
            said = scene.ask(login, f"/seawall {text}")
            assert (
                "✋" in said
                or "❓" in said
                or "Nothing is under way" in said
                or "was not muted" in said
                or "nobody has" in said
            ), said
            if "vault" not in text:
                assert "vault" not in said, said
    assert "acme/shop" in scene.ask(login, "/seawall status acme/shop")


@pytest.mark.parametrize("user", ["U-octocat", "U-nobody"])
def test_in_chat_who_may_not_see_it_cannot_tell_whether_it_is_there(scene: Scene, user: str) -> None:
    scene.change()
    if user == "U-octocat":
        scene.link(user, "octocat")
    with scene.unharmed():
        for text in IN_CHAT:
            told, other = (
                scene.slack(user, text.replace("acme/vault", name)) for name in ("acme/vault", "acme/nothing")
            )
            assert _bare(told, "acme/vault") == _bare(other, "acme/nothing"), text
    scene.link("U-mona", "mona")
    assert "1 thing is remembered for acme/vault" in scene.slack("U-mona", "memory acme/vault"), (
        "who may see it reads it"
    )


def test_the_run_of_another_repository(scene: Scene) -> None:
    scene.change()
    scene.link("U-octocat", "octocat")
    with scene.unharmed():
        for word in ("status", "cancel"):
            for said in (
                scene.ask("octocat", f"/seawall {word} {scene.vault_run}"),
                scene.slack("U-octocat", f"{word} {scene.vault_run}"),
            ):
                assert f"There is no run {scene.vault_run}" in said
                assert "vault" not in said.replace(scene.vault_run, "")
    scene.link("U-mona", "mona")
    assert f"{scene.vault_run} is done" in scene.slack("U-mona", f"status {scene.vault_run}")


def test_a_channel_is_not_made_to_hear_of_what_its_people_may_not_see(scene: Scene) -> None:
    scene.change()
    scene.link("U-octocat", "octocat")
    with scene.unharmed():
        assert "may not see it" in scene.slack("U-octocat", "subscribe acme/vault findings low+")
        assert "no repository" in scene.slack("U-octocat", "subscriptions")
    assert "hears of acme/shop" in scene.slack("U-octocat", "subscribe acme/shop")


def _bare(said: str, name: str) -> str:
    """Without the name and the run's id."""
    return re.sub(r"c-[0-9a-f]{7}", "", said).replace(name, "")
