"""Names for the secrets of one review, so that its prompts tell one from another and a quote can be held to the code.

A name is a number in the order in which the secrets are met, so it tells nothing of them. What stands for what is known
in memory alone: it is looked up to compare a quote, and for nothing that is posted, logged or stored.
"""

import threading

from bot.redaction import replaced_closely
from bot.regex import regex

PLACEHOLDER = regex(r"\[secret-\d+-[a-z-]+\]")


class Placeholders:
    """Those of one review. Safe to share between threads."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Placeholders({len(self._names)} secrets)"

    def hide(self, text: str) -> str:
        """The text with `[secret-1-aws-key]` or the like for each secret, the same for the same one."""
        return replaced_closely(text, self._name)

    def restore(self, text: str) -> str:
        """The text as it was before `hide`. Only to be compared with code: keep it in memory."""
        if "[secret-" not in text:
            return text
        with self._lock:
            secrets = {name: secret for secret, name in self._names.items()}
        return PLACEHOLDER.sub(lambda name: secrets.get(name[0], name[0]), text)

    def _name(self, secret: str, kind: str) -> str:
        with self._lock:
            return self._names.setdefault(secret, f"[secret-{len(self._names) + 1}-{kind}]")
