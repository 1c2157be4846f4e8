"""Charts: pictures of twelve weeks that need no script, no network and no eye for colours."""

import struct
from itertools import product
from xml.etree import ElementTree

import pytest

from bot.errors import UsageError
from bot.weekly import charts
from bot.weekly.charts import COLOURS, Kind, Scheme, alt_text, chart_png, chart_svg, charts_of
from bot.weekly.figure import Series, SeriesPoint
from tests.weekly.rows import facts, no_rows
from tests.weekly.told import facts_of_all

SVG = "{http://www.w3.org/2000/svg}"


def series(title: str, *values: float | None, unit: str = "h") -> Series:
    points = tuple(SeriesPoint(week=f"2026-W{33 + at}", value=value, n=5) for at, value in enumerate(values))
    return Series(name=title.lower(), title=title, unit=unit, points=points)


CYCLE = series("Cycle time", 20.5, None, 24, 30)
PICKUP = series("Pickup", 4, 5, 6, 4.2)
KINDS: tuple[Kind, ...] = ("line", "bar")
SCHEMES: tuple[Scheme, ...] = ("light", "dark", "auto")


@pytest.mark.parametrize(("kind", "scheme"), list(product(KINDS, SCHEMES)))
def test_nothing_in_a_chart_acts_or_is_fetched(kind: Kind, scheme: Scheme) -> None:
    svg = chart_svg([CYCLE, PICKUP], kind, title="Hours", scheme=scheme)
    root = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "a", "image", "use", "foreignObject", "link"}
    attributes = [(name, value) for element in root.iter() for name, value in element.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or "href" in name]
    rest = svg.decode().replace("http://www.w3.org/", "")
    assert not [word for word in ("http", "@import", "url(", "<!--", "<?") if word in rest]


def test_the_same_series_make_the_same_bytes() -> None:
    assert chart_svg(CYCLE, "line") == chart_svg(CYCLE, "line")


def test_a_chart_tells_itself_to_who_does_not_see_it() -> None:
    root = ElementTree.fromstring(chart_svg([CYCLE, PICKUP], "line", title="Hours"))
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")] == ["Hours", alt_text("Hours", [CYCLE, PICKUP])]
    assert alt_text("Hours", [CYCLE, PICKUP]) == (
        "Hours: Cycle time was 20.5 h in 2026-W33 and 30 h in 2026-W36, between 20.5 h and 30 h, 1 week without a "
        "figure; Pickup was 4 h in 2026-W33 and 4.2 h in 2026-W36, between 4 h and 6 h."
    )
    assert alt_text("Hours", [series("Review", None, None)]) == "Hours: Review is not known in any week."


def test_series_are_told_apart_without_colour() -> None:
    svg = chart_svg([CYCLE, PICKUP], "line").decode()
    assert "Cycle time (solid)" in svg
    assert "Pickup (dashed)" in svg
    assert ".serie-1{stroke-width:2.5;stroke-dasharray:7 4" in svg.replace("#chart-chart ", "").replace("#chart ", "")


def test_a_week_without_a_figure_is_a_gap_and_no_zero() -> None:
    root = ElementTree.fromstring(chart_svg(CYCLE, "line"))
    assert len(list(root.iter(f"{SVG}circle"))) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_lines_stand_out_of_their_background(scheme: str) -> None:
    colours = COLOURS[scheme]
    assert _contrast(colours.text, colours.back) >= 7
    assert all(_contrast(line, colours.back) >= 4.5 for line in colours.lines)


def test_a_chart_follows_the_reader_s_scheme() -> None:
    svg = chart_svg(CYCLE, "bar", scheme="auto").decode()
    light, _, dark = svg.partition("@media screen and (prefers-color-scheme:dark)")
    assert COLOURS["light"].back in light
    assert COLOURS["dark"].back in dark
    assert "@media" not in chart_svg(CYCLE, "bar", scheme="light").decode()


def test_a_png_is_twice_as_fine() -> None:
    pytest.importorskip("vl_convert")
    png = chart_png([CYCLE, PICKUP], "line", scheme="dark")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2 * charts.WIDTH, 2 * charts.HEIGHT)


def test_without_the_extra_a_png_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    charts._converter.cache_clear()
    monkeypatch.setattr(charts, "import_module", absent)
    with pytest.raises(UsageError, match=r"pip install 'seawall\[png\]'"):
        chart_png(CYCLE, "line")


def test_a_summary_has_three_charts_at_most_of_what_is_known() -> None:
    assert 1 <= len(charts_of(facts_of_all())) <= 3
    assert charts_of(facts(no_rows())) == ()


def test_series_of_two_units_share_no_chart() -> None:
    with pytest.raises(ValueError, match="one unit"):
        chart_svg([CYCLE, series("Precision", 0.5, 0.6, unit="%")], "line")


def _contrast(first: str, second: str) -> float:
    """WCAG 2: of two sRGB colours."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
