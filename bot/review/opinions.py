"""What a person meant by a reaction or by a few words. Where it is not plain, nothing was meant."""

import re
from typing import Literal

from bot.regex import regex

Opinion = Literal["accepted", "disputed", "open"]

REACTIONS: dict[str, Opinion] = {
    "+1": "accepted",
    "heart": "accepted",
    "hooray": "accepted",
    "rocket": "accepted",
    "-1": "disputed",
    "confused": "disputed",
}
"""GitHub's names of reactions; eyes and laugh tell nothing."""

_NEGATED = r"(?:not|isn'?t|wasn'?t|never|no|don'?t|doesn'?t|won'?t|cannot|can'?t)"
_DISPUTES = regex(
    rf"\b(?:false\s+(?:alarm|positive)|by\s+design|(?:is|was|that'?s)\s+intend(?:ed|ional)|intentional(?:ly)?|on\s+purpose"
    rf"|(?:i\s+)?disagree|not\s+(?:a|an)\s+(?:problem|issue|bug|defect)|{_NEGATED}\s+(?:true|correct|right|relevant|applicable)"
    rf"|wrong\s+(?:here|alarm|about)|(?:this|that|it)\s+is\s+wrong|won'?t\s+fix|wont\s+fix|wontfix|nonsense|{_NEGATED}\s+apply"
    rf"|already\s+(?:has|have|handled|covered|bounded|limited|set)|nitpick|{_NEGATED}\s+(?:needed|necessary))\b",
    re.IGNORECASE,
)
_AGREES = regex(
    r"\b(?:good\s+(?:catch|point|find)|nice\s+(?:catch|find)|great\s+catch|well\s+spotted|agree(?:d)?|you(?:'re|\s+are)\s+right"
    r"|fixed|(?:will|i'?ll|going\s+to|let\s+me)\s+(?:fix|change|add|do)|done|addressed|makes\s+sense|true|true\s+that|correct"
    r"|thanks|thank\s+you)\b",
    re.IGNORECASE,
)
_NOT_AGREEING = regex(
    rf"\b{_NEGATED}\b[^.!?\n]{{0,20}}\b(?:agree|fixed|fix|done|correct|true|right|sense|addressed)\b", re.IGNORECASE
)
_QUESTION = regex(r"\?\s*$")


def opinion_of_reaction(content: str) -> Opinion:
    return REACTIONS.get(content, "open")


def opinion_of_reply(body: str) -> Opinion:
    """Read from the person's own words: quoted lines and code are left out; a question is no opinion."""
    own = "\n".join(line for line in _without_code(body).splitlines() if not line.lstrip().startswith(">")).strip()
    if not own or _QUESTION.search(own):
        return "open"
    if _DISPUTES.search(own) or _NOT_AGREEING.search(own):
        return "disputed" if _DISPUTES.search(own) else "open"
    return "accepted" if _AGREES.search(own) else "open"


def _without_code(body: str) -> str:
    return re.sub(r"`[^`\n]*`", " ", re.sub(r"```.*?(?:```|\Z)", " ", body, flags=re.DOTALL))
