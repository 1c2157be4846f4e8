"""What GitHub takes for a review comment: a line that the diff shows, in one hunk, in the right order."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from bot.demo.standin.patches import DiffLine, FileChange, Side
from bot.demo.standin.refusals import invalid, unprocessable

LONGEST_BODY = 65_536
EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


class Anchor(NamedTuple):
    """Where an accepted comment stands."""

    file: FileChange
    side: Side
    end: DiffLine
    start_side: Side | None
    start: DiffLine | None

    @property
    def line(self) -> int:
        return cast(int, self.end.number(self.side))

    @property
    def start_line(self) -> int | None:
        return self.start.number(self.start_side) if self.start and self.start_side else None


def anchor(comment: dict[str, Any], changes: Sequence[FileChange]) -> Anchor:
    """The place a comment asks for, or 422 with GitHub's reason."""
    file = next((change for change in changes if change.path == comment.get("path")), None)
    if file is None:
        raise unprocessable("Path could not be resolved")
    side = _side(comment, "side", "RIGHT")
    end = _line(file, comment, "line", side)
    if comment.get("start_line") is None:
        return Anchor(file, side, end, None, None)
    start_side = _side(comment, "start_side", side)
    start = _line(file, comment, "start_line", start_side)
    if start.position >= end.position:
        raise unprocessable("Start line must precede the end line.")
    if start.hunk != end.hunk:
        raise unprocessable("Pull request review thread start line must be part of the same hunk as the line.")
    return Anchor(file, side, end, start_side, start)


def check_body(resource: str, body: object, may_be_empty: bool = False) -> str:
    """A text of at most 65,536 characters."""
    if body is None and may_be_empty:
        return ""
    if not isinstance(body, str):
        raise invalid(resource, "body", "invalid" if body is not None else "missing_field")
    if not body.strip() and not may_be_empty:
        raise invalid(resource, "body", "custom", "body cannot be blank")
    if len(body) > LONGEST_BODY:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {LONGEST_BODY} characters)")
    return body


def check_event(event: object, body: str, comments: Sequence[object], is_own: bool) -> str:
    """The state an event leads to; no event leaves the review pending."""
    if event is None or event == "PENDING":
        return "PENDING"
    if event not in EVENTS:
        raise unprocessable(f"Variable $event of type PullRequestReviewEvent was provided invalid value {event!r}")
    if is_own and event != "COMMENT":
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {verb} your own pull request")
    if event != "APPROVE" and not body.strip() and not comments:
        raise unprocessable("Review body or comments are required: an empty review cannot be submitted")
    return EVENTS[str(event)]


def _side(comment: dict[str, Any], key: str, otherwise: Side) -> Side:
    side = comment.get(key) or otherwise
    if side not in ("LEFT", "RIGHT"):
        raise unprocessable(f"{key} must be LEFT or RIGHT, not {side!r}")
    return cast(Side, side)


def _line(file: FileChange, comment: dict[str, Any], key: str, side: Side) -> DiffLine:
    number, position = comment.get(key), comment.get("position")
    if number is None and isinstance(position, int) and key == "line":
        found = file.line_at_position(position)
        if found is None or found.number(side) is None:
            raise unprocessable("Position could not be resolved")
        return found
    if isinstance(number, bool) or not isinstance(number, int):
        raise unprocessable(f"{number!r} is not an integer: {key}")
    found = file.line_at(number, side)
    if found is None:
        raise unprocessable(f"{'Start line' if key == 'start_line' else 'Line'} could not be resolved")
    return found
