"""What came back from a model, in our words."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain import ModelUse

_FINISH = ("finish_reason", "stop_reason", "done_reason")
"""As OpenAI, Anthropic and Ollama name why an answer ended."""


@dataclass(frozen=True)
class Reply:
    text: str
    use: ModelUse = field(default_factory=ModelUse)
    was_cut: bool = False
    """True where the model ran into the limit of output tokens."""
    declined: str = ""

    @classmethod
    def cut(cls, completion: Any) -> "Reply":
        """Of a completion that openai's library refuses to parse because it ended early."""
        message, usage = completion.choices[0].message, completion.usage
        calls = message.tool_calls or []
        details = getattr(usage, "prompt_tokens_details", None)
        use = ModelUse(
            input_tokens=getattr(usage, "prompt_tokens", 0) or 0,
            output_tokens=getattr(usage, "completion_tokens", 0) or 0,
            cached_tokens=getattr(details, "cached_tokens", 0) or 0,
        )
        return cls(text=calls[0].function.arguments if calls else message.content or "", use=use, was_cut=True)


def reply_of(message: Any) -> Reply:
    """Of langchain's AIMessage: the arguments of its tool call where it made one, else its text."""
    usage = message.usage_metadata or {}
    finish = next(filter(None, map(message.response_metadata.get, _FINISH)), None)
    return Reply(
        text=_text_of(message),
        use=ModelUse(
            input_tokens=usage.get("input_tokens") or 0,
            output_tokens=usage.get("output_tokens") or 0,
            cached_tokens=(usage.get("input_token_details") or {}).get("cache_read") or 0,
        ),
        was_cut=finish in ("length", "max_tokens"),
        declined=str(message.additional_kwargs.get("refusal") or ("it gives no reason" if finish == "refusal" else "")),
    )


def _text_of(message: Any) -> str:
    if message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"])
    if message.invalid_tool_calls:
        return str(message.invalid_tool_calls[0]["args"] or "")
    return str(message.text)
