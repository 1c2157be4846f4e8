"""A patch as a model reads it: every line that can be cited carries its number in the head."""

from bot.domain import Line, Patch, PatchStatus

_CUT_AT = 400
"""Characters of a line shown; what is longer is data, not code."""


def render(patch: Patch, max_line_chars: int = _CUT_AT) -> str:
    """For example:

    shop/cart.py (renamed from shop/basket.py)
    @@ 11-13 def total
    11   total = 0
       - price = fetch(url)
    12 + price = fetch(url, timeout=3)
    13   return total + price
    """
    rows = [_title(patch)]
    for hunk in patch.hunks:
        numbers = [line.new_no for line in hunk.lines if line.new_no is not None]
        width = len(str(max(numbers, default=0)))
        place = f"{numbers[0]}-{numbers[-1]}" if numbers else f"after {hunk.new_start}"
        rows.append(f"@@ {place} {hunk.heading}".rstrip())
        rows += [_row(line, width, max_line_chars) for line in hunk.lines]
    return "\n".join(rows)


def _title(patch: Patch) -> str:
    if patch.status in (PatchStatus.RENAMED, PatchStatus.COPIED):
        return f"{patch.path} ({patch.status} from {patch.old_path})"
    return patch.path if patch.status is PatchStatus.MODIFIED else f"{patch.path} ({patch.status})"


def _row(line: Line, width: int, max_line_chars: int) -> str:
    text = line.text.removesuffix("\r")
    if len(text) > max_line_chars:
        text = f"{text[:max_line_chars]} … ({len(text)} characters)"
    return f"{'' if line.new_no is None else line.new_no:>{width}} {line.op} {text}".rstrip()
