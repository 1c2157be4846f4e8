"""A posture map, or the budget of a fleet, as text. Each format is one file of pure functions."""

from typing import Literal, get_args

from bot.domain.fleet import FleetBudget
from bot.domain.posture import PostureMap

Format = Literal["table", "markdown", "json", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render_map(posture: PostureMap, format: str, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The map in one of FORMATS. `width`: columns of the table, else as wide as the terminal. Raises ValueError."""
    match format:
        case "table":
            from bot.posture.formats.table import map_table

            return map_table(posture, is_terminal=is_terminal, width=width)
        case "markdown":
            from bot.posture.formats.markdown import map_markdown

            return map_markdown(posture)
        case "json":
            from bot.posture.formats.json import as_json

            return as_json(posture)
        case "html":
            from bot.posture.formats.html import map_page

            return map_page(posture)
    raise ValueError(f"{format} is none of {', '.join(FORMATS)}")


def render_fleet(budget: FleetBudget, format: str, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The budget in one of FORMATS. Raises ValueError for another."""
    from bot.posture.formats.fleet import fleet_markdown, fleet_page, fleet_table

    match format:
        case "table":
            return fleet_table(budget, is_terminal=is_terminal, width=width)
        case "markdown":
            return fleet_markdown(budget)
        case "json":
            from bot.posture.formats.json import as_json

            return as_json(budget)
        case "html":
            return fleet_page(budget)
    raise ValueError(f"{format} is none of {', '.join(FORMATS)}")


__all__ = ["FORMATS", "Format", "render_fleet", "render_map"]
