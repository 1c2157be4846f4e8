"""The pages of the rules, as `seawall explain` gives them. A process of its own makes them once for each version and
leaves them in data_dir: the rules and their parsers never come into the web process."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

import bot
from bot.errors import GuardError
from bot.logs import logger

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

log = logger(__name__)

FILE: Final = "rule-pages.json"
_COMMAND: Final = (sys.executable, "-P", "-m", "bot.rules.pages_as_json")
_PRE: Final = '<pre tabindex="0">'
"""Long lines are scrolled by keyboard too."""
_PATIENCE_S: Final = 60.0
_WAITED_S: Final = 10.0
"""While another request has them made; its thread is one of those that take deliveries in."""
_MADE_FROM: Final = ("rules", "syntax")


@dataclass(frozen=True)
class RulePage:
    name: str
    severity: str
    languages: tuple[str, ...]
    markdown: str

    @property
    def finds(self) -> str:
        """The first sentence of what it finds."""
        text = self.markdown.partition("## What it finds")[2].strip().partition("\n\n")[0]
        return " ".join(text.replace("`", "").split()).split(". ")[0].rstrip(".") + "."

    @property
    def html(self) -> Markup:
        """Without its title and the line under it, which a page has of its own. Raw HTML in it stays text."""
        body = self.markdown.partition("## What it finds")
        rendered = _markdown().render("".join(body[1:])).replace("<pre>", _PRE)
        return Markup(rendered)  # noqa: S704 — the renderer escapes, html is off


class RulePages:
    """`make` gives the JSON text; the pages are made at the first question, and read from the file later."""

    def __init__(
        self,
        folder: Path,
        make: Callable[[], str] | None = None,
        version: str | None = None,
        waited_s: float = _WAITED_S,
    ) -> None:
        self._path = folder / FILE
        self._make = make or _made_apart
        self._version = version
        self._waited_s = waited_s
        self._pages: Mapping[str, RulePage] | None = None
        self._lock = threading.Lock()

    def all(self) -> Mapping[str, RulePage]:
        """By name. Raises GuardError where they cannot be made, which the next question tries again, or are not made
        yet."""
        with self._one_at_a_time():
            if self._pages is None:
                version = self._version or version_of_rules()
                self._pages = self._kept(version) or self._made(version)
            return self._pages

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._waited_s):
            raise GuardError("The rules' pages are being made. Load the page again in a minute.")
        try:
            yield
        finally:
            self._lock.release()

    def _kept(self, version: str) -> Mapping[str, RulePage] | None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return _pages(kept["pages"]) if kept["version"] == version else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _made(self, version: str) -> Mapping[str, RulePage]:
        made = json.loads(self._make())
        beside = self._path.with_name(f".{FILE}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.write_text(json.dumps({"version": version, "pages": made}, ensure_ascii=False), encoding="utf-8")
            beside.replace(self._path)
        except OSError as fault:  # what is in memory serves this process all the same
            log.warning("the rules' pages cannot be kept", path=str(self._path), reason=str(fault))
        return _pages(made)


def version_of_rules() -> str:
    """Another one for other rules: made of the version and of the sizes and times of what rules are written in."""
    root, told = Path(bot.__file__).parent, hashlib.sha256(bot.__version__.encode())
    for part in _MADE_FROM:
        for folder, _, files in sorted(os.walk(root / part)):
            for name in sorted(files):
                if name.endswith(".py"):
                    stat = os.stat(os.path.join(folder, name))
                    told.update(f"{folder}/{name}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return told.hexdigest()


def _made_apart() -> str:
    try:
        ended = subprocess.run(_COMMAND, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)  # noqa: S603 — ours
    except (OSError, subprocess.SubprocessError) as failed:
        said = str(getattr(failed, "stderr", "") or failed).strip().splitlines()
        raise GuardError(
            f"The rules' pages could not be made: {said[-1] if said else failed}. `seawall explain NAME` shows one."
        ) from failed
    return ended.stdout


def _pages(rows: list[dict[str, Any]]) -> Mapping[str, RulePage]:
    return {row["name"]: RulePage(row["name"], row["severity"], tuple(row["languages"]), row["page"]) for row in rows}


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).disable(["image", "html_inline"])
