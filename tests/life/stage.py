"""A stage for whole stories: GitHub's stand-in over HTTP, real git, real webhooks, the real stories, a real ledger."""

import os
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.chat.host import HostPolicies
from bot.chat.story import ChatStory
from bot.cli.wiring import chat_desk
from bot.demo.standin import HookTarget, PullRequest, StandIn
from bot.demo.standin.people import Person
from bot.domain import Finding, Model, Point
from bot.domain import PullRequest as KnownPullRequest
from bot.github import GitHubHost
from bot.ledger import Ledger
from bot.review.story import ReviewStory
from bot.review.sweeping import Sweeper
from bot.settings import load_settings
from bot.voices import voices_of
from bot.weekly.delivery.courier import Courier
from tests.life.clockwork import Clock, Signer
from tests.life.small_engine import Receiver, SmallEngine
from tests.review.lives import InProcess

Files = Mapping[str, str | None]
"""Path → text; None: the file is deleted."""
SECRET = "a-secret-only-for-the-stage"
US = "seawall[bot]"

EVERYTHING = {"min_confidence": 0.45}
"""What becomes of a point does not depend on how sure a rule is; the quieter ones make points too."""


class Stage:
    """One repository and the people around it. Every deed takes a minute, and what it sets off is done before the next.

    `model` reviews beside the rules. `policy` is that of the service; `.github/seawall.toml` on main overrides it.
    """

    def __init__(self, folder: Path, base: Files, model: Model | None = None, **policy: Any) -> None:
        self.clock = Clock()
        self.there = StandIn(clock=self.clock)
        self.there.start()
        self.there.app.permissions["contents"] = "write"
        self._in_order()
        self.folder = folder / "shop"
        self.folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.write(base, "The shop")
        self.repository = self.there.add_repository("acme", "shop", str(self.folder / ".git"))
        self.pulls: list[PullRequest] = []
        self.deeds: list[tuple[datetime, PullRequest, str]] = []
        """What people did to pull requests, beside what they said there."""
        self.first: dict[str, Finding] = {}
        """What each point said when it was new, by fingerprint."""
        app = self.there.app
        github = {
            "base_url": self.there.base_url, "app_id": app.id, "private_key": app.private_key, "webhook_secret": SECRET,
        }  # fmt: skip
        self.settings = load_settings({}, llm={"profile": "economy"}, github=github, policy=EVERYTHING | policy)
        self.host = GitHubHost(self.settings.github, clock=self.clock.seconds, sleep=self.clock.sleep)
        self.host._credentials._app = Signer(app, self.clock)  # type: ignore[assignment]
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.engine = self._engine(model)
        self.model = model
        self.engine.reviewed = self._remember
        self._receiver = Receiver(self.engine.take)
        self.there.courier.target = HookTarget(self._receiver.url, SECRET)

    def _in_order(self) -> None:
        """One webhook after the other, and ids of deliveries that do not mix with those of comments: told twice, a
        story is the same to the letter."""
        courier = self.there.courier
        courier.close()
        courier._senders = ThreadPoolExecutor(1)
        courier._next_id = count(1).__next__

    def _engine(self, model: Model | None) -> SmallEngine:
        """Wired as a worker is (cli/wiring.py), by this clock."""
        reviews = ReviewStory(self.settings, self.host, self.ledger, InProcess(), model, self.clock)  # type: ignore[arg-type]
        policies = HostPolicies(self.host, self.settings, self.clock.seconds)
        desk = chat_desk(self.settings, self.host, self.ledger, reviews, model)
        desk = replace(desk, clock=self.clock, policies=policies)
        sweeper = Sweeper(
            self.host, self.ledger, lambda where: policies.of(where, None).policy, self.clock, desk.own_host
        )
        courier = Courier(self.settings, self.ledger, self.host, self.clock, model)
        chat = ChatStory(desk, voices_of(self.settings, self.host), sweeper, courier)
        return SmallEngine(self.settings, reviews, chat, self.clock)

    # code

    def git(self, *arguments: str) -> str:
        date = {f"GIT_{role}_DATE": f"{self.clock().timestamp():.0f} +0000" for role in ("AUTHOR", "COMMITTER")}
        who = {f"GIT_{role}_{what}": "dana" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | who | clean | date, timeout=120)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout.strip()

    def write(self, files: Files, message: str) -> str:
        """A commit on the branch that is checked out; its sha."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A", ".")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def on_main(self, files: Files, message: str = "Meanwhile on main") -> None:
        """Somebody else's work reaches the base branch; nobody is told."""
        self.clock.pass_by(minutes=1)
        self.git("checkout", "-q", "-f", "main")
        self.write(files, message)

    # pull requests

    @property
    def pull(self) -> PullRequest:
        """The one opened last."""
        return self.pulls[-1]

    def open(self, files: Files, title: str = "Charge customers", author: str = "dana") -> PullRequest:
        self.clock.pass_by(minutes=1)
        branch = f"feature-{len(self.pulls) + 1}"
        self.git("checkout", "-q", "-f", "-B", branch, "main")
        self.write(files, title)
        self.pulls.append(self.there.open_pull_request(self.repository, "main", branch, title, "", author=author))
        self._did(f"{author} opened “{title}” at `{self.pull.head_sha[:7]}`")
        self.settle()
        return self.pull

    def push(self, files: Files, message: str = "More") -> None:
        """One more commit on the pull request opened last."""
        self._at_head()
        self._pushed(self.write(files, message), f"pushed “{message}”")

    def force_push(self, files: Files, message: str = "Reworked") -> None:
        """The branch begins anew from main, with one commit whose changed files are these."""
        self._at_head()
        kept = {
            path: self.git("show", f"HEAD:{path}") + "\n"
            for path in self.git("diff", "--name-only", "--diff-filter=d", "main...HEAD").split()
            if path not in files
        }
        self.git("reset", "-q", "--hard", "main")
        left = {path: text for path, text in files.items() if text is not None}
        self._pushed(self.write(kept | left, message), f"force-pushed “{message}”")

    def push_head(self, revision: str) -> None:
        """Any commit at all, such as an earlier head."""
        self.clock.pass_by(minutes=1)
        self._pushed(self.git("rev-parse", revision), "force-pushed")

    def rebase(self) -> None:
        """Onto main as it is now, force-pushed."""
        self._at_head()
        self.git("rebase", "-q", "main")
        self._pushed(self.git("rev-parse", "HEAD"), "rebased onto main, and force-pushed")

    def merge(self, by: str = "erin") -> None:
        self.clock.pass_by(minutes=1)
        self._did(f"{by} merged it")
        self.by(by, "maintain", lambda person: person.merge(self.pull))

    def close_unmerged(self) -> None:
        self.clock.pass_by(minutes=1)
        self._did("dana closed it")
        self.there.close_pull_request(self.repository, self.pull)
        self.settle()

    def reopen(self) -> None:
        self.clock.pass_by(minutes=1)
        self.there.reopen(self.repository, self.pull)
        self.settle()

    def _at_head(self) -> None:
        self.clock.pass_by(minutes=1)
        self.git("checkout", "-q", "-f", "-B", self.pull.head_ref, self.pull.head_sha)

    def _pushed(self, sha: str, how: str) -> None:
        self.git("checkout", "-q", "-f", "--detach")
        self._did(f"dana {how}: `{sha[:7]}`")
        self.by("dana", "", lambda dana: dana.push(self.pull, sha))

    def _did(self, what: str) -> None:
        self.deeds.append((self.clock(), self.pull, what))

    # people

    def person(self, login: str, permission: str = "") -> Person:
        return self.there.person(self.repository, login, permission)

    def by(self, login: str, permission: str, deed: Callable[[Person], Any]) -> Any:
        """Somebody does something; what that sets off is done on return. `permission`: as it was where it is empty."""
        self.clock.pass_by(minutes=1)
        done = deed(self.person(login, permission))
        self.settle()
        return done

    def settle(self) -> None:
        """Every webhook has arrived, every job is done, and those that came of it, too."""
        while True:
            self.there.courier._senders.submit(int).result(timeout=120)
            if not self.engine.run():
                return

    def sweep(self) -> None:
        """A quarter of an hour later reactions are looked for."""
        self.clock.pass_by(minutes=15)
        self.engine.sweep()
        self.settle()

    # what is known

    def points(self) -> list[Point]:
        return self.ledger.points(self.repository.id, self.pull.number)

    def point(self, code: str) -> Point:
        """The point whose quoted code, when it was new, held this text."""
        found = [point for point in self.points() if code in self.first[point.fingerprint].evidence]
        assert len(found) == 1, f"{len(found)} points quote {code!r}: {[p.finding.evidence for p in self.points()]}"
        return found[0]

    def thread(self, code: str) -> int:
        """The inline comment of that point."""
        comment_id = self.point(code).comment_id
        assert comment_id, f"the point about {code!r} has no comment"
        return comment_id

    def fates(self) -> dict[str, str]:
        """What the record says in the end, by fingerprint; those not judged are missing."""
        return self.ledger.fates(self.repository.id, self.pull.number)

    def _remember(self, pull_request: KnownPullRequest) -> None:
        for point in self.ledger.points(pull_request.repository.id, pull_request.number):
            self.first.setdefault(point.fingerprint, point.finding)

    def close(self) -> None:
        self._receiver.close()
        self.host.close()
        self.there.close()
        self.ledger.close()
