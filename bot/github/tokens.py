"""Who we are to GitHub: an App, one of its installations, or the owner of a token."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth

from bot.errors import SettingsError
from bot.settings.service import GitHub

RENEW_BEFORE_S = 120.0
"""An installation token is renewed this long before it ends, so that none ends under a request."""


class Credentials:
    """Authorization headers. `mint(installation_id)` asks GitHub for an installation token, as the App."""

    def __init__(self, settings: GitHub, clock: Callable[[], float], mint: Callable[[int], dict[str, Any]]) -> None:
        self._settings = settings
        self._clock = clock
        self._mint = mint
        self._app: Auth.AppAuth | None = None
        self._lock = threading.Lock()
        self._minting: dict[int, threading.Lock] = {}
        self._tokens: dict[int, tuple[str, float]] = {}

    def of_app(self) -> str:
        """A signed statement that we are the App. Raises SettingsError where no App is set."""
        if not self._settings.is_app:
            raise SettingsError("This needs a GitHub App: set SEAWALL_GITHUB__APP_ID and its private key.")
        with self._lock:
            if self._app is None:
                key = _signing_key(self._settings.key_pem())
                # typed as text, but PyJWT takes a parsed key too
                self._app = Auth.AppAuth(self._settings.app_id, cast(Callable[[], str], lambda: key))
        return f"Bearer {self._app.token}"

    def of(self, installation_id: int | None) -> str:
        """An installation's token where we are an App and know the installation, else the token of the settings."""
        token = self._settings.token.get_secret_value()
        if self._settings.is_app and installation_id is not None:
            token = self._installation_token(installation_id)
        if not token:
            raise SettingsError(
                "No credentials for GitHub: set SEAWALL_GITHUB__TOKEN, or SEAWALL_GITHUB__APP_ID and its key."
                if not self._settings.is_app
                else "The App's installation is not known for this repository; install the App there."
            )
        return f"Bearer {token}"

    def forget(self, installation_id: int | None) -> None:
        """After GitHub refused a token: the next request gets a new one."""
        with self._lock:
            self._tokens.pop(installation_id or 0, None)

    def _installation_token(self, installation_id: int) -> str:
        with self._lock:
            one_at_a_time = self._minting.setdefault(installation_id, threading.Lock())
        with one_at_a_time:
            token, ends_at = self._tokens.get(installation_id, ("", 0.0))
            if ends_at - self._clock() < RENEW_BEFORE_S:
                minted = self._mint(installation_id)
                token, ends_at = str(minted["token"]), datetime.fromisoformat(minted["expires_at"]).timestamp()
                self._tokens[installation_id] = (token, ends_at)
            return token


@lru_cache(maxsize=4)
def _signing_key(pem: str) -> PrivateKeyTypes:
    """Parsed and checked once: that takes a good part of a tenth of a second. Raises SettingsError."""
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as unusable:
        raise SettingsError(
            f"The App's private key cannot sign: {unusable}. Give the .pem file as GitHub made it."
        ) from None


@dataclass(frozen=True)
class Identity:
    """One of the parties above, as a request needs it. `installation_id` None: the token of the settings."""

    credentials: Credentials
    installation_id: int | None = None
    is_app_itself: bool = False

    def authorization(self) -> str:
        return self.credentials.of_app() if self.is_app_itself else self.credentials.of(self.installation_id)

    def refused(self) -> None:
        self.credentials.forget(self.installation_id)
