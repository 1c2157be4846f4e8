"""The key that cookies are signed and tokens sealed with, and the digests that are kept instead of secrets."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError
from bot.settings import Settings

FILE = "dashboard.key"
_BYTES = 32


def cookie_key(settings: Settings) -> str:
    """The one of the settings, or one that is drawn once and kept in data_dir, for its owner alone.

    Raises SettingsError where it can be neither read nor written.
    """
    if key := settings.dashboard.key.get_secret_value():
        return key
    path = settings.data_dir / FILE
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _drawn(path)
    except OSError as fault:
        raise SettingsError(
            f"The dashboard's key {path} can be neither read nor written: {fault}. Set SEAWALL_DASHBOARD__KEY, or "
            "check data_dir and its owner."
        ) from fault


def _drawn(path: Path) -> str:
    if not path.exists():
        beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES))
        try:
            os.link(beside, path)  # whole or not at all; where another process was first, its key stands
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_text(encoding="ascii").strip()


def digest_of(secret: str) -> str:
    """What is kept of a cookie, a link or a token: it opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(_BYTES)


class Seal:
    """Closes a person's token, so that the ledger's file alone gives nobody access."""

    def __init__(self, key: str) -> None:
        derived = hashlib.sha256(b"seawall dashboard tokens\0" + key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, token: str) -> str:
        return self._fernet.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str:
        """Empty where it was closed with another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return ""
