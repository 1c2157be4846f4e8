"""`fix`: the model proposes lines for a finding; they are shown as code only when they have been tried."""

from collections import Counter
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.checked import ask_checked
from bot.chat.command import Command, Example, Use, said
from bot.chat.knowing import of_finding
from bot.chat.showing import Stand, origin_told, stand_of
from bot.chat.wording import quote
from bot.domain import Answer, Code, Finding, ModelText, Point, Suggestion
from bot.errors import GuardError
from bot.redaction import MASK
from bot.review.filter import can_be_suggested, code
from bot.review.pipeline import Desk
from bot.review.quote import Place
from bot.review.trying import flaw_of
from bot.review.undefined import unknown_names
from bot.review.verify import repeats_border
from bot.rules import FilePair, ScanOptions, scan_all
from bot.rules.suggestion import apply_suggestion
from bot.syntax import language_of


class Fix(Command):
    name = "fix"
    topic = "a pull request"
    summary = "Proposes the lines that settle a finding, applied, parsed and scanned before they are shown"
    uses = (
        Use("fix <finding>", "write", "pull request", needs_model=True),
        Use("fix", "write", "pull request", needs_model=True, in_thread=True),
    )
    aliases: ClassVar = {"suggest": "fix"}
    examples = (
        Example("fix a1b2c3d", "A fix for: session.post can wait for ever"),
        Example("fix", "A fix for: session.post can wait for ever", in_thread=True),
    )

    def run(self, asked: Asked) -> Answer:
        point = asked.point()
        laid = asked.desk.readings(asked.pull_request)
        stand = stand_of(laid, point)
        inputs = of_finding(asked, laid, point, stand)
        answer, missing = ask_checked(asked, laid, "fix", inputs, lambda found: _flaw(laid, point, stand, found))
        title, origin = f"A fix for: {quote(point.finding.title)}", origin_told(asked, answer)
        if answer.replacement is None:
            return said(title, answer.text, missing, origin)
        suggestion, flaw = _tried(laid, point, stand, answer)
        if suggestion is None:
            return said(title, answer.text, f"It also proposed lines, which are not shown: {flaw}.", missing, origin)
        if _can_be_committed(asked, point, suggestion):
            return said(title, answer.text, Code(text=suggestion.text, language="suggestion"), missing, origin)
        language = language_of(point.finding.path)
        shown = Code(text=suggestion.text, language=language.fences if language else "")
        verb = "becomes" if suggestion.start_line == suggestion.end_line else "become"
        becomes = f"{_lines(suggestion)} of {code(point.finding.path)} {verb}:"
        return said(title, answer.text, becomes, shown, missing, f"It parses and raises no alarm. {origin}")


def _flaw(laid: Desk, point: Point, stand: Stand, answer: ModelText) -> str:
    """What is wrong with the lines proposed, for whoever wrote them."""
    if answer.replacement is None:
        return ""
    suggestion, flaw = _tried(laid, point, stand, answer)
    told = f"The lines proposed were not taken: {flaw}. They were:\n{answer.replacement}"
    return "" if suggestion is not None else told


def _lines(suggestion: Suggestion) -> str:
    start, end = suggestion.start_line, suggestion.end_line
    return f"Line {start}" if start == end else f"Lines {start} to {end}"


def _tried(laid: Desk, point: Point, stand: Stand, answer: ModelText) -> tuple[Suggestion | None, str]:
    """The suggestion where it holds; else None, and why it does not."""
    finding, text = point.finding, answer.replacement or ""
    if answer.path.removeprefix("./") != finding.path:
        return None, "they are for another file"
    assert answer.start_line is not None, "a replacement has its lines"
    assert answer.end_line is not None, "a replacement has its lines"
    if answer.end_line > stand.head.last_line or not stand.place.overlaps(Place(answer.start_line, answer.end_line)):
        return None, "they do not stand where the finding does"
    if not can_be_suggested(text) or MASK in text or MASK in stand.head.text_of(answer.start_line, answer.end_line):
        return None, "they hold something that must not be committed from a comment"
    suggestion = Suggestion(start_line=answer.start_line, end_line=answer.end_line, text=text)
    if repeats_border(stand.head, suggestion):
        return None, "they repeat the line before or after them"
    (unknown,) = laid.guard.map(unknown_names, [(finding.path, laid.snapshot.contents[finding.path], suggestion)])
    if not isinstance(unknown, GuardError) and unknown:
        names = ", ".join(code(name) for name in unknown)
        return None, f"they use {names}, which this file neither defines nor imports"
    if flaw := flaw_of(laid, finding.path, suggestion):
        return None, flaw
    if finding.source == "rule" and not _is_gone(laid, finding, suggestion):
        return None, "the finding would still be there"
    return suggestion, ""


def _is_gone(laid: Desk, finding: Finding, suggestion: Suggestion) -> bool:
    content = laid.snapshot.contents[finding.path]
    pairs = [FilePair(finding.path, None, None, text) for text in (content, apply_suggestion(content, suggestion))]
    options = ScanOptions(include_tests=True, whole=True, today=laid.today)
    before, after = (
        Counter((found.rule, found.scope) for found in scan.findings) for scan in scan_all(laid.guard, pairs, options)
    )
    key = (finding.rule, finding.scope)
    return after[key] < before[key]


def _can_be_committed(asked: Asked, point: Point, suggestion: Suggestion) -> bool:
    """On GitHub a suggestion replaces the lines its thread stands on, whatever it says."""
    is_its_thread = asked.thread_point is not None and asked.thread_point.fingerprint == point.fingerprint
    finding = point.finding
    same_lines = (suggestion.start_line, suggestion.end_line) == (finding.start_line, finding.end_line)
    return is_its_thread and same_lines and point.last_head == asked.pull_request.head_sha
