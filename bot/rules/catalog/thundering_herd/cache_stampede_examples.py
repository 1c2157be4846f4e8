"""Further examples of `thundering-herd/cache-stampede`: one for each of its conditions."""

from bot.rules.rule import Example, javascript, python, typescript

_HTTPX = "import httpx\n\nclient = httpx.AsyncClient()\nrates = {}\n\n"

_PAGE = "const users = new Map();\nasync function user(id) {\n  if (!users.has(id)) {\n"
_PAGE += "    users.set(id, await fetch(url + id, { signal }));\n  }\n}"

FURTHER_BAD = (
    python(
        _HTTPX + "async def rate(currency):\n    if rates.get(currency) is None:\n"
        "        rates[currency] = await client.get(URL)\n    return rates[currency]",
        line=8,
    ),
    typescript(
        "const texts = new Map();\nasync function text() {\n  if (!texts.has('all of them')) {\n"
        "    texts.set('all of them', await fetch(url, { signal }));\n  }\n}",
        line=4,
    ),
    python(  # a function of this file asks
        _HTTPX
        + "async def rate(currency):\n    if currency not in rates:\n        rates[currency] = await load(currency)\n"
        "    return rates[currency]\n\nasync def load(currency):\n    return await client.get(URL)",
        line=8,
    ),
)
FURTHER_GOOD = (
    typescript("const texts = new Map();\nasync function t() {\n  texts.set('all', await fetch(url, { signal }));\n}"),
    python(
        _HTTPX + "async def rate(currency):\n    if currency not in rates:\n        rates[currency] = compute(currency)"
    ),
    python(
        _HTTPX + "async def rate(currency):\n    if currency not in rates:\n        rates[currency] = await guess()"
    ),
    python(
        _HTTPX + "async def rate(currency):\n    if currency not in rates:\n        rates[currency] = 1\n"
        "        await client.get(URL)"
    ),
    python(_HTTPX + "async def store(currency):\n    rates[currency] = await client.get(URL)"),
    python(
        _HTTPX + "async def rate(currency, known):\n    if currency not in known:\n"
        "        known[currency] = await client.get(URL)"
    ),
    python("import httpx\n\nrates = {}\nif currency not in rates:\n    rates[currency] = httpx.get(URL)\n"),
    javascript(
        "const users = new Map();\nfunction user(id) {\n  if (!users.has(id)) {\n"
        "    fetch(url + id, { signal }).then((u) => users.set(id, u));\n  }\n}"
    ),
    javascript(
        "const users = new Map();\nasync function user(id) {\n  if (!users.get(id)) {\n    await users.set(id);\n"
        "    users.put(id, await fetch(url, { signal }));\n  }\n}"
    ),
    python(
        _HTTPX
        + "async def rate(currency):\n    if currency not in rates:\n        rates[currency] = await guess(currency)\n"
        "    return rates[currency]\n\nasync def guess(currency):\n    return await near(currency)"
    ),
    Example("typescript", _PAGE, path="app/Panel.tsx"),
)
