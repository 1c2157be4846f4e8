"""The looks of the page: what stands in each element, and what the style sheet changes of it in the dark."""

from typing import Final

_LIGHT: Final = {"back": "#ffffff", "text": "#1f2933", "faint": "#52606d", "line": "#d5dbe1", "link": "#0b5394",
                 "better": "#1a6b34", "worse": "#8f3300"}  # fmt: skip
_DARK: Final = {"back": "#161b22", "text": "#e6edf3", "faint": "#a6b1bd", "line": "#3d4754", "link": "#79b8ff",
                "better": "#7ee2a0", "worse": "#ffb787"}  # fmt: skip
_FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"
_CELL: Final = "padding:6px 14px 6px 0;border-bottom:1px solid {line};vertical-align:top;font-size:15px"
_LEFT, _RIGHT = "text-align:left", "text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"

_STYLES: Final = {
    "body": f"margin:0;background:{{back}};color:{{text}};{_FONT};font-size:16px;line-height:1.5",
    "main": "max-width:820px;margin:0 auto;padding:24px 16px 48px",
    "h1": "font-size:26px;line-height:1.25;margin:0 0 16px;color:{text}",
    "h2": "font-size:19px;line-height:1.3;margin:32px 0 8px;color:{text}",
    "h3": "font-size:16px;margin:24px 0 4px;color:{text}",
    "lead": "font-size:18px;margin:0 0 8px;color:{text}",
    "small": "font-size:14px;margin:4px 0;color:{faint}",
    "wide": "overflow-x:auto",
    "table": "border-collapse:collapse;width:100%;color:{text}",
    "figures": "border-collapse:collapse;width:100%;color:{text}",
    "th": f"{_CELL};{_LEFT};color:{{faint}};font-weight:600",
    "th-number": f"{_CELL};{_RIGHT};color:{{faint}};font-weight:600",
    "row": f"{_CELL};{_LEFT};font-weight:400;color:{{text}}",
    "td": f"{_CELL};{_LEFT};color:{{text}}",
    "number": f"{_CELL};{_RIGHT};color:{{text}}",
    "list": "margin:4px 0;padding-left:24px",
    "item": "margin:0 0 8px;color:{text};overflow-wrap:anywhere",
    "defined": "margin:4px 0",
    "term": "font-size:15px;margin-top:8px;color:{text}",
    "meaning": "font-size:14px;margin:0 0 0 16px;color:{faint}",
    "picture": "margin:8px 0 16px",
    "img": "display:block;width:100%;max-width:640px;height:auto;border:1px solid {line};border-radius:6px",
    "a": "color:{link}",
    "better": "color:{better}",
    "worse": "color:{worse}",
    "text": "color:{text}",
}


def styled(name: str) -> str:
    """The attributes of an element: its looks in the light, and the class by which the sheet finds it."""
    return f'class="{name}" style="{_STYLES[name].format(**_LIGHT)}"'


def _dark(name: str, style: str) -> str:
    """What of a style has a colour, in the dark; it must win over what stands in the element."""
    parts = [part.format(**_DARK) + "!important" for part in style.split(";") if "{" in part]
    return f".{name}{{{';'.join(parts)}}}" if parts else ""


SHEET: Final = (
    "@media screen and (prefers-color-scheme:dark){"
    + "".join(_dark(name, style) for name, style in _STYLES.items())
    + "}@media(max-width:600px){.row,.td,.number,.th,.th-number{font-size:14px!important;padding-right:8px!important}"
    ".figures,.figures tbody{display:block!important}.figures thead{position:absolute;clip-path:inset(50%)}"
    ".figures tr{display:flex!important;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:7px 0;"
    "border-bottom:1px solid #8886}.figures tr *{border:0!important}.figures tbody th,.figures td{padding:0!important}"
    ".figures .row{flex:1 1 55%}.figures .td{flex:1 1 40%;font-size:13px!important}"
    ".figures .td:last-child{flex:0 1 auto;white-space:nowrap;text-align:right!important}}"
    "@media print{.wide{overflow:visible!important}.main{max-width:none!important}h2,tr,img{break-inside:avoid}}"
)
