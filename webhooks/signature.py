"""GitHub's signature of a delivery: `X-Hub-Signature-256: sha256=<HMAC-SHA256 of the raw body, in hex>`."""

import hmac


def signature(secret: str, body: bytes) -> str:
    """What the header must read."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def is_signed(secret: str, body: bytes, header: str | None) -> bool:
    """True if the header signs exactly these bytes; compared in constant time. No secret signs nothing."""
    if not secret or not header:
        return False
    return hmac.compare_digest(signature(secret, body).encode(), header.encode("utf-8", "surrogatepass"))
