"""Edits after which a rule is silent though nothing is better: what it cannot see, and what only looks like a remedy.

Pure. Rules stay silent where they cannot know; that is right for a first word, and proves nothing for the last one.
"""

import re
from collections.abc import Sequence

from bot.domain import Finding
from bot.regex import regex
from bot.review.likeness import callees
from bot.review.trace import Trace, covered

_SPREAD = regex(r"[(,{\[]\s*(?:\*{1,2}|\.\.\.)\s*\w")
_BRACED = regex(r"\{[^{}]*\}")
_BARE = regex(r"[(,]\s*([A-Za-z_][\w.]*)\s*(?=[,)])")
_OPTIONS = regex(r"opt|conf|kwargs|args|params|setting|init", re.IGNORECASE)
_HANDLER = regex(r"\b(?:except|catch|rescue)\b|\berr\s*!=\s*nil\b")
_ACTS = regex(r"\b(?:raise|throw|panic|yield)\b|\+=|\breturn\b[^;\n]*(?:err|fail|exc)", re.IGNORECASE)
_HEAD = regex(r"^.*?\b(?:except\b[^:]*:|catch\s*(?:\([^)]*\))?\s*\{?)")
"""The handler's own first words, in which a name like `failed` says nothing yet."""


def only_seems_mended(trace: Trace, alarms: Sequence[Finding]) -> str:
    """Why the rule's silence proves nothing; empty where it does. `alarms`: all of the rules in the point's file."""
    if _is_said_otherwise(trace, alarms):
        return "another rule of its class speaks of the line that took its place"
    if _hides_arguments(" ".join(trace.quoted), " ".join(line.code for line in trace.replacing)):
        return "its arguments come from elsewhere now"
    if _is_still_swallowed(trace):
        return "nothing in its handler acts on the error"
    return ""


def _is_said_otherwise(trace: Trace, alarms: Sequence[Finding]) -> bool:
    """Of a call: a loop that got its limit, and is now told that it lacks a pause, got its limit all the same."""
    finding, before = trace.point.finding, callees(" ".join(trace.quoted))
    others = covered([one for one in alarms if one.class_ == finding.class_ and one.rule != finding.rule])
    return any(line.number in others and before & callees(line.code) for line in trace.replacing)


def _hides_arguments(old: str, new: str) -> bool:
    """True where a call that is still made now takes what cannot be read off it: a spread, or a bag of options."""
    if not callees(old) & callees(new):
        return False
    if len(_SPREAD.findall(new)) > len(_SPREAD.findall(old)):
        return True
    bare = set(_BARE.findall(_flat(new))) - set(_BARE.findall(_flat(old)))
    return bool(bare) and (new.count("{") < old.count("{") or any(map(_OPTIONS.search, bare)))


def _is_still_swallowed(trace: Trace) -> bool:
    """True where the handler stands and what was written into it neither calls, raises, counts nor returns an error."""
    if not trace.quoted or not _HANDLER.search(trace.quoted[0]):
        return False
    standing = [line.code for line in (*trace.kept, *trace.replacing)]
    if not any(map(_HANDLER.search, standing)):
        return False  # the error goes its way
    written = [_HEAD.sub("", line.code) for line in (*trace.written, *trace.replacing)]
    return not any(callees(line) or _ACTS.search(line) for line in written)


def _flat(text: str) -> str:
    """Without what stands in braces."""
    while (less := _BRACED.sub("0", text)) != text:
        text = less
    return text
