"""The providers as they were seen to answer: where each takes what it is asked, and the shapes of answers and errors.

Bodies and headers are kept as recorded, shortened to what a client may look at.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Errors = Mapping[str, tuple[int, dict[str, Any], dict[str, str]]]
"""Status, body and headers, by what went wrong."""


@dataclass(frozen=True)
class Provider:
    model: str
    """As settings name it."""
    path: str
    """Where it is asked."""
    key: tuple[str, str]
    """The header that carries the key `test-key`, and what it holds."""
    errors: Errors
    base: str = ""
    """Of its address, after the host."""
    has_cached_tokens: bool = True

    @property
    def name(self) -> str:
        return self.model.partition(":")[2]

    def settings(self, url: str) -> dict[str, Any]:
        return {"model": self.model, "base_url": f"{url.removesuffix('/v1')}{self.base}", "api_key": "test-key"}

    def schema(self, request: dict[str, Any]) -> dict[str, Any]:
        """The schema that the request asks for."""
        return request["response_format"]["json_schema"]["schema"]

    def system(self, request: dict[str, Any]) -> str:
        (message,) = (one for one in request["messages"] if one["role"] == "system")
        return message["content"]

    def most_output(self, request: dict[str, Any]) -> int:
        return request["max_completion_tokens"]

    def answer(self, text: str, ended: str = "stop") -> tuple[str, str]:
        """Content type and body. `ended`: stop, length, or refusal."""
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        if ended == "refusal":
            message |= {"content": None, "refusal": text}
        details = {"prompt_tokens_details": {"cached_tokens": 40}} if self.has_cached_tokens else {}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, **details}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": ended.replace("refusal", "stop")}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1760000000, "model": self.name}
        return "application/json", json.dumps(body | {"choices": [choice], "usage": usage, "system_fingerprint": None})


class Anthropic(Provider):
    def schema(self, request: dict[str, Any]) -> dict[str, Any]:
        return request["output_config"]["format"]["schema"]

    def system(self, request: dict[str, Any]) -> str:
        return request["system"]

    def most_output(self, request: dict[str, Any]) -> int:
        return request["max_tokens"]

    def answer(self, text: str, ended: str = "stop") -> tuple[str, str]:
        usage = {"input_tokens": 60, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 0}
        body = {
            "id": "msg_01", "type": "message", "role": "assistant", "model": self.name, "stop_sequence": None,
            "content": [{"type": "text", "text": text}] if ended != "refusal" else [],
            "stop_reason": {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal"}[ended],
            "usage": usage | {"output_tokens": 20},
        }  # fmt: skip
        return "application/json", json.dumps(body)


class Ollama(Provider):
    """By its own protocol: a line of JSON for each piece of the answer."""

    def schema(self, request: dict[str, Any]) -> dict[str, Any]:
        return request["format"]

    def most_output(self, request: dict[str, Any]) -> int:
        return request["options"]["num_predict"]

    def answer(self, text: str, ended: str = "stop") -> tuple[str, str]:
        about = {"model": self.name, "created_at": "2026-11-22T12:00:00.000000Z"}
        half = len(text) // 2
        pieces = [
            about | {"message": {"role": "assistant", "content": piece}, "done": False}
            for piece in (text[:half], text[half:])
        ]
        times = dict.fromkeys(("total_duration", "load_duration", "prompt_eval_duration", "eval_duration"), 5_000_000)
        last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": ended}
        pieces.append(about | last | times | {"prompt_eval_count": 100, "eval_count": 20})
        return "application/x-ndjson", "".join(json.dumps(piece) + "\n" for piece in pieces)


def _openai(message: str, kind: str, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _azure(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _anthropic(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011"}


def _vllm(status: int, kind: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": status}}


def _llama_cpp(status: int, kind: str, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "type": kind}}


_BEARER = ("authorization", "Bearer test-key")
PROVIDERS = {
    "openai": Provider(
        model="openai:gpt-5-mini",
        path="/v1/chat/completions",
        base="/v1",
        key=_BEARER,
        errors={
            "limit": (429, _openai("Rate limit reached for gpt-5-mini in organization org-1 on requests per min (RPM): "
                "Limit 500, Used 500, Requested 1. Please try again in 120ms.", "requests", "rate_limit_exceeded"),
                {"x-ratelimit-limit-requests": "500", "x-ratelimit-remaining-requests": "0",
                 "x-ratelimit-reset-requests": "2s", "x-ratelimit-limit-tokens": "200000",
                 "x-ratelimit-remaining-tokens": "190000", "x-ratelimit-reset-tokens": "3ms"}),
            "credit": (429, _openai("You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota", "insufficient_quota"), {}),
            "sick": (500, _openai("The server had an error while processing your request. Sorry about that!",
                "server_error"), {}),
            "key": (401, _openai("Incorrect API key provided: test-key.", "invalid_request_error",
                "invalid_api_key"), {}),
            "model": (404, _openai("The model `gpt-5-mini` does not exist or you do not have access to it.",
                "invalid_request_error", "model_not_found"), {}),
            "long": (400, _openai("This model's maximum context length is 272000 tokens. However, your messages "
                "resulted in 300000 tokens.", "invalid_request_error", "context_length_exceeded"), {}),
        },
    ),
    "azure": Provider(
        model="azure_openai:gpt-5-mini",
        path="/openai/deployments/gpt-5-mini/chat/completions?api-version=2024-10-21",
        key=("api-key", "test-key"),
        errors={
            "limit": (429, _azure("429", "Requests to the ChatCompletions_Create Operation under Azure OpenAI API "
                "version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please "
                "retry after 2 seconds."), {"retry-after": "2", "retry-after-ms": "2000",
                "x-ratelimit-remaining-requests": "0", "x-ratelimit-remaining-tokens": "9000"}),
            "sick": (503, _azure("ServiceUnavailable", "The service is temporarily unable to process your request."),
                {}),
            "key": (401, _azure("401", "Access denied due to invalid subscription key or wrong API endpoint."), {}),
            "model": (404, _azure("DeploymentNotFound", "The API deployment for this resource does not exist."), {}),
            "long": (400, _openai("This model's maximum context length is 128000 tokens.", "invalid_request_error",
                "context_length_exceeded"), {}),
            "filter": (400, {"error": {"message": "The response was filtered due to the prompt triggering Azure "
                "OpenAI's content management policy.", "type": None, "param": "prompt", "code": "content_filter",
                "status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation"}}}, {}),
        },
    ),
    "anthropic": Anthropic(
        model="anthropic:claude-sonnet",
        path="/v1/messages",
        key=_BEARER,
        errors={
            "limit": (429, _anthropic("rate_limit_error", "This request would exceed your organization's rate limit of "
                "50 requests per minute."), {"retry-after": "2", "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:02Z"}),
            "credit": (400, _anthropic("invalid_request_error", "Your credit balance is too low to access the "
                "Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."), {}),
            "sick": (529, _anthropic("overloaded_error", "Overloaded"), {}),
            "key": (401, _anthropic("authentication_error", "invalid x-api-key"), {}),
            "model": (404, _anthropic("not_found_error", "model: claude-sonnet"), {}),
            "long": (400, _anthropic("invalid_request_error", "prompt is too long: 205000 tokens > 200000 maximum"),
                {}),
        },
    ),
    "ollama": Ollama(
        model="ollama:qwen3",
        path="/api/chat",
        key=("accept", "application/json"),
        has_cached_tokens=False,
        errors={
            "sick": (503, {"error": "server busy, please try again.  maximum pending requests exceeded"}, {}),
            "model": (404, {"error": "model 'qwen3' not found"}, {}),
        },
    ),
    "ollama by openai's protocol": Provider(
        model="openai:qwen3",
        path="/v1/chat/completions",
        base="/v1",
        key=_BEARER,
        has_cached_tokens=False,
        errors={
            "sick": (503, _openai("server busy, please try again.  maximum pending requests exceeded", "api_error"),
                {}),
            "model": (404, _openai("model 'qwen3' not found", "not_found_error"), {}),
        },
    ),
    "vllm": Provider(
        model="openai:Qwen/Qwen3-8B",
        path="/v1/chat/completions",
        base="/v1",
        key=_BEARER,
        has_cached_tokens=False,
        errors={
            "sick": (503, {"detail": "Service Unavailable"}, {}),
            "key": (401, {"error": "Unauthorized"}, {}),
            "model": (404, _vllm(404, "NotFoundError", "The model `Qwen/Qwen3-8B` does not exist."), {}),
            "long": (400, _vllm(400, "BadRequestError", "'max_tokens' or 'max_completion_tokens' is too large: 8000. "
                "This model's maximum context length is 4096 tokens and your request has 3000 input tokens."), {}),
        },
    ),
    "llama.cpp": Provider(
        model="openai:local",
        path="/v1/chat/completions",
        base="/v1",
        key=_BEARER,
        errors={
            "sick": (503, _llama_cpp(503, "unavailable_error", "Loading model"), {}),
            "key": (401, _llama_cpp(401, "authentication_error", "Invalid API Key"), {}),
            "long": (400, _llama_cpp(400, "exceed_context_size_error", "the request exceeds the available context "
                "size, try increasing it") | {"n_prompt_tokens": 9000, "n_ctx": 4096}, {}),
        },
    ),
}  # fmt: skip
