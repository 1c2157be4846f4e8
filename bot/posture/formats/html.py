"""A posture map as one page: no script, nothing fetched, light and dark."""

from collections.abc import Iterable, Sequence
from html import escape

from bot.domain.posture import Dependency, PostureMap, Protection, ProtectionName, State
from bot.posture.formats.counting import HEADINGS, in_order, nowhere, summary
from bot.redaction import masked

_SIGNS = {State.YES: "✓", State.NO: "✗", State.UNKNOWN: "?"}
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2024;--dim:#60646c;--line:#d9d9e0;--bg:#fdfdfe;--head:#f4f4f7;
--yes:#18794e;--yesbg:#e6f6eb;--no:#b42318;--nobg:#feeceb;--unknown:#8a5a00;--unknownbg:#fff4d5}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--dim:#a1a4ab;--line:#35363b;--bg:#131416;--head:#1c1d21;
--yes:#5bd98a;--yesbg:#132d21;--no:#ff9592;--nobg:#3b1a1a;--unknown:#ffca55;--unknownbg:#302008}}
*{box-sizing:border-box}
body{margin:0;padding:2rem clamp(1rem,4vw,3rem);background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.25rem 0 1rem;color:var(--dim);max-width:70ch}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%}
th,td{padding:.5rem .55rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
thead th{background:var(--head);font-weight:600;font-size:.85rem;white-space:nowrap;position:sticky;top:0}
tbody th{font-weight:600}
code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:break-word}
td.call{min-width:8rem}td.place{min-width:14rem}
.dim{color:var(--dim)}
.mark{display:inline-block;padding:.05rem .45rem;border-radius:99px;font-size:.85rem;white-space:nowrap}
.yes{color:var(--yes);background:var(--yesbg)}.no{color:var(--no);background:var(--nobg)}
.unknown,.endless{color:var(--unknown);background:var(--unknownbg)}
.no.minor{color:var(--dim);background:none}
ul{padding-left:1.2rem}li{margin:.3rem 0}
"""


def map_page(posture: PostureMap) -> str:
    """Whatever a stranger's code is called is escaped and stands as text."""
    title = f"Posture of {posture.service}" if posture.service else "Posture"
    parts = [f"<h1>{text(title)}</h1>", f"<p>{text(summary(posture))}.</p>"]
    if posture.dependencies:
        missing = nowhere(posture)
        parts.append(_table(in_order(posture), [name for name in HEADINGS if name not in missing]))
        if missing:
            parts.append(f"<p>✗ nowhere: {', '.join(HEADINGS[name].lower() for name in missing)}.</p>")
        parts.append("<p>✓ there, ✗ not there, ? cannot be told from the code. A mark's title says where.</p>")
    if posture.unread:
        parts.append("<h2>Not surveyed</h2><ul>")
        parts += [f"<li><code>{text(reason)}</code></li>" for reason in posture.unread]
        parts.append("</ul>")
    return page(title, parts)


def page(title: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """Fit for HTML, secrets masked."""
    return escape(masked("".join(char if char.isprintable() else "�" for char in words)))


def path(words: str) -> str:
    """Text that may be broken after each slash, and nowhere else before a line is full."""
    return text(words).replace("/", "/<wbr>")


def mark(name: ProtectionName, protection: Protection) -> str:
    """A coloured mark that says in words, too, what it means. Red is for a missing timeout alone: a call may well need
    no breaker, and a page of alarms says nothing."""
    said = f"{_SIGNS[protection.state]} {protection.value}" if protection.is_there else _SIGNS[protection.state]
    words = {"yes": "there", "no": "not there", "unknown": "cannot be told"}[protection.state.value]
    where = f", {protection.where}" if protection.where else ""
    title = text(f"{HEADINGS[name]}: {words}{where}")
    look = protection.state.value
    if protection.is_there and protection.value == "for ever":
        look = "endless"
    elif protection.state is State.NO and name != "timeout":
        look = "no minor"
    return f'<span class="mark {look}" title="{title}">{text(said.strip())}</span>'


def _table(dependencies: Iterable[Dependency], shown: Sequence[ProtectionName]) -> str:
    titles = ("Dependency", "Call", "Called at", *(HEADINGS[name] for name in shown))
    heads = "".join(f'<th scope="col">{title}</th>' for title in titles)
    rows, last = [], ""
    for one in dependencies:
        name = text(one.name) if one.name + one.kind != last else ""
        last = one.name + one.kind
        has = one.protections.by_name()
        marks = "".join(f"<td>{mark(name_, has[name_])}</td>" for name_ in shown)
        places = "<br>".join(f"<code>{path(site.place)}</code>" for site in one.sites[:5])
        places += f'<br><span class="dim">and {len(one.sites) - 5} more</span>' if len(one.sites) > 5 else ""
        target = f'<br><code class="dim">{path(one.target)}</code>' if one.target else ""
        rows.append(
            f'<tr><th scope="row">{name}</th><td class="call">{text(one.words)}{target}</td>'
            f'<td class="place">{places}</td>{marks}</tr>'
        )
    return (
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table></div>"
    )
