"""Text of a change that speaks to whoever reviews it, told in the receipt. Pure.

Nothing hangs on it: such text is data, whether or not it is recognised here. But whoever reads an empty review wants to
know that somebody asked for one.
"""

import base64
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.domain import Patch
from bot.llm.fencing import legible
from bot.regex import regex

_PROSE = {
    "title": "the title",
    "description": "the description",
    "guidelines": "the guidelines",
    "about": "an issue, an incident or an earlier remark",
}
"""Input of a question → what people call it."""
_CODE = ("code", "surroundings")
_NAMED = 3
_READER = (
    r"(?:(?:ai|llm|ml|gpt|automated?|automatic|code|machine|bot)[ -]?){0,2}"
    r"(?:review(?:er|bot| bot| model| agent| assistant)s?|assistants?|language models?|agents?|llms?|ais?|"
    r"bots?|models?"
    r"|seawall|copilot|claude|chatgpt|gpt(?:-\d\w*)?|gemini)(?: (?:bot|model|agent|assistant)s?)?"
)
_RULES = r"(?:instructions?|prompts?|rules|guidelines|directions|directives|orders|guardrails|constraints)"
_CUES = tuple(
    regex(pattern, re.IGNORECASE)
    for pattern in (
        # To disregard what it was told.
        rf"\b(?:ignore|disregard|forget|override|bypass|drop)\b(?: \w+){{0,3}} "
        rf"(?:all|any|previous|prior|above|earlier|preceding|your|system|other)(?: \w+){{0,3}} {_RULES}\b",
        rf"\b(?:your|the) {_RULES} (?:have|has|are|were) (?:now )?(?:changed|void|updated|replaced|lifted|"
        rf"suspended)\b",
        r"\bnew (?:system )?instructions?(?: follow| for (?:the )?(?:reviewer|model|ai)|:)",
        r"\b(?:ignoriere|vergiss) (?:alle )?(?:bisherigen|vorherigen|früheren) (?:anweisungen|regeln)\b",
        r"\b(?:ignora|olvida) (?:todas )?(?:las )?(?:instrucciones|reglas) (?:anteriores|previas)\b",
        r"\b(?:ignore|ignorez|oublie|oubliez) (?:toutes )?(?:les )?(?:instructions|consignes|règles) précédentes\b",
        r"忽略(?:之前|以上|先前|所有)[^\n]{0,8}(?:指令|指示|规则)",
        # Somebody is spoken to, and told what to do.
        rf"\b(?:dear|hey|hi|hello|attention|note to|note for|message to|message for|instructions? (?:to|"
        rf"for)|reminder for)"
        rf",? (?:the |all |any |every )?{_READER}\b",
        rf"(?:^|[\n.!#/*\"'(>-])\s*(?:to )?(?:the )?{_READER} ?[:,] ?(?:please |you |do not |don't |never |"
        rf"always |this |"
        r"your |skip |report |answer |return |approve |say |mute |mark |set |stop |treat |output |end |"
        r"begin |show |print |"
        r"repeat |link |mention |offer |give |the (?:change|code))",
        rf"\bif you are (?:an? |the )?(?:\w+ )?{_READER}\b",
        r"\byou are (?:now |no longer )(?:an? |the |in )?(?:\w+ ){0,2}(?:mode|assistant|reviewer|model|"
        r"bound|free|restricted|"
        r"administrator|dan)\b",
        # What it is to say of the change, or not to.
        r"(?:^|[\n.!,:;(] ?|\b(?:please|must|should|just|only|and|now|to|so) )report (?:nothing|no "
        r"(?:findings?|issues?|problems?|"
        r"defects?|comments?))\b(?! to\b)",
        r"\b(?:answer|reply|respond|return)(?: only)?(?: with)? (?:an? empty (?:list of )?(?:findings|"
        r"review)|no findings?|nothing to report)\b",
        r"\b(?:do not|don't|never|must not) (?:report|flag|review|comment on|mention|raise)(?: \w+){0,3} "
        r"(?:findings?|issues?|problems?|defects?|in this (?:file|change|pr|pull request|diff))\b",
        r"\b(?:please |must |should |now |just |immediately )approve (?:this|the|it)(?: (?:pr|pull request|"
        r"change|diff|patch))?",
        r"\b(?:mark|treat|consider|rate) (?:this|the|these|it)(?: \w+){0,3} as (?:approved|safe|reviewed|"
        r"clean|lgtm)\b",
        r"\b(?:raise|set|put|lower) (?:the |your |its )?(?:confidence|severity)\b(?: \w+){0,3} (?:to|at) "
        r"\W?(?:[\d.]+|max\w*|low|critical)",
        r"\b(?:mute|dismiss) (?:this|that|the|every|all)(?: \w+){0,2} (?:rules?|"
        r"findings?)\b",
        r"\b(?:refute|take back|withdraw) (?:this|that|the|every|all|each)(?: \w+){0,2} (?:claims?|findings?)\b",
        r"\b(?:reveal|repeat|print|show|tell|disclose|output|leak|post|encode|say)(?: me| us)? (?:\w+ ){0,3}"
        r"(?:system prompt|your instructions|your prompt|(?:the|your|all|any|every) (?:secrets?|credentials|"
        r"api keys?)"
        r"(?= (?:you|in|from|here|now)\b|[ .!\"']*(?:\n|\Z)))",
        # The shapes of a conversation, and of ours.
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|?>|\[/?INST\]|<</?SYS>>",
        r"(?:^|\n)\W{0,4}(?:system|assistant|developer)(?: message| prompt| note)?: ?(?:you |ignore|approve|"
        r"the review|new |this |all )",
        r"</?(?:tool_call|function_calls?|tool_use|system_prompt|system-reminder)\b",
        r"seawall[\s_-]*data[\s\]]+[0-9a-f]*\s*(?:begin|end)\b",
        r"[\"']?(?:findings|doubts)[\"']?\s*:\s*\[\s*\](?=[^\n]{0,6}(?:\n|\Z|[\"'`]))",
    )
)
"""Each is an order to a reviewer; what programs say of prompts, reviews and rules in general is none."""
_LATIN = str.maketrans("аеорсухіјѕԁԛԝһոαορνικτА ВЕКМНОРСТХ", "aeopcyxijsdqwhnaopviktA BEKMHOPCTX")
"""Cyrillic and Greek letters that look like ours."""
_TAGS = regex("(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{4,}")
"""Letters that no page shows; after a black flag they name a country."""
_TURNED = regex("[\u202a-\u202e\u2066-\u2069]")
_BASE64 = regex(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{32,4000}={0,2}(?![A-Za-z0-9+/=])")
_SECTION = regex(r"^### (.+?) \(", re.MULTILINE)
_BESIDE = regex(r"^ *\d* [ +-] ")
"""A line's number and sign."""


def speaks_to_reviewer(text: str) -> bool:
    """True where the text gives its reviewer orders, in plain letters or in others that read like them."""
    if _TAGS.search(text):
        return True
    plain = _plain(text)
    if any(cue.search(plain) for cue in _CUES):
        return True
    return any(any(cue.search(hidden) for cue in _CUES) for hidden in _encoded(text))


def addressed_notes(inputs: Sequence[Mapping[str, str]], patches: Iterable[Patch]) -> tuple[str, ...]:
    """One note on all places that speak to the reviewer; empty where none does.

    `inputs`: those of the questions, as packed.
    """
    places: Counter[str] = Counter()
    for patch in patches:
        if speaks_to_reviewer(patch.path.replace("/", " ").replace("_", " ").replace("-", " ")):
            places["the name of a file"] += 1
    for name, called in _PROSE.items():
        places[called] += any(speaks_to_reviewer(one.get(name, "")) for one in inputs)
    for path, text in {part for one in inputs for name in _CODE for part in _by_path(one.get(name, ""))}:
        places[path] += speaks_to_reviewer(text)
    found = sorted(place for place, count in places.items() if count)
    if not found:
        return ()
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    verb = "speaks" if len(found) == 1 else "speak"
    return (f"Text in {', '.join(found[:_NAMED])}{more} {verb} to the reviewer: it is data, and was not obeyed.",)


def _by_path(shown: str) -> Iterable[tuple[str, str]]:
    """The parts of code as a model is shown it, without the numbers beside the lines."""
    starts = [*_SECTION.finditer(shown)]
    for start, end in zip(starts, [start.start() for start in starts[1:]] + [len(shown)], strict=False):
        lines = shown[start.end() : end].split("\n")[1:]
        yield start[1], "\n".join(_BESIDE.sub("", line) for line in lines)


def _plain(text: str) -> str:
    """In letters and blanks as the cues have them: no comment signs, no look-alikes, nothing that does not show."""
    text = unicodedata.normalize("NFKC", _TURNED.sub("", legible(text))).translate(_LATIN)
    text = re.sub(r"(?m)^[ \t]*(?:#|//|--|\*|/\*|;|\"\"\"|<!--)+[ \t]?", "", text)
    return re.sub(r"[ \t]+", " ", text.replace("\u2019", "'"))


def _encoded(text: str) -> Iterable[str]:
    for found in _BASE64.findall(text):
        try:
            yield base64.b64decode(found + "=" * (-len(found) % 4)).decode("ascii")
        except ValueError:  # no base64, or no text
            continue
