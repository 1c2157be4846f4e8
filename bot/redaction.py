"""Secrets, masked before anything reaches a model, a log, a database or a comment.

Every pattern is tried only on text that holds its anchor, a piece of text each match must contain. And anchors are only
looked for in text that may hold one, which four glances tell that each begin at a rare character: every delivery is
looked through while its sender waits. No pattern takes more than linear time.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import log2

from bot.regex import regex

MASK = "[secret masked]"
SHORTEST_SECRET = 8
"""No pattern matches less: `://:abc@`."""

_TOKEN = r"(?<![A-Za-z0-9_-])"  # noqa: S105 — where a token may start; a plain \b would try again at every hyphen
_SECRETS = (
    # With no END in reach, the lines that look like a key go with the header, not the rest of a file that names it.
    (
        "-----BEGIN",
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
        r"(?:(?:[^-]|-(?!----)){0,20000}-----END [A-Z ]{0,40}PRIVATE KEY-----|(?:\s{1,4}[A-Za-z0-9+/=]{4,})*)",
    ),
    *((f"gh{kind}_", rf"\bgh{kind}_[A-Za-z0-9]{{30,}}\b") for kind in "pousr"),  # GitHub
    ("github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{40,}\b"),
    ("glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),  # GitLab
    *((kind, rf"\b{kind}[A-Z0-9]{{16}}\b") for kind in ("AKIA", "ASIA", "ABIA", "ACCA")),  # AWS access key id
    ("xox", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),  # Slack
    (
        "hooks.slack.com",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers|commands|actions|app)/[A-Za-z0-9/_-]{20,}",
    ),
    ("sk-", r"\bsk-(?:proj-|ant-|or-|svcacct-)?[A-Za-z0-9_-]{20,}"),  # OpenAI, Anthropic, OpenRouter
    *((f"k_{kind}_", rf"\b[srp]k_{kind}_[A-Za-z0-9]{{16,}}") for kind in ("live", "test")),  # Stripe
    ("whsec_", r"\bwhsec_[A-Za-z0-9+/=]{20,}"),
    ("AIza", r"\bAIza[A-Za-z0-9_-]{35}"),  # Google
    ("ya29.", r"\bya29\.[A-Za-z0-9_-]{20,}"),
    ("npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("pypi-", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    ("SG.", _TOKEN + r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),  # SendGrid
    ("dop_v1_", r"\bdop_v1_[a-f0-9]{64}\b"),
    *((f"hv{kind}.", rf"\bhv{kind}\.[A-Za-z0-9_-]{{24,}}") for kind in "sb"),  # Vault
    (".eyJ", _TOKEN + r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),  # JWT
)
_KINDS = {
    "-----BEGIN": "private-key",
    **dict.fromkeys(("AKIA", "ASIA", "ABIA", "ACCA"), "aws-key"),
    **dict.fromkeys(("hooks.slack.com", "xox"), "slack-token"),
    **dict.fromkeys(("sk-", "k_live_", "k_test_", "AIza"), "api-key"),
    **dict.fromkeys(("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), "github-token"),
}
"""By the anchor; what is not listed is a token."""
_MAY_HOLD = tuple(
    regex(glance)
    for glance in (
        r"A(?:[KSBC][IC]A|Iza)",
        r"-(?:----BEGIN|(?<=sk-)|(?<=glpat-)|(?<=pypi-)|(?<=xox[a-z]-))",
        r"\.(?:eyJ|slack\.com|(?<=SG\.)|(?<=hv[sb]\.)|(?<=ya29\.))",
        r"_(?:(?<=gh[pousr]_)|(?<=npm_)|(?<=whsec_)|(?<=github_pat_)|(?<=dop_v1_)|(?<=k_)(?:live|test)_)",
    )
)
_WHOLE = tuple((anchor, regex(pattern, re.DOTALL)) for anchor, pattern in _SECRETS)
_IN_URL = regex(r"(?P<head>://[^\s:/@'\"]{0,100}:)(?P<secret>[^\s@/'\"]{3,200})(?=@)")
_BEFORE_AT = regex(r"://[^\s:/@'\"]{0,100}:[^\s@/'\"]{3,200}\Z")
_URL_REACH = 310
"""So far before its @ a URL with a password can begin."""
_ASSIGNED = regex(
    r"(?P<head>(?i:passw(?:or)?d|secret|api_?key|access_?key|auth_?token|private_?key|client_?secret)[A-Za-z_]{0,20}"
    r"[\"']?\s{0,5}[:=]\s{0,5}[\"'])(?P<secret>[^\"'\s$<>{}]{8,200})(?=[\"'])"
)
_MAY_ASSIGN = (
    regex(r"passw"),
    regex(r"secret"),
    regex(
        r"key(?:(?<=apikey)|(?<=api_key)|(?<=accesskey)|(?<=access_key)|(?<=privatekey)|(?<=private_key))",
    ),
    regex(r"token(?:(?<=authtoken)|(?<=auth_token))"),
)
"""Of the text in small letters."""
_LONG_WORD = regex(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,200}={0,2}(?![A-Za-z0-9+/_=-])")
_DIGEST = regex(r"(?:sha\d{1,3}|md5)[-_]")
_CHANGES, _BITS = 0.42, 3.9
"""Of neighbours, how many differ in kind; and bits a letter. Random base64 has 0.6 and, in 32 letters, 4.4."""


def redact(text: str) -> tuple[str, int]:
    """The text with every secret masked, and how many there were. Line numbers stay as they are."""
    count = 0

    def mask(secret: str, kind: str) -> str:
        nonlocal count
        count += 1
        return MASK

    return replaced(text, mask), count


def replaced(text: str, instead: Callable[[str, str], str]) -> str:
    """The text with something instead of every secret. Line numbers stay as they are.

    `instead` is given the secret and its kind, such as `aws-key`; what it gives begins as MASK does.
    """
    if len(text) < SHORTEST_SECRET:
        return text

    def tail(match: re.Match[str]) -> str:
        if match["secret"].startswith(MASK[:7]):
            return match.group()
        return match["head"] + instead(match["secret"], "password")

    if any(glance.search(text) for glance in _MAY_HOLD):
        for anchor, pattern in _WHOLE:
            if anchor in text:
                kind = _KINDS.get(anchor, "token")
                text = pattern.sub(lambda match: instead(match[0], kind) + "\n" * match[0].count("\n"), text)  # noqa: B023
    if _may_hold_a_login(text):
        text = _IN_URL.sub(tail, text)
    if _may_assign(text):
        text = _ASSIGNED.sub(tail, text)
    return text


def masked(text: str) -> str:
    """The text with every secret masked."""
    return redact(text)[0]


def masked_closely(text: str) -> str:
    """The text with every secret masked, also what has no known form but looks drawn at random.

    For what a model is shown, where a mask too many costs little; not for logs and deliveries, which are full of ids.
    """
    return replaced_closely(text, lambda secret, kind: MASK)


def replaced_closely(text: str, instead: Callable[[str, str], str]) -> str:
    """As `replaced`, of what `masked_closely` masks."""
    return _LONG_WORD.sub(
        lambda word: instead(word[0], "random") if _looks_drawn(word) else word[0], replaced(text, instead)
    )


def holds_drawn(text: str) -> bool:
    """True where a word of the text looks drawn at random."""
    return any(map(_looks_drawn, _LONG_WORD.finditer(text)))


def _looks_drawn(word: re.Match[str]) -> bool:
    """True for a mix of small and large letters and digits that changes too often to be words put together.

    Digests in hexadecimal are none, nor those that lock files prefix with their kind.
    """
    letters = word[0]
    if _DIGEST.match(letters) or word.string[max(0, word.start() - 3) : word.start()] == "h1:":
        return False
    kinds = [_kind(letter) for letter in letters if letter.isalnum()]
    if len(set(kinds)) < 3 or kinds.count("digit") < 2:
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes >= _CHANGES * len(kinds) and _bits_a_letter(letters) >= _BITS


def _kind(letter: str) -> str:
    return "digit" if letter.isdigit() else "large" if letter.isupper() else "small"


def _bits_a_letter(text: str) -> float:
    """Shannon's entropy."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())


def _may_hold_a_login(text: str) -> bool:
    if "@" not in text or "://" not in text:
        return False
    return any(_BEFORE_AT.search(before[-_URL_REACH:]) for before in text.split("@")[:-1])


def _may_assign(text: str) -> bool:
    if '"' not in text and "'" not in text:
        return False
    lowered = text.lower()
    return any(glance.search(lowered) for glance in _MAY_ASSIGN)
