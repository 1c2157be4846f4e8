"""Splits a change into questions that fit the model's budget. Pure: the same change gives the same questions.

Code is divided between files, then between hunks, at worst between lines; never inside a line. What does not fit is
named. Questions hold code and are never stored: a run that is resumed packs them again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain import Change, Finding, Patch, PatchStatus, Record
from bot.llm import estimate_tokens, load_prompt
from bot.redaction import masked
from bot.review.excerpt import Excerpt, ScopeOf, excerpts, no_scope
from bot.settings.taxonomy import taxonomy

MOST_QUESTIONS = 12
_MOST_PROSE_CHARS = 4000
_KINDS_FROM_TOKENS = 4000
"""Under this budget the model is told the classes without their kinds."""
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc")


class Question(Record):
    """One request to the model. `inputs` are those of the reviewing prompt."""

    index: int
    paths: tuple[str, ...]
    inputs: dict[str, str]


class QuestionRef(Record):
    """A question without its code, fit for a queue or a table."""

    index: int
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Packed:
    questions: tuple[Question, ...] = ()
    left_out: tuple[str, ...] = ()
    """Paths, or parts of them, that the model is not shown, each with the reason in brackets."""


class _Piece(NamedTuple):
    path: str
    text: str
    tokens: int


@dataclass
class _Load:
    """The pieces of one question."""

    pieces: list[_Piece] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.path for piece in self.pieces))


def pack(
    change: Change,
    contents: Mapping[str, bytes],
    rule_findings: Sequence[Finding] = (),
    policy_guidelines: str = "",
    budget_tokens: int = 24_000,
    *,
    scope_of: ScopeOf = no_scope,
    most_questions: int = MOST_QUESTIONS,
) -> Packed:
    """Questions on the changed files of `contents` (path → head bytes), each within the budget, prompt included."""
    fixed = {
        "classes": _classes(with_kinds=budget_tokens >= _KINDS_FROM_TOKENS),
        "title": _first_chars(change.title, 300),
        "description": _first_chars(change.body, min(_MOST_PROSE_CHARS, budget_tokens // 2)),
        "guidelines": _first_chars(policy_guidelines, min(_MOST_PROSE_CHARS, budget_tokens // 2)),
    }
    side_notes = budget_tokens // 12
    room = budget_tokens - load_prompt("review").overhead(fixed) - 2 * side_notes
    left_out: list[str] = []
    loads: list[_Load] = []
    for patch in sorted(change.patches, key=_priority):
        if patch.path not in contents or patch.status is PatchStatus.REMOVED or not patch.hunks:
            continue
        for piece in _pieces(patch, contents[patch.path], room, scope_of, left_out):
            if loads and loads[-1].tokens + piece.tokens <= room:
                loads[-1].pieces.append(piece)
            elif len(loads) < most_questions:
                loads.append(_Load([piece]))
            else:
                left_out.append(f"{piece.path} (a review asks at most {most_questions} questions)")
    everything = sorted(patch.path for patch in change.patches)
    questions = []
    for index, load in enumerate(loads):
        known = (finding for finding in rule_findings if finding.path in load.paths)
        elsewhere = (path for path in everything if path not in load.paths)
        inputs = fixed | {
            "known": _as_many_as_fit(sorted(map(_known_line, known)), side_notes),
            "about": "",
            "surroundings": "",
            "elsewhere": _as_many_as_fit(elsewhere, side_notes),
            "code": "\n\n".join(piece.text for piece in load.pieces),
        }
        questions.append(Question(index=index, paths=load.paths, inputs=inputs))
    return Packed(tuple(questions), tuple(dict.fromkeys(left_out)))


def question_refs(packed: Packed) -> tuple[QuestionRef, ...]:
    """What may be stored of the questions."""
    return tuple(QuestionRef(index=question.index, paths=question.paths) for question in packed.questions)


def _pieces(patch: Patch, content: bytes, room: int, scope_of: ScopeOf, left_out: list[str]) -> Iterator[_Piece]:
    """The file as one piece, or hunk by hunk, or by lines, as it fits."""
    heading = _heading(patch)
    parts = excerpts(patch, content, scope_of)
    whole = _piece(patch.path, heading, parts)
    if whole.tokens <= room:
        yield whole
        return
    for part in parts:
        piece = _piece(patch.path, heading, [part])
        if piece.tokens <= room:
            yield piece
        else:
            yield from _cut_between_lines(patch.path, heading, part, room, left_out)


def _cut_between_lines(path: str, heading: str, part: Excerpt, room: int, left_out: list[str]) -> Iterator[_Piece]:
    available = room - estimate_tokens(heading) - 1
    chunk: list[str] = []
    chunk_has_change = False
    used = 0
    for line in part.lines:
        cost = estimate_tokens(str(line) + "\n")
        if cost > available:
            where = f"line {line.number}" if line.number else "a removed line"
            left_out.append(f"{path} ({where} alone is over llm.max_input_tokens)")
            continue
        if used + cost > available:
            if chunk_has_change:
                yield _piece_of_text(path, heading, "\n".join(chunk))
            chunk, used, chunk_has_change = [], 0, False
        chunk.append(str(line))
        used += cost
        chunk_has_change |= line.op != " "
    if chunk_has_change:
        yield _piece_of_text(path, heading, "\n".join(chunk))


def _piece(path: str, heading: str, parts: Sequence[Excerpt]) -> _Piece:
    return _piece_of_text(path, heading, "\n     …\n".join(map(str, parts)))


def _piece_of_text(path: str, heading: str, code: str) -> _Piece:
    text = f"{heading}\n{code}"
    return _Piece(path, text, estimate_tokens(text + "\n\n"))


def _heading(patch: Patch) -> str:
    was = f" from {patch.old_path}" if patch.old_path and patch.old_path != patch.path else ""
    return f"### {patch.path} ({patch.status.value}{was})"


def _priority(patch: Patch) -> tuple[bool, bool, str]:
    """Code before tests before prose, so that a budget is spent where it tells most."""
    path = patch.path.lower()
    return path.endswith(_PROSE), "test" in path, patch.path


def _classes(with_kinds: bool) -> str:
    return "\n".join(f"{name}: {', '.join(kinds)}" if with_kinds else name for name, kinds in taxonomy().items())


def _known_line(finding: Finding) -> str:
    return f"{finding.path}:{finding.start_line} {finding.rule} — {finding.title}"


def _first_chars(prose: str, most: int) -> str:
    prose = masked(prose)  # before it is cut: half a secret is one nobody recognises
    return prose if len(prose) <= most else prose[:most] + " […]"


def _as_many_as_fit(lines: Iterable[str], tokens: int) -> str:
    """Whole lines up to this many tokens; the rest is counted."""
    listed = list(lines)
    shown: list[str] = []
    for line in listed:
        tokens -= estimate_tokens(line + "\n")
        if tokens < 10:
            shown.append(f"(and {len(listed) - len(shown)} more)")
            break
        shown.append(line)
    return "\n".join(shown)
