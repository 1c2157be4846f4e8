"""How the page of a backtest looks."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d8dee4; --soft: #f6f8fa;
  --bar: #2f6fb5; --mark: #fff3c4; --critical: #a40e26; --high: #c8501b; --medium: #9a6700; --low: #57606a;
  --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9198a1; --line: #30363d;
  --soft: #161b22; --bar: #58a6ff; --mark: #2f2503; --critical: #ff7b86; --high: #ffa657; --medium: #e3b341;
  --low: #9198a1; --good: #3fb950; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: inherit; }
.lead { font-size: 1.2rem; margin: 0 0 .5rem; }
.quiet { color: var(--quiet); font-size: .875rem; margin: .15rem 0; }
.warning { border-left: 3px solid var(--medium); padding-left: .75rem; margin: .5rem 0; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.tiles div { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; }
.tiles span { color: var(--quiet); font-size: .85rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
table.bars th, table.bars td { border: 0; vertical-align: middle; }
table.bars th { font-weight: 400; width: 16rem; } table.bars td:last-child { width: 3rem; text-align: right; }
svg { display: block; width: 100%; height: .8rem; fill: var(--bar); }
details { margin: .75rem 0; } summary { cursor: pointer; color: var(--quiet); }
article { border: 1px solid var(--line); border-radius: 6px; padding: 1rem; margin: 1rem 0; }
article p { margin: .4rem 0 0; }
pre { background: var(--soft); border-radius: 4px; padding: .5rem 0; margin: .75rem 0; overflow-x: auto; }
pre span, pre mark { display: block; white-space: pre; padding: 0 .75rem; min-width: max-content; color: inherit; }
pre mark { background: var(--mark); } pre i { color: var(--quiet); font-style: normal; user-select: none; }
.severity { font-size: .75rem; font-weight: 600; border: 1px solid; border-radius: 999px; padding: .05rem .5rem; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); } .fixed { color: var(--good); }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
@media (max-width: 40rem) { table.bars th { width: 9rem; } }
@media print { article { break-inside: avoid; } }
"""
"""Colours meet a contrast of 4.5 to 1 on their ground in both schemes; nothing is told by colour alone."""
