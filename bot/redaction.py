"""Secrets, masked before anything reaches a model, a log, a database or a comment."""

import re

MASK = "[secret masked]"

_PATTERNS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}\b",  # GitHub
    r"\bgithub_pat_[A-Za-z0-9_]{40,}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,}",  # GitLab
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",  # AWS access key id
    r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
    r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    r"\bsk-(?:proj-|ant-|or-|svcacct-)?[A-Za-z0-9_-]{20,}",  # OpenAI, Anthropic, OpenRouter
    r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}",  # Stripe
    r"\bwhsec_[A-Za-z0-9+/=]{20,}",
    r"\bAIza[A-Za-z0-9_-]{35}",  # Google
    r"\bya29\.[A-Za-z0-9_-]{20,}",
    r"\bnpm_[A-Za-z0-9]{36}\b",
    r"\bpypi-[A-Za-z0-9_-]{50,}",
    r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",  # SendGrid
    r"\bdop_v1_[a-f0-9]{64}\b",
    r"\bhv[sb]\.[A-Za-z0-9_-]{24,}",  # Vault
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",  # JWT
)
_WHOLE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.DOTALL)
_IN_URL = re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]{1,15}://[^\s:/@'\"]{0,100}:)(?P<secret>[^\s@/'\"]{3,200})(?=@)")
_ASSIGNED = re.compile(
    r"(?P<head>(?i:passw(?:or)?d|secret|api_?key|access_?key|auth_?token|private_?key|client_?secret)[A-Za-z_]{0,20}"
    r"[\"']?\s{0,5}[:=]\s{0,5}[\"'])(?P<secret>[^\"'\s$<>{}]{8,200})(?=[\"'])"
)


def redact(text: str) -> tuple[str, int]:
    """The text with every secret masked, and how many there were. Line numbers stay as they are."""
    count = 0

    def whole(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return MASK + "\n" * match.group().count("\n")

    def tail(match: re.Match[str]) -> str:
        nonlocal count
        if match["secret"].startswith(MASK[:7]):
            return match.group()
        count += 1
        return match["head"] + MASK

    text = _WHOLE.sub(whole, text)
    text = _IN_URL.sub(tail, text)
    text = _ASSIGNED.sub(tail, text)
    return text, count


def masked(text: str) -> str:
    """The text with every secret masked."""
    return redact(text)[0]
