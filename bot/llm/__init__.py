"""The gateway to language models: the only room that knows langchain. Importing it is light; the first call is not."""

from bot.llm.account import MemoryAccount
from bot.llm.fencing import legible
from bot.llm.gateway import Gateway, open_gateway
from bot.llm.prompts import Prompt, load_prompt
from bot.llm.tokens import estimate_tokens

__all__ = ["Gateway", "MemoryAccount", "Prompt", "estimate_tokens", "legible", "load_prompt", "open_gateway"]
