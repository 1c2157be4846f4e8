"""Who is asking: a user's token, an installation's token, or the App itself with a signed JWT."""

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bot.demo.standin.records import Account
from bot.demo.standin.refusals import Refusal, bad_credentials

INSTALLATION_TOKEN_LIFE = timedelta(hours=1)
LONGEST_JWT_S = 600
CLOCK_SKEW_S = 60
_MOST_TOKENS = 10_000


@dataclass(slots=True)
class Token:
    """`installation_id` is None for a user's token. Quota is counted per token and hour."""

    text: str
    account: Account
    installation_id: int | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None
    scopes: str | None = None
    """Of a classic token, such as `repo`; a fine-grained one has none."""
    used: int = 0
    resets_at: datetime | None = None

    @property
    def is_installation(self) -> bool:
        return self.installation_id is not None

    def may(self, permission: str, level: str) -> bool:
        """An installation may what it was granted; a user's token is trusted with its repositories."""
        return not self.is_installation or self.permissions.get(permission, "") in ("write", level)

    def require(self, permission: str, level: str) -> None:
        """Refuses what it may not."""
        if not self.may(permission, level):
            raise Refusal(403, "Resource not accessible by integration")


class TokenBook:
    """Issues tokens and counts what they use."""

    def __init__(self, clock: Callable[[], datetime], rate_limit: int) -> None:
        self.rate_limit = rate_limit
        self._clock = clock
        self._tokens: dict[str, Token] = {}

    def issue(
        self, account: Account, installation_id: int | None = None, permissions: dict[str, str] | None = None
    ) -> Token:
        self._drop_expired()
        text = f"{'ghs' if installation_id else 'ghp'}_{secrets.token_hex(18)}"
        expires_at = self._clock() + INSTALLATION_TOKEN_LIFE if installation_id else None
        self._tokens[text] = Token(text, account, installation_id, permissions or {}, expires_at)
        return self._tokens[text]

    def find(self, authorization: str) -> Token:
        """The token of an Authorization header (`token …` or `Bearer …`), or 401."""
        scheme, _, text = authorization.partition(" ")
        token = self._tokens.get(text.strip()) if scheme.lower() in ("token", "bearer") else None
        if token is None or (token.expires_at and token.expires_at <= self._clock()):
            raise bad_credentials()
        return token

    def revoke(self, text: str) -> None:
        self._tokens.pop(text, None)

    def spend(self, token: Token) -> None:
        """Counts one request; over the limit it is refused until the hour is over."""
        now = self._clock()
        if token.resets_at is None or token.resets_at <= now:
            token.used, token.resets_at = 0, now + timedelta(hours=1)
        if token.used >= self.rate_limit:
            raise Refusal(403, f"API rate limit exceeded for {token.account.login}.")
        token.used += 1

    def _drop_expired(self) -> None:
        now = self._clock()
        for text, token in list(self._tokens.items()):
            if token.expires_at and token.expires_at <= now:
                del self._tokens[text]
        if len(self._tokens) >= _MOST_TOKENS:
            raise Refusal(403, "You have exceeded a secondary rate limit. Too many tokens were asked for.")


def verify_app_jwt(authorization: str, app_id: int, key: rsa.RSAPublicKey, now: datetime) -> None:
    """Checks a JWT as GitHub does: RS256 by the App's key, our App as issuer, not expired, not longer than 10 minutes.

    https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
    """
    try:
        signed, _, signature = authorization.partition(" ")[2].strip().rpartition(".")
        header, claims = (json.loads(_unpadded(part)) for part in signed.split("."))
        if header.get("alg") != "RS256":
            raise ValueError(header.get("alg"))
        key.verify(_unpadded(signature), signed.encode(), padding.PKCS1v15(), SHA256())
    except (ValueError, AttributeError, binascii.Error, InvalidSignature):
        raise Refusal(401, "A JSON web token could not be decoded") from None
    if str(claims.get("iss")) != str(app_id):
        raise Refusal(404, "Integration not found")
    _check_times(claims, now.timestamp())


def _check_times(claims: dict[str, Any], now_s: float) -> None:
    expires_s, issued_s = claims.get("exp"), claims.get("iat")
    if not isinstance(expires_s, int) or expires_s <= now_s:
        what = "must be a numeric value representing the future time at which the assertion expires"
        raise Refusal(401, f"'Expiration time' claim ('exp') {what}")
    if expires_s > now_s + LONGEST_JWT_S + CLOCK_SKEW_S:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued_s, int) or issued_s > now_s + CLOCK_SKEW_S:
        what = "must be an Integer representing the time that the assertion was issued"
        raise Refusal(401, f"'Issued at' claim ('iat') {what}")


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
