"""Further examples of `non-idempotent-retry/spent-body`: one for each of its conditions."""

from bot.rules.rule import csharp, go, javascript, python, typescript

FURTHER_BAD = (
    python(
        "import requests\n\ndef upload(path):\n    f = open(path, 'rb')\n    while busy():\n"
        "        requests.post(URL, files={'report': f}, timeout=5)",
        line=6,
    ),
    javascript(
        "import fs from 'fs';\nasync function upload(path) {\n  const body = fs.createReadStream(path);\n"
        "  for (let n = 0; n < 3; n++) {\n    await fetch(url, { method: 'PUT', body: body, signal });\n"
        "    await check(body);\n  }\n}",
        line=5,
    ),
    typescript(  # asked of each
        "async function load(res: Response) {\n  if ((await res.text()) === '') {\n    return res.json();\n  }\n}",
        line=3,
    ),
    go(
        'import "encoding/json"\n\nfunc hook(w http.ResponseWriter, r *http.Request) {\n'
        "\tif err := json.NewDecoder(r.Body).Decode(&order); err != nil {\n\t\traw, _ := io.ReadAll(r.Body)\n"
        "\t\tlog.Println(string(raw), err)\n\t}\n}",
        line=5,
    ),
    csharp(
        "class A { Task<Reply> Send(HttpClient c) {\n  var request = new HttpRequestMessage(HttpMethod.Get, url);\n"
        "  return _retryPolicy.ExecuteAsync(() => c.SendAsync(request));\n} }",
        line=3,
    ),
    javascript(
        "async function load(resp) {\n  if (!resp.ok) {\n    const told = await resp.json().catch(() => null);\n"
        "    throw new Error(told ?? await resp.text());\n  }\n}",
        line=4,
    ),
    javascript(
        "async function load(resp) {\n  const names = (await resp.json())?.names.map(String);\n"
        "  return names ?? (await resp.text());\n}",
        line=3,
    ),
)
FURTHER_GOOD = (
    javascript(
        "var ngHttp = require('@angular/http');\n\nfunction load(response) {\n  log(response.json());\n"
        "  return response.json() || {};\n}"
    ),
    python("async def load(response):\n    log.debug(await response.text())\n    return await response.json()"),
    python(
        "import requests\n\ndef upload(path):\n    with open(path, 'rb') as f:\n        for attempt in range(3):\n"
        "            f.seek(0)\n            requests.put(URL, data=f, timeout=5)"
    ),
    python(
        "import requests\n\ndef upload(path):\n    with open(path, 'rb') as f:\n"
        "        requests.put(URL, data=f, timeout=5)"
    ),
    python(
        "import requests\n\ndef upload(path):\n    with open(path, 'rb') as f:\n        for attempt in range(3):\n"
        "            check(f)\n            requests.put(URL, data=report, timeout=5)"
    ),
    python(
        "import requests\n\ndef upload(path):\n    report = load(path)\n    for attempt in range(3):\n"
        "        requests.put(URL, data=report, timeout=5)"
    ),
    javascript(
        "async function load(url) {\n  let res = await fetch(url, { signal });\n  log(await res.text());\n"
        "  res = await fetch(next, { signal });\n  return res.json();\n}"
    ),
    javascript("async function load(response) {\n  const said = () => response.text();\n  return response.json();\n}"),
    javascript("async function load(file) {\n  log(await file.text());\n  return file.arrayBuffer();\n}"),
    javascript("function answer(res) {\n  res.text('stored');\n  res.json({ ok: true });\n}"),
    javascript("async function load(response) {\n  await response.end();\n  return response.json();\n}"),
    javascript(
        "async function load(response) {\n  try {\n    check();\n  } catch (e) {\n    log(await response.text());\n"
        "  }\n  return response.json();\n}"
    ),
    typescript(
        "async function load(a: Response, response: Response) {\n  log(await a.text());\n  return response.json();\n}"
    ),
    typescript(
        "async function load(res: Response) {\n  try {\n    return await res.json();\n  } catch (e) {\n"
        "    throw new Unreadable(e);\n  }\n}"
    ),
    go(
        'import "io"\n\nfunc hook(w http.ResponseWriter, r *http.Request) {\n\traw, _ := io.ReadAll(r.Body)\n'
        "\tr.Body = io.NopCloser(bytes.NewReader(raw))\n\tbody, _ := io.ReadAll(r.Body)\n\tuse(body)\n}"
    ),
    go('import "io"\n\nfunc hook(f, g io.Reader) {\n\tio.ReadAll(f)\n\tio.ReadAll(f)\n\tio.ReadAll()\n}'),
    go(
        'import "io"\n\nfunc hook(r *http.Request) {\n\tif isForm(r) {\n\t\traw, _ := io.ReadAll(r.Body)\n'
        "\t\tuse(raw)\n\t} else {\n\t\tbody, _ := io.ReadAll(r.Body)\n\t\tuse(body)\n\t}\n}"
    ),
    csharp(
        "class A { Task<Reply> Send(HttpClient c) {\n  var request = new HttpRequestMessage(HttpMethod.Get, url);\n"
        "  return Measure(() => c.SendAsync(request));\n} }"
    ),
    csharp(
        "class A { Task<Reply> Send(HttpClient c) {\n  return _retryPolicy.ExecuteAsync(() => {\n"
        "    var request = new HttpRequestMessage(HttpMethod.Get, url);\n    return c.SendAsync(request);\n  });\n} }"
    ),
    csharp("class A {\n  Task<Reply> last = Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, url));\n}"),
    csharp(  # the policy repeats something else
        "class A { async Task F(HttpClient client) {\n"
        "  var request = new HttpRequestMessage(HttpMethod.Post, url);\n"
        "  await retryPolicy.ExecuteAsync(() => Ready());\n  await Track(client.SendAsync(request));\n} }",
    ),
)
