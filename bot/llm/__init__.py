"""The gateway to language models: the only room that knows langchain. Importing it is light; the first call is not."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.llm.account import MemoryAccount
    from bot.llm.fencing import legible
    from bot.llm.gateway import Gateway
    from bot.llm.prompts import Prompt, load_prompt
    from bot.llm.tokens import estimate_tokens

__all__ = ["Gateway", "MemoryAccount", "Prompt", "estimate_tokens", "legible", "load_prompt"]
_FILES = {
    "Gateway": "gateway",
    "MemoryAccount": "account",
    "Prompt": "prompts",
    "estimate_tokens": "tokens",
    "legible": "fencing",
    "load_prompt": "prompts",
}


def __getattr__(name: str) -> Any:
    """Each name brings its own file alone: a guarded process that counts tokens loads no gateway."""
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
    globals()[name] = found
    return found
