"""The page at `/`: what this is, and where the webhook is."""

from html import escape

from bot import __version__

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Seawall</title>
<h1>Seawall</h1>
<p>A reviewer of pull requests that looks for missing timeouts, retry storms, leaks and cascades before they ship.</p>
<dl>
<dt>Webhook (POST, application/json, signed)</dt><dd><code>{webhook}</code></dd>
<dt>Alive</dt><dd><a href="/healthz">/healthz</a></dd>
<dt>Ready</dt><dd><a href="/readyz">/readyz</a></dd>
<dt>Metrics</dt><dd><a href="/metrics">/metrics</a></dd>
<dt>Version</dt><dd>{version}</dd>
</dl>
</html>
"""


def front_page(webhook: str) -> str:
    return _PAGE.format(webhook=escape(webhook), version=escape(__version__))
