"""GitHub, as one process knows it: its identities, limits and what was read of it lately."""

import random as randomness
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.domain.workers import LimitSeen
from bot.errors import Forbidden, SeawallError
from bot.github.api import Api
from bot.github.caches import Avoided, BlobCache, TextMemory
from bot.github.limits import HourlyLimits
from bot.github.retries import Retries
from bot.github.routes import Route
from bot.github.throttle import Throttle
from bot.github.tokens import Credentials, Identity
from bot.github.transport import CountCall, Transport
from bot.settings.service import GitHub

BLOB_CACHE_BYTES = 64 * 1024 * 1024
ORGANISATIONS_REMEMBERED = 1000
BASES_REMEMBERED = 200
CHECKS_REMEMBERED = 2000
PERMISSIONS_REMEMBERED = 5000


class GitHubHost:
    """One for a process, shared by threads. `settings` is `Settings.github`.

    `clock` gives seconds since the epoch, `random` 0..1, `count(method, route, status, seconds)` sees each request
    (the route is a template; status 0 where no answer came). Construction asks GitHub nothing.
    """

    def __init__(
        self,
        settings: GitHub,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = randomness.random,
        count: CountCall | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.blobs = BlobCache(BLOB_CACHE_BYTES)
        self.organisation_policies = TextMemory(ORGANISATIONS_REMEMBERED, clock)
        self.organisation_rules = TextMemory(ORGANISATIONS_REMEMBERED, clock)
        self.beside = TextMemory(BASES_REMEMBERED, clock)
        """What lies beside the policy, by repository and commit."""
        self.check_runs = TextMemory(CHECKS_REMEMBERED, clock)
        """Ids of the check runs shown from here, by commit and external id; GitHub is asked where it has none."""
        self.permissions = TextMemory(PERMISSIONS_REMEMBERED, clock)
        """What people may do, by repository's id and login; whoever asks looks at its age."""
        self.told = TextMemory(ORGANISATIONS_REMEMBERED, clock)
        """What the log has been told of installations, so that it is told once in a while."""
        self.no_graphql = Avoided(clock)
        """True for a while after GraphQL was found missing here."""
        self.no_check_runs = Avoided(clock)
        """True for a while after a token was found unable to create check runs."""
        self._sleep = sleep
        self._transport = Transport(settings, clock, count)
        self._retries = Retries(settings.attempts, settings.max_wait_s, sleep, random)
        self._credentials = Credentials(settings, clock, self._mint)
        self._limits = HourlyLimits(clock)
        self._lock = threading.Lock()
        self._apis: dict[int | str, Api] = {}
        self._login = ""

    def api(self, installation_id: int | None) -> Api:
        """As this installation of our App; without an App, as the owner of the token."""
        known = installation_id if self.settings.is_app else None
        return self._kept(known or "token", Identity(self._credentials, known))

    def app_api(self) -> Api:
        """As the App itself, for what no installation may ask. Raises SettingsError at its first use without one."""
        return self._kept("app", Identity(self._credentials, is_app_itself=True))

    def token(self, installation_id: int | None) -> str:
        """For programs that speak to GitHub themselves. Raises SettingsError where there is none."""
        known = installation_id if self.settings.is_app else None
        return self._credentials.of(known).removeprefix("Bearer ")

    def own_login(self) -> str:
        """The login that our reviews carry in REST answers: `seawall[bot]`, or the token's owner."""
        if not self._login:
            if self.settings.is_app:
                self._login = f"{self.app_api().get(Route('/app'))['slug']}[bot]"
            else:
                self._login = self._login_of_token()
        return self._login

    @property
    def is_broken(self) -> bool:
        """True while the circuit breaker lets nothing through."""
        return self._transport.is_broken

    def limits(self) -> tuple[LimitSeen, ...]:
        """What GitHub grants us this hour, as its answers told; asks nothing."""
        return self._limits.told()

    def close(self) -> None:
        """Gives all connections back."""
        self._transport.close()

    def _login_of_token(self) -> str:
        try:
            return str(self.api(None).get(Route("/user"))["login"])
        except Forbidden:
            return "github-actions[bot]"  # an Actions token has no user to ask for

    def _mint(self, installation_id: int) -> dict[str, Any]:
        route = Route("/app/installations/{installation_id}/access_tokens", {"installation_id": installation_id})
        minted = self.app_api().write("POST", route, repeatable=True)
        if not isinstance(minted, dict) or "token" not in minted or "expires_at" not in minted:
            raise SeawallError(
                f"GitHub gave no token for installation {installation_id}; its answer is not understood."
            )
        return minted

    def _kept(self, name: int | str, identity: Identity) -> Api:
        with self._lock:
            if name not in self._apis:
                limits = self.settings
                throttle = Throttle(
                    limits.writes_per_minute, limits.writes_per_hour, limits.max_wait_s, self.clock, self._sleep
                )
                hear = partial(self._limits.hear, "" if name == "token" else str(name))
                self._apis[name] = Api(self._transport, self._retries, throttle, identity, hear)
            return self._apis[name]
