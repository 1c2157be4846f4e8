"""One model at one address: the only file that speaks langchain. Everything heavy is imported at the first call."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from bot.errors import ModelRefused
from bot.llm.bounded import OnHeaders, bounded_client, bounds, limited_to, unused_client
from bot.llm.fencing import legible
from bot.llm.prompts import Messages, ReplyLimits
from bot.llm.reply import Reply, reply_of
from bot.llm.speech import schema_for
from bot.llm.untraced import loaded_untraced
from bot.settings.service import Llm

_ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
"""Said in full, or the libraries ask the environment where to send the code under review."""
_AZURE_VERSION = "2024-10-21"
"""The first stable one that takes JSON schemas."""
_OPENAI_LIKE = ("openai", "azure_openai")


class Form(StrEnum):
    """How an answer's shape is asked for, best first."""

    JSON_SCHEMA = "json_schema"
    FUNCTION_CALLING = "function_calling"
    TEXT = "text"


@dataclass
class Dialect:
    """What this endpoint has been found to understand."""

    form: Form = Form.JSON_SCHEMA
    takes_temperature: bool = True
    is_proven: bool = False

    def simpler(self, complaint: str) -> bool:
        """Steps down to what an endpoint that complained may understand; False where nothing is left to try."""
        if self.is_proven:
            return False
        if self.takes_temperature and "temperature" in complaint:
            self.takes_temperature = False
            return True
        forms = list(Form)
        if self.form is forms[-1]:
            return False
        self.form = forms[forms.index(self.form) + 1]
        return True


class Endpoint:
    """`name` is `provider:model`; without a provider it is openai's protocol."""

    def __init__(
        self, name: str, settings: Llm, is_ours: bool, clock: Callable[[], float], on_headers: OnHeaders
    ) -> None:
        """`is_ours`: the settings' address and key are meant for this model's provider."""
        self.name = name
        self.provider, _, self.model = name.partition(":") if ":" in name else ("openai", "", name)
        self.dialect = Dialect(takes_temperature=settings.temperature >= 0)
        self._settings = settings
        self._is_ours = is_ours
        self._clock = clock
        self._on_headers = on_headers
        self._chat: Any = None
        self._lock = threading.Lock()

    def ask(self, messages: Messages, limits: ReplyLimits, timeout_s: float) -> Reply:
        """One request. Raises whatever the provider's library raises, and ModelRefused where a key is missing."""
        chat = self.open()
        from langsmith import tracing_context

        with tracing_context(enabled=False):  # LANGSMITH_TRACING would send the code under review to a third party
            try:
                with limited_to(timeout_s):
                    raw = self._request(chat, messages, limits)
            except Exception as error:
                if (completion := getattr(error, "completion", None)) is None:
                    raise
                return Reply.cut(completion)
        self.dialect.is_proven = True
        return reply_of(raw)

    def _request(self, chat: Any, messages: Messages, limits: ReplyLimits) -> Any:
        form = self.dialect.form
        options: dict[str, Any] = {}
        chat.temperature = self._settings.temperature if self.dialect.takes_temperature else None
        schema = schema_for(limits, with_lengths=not self._is_hosted())
        if self.provider == "anthropic":
            schema = _with_alternatives(schema)
        if form is Form.TEXT:
            return chat.invoke(_spoken(messages, schema), **options)
        if form is Form.JSON_SCHEMA and self.provider in _OPENAI_LIKE:
            options["strict"] = True
        structured = chat.with_structured_output(schema, method=form.value, include_raw=True, **options)
        return structured.invoke(_spoken(messages))["raw"]

    def _is_hosted(self) -> bool:
        host = urlsplit(self._settings.base_url).hostname or "" if self._is_ours else ""
        return self.provider == "azure_openai" or not host or host.endswith((".openai.com", ".openai.azure.com"))

    def open(self) -> Any:
        """The library's client, made at the first call. Raises ModelRefused where a key is missing."""
        with self._lock:
            if self._chat is None:
                self._chat = loaded_untraced(self._made)
        return self._chat

    def _made(self) -> Any:
        from langchain.chat_models import init_chat_model

        try:
            chat = init_chat_model(self.model, model_provider=self.provider, **self._options())
        except ValueError as wrong:  # pydantic's too: the library misses something that no question would bring
            said = " ".join(legible(str(wrong)).split())[:300]
            raise ModelRefused(f"{self.name} cannot be set up: check SEAWALL_LLM__MODEL ({said})") from wrong
        if self.provider == "anthropic":
            self._bound_anthropic(chat)
        return chat

    def _bound_anthropic(self, chat: Any) -> None:
        """langchain's class takes no HTTP client, and waits for one that dribbles without end: it gets ours."""
        from anthropic import Anthropic

        client = bounded_client(self._settings.timeout_s, self._clock, self._on_headers)
        chat.__dict__["_client"] = Anthropic(**chat._client_params, http_client=client)

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        key = settings.api_key.get_secret_value() if self._is_ours else ""
        url = settings.base_url if self._is_ours else ""
        options: dict[str, Any] = {"max_retries": 0, "timeout": settings.timeout_s}
        options["max_tokens"] = settings.max_output_tokens
        if key:
            options["api_key"] = key
        if self.provider == "azure_openai":
            options |= _for_azure(url)
        elif url:
            options["base_url"] = url
        elif self.provider in _ADDRESSES:
            options["base_url"] = _ADDRESSES[self.provider]
        if self.provider == "openai" and url:
            options.setdefault("api_key", "none")  # a local server; the library insists on one
            options["use_responses_api"] = False
        elif self.provider == "openai" and not key:
            raise ModelRefused(f"{self.name} needs a key: set SEAWALL_LLM__API_KEY, or SEAWALL_LLM__BASE_URL")
        if self.provider in _OPENAI_LIKE:
            options["http_client"] = bounded_client(settings.timeout_s, self._clock, self._on_headers)
            options["http_async_client"] = unused_client()
            options["http_socket_options"] = ()  # else the library builds a transport that ignores proxies
        if self.provider == "ollama":
            import httpx  # not its successor, which the other libraries are built on

            limits = bounds(httpx, settings.timeout_s, self._clock, self._on_headers)
            options = _for_ollama(options) | {"client_kwargs": limits}
        return options

    def close(self) -> None:
        """Ends kept connections."""
        with self._lock, suppress(AttributeError):
            (self._chat._client if self.provider == "anthropic" else self._chat.http_client).close()


def _spoken(messages: Messages, schema: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    user = messages.user
    if schema is not None:
        shape = json.dumps(schema, separators=(",", ":"))
        user += f"\n\nAnswer with one JSON object and nothing else. It must fit this schema:\n{shape}"
    return [("system", messages.system), ("user", user)]


def _for_azure(url: str) -> dict[str, Any]:
    """Azure wants a version of its interface with each request; an address may name another than the usual one."""
    address = urlsplit(url)
    asked = dict(parse_qsl(address.query)).get("api-version")
    endpoint = urlunsplit(address._replace(query=""))
    return {"api_version": asked or _AZURE_VERSION} | ({"azure_endpoint": endpoint} if url else {})


def _with_alternatives(schema: Any) -> Any:
    """The schema with `anyOf` for a list of types, which Anthropic's library does not know."""
    if isinstance(schema, list):
        return [_with_alternatives(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("type"), list):
        rest = {name: value for name, value in schema.items() if name not in ("type", "description")}
        either = [{"type": kind} | (rest if kind != "null" else {}) for kind in schema["type"]]
        told = {name: schema[name] for name in ("description",) if name in schema}
        return {"anyOf": either} | told
    return {name: _with_alternatives(part) for name, part in schema.items()}


def _for_ollama(options: dict[str, Any]) -> dict[str, Any]:
    """Ollama's library has its own names."""
    kept = {name: options[name] for name in ("base_url",) if name in options}
    return kept | {"num_predict": options["max_tokens"]}
