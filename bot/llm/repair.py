"""An answer that cannot be read is sent back once, with what is wrong with it."""

import json
import re

from bot.llm.answer import DECODER
from bot.llm.fencing import fence
from bot.llm.prompts import Messages, ReplyLimits
from bot.llm.speech import schema_for

SHOWN_CHARS = 4_000
_OBJECT = re.compile(r"[{\[]")


def repair_of(messages: Messages, answer: str, limits: ReplyLimits, nonce: str) -> Messages:
    """The same question, with the answer that did not do, fenced, and what is wrong with it."""
    shown = answer if len(answer) <= SHOWN_CHARS else f"{answer[:SHOWN_CHARS]} …"
    return Messages(
        system=messages.system,
        user=f"{messages.user}\n\nYour last answer could not be read: {fault_of(answer, limits)}. It was:\n"
        f"{fence('answer', shown, nonce, is_prose=False)}\n"
        "Answer the question again, with one JSON object of the required shape and nothing else.",
    )


def fault_of(answer: str, limits: ReplyLimits) -> str:
    """What is wrong, in words that a model can act on."""
    if not answer.strip():
        return "it was empty"
    start = _OBJECT.search(answer)
    if start is None:
        return "it holds no JSON object"
    try:
        document, _ = DECODER.raw_decode(answer, start.start())
    except json.JSONDecodeError as broken:
        return f"its JSON breaks off or is wrong at character {broken.pos} ({broken.msg})"
    except RecursionError:
        return "its JSON is nested too deeply"
    except ValueError:
        return "a number in it has thousands of digits"
    wanted = schema_for(limits, with_lengths=True)
    return _misfit(document, wanted)


def _misfit(document: object, wanted: dict[str, object]) -> str:
    required = wanted["required"]
    assert isinstance(required, list), "every reply schema names what it requires"
    if not isinstance(document, dict):
        return f"it is no object with {_listed(required)}"
    if missing := [name for name in required if name not in document]:
        return f"the object lacks {_listed(missing)}"
    for name in required:
        items = document[name]
        properties = wanted["properties"]
        assert isinstance(properties, dict), "every reply schema describes its properties"
        inner = properties[name].get("items")
        if inner is None:
            continue
        if not isinstance(items, list):
            return f"`{name}` is no list"
        lacking = [key for item in items if isinstance(item, dict) for key in inner["required"] if key not in item]
        if lacking:
            return f"an item of `{name}` lacks {_listed(list(dict.fromkeys(lacking)))}"
    return "a value in it has the wrong type, or is none of those allowed"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
