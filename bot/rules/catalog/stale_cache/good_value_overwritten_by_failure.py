"""What was known is thrown away because it could not be loaded again."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, java, javascript, python, typescript
from bot.syntax import Binding, Handler, SourceFile, text_of

EMPTY = frozenset(
    {"None", "{}", "[]", "dict()", "list()", "set()", "null", "undefined", "new Map()", "new Set()", "''", '""', "0"}
    | {"Map.of()", "List.of()", "Collections.emptyMap()", "Collections.emptyList()", "new HashMap<>()"}
    | {"new ArrayList<>()", "new()", "default"}
)
STARTS = ("__init__", "constructor", "")


class GoodValueOverwrittenByFailure(Rule):
    """## What it finds
    A field that is loaded from another service in a `try` and emptied in its handler: `self.rates = {}` after
    `self.rates = client.get(…)` failed. Constructors, where nothing was known before, are left alone.

    ## Why it matters
    The value of a minute ago would have served. Thrown away, every caller now finds nothing: prices of zero, nobody
    allowed, all requests sent to the dependency that is down already. An outage of one service becomes one of all
    that read the field.

    ## Use instead
    Keep the old value and its age, log the failure, and serve it as stale up to an age you choose
    (`stale-if-error`, RFC 5861).
    """

    name = "stale-cache/good-value-overwritten-by-failure"
    severity = Severity.MEDIUM
    confidence = 0.7
    languages = ("python", "javascript", "typescript", "java", "csharp")

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        attempt, function = handler.guarded, handler.function
        if (
            attempt is None  # unprovable: narrows the type
            or function is None
        ):
            return None
        if function.name in STARTS or function.name == function.enclosing_class:
            return None
        loaded = {text_of(one.target): one for one in file.within(file.bindings, attempt.body) if _is_loaded(one, file)}
        for binding in file.within(file.bindings, handler.body):
            name = text_of(binding.target)
            if name in loaded and _is_field(binding) and text_of(binding.value) in EMPTY:
                return _alarm(binding, name)
        return None

    bad = (
        python(
            "import requests\n\nclass Rates:\n    def refresh(self):\n        try:\n"
            "            self.rates = requests.get(URL, timeout=5).json()\n        except OSError:\n"
            "            log.exception('no rates')\n            self.rates = {}",
            line=9,
        ),
        javascript(
            "import axios from 'axios';\nclass Rates {\n  async refresh() {\n    try {\n"
            "      this.rates = await axios.get(url, { timeout: 5 });\n    } catch (e) {\n      this.rates = null;\n"
            "    }\n  }\n}",
            line=7,
        ),
        typescript(
            "class Rates {\n  async refresh() {\n    try {\n      this.rates = await fetch(url, { signal });\n"
            "    } catch (e) {\n      this.rates = undefined;\n    }\n  }\n}",
            line=6,
        ),
        java(
            "import java.net.http.*;\nclass Rates {\n  HttpClient client = HttpClient.newHttpClient();\n"
            "  void refresh() {\n"
            "    try {\n      this.rates = client.send(request, handler);\n    } catch (IOException e) {\n"
            "      this.rates = null;\n    }\n  }\n}",
            line=8,
        ),
        csharp(
            "class Rates {\n  HttpClient http = new HttpClient();\n  async Task Refresh() {\n    try {\n"
            "      this.rates = await http.GetStringAsync(url);\n    } catch (Exception e) {\n"
            "      this.rates = null;\n"
            "    }\n  }\n}",
            line=7,
        ),
    )
    good = (
        python(
            "import requests\n\nclass Rates:\n    def __init__(self):\n        try:\n"
            "            self.rates = requests.get(URL, timeout=5)\n        except OSError:\n"
            "            self.rates = {}"
        ),
        python(
            "import requests\n\nclass Rates:\n    def refresh(self):\n        try:\n"
            "            self.rates = requests.get(URL, timeout=5)\n        except OSError:\n"
            "            self.failed = None"
        ),
        python(
            "import requests\n\nclass Rates:\n    def refresh(self):\n        try:\n"
            "            self.rates = compute()\n"
            "        except OSError:\n            self.rates = {}"
        ),
        python(
            "import requests\n\ndef refresh():\n    try:\n        rates = requests.get(URL, timeout=5)\n"
            "    except OSError:\n        rates = {}\n    return rates"
        ),
        python(
            "import requests\n\nclass Rates:\n    def refresh(self):\n        try:\n"
            "            self.rates = requests.get(URL, timeout=5)\n        except OSError:\n"
            "            self.rates = DEFAULTS"
        ),
        javascript(
            "class A { async refresh() { try { this.rates = await fetch(url, { signal }); } catch (e) { log(e); } } }"
        ),
        typescript(
            "class Rates { constructor() { try { this.r = fetch(url, { signal }); } catch (e) { this.r = null; } } }"
        ),
        java(
            "import java.net.http.*;\nclass Rates {\n  Rates(HttpClient client) {\n"
            "    try { this.r = client.send(q, h); }\n"
            "    catch (IOException e) { this.r = null; }\n  }\n}"
        ),
        csharp("class A { void F() { try { this.r = Load(); } catch (Exception e) { this.r = null; } } }"),
        python("import requests\ntry:\n    rates = requests.get(URL, timeout=5)\nexcept OSError:\n    rates = {}"),
    )


def _is_loaded(binding: Binding, file: SourceFile) -> bool:
    return any(find(call, Outbound) is not None for call in file.within(file.calls, binding.node))


def _is_field(binding: Binding) -> bool:
    return text_of(binding.target).startswith(("self.", "this."))


def _alarm(binding: Binding, name: str) -> Alarm:
    return Alarm(
        binding,
        f"A failed refresh throws away the good value of `{name}`"[:80],
        f"When the call fails, `{name}` is emptied, although what it held until now would still have served. Everybody "
        "who reads it then finds nothing, and the failure of one dependency becomes theirs.",
        "Leave the old value in place, log the failure, and bound its age instead.",
    )
