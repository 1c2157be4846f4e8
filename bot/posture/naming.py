"""What a dependency is called: by its host, by the setting that holds its address, or by the client it is called
through."""

import re
from collections.abc import Mapping

from bot.posture.sheet import Sheet
from bot.regex import regex

_URL = regex(r"([a-z][a-z0-9+.-]*)://(?:[^\s\"'`/@{}$]*@)?([A-Za-z0-9_.-]+(?::\d+)?)((?:/[^\s\"'`?#]*)?)")
_SETTING = regex(r"(?:environ(?:\.get)?|getenv|Getenv|GetEnvironmentVariable|env)\s*[\[(.]\s*[\"'`]?([A-Za-z_]\w*)")
_PATH = regex(r"^[fFrRbB$@]*[\"'`](/[^\"'`?\s]*)")
_FIRST_NAME = regex(r"^(?:[fFrRbB$@]{0,3}[\"'`])?\$?\{?\s*([A-Za-z_][\w.]*)")
_MEDIA_TYPE = regex(r"^[fFrRbB$@]{0,3}[\"'`](?:application|text|image|audio|video|multipart)/")
_INTERNAL = frozenset({"internal", "local", "lan", "svc", "cluster", "consul", "intra", "corp", "home", "private"})
_WORD = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_GENERIC_WORDS = (
    "url uri urls host hostname base endpoint address addr api service svc root origin server port http https "
    "get default path dsn connection string client clients session conn connections pool db database self this "
    "cls requests request axios fetch rest template web async sync instance app settings config cfg env "
    "options opts gateway adapter httpx aiohttp redis cache stub channel grpc cursor engine queue topic "
    "producer consumer my our the new remote backend external internal upstream call caller resp response res "
    "req got ky superagent undici okhttp repo repository handler factory provider manager helper utils util "
    "impl proxy data source main transport conf cluster statement stmt prepared tx transaction rows dialer dial "
    "wrapped inner direct safe publisher subscriber writer reader jedis pooled target urlencode dto "
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words that clients, settings and classes bear whatever they lead to."""


def service_of(host: str, hosts: Mapping[str, str]) -> str:
    """The service behind a host: as policy maps it, else its first label where the host is an internal one."""
    host = host.lower()
    bare = host.split(":")[0]
    if mapped := hosts.get(host) or hosts.get(bare):
        return mapped
    labels = bare.split(".")
    if bare in ("localhost", "127.0.0.1") or re.fullmatch(r"[\d.]+", bare):
        return host
    return labels[0] if len(labels) == 1 or _INTERNAL & set(labels[1:]) else bare


def host_of(text: str) -> str:
    """The host of the first URL in a text; empty where it has none."""
    found = _URL.search(text)
    return found[2] if found else ""


def name_in(words: str) -> str:
    """What is left of a name without the words that every client bears: `PAYMENTS_URL` and `paymentsClient` are both
    `payments`."""
    found = [word.lower() for word in _WORD.findall(words) if not word.isdigit()]
    kept = [word for word in found if word not in _GENERIC and len(word) > 1]
    return "-".join(kept) if sum(map(len, kept)) > 2 else ""


class Target:
    """Where an expression leads to: a URL's host and path, or the constant or setting that holds it."""

    def __init__(self, text: str, sheet: Sheet) -> None:
        self.host, self.path, self.setting = "", "", ""
        self._read(" ".join(text.split()), sheet, depth=0)

    @property
    def text(self) -> str:
        """Such as `payments.internal/charges`, `PAYMENTS_URL/charges` or `/charges`."""
        return f"{self.host or self.setting}{self.path}"

    @property
    def is_known(self) -> bool:
        return bool(self.host or self.setting)

    def _read(self, text: str, sheet: Sheet, depth: int) -> None:
        if url := _URL.search(text):
            self.host = url[2]
            self.path = self.path or _tidy(url[3])
            return
        if path := _PATH.match(text):
            self.path = _tidy(path[1])
            return
        if setting := _SETTING.search(text):
            self.setting = setting[1]
            return
        name = _FIRST_NAME.match(text)
        if not name or text[:1] in "{[(" or name[1] in ("new", "await", "f") or _MEDIA_TYPE.match(text):
            return
        rest = text[name.end() :].lstrip(" }+")
        if rest.startswith(("/", '"/', "'/", "`/")):
            self.path = _tidy(rest.lstrip("\"'`"))
        simple = name[1].rsplit(".", 1)[-1]
        if simple in sheet.constants and depth < 2:
            self._read(sheet.constants[simple], sheet, depth + 1)
        if not self.is_known and depth == 0 and _is_setting(simple):
            self.setting = simple


def _is_setting(name: str) -> bool:
    """True where a name says that an address is in it."""
    return bool(re.search(r"(?i)url|uri|host|endpoint|base|addr|dsn", name)) and bool(name_in(name))


def _tidy(path: str) -> str:
    """A path as a pattern: what is filled in stands as `{}`."""
    path = re.sub(r"[\"'`].*$", "", path)
    path = re.sub(r"\$?\{[^}]*\}?|%[sdv]|:\w+", "{}", path)
    return path.rstrip("/") if len(path) > 1 else path
