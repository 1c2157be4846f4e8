"""Charts of the last twelve weeks: SVG without script or outside reference, PNG where the extra `png` is installed.

Colour carries no meaning alone: lines differ in dashes and in the shape of their points, and each is named. An image
must have its sentence as alternative text: `alt_text`.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, Literal, NamedTuple
from xml.etree import ElementTree

from bot.errors import UsageError
from bot.weekly.facts import Facts
from bot.weekly.figure import Series
from bot.weekly.saying import text_of

Kind = Literal["line", "bar"]
Scheme = Literal["light", "dark", "auto"]
"""`auto`: as the reader's system has it."""
_IN_THE_DARK: Final = "@media screen and (prefers-color-scheme:dark)"
WIDTH: Final = 640
HEIGHT: Final = 260
_SVG: Final = "http://www.w3.org/2000/svg"
_DASHES: Final = ("", "7 4", "2 3")
_NAMED: Final[dict[str, tuple[str, str, str]]] = {
    "line": ("solid", "dashed", "dotted"), "bar": ("filled", "hollow", "third"),
}  # fmt: skip
_FONT: Final = "'Liberation Sans', Helvetica, Arial, sans-serif"
_LEAST_POINTS: Final = 2


class Colours(NamedTuple):
    back: str
    text: str
    guide: str
    lines: tuple[str, str, str]


COLOURS: Final[dict[str, Colours]] = {
    "light": Colours("#ffffff", "#1f2933", "#d5dbe1", ("#0b5394", "#a13d00", "#5b2a86")),
    "dark": Colours("#161b22", "#e6edf3", "#3d4754", ("#79b8ff", "#ffab70", "#d2a8ff")),
}


class Chart(NamedTuple):
    """One picture of a summary."""

    name: str
    """In kebab case, for a file's name and a mail's content id."""
    title: str
    kind: Kind
    series: tuple[Series, ...]


def charts_of(facts: Facts) -> tuple[Chart, ...]:
    """Those of which the record has something to draw: flow, review and resilience, three at most."""
    wanted: tuple[tuple[str, str, Kind, tuple[str, ...]], ...] = (
        ("flow", "Cycle time and pickup, median hours by week", "line", ("cycle", "pickup")),
        ("merged", "Pull requests merged by week", "bar", ("throughput",)),
        ("resilience", "Calls without a timeout by week", "bar", ("unprotected-added", "unprotected-removed")),
        ("heeded", "Points heeded, of those judged, by week", "line", ("precision",)),
    )
    by_name = {series.name: series for series in facts.series}
    found = []
    for name, title, kind, names in wanted:
        series = tuple(by_name[one] for one in names if one in by_name and _has_shape(by_name[one]))
        if series:
            found.append(Chart(name, title, kind, series))
    return tuple(found[:3])


def chart_svg(
    series: Series | Sequence[Series],
    kind: Kind,
    *,
    title: str = "",
    scheme: Scheme = "auto",
    name: str = "chart",
    shows_title: bool = True,
) -> bytes:
    """The picture, of series of one unit (three at most). The same bytes for the same series. `shows_title`: it stands
    in the picture; False where the page says it beside."""
    drawn = [series] if isinstance(series, Series) else list(series)
    if not 0 < len(drawn) <= len(_DASHES) or len({one.unit for one in drawn}) > 1:
        raise ValueError("a chart shows one to three series of one unit")
    title = title or drawn[0].title
    root = _plotted(drawn, kind, title if shows_title else None, name, COLOURS["dark" if scheme == "dark" else "light"])
    _cleaned(root)
    root.tag = "svg"
    root.set("xmlns", _SVG)
    root.set("role", "img")
    root.set("width", str(WIDTH))
    root.set("height", str(HEIGHT))
    described = ElementTree.Element("desc")
    described.text = alt_text(title, drawn)
    root.insert(1, described)
    style = ElementTree.SubElement(root, "style")
    style.text = (_dark_rules(len(drawn)) if scheme == "auto" else "") + _marks(drawn, kind, scheme)
    picture: bytes = ElementTree.tostring(root, encoding="utf-8")
    return picture


def chart_png(
    series: Series | Sequence[Series], kind: Kind, *, title: str = "", scheme: Literal["light", "dark"] = "light"
) -> bytes:
    """The same as PNG, twice as fine. Raises UsageError where the extra `png` is not installed."""
    svg = chart_svg(series, kind, title=title, scheme=scheme).decode()
    return bytes(_converter().svg_to_png(svg, scale=2))


def alt_text(title: str, series: Sequence[Series]) -> str:
    """One sentence for who does not see it: from where to where each went, and between what."""
    return f"{title}: {'; '.join(map(_course, series))}."


def _course(series: Series) -> str:
    known = [(point.week, point.value) for point in series.points if point.value is not None]
    if not known:
        return f"{series.title} is not known in any week"
    values = [value for _, value in known]
    first, last = known[0], known[-1]
    low, high = (text_of(edge(values), series.unit) for edge in (min, max))
    said = (f"{series.title} was {text_of(first[1], series.unit)} in {first[0]} and "
            f"{text_of(last[1], series.unit)} in {last[0]}, between {low} and {high}")  # fmt: skip
    missing = len(series.points) - len(known)
    return f"{said}, {missing} week{'s' if missing != 1 else ''} without a figure" if missing else said


def _has_shape(series: Series) -> bool:
    known = [point.value for point in series.points if point.value is not None]
    return len(known) >= _LEAST_POINTS and any(known)


def _plotted(
    series: Sequence[Series], kind: Kind, title: str | None, name: str, colours: Colours
) -> ElementTree.Element:
    import pygal  # only where something is drawn: it takes a while to load
    from pygal.style import Style

    style = Style(
        background=colours.back, plot_background=colours.back, foreground=colours.text, foreground_strong=colours.text,
        foreground_subtle=colours.text, guide_stroke_color=colours.guide, major_guide_stroke_color=colours.guide,
        colors=colours.lines, opacity="1", stroke_opacity="1", font_family=_FONT, title_font_family=_FONT,
        label_font_family=_FONT, major_label_font_family=_FONT, legend_font_family=_FONT, value_font_family=_FONT,
        label_font_size=11, major_label_font_size=11, legend_font_size=12, title_font_size=14, no_data_font_size=16,
    )  # fmt: skip
    drawing = {"line": pygal.Line, "bar": pygal.Bar}[kind](
        style=style, js=[], disable_xml_declaration=True, title=title, legend_at_bottom=True,
        show_legend=len(series) > 1, legend_at_bottom_columns=len(series), include_x_axis=True, dots_size=4,
        max_scale=6, truncate_legend=-1, no_data_text="No figures yet",
        value_formatter=lambda value: text_of(value, series[0].unit),
        print_values=False, width=WIDTH, height=HEIGHT, margin=12,
    )  # fmt: skip
    drawing.uuid = name
    drawing.x_labels = [point.week[5:] for point in series[0].points]
    for one, dashes, called in zip(series, _DASHES, _NAMED[kind], strict=False):
        stroke = {"width": 2.5, **({"dasharray": dashes} if dashes else {})}
        drawing.add(
            f"{one.title} ({called})",
            [point.value for point in one.points],
            stroke_style=stroke,
            allow_interruptions=True,
        )
    return ElementTree.fromstring(drawing.render())  # noqa: S314 — pygal's own text, a moment old


def _cleaned(root: ElementTree.Element) -> None:
    """Plain SVG, without scripts and the texts of tooltips: a picture in an `img` can use none of them."""
    for parent in list(root.iter()):
        for child in list(parent):
            tag = child.tag = child.tag.rpartition("}")[2]
            is_tooltip = "tooltip-overlay" in child.get("class", "")
            is_inner_title = tag == "title" and parent is not root
            if tag in ("script", "desc") or is_tooltip or is_inner_title:
                parent.remove(child)


def _marks(series: Sequence[Series], kind: Kind, scheme: Scheme) -> str:
    """Lines that are seen; and what tells the second series apart without colour, beside its dashes: hollow marks."""
    line = ".series .line{stroke-width:2.5!important}.series circle{stroke-dasharray:none}"
    if len(series) < 2:
        return line
    hollow = ".serie-1 rect,#activate-serie-1 rect" if kind == "bar" else ".serie-1 circle"
    rule = "{fill:%s!important;stroke-width:2}"
    dark = f"{_IN_THE_DARK}{{{hollow}{rule % COLOURS['dark'].back}}}" if scheme == "auto" else ""
    return f"{line}{hollow}{rule % COLOURS['dark' if scheme == 'dark' else 'light'].back}{dark}"


def _dark_rules(lines: int) -> str:
    dark = COLOURS["dark"]
    rules = [
        f".graph>.background,.plot>.background{{fill:{dark.back}!important}}",
        f"text,.title,.axis text,.legends .legend text{{fill:{dark.text}!important}}",
        f".axis .line{{stroke:{dark.text}!important}}",
        f".axis .guide.line{{stroke:{dark.guide}!important}}",
    ]
    for at, colour in enumerate(dark.lines[:lines]):
        rules.append(f".color-{at}{{stroke:{colour}!important;fill:{colour}!important}}")
        rules.append(f".color-{at} .nofill{{fill:none!important}}")
    return f"{_IN_THE_DARK}{{{''.join(rules)}}}"


@cache
def _converter() -> Any:
    try:
        return import_module("vl_convert")
    except ImportError:
        raise UsageError("Charts as PNG need the extra png. Install it: pip install 'seawall[png]'") from None
