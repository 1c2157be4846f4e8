"""An answer in Slack's Block Kit, within the limits Slack documents, split into as many messages as it takes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words
from bot.transports.writing.aligned import aligned
from bot.transports.writing.inline import Run, clean, in_pieces, is_web_address, plain, runs
from bot.transports.writing.lines import Line, code_lines, lines
from bot.transports.writing.signs import NOTHING, left_out, sign_of

BLOCKS, HEADER, SECTION, FIELDS, FIELD, BUTTON, VALUE, ACTIONS, URL = 50, 150, 3000, 10, 2000, 75, 2000, 25, 3000
MESSAGE = 12_000
"""Text in all blocks of one message: longer ones fold away under “See more”, far longer ones are refused."""
_FALLBACK = 300
_CODE = SECTION - 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, the text in it counted, and the lines of the answer it shows."""

    block: dict[str, Any]
    size: int
    lines: int


def messages(reply: Reply, most: int) -> tuple[dict[str, Any], ...]:
    """Up to `most` messages (`text`, the notification, and `blocks`). What is left out is counted in the last one."""
    title = " ".join(clean(reply.title).split())
    pieces = [*_title(title, sign_of(reply.state)), *(piece for part in reply.parts for piece in _pieces(part))]
    groups: list[list[Piece]] = [[]]
    for piece in pieces:
        if len(groups[-1]) >= BLOCKS - 2 or sum(each.size for each in groups[-1]) + piece.size > MESSAGE:
            groups.append([])
        groups[-1].append(piece)
    footer = [f"`{mrkdwn_code(reply.run_id)}`"] if reply.run_id else []
    if missing := sum(piece.lines for group in groups[most:] for piece in group):
        footer.insert(0, left_out(missing, "line"))
    groups = groups[:most]
    text = escaped(f"{sign_of(reply.state)} {title[:_FALLBACK]}".strip()) or NOTHING
    found: list[dict[str, Any]] = [{"text": text, "blocks": [piece.block for piece in group]} for group in groups]
    if footer or not found[-1]["blocks"]:
        found[-1]["blocks"].append({"type": "context", "elements": [_text("  ·  ".join(footer) or NOTHING)]})
    return tuple(found)


def escaped(text: str) -> str:
    """Text that Slack shows as it stands: no mention, channel or link comes of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(found: Iterable[Run]) -> str:
    """Runs in Slack's own markup; a link only as `<url|text>`."""
    return "".join(map(_run, found))


def mrkdwn_code(text: str) -> str:
    return escaped(" ".join(clean(text).split()).replace("`", "ˋ"))


def _run(run: Run) -> str:
    if run.url and len(target := escaped(run.url).replace("|", "%7C")) < SECTION // 2:
        return f"<{target}|{_label(run.text)}>"
    if run.is_code:
        return f"`{escaped(run.text.replace('`', 'ˋ'))}`"
    marks = "*" * run.is_bold + "_" * run.is_italic
    text = escaped(run.text)
    core = text.strip() if marks else text
    return text.replace(core, f"{marks}{core}{marks[::-1]}", 1) if core else text


def _label(text: str) -> str:
    return escaped(text[: SECTION // 12]) + ("…" if len(text) > SECTION // 12 else "")


def _title(title: str, sign: str) -> Iterator[Piece]:
    if not title:
        return
    whole = f"{sign} {title}".strip()
    if len(whole) <= HEADER:
        yield Piece({"type": "header", "text": {"type": "plain_text", "text": whole, "emoji": False}}, len(whole), 1)
    else:
        yield from _sections([Line("text", (Run(whole, is_bold=True),))])


def _pieces(part: Part) -> Iterator[Piece]:
    match part:
        case Words():
            if part.begins:
                yield Piece({"type": "divider"}, 0, 0)
            yield from _words(lines(part.text))
        case Facts():
            yield from _facts(part)
        case Table():
            heading, rows = aligned(part.columns, part.rows)
            yield from _code([*rows], heading) if heading or rows else ()
        case Code():
            yield from _code([[line] for line in code_lines(part.text)])
        case Buttons():
            yield from _buttons(part.buttons)


def _words(found: Sequence[Line]) -> Iterator[Piece]:
    prose: list[Line] = []
    for line in found:
        if line.kind != "code":
            prose.append(line)
            continue
        yield from _sections(prose)
        prose = []
        yield from _code([[text] for text in code_lines(line.text)])
    yield from _sections(prose)


def _sections(prose: Sequence[Line]) -> Iterator[Piece]:
    """As few sections as hold the lines; a line is parted only where it is longer than half a section."""
    text, count = "", 0
    for line in prose:
        for shown in _shown(line):
            if text and len(text) + len(shown) + 1 > SECTION:
                yield from _section(text, count)
                text, count = "", 0
            text += ("\n" if text else "") + shown
        count += 1
    yield from _section(text, count)


def _shown(line: Line) -> Iterator[str]:
    """The line; in several parts where it is longer than half a section."""
    text = _head(line) + mrkdwn(line.runs)
    if len(text) <= SECTION // 2:
        yield text
        return
    text = _head(line)
    for run in (run for piece in in_pieces(line.runs, SECTION // 12) for run in piece):
        shown = mrkdwn([run])
        if len(text) + len(shown) > SECTION:
            yield text
            text = ""
        text += shown
    yield text


def _head(line: Line) -> str:
    if line.kind == "item":
        return "      " * line.depth + (f"{line.number}. " if line.number else "•  ")
    return ">" if line.kind == "quote" else ""


def _section(text: str, count: int) -> Iterator[Piece]:
    if text.strip():
        yield Piece({"type": "section", "text": _text(text.strip("\n"))}, len(text), count)


def _facts(facts: Facts) -> Iterator[Piece]:
    """Two columns of fields; a value too long for a field stands in a section of its own."""
    fields: list[str] = []
    for name, value in facts.rows:
        name = " ".join(plain(name).split())
        field = mrkdwn([Run(name, is_bold=True)]) + "\n" + (mrkdwn(runs(" ".join(value.split()))) or "—")
        if len(field) <= FIELD // 4 and len(fields) < FIELDS:
            fields.append(field)
            continue
        yield from _fields(fields)
        fields = [field] if len(field) <= FIELD // 4 else []
        if not fields:
            yield from _sections([Line("text", (Run(name, is_bold=True),)), *lines(value)])
    yield from _fields(fields)


def _fields(fields: Sequence[str]) -> Iterator[Piece]:
    if fields:
        shown = [_text(field) for field in fields]
        yield Piece({"type": "section", "fields": shown}, sum(map(len, fields)), len(fields))


def _code(rows: Sequence[Sequence[str]], heading: Sequence[str] = ()) -> Iterator[Piece]:
    """Code blocks; where one is not enough, each begins with the heading, and no row is parted between two."""
    head = "".join(_code_line(line) for line in heading)[: _CODE // 2]
    text, count = head, 0
    for row in rows:
        shown = "".join(map(_code_line, row))
        for piece in _cut(shown, _CODE - len(head)):
            if len(text) + len(piece) > _CODE:
                yield _preformatted(text, count)
                text, count = head, 0
            text += piece
        count += 1
    if text != head or not rows:
        yield _preformatted(text, max(count, 1))


def _code_line(line: str) -> str:
    return escaped(line.replace("```", "ˋˋˋ")) + "\n"


def _cut(text: str, size: int) -> Iterator[str]:
    """Parts of at most `size`, never parted inside an `&amp;`."""
    while len(text) > size:
        cut = size
        if (entity := text.rfind("&", size - 5, size)) >= 0 and ";" not in text[entity:size]:
            cut = entity
        yield text[:cut]
        text = text[cut:]
    yield text


def _preformatted(text: str, count: int) -> Piece:
    shown = f"```\n{text.rstrip()}\n```"
    return Piece({"type": "section", "text": _text(shown)}, len(shown), count)


def _buttons(buttons: Sequence[Button]) -> Iterator[Piece]:
    shown = [element for button in buttons if (element := _button(button))]
    for at in range(0, len(shown), ACTIONS):
        elements = [
            {**element, "action_id": f"press-{index}"} for index, element in enumerate(shown[at : at + ACTIONS])
        ]
        yield Piece({"type": "actions", "elements": elements}, 100 * len(elements), 1)


def _button(button: Button) -> dict[str, Any] | None:
    label = (" ".join(clean(button.label).split()) or "Open")[:BUTTON]
    element: dict[str, Any] = {"type": "button", "text": {"type": "plain_text", "text": label, "emoji": False}}
    command = " ".join(clean(button.command).split())
    if command and len(command) <= VALUE:
        element["value"] = command
        if button.is_danger:
            element["style"] = "danger"
            element["confirm"] = _confirmation(label, command)
        return element
    if is_web_address(button.url) and len(button.url) <= URL:
        return element | {"url": button.url}
    return None


def _confirmation(label: str, command: str) -> dict[str, Any]:
    asked = command if len(command) <= 250 else command[:249] + "…"
    texts = {"title": f"{label}?"[:100], "text": asked, "confirm": label[:30], "deny": "Leave it"}
    return {name: {"type": "plain_text", "text": text} for name, text in texts.items()}


def _text(text: str) -> dict[str, Any]:
    """`verbatim`: Slack must not look for names and addresses in it by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
