"""Further examples of unbounded-retry/no-backoff: whom a counted loop asks in each round."""

from bot.rules.rule import csharp, go, java, javascript, kotlin, python, rust

FURTHER_BAD = (
    go(  # it counts the failures of one
        'import "net/http"\n\nfunc load(c *http.Client) *http.Response {\n\terrs := make([]error, 5)\n'
        "\tfor i := 0; i < 5; i++ {\n\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\terrs[i] = err\n"
        "\t\t\tcontinue\n\t\t}\n\t\treturn resp\n\t}\n\treturn nil\n}",
        line=5,
    ),
    python(  # it tells the one which try this is
        "import requests\ndef load(url):\n    for n in range(5):\n        try:\n"
        '            return requests.get(f"{url}?try={n}", timeout=3)\n        except OSError:\n            continue',
        line=3,
    ),
    javascript(  # another index, always the same
        "async function load(hosts, at) {\n  for (let i = 0; i < 5; i++) {\n"
        "    try { return await fetch(hosts[at], { signal }); } catch (e) { console.warn(e, i); }\n  }\n}",
        line=2,
    ),
)
FURTHER_GOOD = (
    go(  # each try waits for the clock
        'import "net/http"\n\nfunc load(c *http.Client) *http.Response {\n\tfor i := 0; i < 5; i++ {\n'
        "\t\t<-ticker.C\n\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\tcontinue\n\t\t}\n"
        "\t\treturn resp\n\t}\n\treturn nil\n}"
    ),
    python(  # the peer has answered
        "import tenacity\n@tenacity.retry(stop=tenacity.stop_after_attempt(3), "
        "retry=tenacity.retry_if_exception_type(ValidationError))\ndef load(): ..."
    ),
    csharp(  # one retry, after which the other side has given a new token
        "class A { object p = Policy.Handle<IOException>().RetryAsync(async (failure, n) => await LogIn()); }"
    ),
    go(
        'import "net/http"\n\nfunc load(c *http.Client, hosts []string, first int) *http.Response {\n'
        "\tfor i := 0; i < len(hosts); i++ {\n\t\thost := hosts[(first+i)%len(hosts)]\n"
        "\t\tresp, err := c.Get(host)\n\t\tif err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn resp\n\t}\n"
        "\treturn nil\n}"
    ),
    javascript(
        "async function load(hosts) {\n  for (let i = 0; i < hosts.length; i++) {\n"
        "    try { return await fetch(hosts[i], { signal }); } catch (e) { console.warn(e); }\n  }\n}"
    ),
    javascript(
        "async function load(hosts) {\n  let i = 0;\n  while (i < hosts.length) {\n"
        "    try { return await fetch(hosts[i], { signal }); } catch (e) { i += 1; }\n  }\n}"
    ),
    java(
        "import java.net.http.*;\nclass A { Object load(HttpClient c, List<HttpRequest> all) {\n"
        "  for (int i = all.size(); --i >= 0; ) {\n    HttpRequest r = all.get(i);\n"
        "    try { return c.send(r, h); } catch (IOException e) { log.warn(r, e); }\n  }\n  return null;\n} }"
    ),
    csharp(
        "class A { async Task<string> Load(HttpClient c) {\n  for (var i = 0; i < hosts.Length; i++) {\n"
        "    try { return await c.GetStringAsync(hosts[i]); } catch (Exception e) { log.Warn(e); }\n  }\n"
        "  return null;\n} }"
    ),
    go(
        'import ("net/http"; "time")\n\nfunc load(c *http.Client) *http.Response {\n\ttick := time.Tick(pause)\n'
        "\tfor i := 0; i < 5; i++ {\n\t\t<-tick\n\t\tresp, err := c.Get(url)\n\t\tif err != nil {\n\t\t\tcontinue\n"
        "\t\t}\n\t\treturn resp\n\t}\n\treturn nil\n}"
    ),
    java(
        "import java.net.http.*;\nclass A { Object load(HttpClient c) {\n  for (int i = 0; i < 5; i++) {\n"
        "    try { return c.send(r, h); } catch (IOException e) { log.warn(e); }\n    applyBackoff();\n  }\n"
        "  return null;\n} }"
    ),
    python("import tenacity\n@tenacity.retry(stop=tenacity.stop_after_attempt(2))\ndef load(): ..."),
    csharp(
        "class A { async Task<string> Load(HttpClient c) {\n  int index = 0;\n  for (var i = 0; i < 3; i++) {\n"
        "    var url = Next(hosts, ref index);\n"
        "    try { return await c.GetStringAsync(url); } catch (Exception e) { log.Warn(e); }\n  }\n"
        "  return null;\n} }"
    ),
    csharp(
        "class A { object p = Policy.Handle<IOException>().Retry(3, (e, n) => {\n"
        '  log.Warn("again", e);\n  Thread.Sleep(TimeSpan.FromMilliseconds(100 * n));\n}); }'
    ),
    kotlin(
        "import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient): Response {\n    for (n in 0..4) {\n        try {\n"
        "            return c.newCall(all[n]).execute()\n        } catch (e: IOException) {\n"
        "            log.warn(e)\n        }\n    }\n    throw Gone()\n}"
    ),
    rust(
        "async fn load(c: &reqwest::Client) -> Res {\n    for n in 0..hosts.len() {\n"
        "        match c.get(&hosts[n]).send().await {\n            Ok(r) => return Ok(r),\n"
        '            Err(e) => warn!("{e}"),\n        }\n    }\n    Err(gone())\n}'
    ),
    python(
        "import requests\ndef load(hosts, first):\n    for i in range(len(hosts)):\n"
        "        host = hosts[(first + i) % len(hosts)]\n        try:\n"
        "            return requests.get(host, timeout=3)\n        except OSError:\n            continue"
    ),
)
