"""An answer in Markdown, as a comment on GitHub and in systems that read the same."""

import re
from collections.abc import Iterable, Sequence

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words
from bot.transports.writing.inline import Run, clean, in_pieces, is_web_address, plain, runs
from bot.transports.writing.lines import Line, code_lines, lines
from bot.transports.writing.signs import NOTHING, left_out, sign_of

COMMENT_LIMIT = 60_000
"""Under GitHub's 65,536 characters."""
_ACTS = re.compile(r"([\\`*\[\]|~]|(?<!\w)_|_(?!\w)|!(?=\[))")
_MENTION = re.compile(r"(?:(?<=[^\w`])|^)[\w.+-]*@[\w./-]+")
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_AT_START = re.compile(r"^(\s*)([#>+-]|\d{1,9}[.)]|=+\s*$|-+\s*$)(?=\s|$)")
_COMMAND = re.compile(r"^(\s*)/(?=[A-Za-z])", re.MULTILINE)
_PIECE = 5000
_DRAWN = {"mermaid", "geojson", "topojson", "stl", "math"}  # GitHub draws these instead of showing them


def render(reply: Reply, limit: int = COMMENT_LIMIT) -> str:
    """The comment. Blocks that would make it longer than `limit` are left out and counted at its end.

    It mentions nobody, and no line begins with a slash, so no other bot takes it for a command.
    """
    title = " ".join(clean(reply.title).split())
    blocks = [f"{sign_of(reply.state)} **{written([Run(title)])}**".lstrip()] if title else []
    blocks += [block for part in reply.parts for block in _blocks(part)]
    footer = f"_`{_span(reply.run_id)}` · `/seawall help` lists every command_" if reply.run_id else ""
    kept, spare = list[str](), limit - len(footer) - 100
    for block in blocks:
        spare -= len(block) + 2
        if spare < 0:
            kept.append(f"_{left_out(len(blocks) - len(kept), 'part')}_")
            break
        kept.append(block)
    return "\n\n".join([*kept, footer] if footer else kept) or NOTHING


def written(text: Iterable[Run]) -> str:
    """Runs as Markdown again, with everything in plain text made inert."""
    whole = ""
    for piece in map(_run, text):
        if whole.endswith("`") and piece.startswith("`"):
            whole += " "  # spans that touch would merge
        elif whole.endswith("!") and piece.startswith("["):
            whole = whole[:-1] + "\\!"  # a link would become an image
        whole += piece
    return whole


def fenced(code: str, language: str = "") -> str:
    """A code block around any text, its fence longer than any run of backticks in it."""
    text = "\n".join(code_lines(code)) if language != "suggestion" else clean(code).rstrip("\n")
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    named = re.sub(r"[^\w+#.-]", "", language)
    text = re.sub(r"(?m)^/(?=[A-Za-z])", " /", text)  # other bots read commands inside fences too
    return f"{fence}{'' if named.lower() in _DRAWN else named}\n{text}\n{fence}"


def _blocks(part: Part) -> list[str]:
    match part:
        case Words():
            return _paragraphs(lines(part.text))
        case Facts():
            rows = [
                (written([Run(" ".join(plain(name).split()))]), written(_one_line(value))) for name, value in part.rows
            ]
            return ["\n".join(f"- **{name}:** {value or '—'}" if name else f"- {value}" for name, value in rows)]
        case Table():
            return _tables(part)
        case Code():
            return _fences(part.text, part.language)
        case Buttons():
            hints = list(filter(None, map(_hint, part.buttons)))
            return [" · ".join(hints)] if hints else []


def _paragraphs(found: Sequence[Line]) -> list[str]:
    """Blocks to be parted by a blank line; code stands alone."""
    blocks: list[list[str]] = [[]]
    for line in found:
        if line.kind == "blank":
            blocks.append([])
        elif line.kind == "code":
            blocks += [*([fence] for fence in _fences(line.text, line.language)), []]
        elif sum(map(len, blocks[-1])) < _PIECE:
            blocks[-1] += _line(line)
        else:
            blocks.append(_line(line))
    return ["\n".join(block) for block in blocks if block]


def _fences(text: str, language: str) -> list[str]:
    """Code blocks, one where it is not very long: a suggestion is never parted."""
    if len(text) <= _PIECE or language == "suggestion":
        return [fenced(text, language)]
    pieces = [""]
    for line in code_lines(text):
        for at in range(0, max(1, len(line)), _PIECE):
            if pieces[-1] and len(pieces[-1]) + len(line) > _PIECE:
                pieces.append("")
            pieces[-1] += line[at : at + _PIECE] + "\n"
    return [fenced(piece, language) for piece in pieces]


def _line(line: Line) -> list[str]:
    """One line; more where it is very long."""
    head = rest = "> " if line.kind == "quote" else ""
    if line.kind == "item":
        head = f"{'  ' * line.depth}{line.number + '.' if line.number else '-'} "
        rest = " " * len(head)
    pieces = [_inert_start(written(piece)) for piece in in_pieces(line.runs, _PIECE)]
    return [(rest if index else head) + piece for index, piece in enumerate(pieces)]


def _inert_start(text: str) -> str:
    return _COMMAND.sub(r"\1\\/", _AT_START.sub(lambda m: m[1] + m[2][:-1] + "\\" + m[2][-1:], text))


def _tables(table: Table) -> list[str]:
    """The table, in pieces of fifty rows: a long one loses its end, not the whole."""
    count = max([len(table.columns), *map(len, table.rows)], default=0)
    if not count:
        return []
    head = [_row(table.columns, count), "|" + " --- |" * count]
    body = [_row(row, count) for row in table.rows]
    return ["\n".join(head + body[at : at + 50]) for at in range(0, max(1, len(body)), 50)]


def _row(cells: Sequence[str], count: int) -> str:
    written_cells = [written(_one_line(cell)) for cell in cells] + [""] * (count - len(cells))
    return "| " + " | ".join(cell or " " for cell in written_cells) + " |"


def _one_line(text: str) -> list[Run]:
    return runs(" ".join(text.split()))


def _hint(button: Button) -> str:
    label = written([Run(" ".join(clean(button.label).split()))])
    if button.command:
        return f"{label}: `/seawall {_span(button.command)}`"
    return f"[{label}]({button.url.replace('(', '%28').replace(')', '%29')})" if is_web_address(button.url) else ""


def _run(run: Run) -> str:
    if run.url:
        if run.text == run.url:
            return run.url
        label = f"`{_span(run.text)}`" if run.is_code else _inert(run.text)
        return f"[{label}]({run.url})"
    if run.is_code:
        return f"`{_span(run.text)}`"
    marks = "**" * run.is_bold + "_" * run.is_italic
    inner = _inert(run.text)
    core = inner.strip() if marks else inner
    return inner.replace(core, f"{marks}{core}{marks[::-1]}", 1) if core else inner


def _inert(text: str) -> str:
    parts, at = list[str](), 0
    for mention in _MENTION.finditer(text):
        parts += [_escaped(text[at : mention.start()]), f"`{mention[0]}`"]
        at = mention.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _ENTITY.sub("&amp;", _ACTS.sub(r"\\\1", text)).replace("<", "&lt;")


def _span(text: str) -> str:
    """What may stand between two backticks, also in a table."""
    return " ".join(clean(text).split()).replace("`", "ˋ").replace("|", "¦")
