"""An answer as plain text for a terminal: no colours, no control characters; whoever prints it may add its own."""

from collections.abc import Sequence
from textwrap import wrap

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words
from bot.transports.writing.aligned import aligned, text_width
from bot.transports.writing.inline import Run, clean, is_web_address, plain, runs
from bot.transports.writing.lines import Line, code_lines, lines
from bot.transports.writing.signs import NOTHING, sign_of


def render(reply: Reply, width: int = 100) -> str:
    """The text, its prose wrapped at `width` columns; code is never wrapped. No newline at its end."""
    title = " ".join(clean(reply.title).split())
    blocks = [f"{sign_of(reply.state)} {title}".strip()] if title else []
    blocks += [text for part in reply.parts if (text := _block(part, max(30, width)))]
    if reply.run_id:
        blocks.append(f"({clean(reply.run_id)})")
    return "\n\n".join(blocks) or NOTHING


def _block(part: Part, width: int) -> str:
    match part:
        case Words():
            return "\n".join(text for line in lines(part.text) for text in _line(line, width))
        case Facts():
            return _facts(part, width)
        case Table():
            heading, rows = aligned(part.columns, part.rows, width)
            return "\n".join([*heading, *(line for row in rows for line in row)])
        case Code():
            return "\n".join(f"    {line}".rstrip() for line in code_lines(part.text))
        case Buttons():
            return "\n".join(filter(None, map(_hint, part.buttons)))


def _line(line: Line, width: int) -> Sequence[str]:
    if line.kind == "code":
        return [f"    {text}".rstrip() for text in code_lines(line.text)]
    head = "  " * line.depth + (f"{line.number}. " if line.number else "• ") if line.kind == "item" else ""
    head = "│ " if line.kind == "quote" else head
    rest = head if line.kind == "quote" else " " * len(head)
    return _wrapped(_spoken(line.runs), width, head, rest) or [""]


def _facts(facts: Facts, width: int) -> str:
    names = [" ".join(plain(name).split()) for name, _ in facts.rows]
    column = min(max(map(text_width, names), default=0), width // 3)
    found = []
    for name, (_, value) in zip(names, facts.rows, strict=True):
        head = name + " " * max(0, column - text_width(name)) + "  "
        found += _wrapped(_spoken(runs(value)) or "—", width, head, " " * (column + 2))
    return "\n".join(found)


def _wrapped(text: str, width: int, head: str, rest: str) -> list[str]:
    return wrap(
        " ".join(text.split()),
        width,
        initial_indent=head,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _spoken(found: Sequence[Run]) -> str:
    return "".join(f"{run.text} ({run.url})" if run.url and run.url != run.text else run.text for run in found)


def _hint(button: Button) -> str:
    label = " ".join(clean(button.label).split())
    if button.command:
        return f"{label}: seawall chat {_quoted(' '.join(clean(button.command).split()))}"
    return f"{label}: {button.url}" if is_web_address(button.url) else ""


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "'\\''") + "'"
