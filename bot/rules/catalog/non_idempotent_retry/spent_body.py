"""A body that can be read once, and is read again."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.non_idempotent_retry.spent_body_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.rule import Alarm, Rule, csharp, go, javascript, python, typescript
from bot.syntax import Call, Node, SourceFile, encloses, text_of

READS = frozenset({"json", "text", "blob", "arrayBuffer", "formData", "bytes"})
SCRIPTS = ("javascript", "typescript")
"""Python's clients keep a body that was read."""
ANSWER = regex(r"(?i)(?:^|[a-z_])(?:resp?|response|reply|req|request)\d?$")
KEEPS = regex(rb"[\"']@angular/(?:common/)?http[\"']")
"""Clients that keep a body that was read."""
BODY = regex(r"^(\w+)\.Body$")
READERS = frozenset({"io.ReadAll", "io/ioutil.ReadAll", "encoding/json.NewDecoder", "encoding/xml.NewDecoder"})
ONCE = {
    "net/http.NewRequest": "the request's body",
    "net/http.NewRequestWithContext": "the request's body",
    "open": "the open file",
    "fs.createReadStream": "the stream",
    "System.Net.Http.HttpRequestMessage": "the request",
    "HttpRequestMessage": "the request",
}
"""What makes something that can be sent once."""
SENDS = frozenset({"Do", "SendAsync", "Send", "fetch", "post", "put", "patch", "request"})
EMPTY = frozenset({"nil", "http.NoBody"})
RENEWS = regex(r"\.seek\(|\.Body\s*=|GetBody|\.Clone\(|\.rewind\(")
RETRIER = regex(r"(?i)(?:retry|policy|pipeline)\w*\.Execute(?:Async)?$")
UNSURE = frozenset(
    {"if_statement", "ternary_expression", "switch_case", "switch_default", "catch_clause"}
    | {"expression_case", "default_case", "communication_case", "for_statement", "while_statement", "for_in_statement"}
)
"""What may leave out what is inside of it."""


class SpentBody(Rule):
    """## What it finds
    A body that is read a second time: `response.json()` and, when that fails, `response.text()` on the same answer of
    `fetch`; `io.ReadAll(r.Body)` twice in Go. And a retry that sends what the first try has used up: a Go request with
    a body, a .NET `HttpRequestMessage`, an open file or a read stream that is made ahead of the loop and sent inside.

    ## Why it matters
    A body is a stream and is gone once read. The second read throws ("Body is unusable", "body used already") in the
    very branch that was to explain a failure, so the real answer is lost. A repeated request goes out with an empty
    body, or fails with "ContentLength=… with Body length 0" and "The request message was already sent": the retry,
    written for the outage, has never worked and nobody saw it.

    ## Use instead
    Read once into a variable (`const text = await response.text()`, then `JSON.parse(text)`) or read a `clone()`. Make
    the request anew for each try, set `req.Body` from `req.GetBody()`, or `seek(0)` before each.
    """

    name = "non-idempotent-retry/spent-body"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go", "csharp")
    methods = READS | SENDS
    names = READERS
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if (body := _read_by(call)) and (first := _earlier_read(body, call)) is not None:
            return self._read_twice(call, body, first)
        if call.method in SENDS and (made := _used_up(call)) is not None:
            return self._sent_twice(call, made)
        return None

    def _read_twice(self, call: Call, body: str, first: Call) -> Alarm:
        return Alarm(
            call,
            f"The body of `{body}` has been read already"[:80],
            f"`{first.written}` above has used up the body, and this second read fails or finds nothing. That comes to "
            "light on the day the first read fails: the error that arrives is about the body, and what the other side "
            "said is lost.",
            "Read the body once into a variable and work with that, or read from a `clone()`.",
            last_line=call.start_line,
        )

    def _sent_twice(self, call: Call, made: Call) -> Alarm:
        return Alarm(
            call,
            f"The second round sends {ONCE[made.name]} that the first has used up"[:80],
            f"`{made.assigned_to}` is made once, ahead of the loop, and can be sent once. From the second round on "
            f"`{call.written}` sends nothing, or fails at once, so that the retry does not help when it is needed.",
            "Make it anew in each round, or wind its body back to the start before it is sent again.",
            last_line=call.start_line,
        )

    bad = (
        python(
            "import requests\n\ndef upload(path):\n    with open(path, 'rb') as f:\n        for attempt in range(3):\n"
            "            try:\n                return requests.put(URL, data=f, timeout=5)\n"
            "            except OSError:\n                time.sleep(2 ** attempt)",
            line=7,
        ),
        javascript(
            "async function load(url) {\n  const response = await fetch(url, { signal });\n  try {\n"
            "    return await response.json();\n  } catch (e) {\n    throw new Error(await response.text());\n  }\n}",
            line=6,
        ),
        typescript(
            "async function load(url: string) {\n  const res = await fetch(url, { signal });\n"
            "  log.debug(await res.text());\n  return res.json();\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc send(c *http.Client, body io.Reader) (*http.Response, error) {\n'
            '\treq, err := http.NewRequest("POST", url, body)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n'
            "\tfor i := 0; i < 3; i++ {\n\t\tresp, err := c.Do(req)\n\t\tif err == nil {\n\t\t\treturn resp, nil\n"
            "\t\t}\n\t}\n\treturn nil, errSend\n}",
            line=9,
        ),
        go(
            'import "io"\n\nfunc hook(w http.ResponseWriter, r *http.Request) {\n\traw, _ := io.ReadAll(r.Body)\n'
            "\tverify(raw)\n\tbody, _ := io.ReadAll(r.Body)\n\tuse(body)\n}",
            line=6,
        ),
        csharp(
            "class A { async Task<Reply> Send(HttpClient c) {\n"
            "  var request = new HttpRequestMessage(HttpMethod.Post, url);\n  for (var i = 0; i < 3; i++) {\n"
            "    try { return await c.SendAsync(request); } catch (HttpRequestException) { await Pause(i); }\n  }\n"
            "  return null;\n} }",
            line=4,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import requests\n\ndef upload(path):\n    for attempt in range(3):\n        with open(path, 'rb') as f:\n"
            "            return requests.put(URL, data=f, timeout=5)"
        ),
        javascript(
            "async function load(url) {\n  const response = await fetch(url, { signal });\n  if (!response.ok) {\n"
            "    throw new Error(await response.text());\n  }\n  return response.json();\n}"
        ),
        typescript(
            "async function load(url: string) {\n  const res = await fetch(url, { signal });\n"
            "  log.debug(await res.clone().text());\n  return res.json();\n}"
        ),
        go(
            'import "net/http"\n\nfunc send(c *http.Client) {\n\treq, _ := http.NewRequest("GET", url, nil)\n'
            "\tfor i := 0; i < 3; i++ {\n\t\tc.Do(req)\n\t}\n}"
        ),
        csharp(
            "class A { async Task Send(HttpClient c) {\n  for (var i = 0; i < 3; i++) {\n"
            "    var request = new HttpRequestMessage(HttpMethod.Post, url);\n    await c.SendAsync(request);\n  }\n} }"
        ),
        typescript(
            "async function load(url: string) {\n  const res = await fetch(url, { signal });\n"
            "  return reader?.decode(await res.arrayBuffer()) ?? (await res.text());\n}"
        ),
        *FURTHER_GOOD,
    )


def _read_by(call: Call) -> str:
    """The name of the answer or request whose body a call reads; empty where it reads none."""
    if call.is_one_of(READERS):
        found = BODY.match(call.arguments[0].text) if call.arguments else None
        return found[1] if found else ""
    if call.method not in READS or call.all_arguments or call.file.language.name not in SCRIPTS:
        return ""
    if KEEPS.search(call.file.text):
        return ""
    name = text_of(call.receiver)
    return name if ANSWER.search(name) else ""


def _earlier_read(body: str, call: Call) -> Call | None:
    """A read of the same body that has surely been tried when this one comes."""
    renewed = re.compile(rf"\b{re.escape(body)}(?:\.Body)?\s*(?:,\s*\w+\s*)?:?=[^=]")
    for earlier in call.file.calls:
        if earlier is call:
            break
        same = earlier.function is call.function and _read_by(earlier) == body and _comes_before(earlier, call)
        if same and not renewed.search(call.file.between(earlier.node.end_byte, call.node.start_byte)):
            return earlier
    return None


def _comes_before(earlier: Call, later: Call) -> bool:
    """The later one follows on every path; where the earlier one fails, perhaps in the handler of its try."""
    node = earlier.node
    while (
        node.parent is not None  # unprovable: narrows the type
        and not encloses(node, later)
    ):
        above = node.parent
        asked = (above.child_by_field_name("condition"), above.child_by_field_name("initializer"))
        if (above.type in UNSURE and node not in asked) or _may_be_left_out(node, above):
            return False
        node = above
    return True


def _may_be_left_out(given: Node, call: Node) -> bool:
    """What is given to `reader?.decode(…)` is worked out only where there is a reader."""
    return given.type == "arguments" and "?." in text_of(call.child_by_field_name("function"))


def _used_up(call: Call) -> Call | None:
    """What a call sends in each round and can be sent once."""
    again, file = _repeated(call), call.file
    if again is None or RENEWS.search(text_of(again)):
        return None
    for argument in call.all_arguments:
        for part in (argument.node, *argument.node.named_children):
            made = file.origin(part.child_by_field_name("value") or part, call)
            if made is None or made.name not in ONCE or encloses(again, made):
                continue
            if not any(given.text in EMPTY for given in made.all_arguments):
                return made
    return None


def _repeated(call: Call) -> Node | None:
    """The loop that a call is in, or the call of a retry policy that it is given to."""
    if call.loop is not None:
        return call.loop.node
    if b".Execute" not in call.file.text:  # unprovable: only saves time
        return None
    given_to = (one for one in call.file.calls if RETRIER.search(one.written) and encloses(one.node, call))
    return next((one.node for one in given_to), None)
