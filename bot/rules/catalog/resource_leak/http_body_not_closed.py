"""A response body that stays open."""

import re

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.edits import after_error_check
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile, text_of

READERS = frozenset(
    {
        "io.ReadAll",
        "io.Copy",
        "io.CopyN",
        "io.LimitReader",
        "io/ioutil.ReadAll",
        "bufio.NewReader",
        "bufio.NewScanner",
        "encoding/json.NewDecoder",
        "encoding/xml.NewDecoder",
        "encoding/csv.NewReader",
    }
)


class HttpBodyNotClosed(Rule):
    """## What it finds
    An `http.Response` whose body is neither closed in the function that received it nor handed on.

    ## Why it matters
    The connection behind it is never given back. Each call opens a new one, until the process runs out of file
    descriptors or the peer out of patience; it also leaks two goroutines a call.

    ## Use instead
    `defer resp.Body.Close()` right after the error check, also where the body is of no interest.
    """

    name = "resource-leak/http-body-not-closed"
    severity = Severity.HIGH
    covered_by = ("golangci-lint:bodyclose",)
    languages = ("go",)
    shown_only_in = ("go",)
    """On record 33 of 50 were worth a comment: it is read to its end, a limit ends it, or it is asked once."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Outbound)
        if row is None or not call.name.startswith("net/http."):
            return None
        name = call.assigned_to
        if call.use == "assigned" and not (name.isidentifier() and name != "_" and self._is_forgotten(name, call)):
            return None
        if call.use not in ("assigned", "discarded") or self._asks_for_no_body(call):
            return None
        closing = f"defer {name or 'resp'}.Body.Close()"
        return Alarm(
            call,
            "The response body is never closed",
            f"Nothing closes the body of what `{call.written}` returns, so its connection is never reused or freed. "
            "Under load every call opens another one, until the process has no file descriptors left and every "
            "request fails.",
            f"Add `{closing}` right after the error check.",
            after_error_check(call, closing),
        )

    def _asks_for_no_body(self, call: Call) -> bool:
        around = call.function.text if call.function is not None else ""  # unprovable: narrows the type
        return call.method == "Head" or '"HEAD"' in around or "http.MethodHead" in around

    def _is_forgotten(self, name: str, call: Call) -> bool:
        function, language = call.function, call.file.language
        if function is None:
            return False
        if re.search(rf"\b{name}\s+\*", text_of(function.node.child_by_field_name("result"))):
            return False  # a bare `return` hands it on
        bound = [b for b in call.file.within(call.file.bindings, function.node) if text_of(b.target) == name]
        if len(bound) != 1:
            return False
        for mention in language.mentions(name, function.node):
            if mention.end_byte <= call.node.end_byte:
                continue
            field = mention.parent
            if (
                field is None  # unprovable: narrows the type
                or field.type not in language.members
            ):
                return False
            if language.member(field)[1] != "Body":
                continue
            above = field.parent
            taker = call.file.call_at(above.parent) if above is not None else None  # unprovable: narrows the type
            if taker is None or taker.name not in READERS:
                return False  # resp.Body.Close, or something else is done with it
        return True

    bad = (
        go(  # read to its end
            'import ("io"; "net/http")\n\nfunc load(c *http.Client) ([]byte, error) {\n'
            '\tif key == "" {\n\t\treturn nil, gone\n\t}\n\tif err := warm(c); err != nil {\n\t\treturn nil, err\n\t}\n'
            "\tresp, err := c.Get(url)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tfor {\n\t\tbreak\n\t}\n"
            "\treturn io.ReadAll(resp.Body)\n}",
            line=10,
        ),
        go(  # and left by a return
            'import ("io"; "net/http")\n\nfunc load(c *http.Client) ([]byte, error) {\n\tresp, err := c.Get(url)\n'
            "\tif err != nil {\n\t\treturn nil, err\n\t}\n\tif resp.StatusCode > 299 {\n\t\treturn nil, gone\n\t}\n"
            "\treturn io.ReadAll(resp.Body)\n}",
            line=4,
        ),
        go(  # what is read is another's
            'import ("encoding/json"; "io"; "net/http")\n\nfunc load(c *http.Client, old *Response) (page Page) {\n'
            "\tresp, _ := c.Get(url)\n\tjson.NewDecoder(resp.Body).Decode(&page)\n\tkeep(io.ReadAll(old.Body))\n"
            "\treturn page\n}",
            line=4,
        ),
        go(
            'import ("io"; "net/http")\n\nfunc load(c *http.Client) ([]byte, error) {\n\tresp, err := c.Get(url)\n'
            "\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn io.ReadAll(resp.Body)\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc ping(c *http.Client) bool {\n\tresp, err := c.Get(url)\n'
            "\treturn err == nil && resp.StatusCode == 200\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) error {\n\tfor _, u := range urls {\n'
            "\t\tresp, err := c.Get(u)\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tlog.Print(resp.Status)\n"
            "\t}\n\treturn nil\n}",
            line=5,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) (int, error) {\n\tresp, err := c.Get(url)\n'
            '\tif err != nil {\n\t\treturn 0, err\n\t} else {\n\t\tlog.Print("asked")\n\t}\n'
            "\treturn resp.StatusCode, nil\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) int {\n\tresp, err := c.Get(url)\n\tfor again() {\n'
            "\t\tif err != nil { return 0 }\n\t}\n\treturn resp.StatusCode\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) int {\n\tresp, _ := c.Get(url)\n'
            "\treturn resp.StatusCode\n}",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc tell(c *http.Client) {\n\tc.Post(url, "text/plain", nil)\n}',
            line=4,
        ),
        go(
            'import ("encoding/json"; "net/http")\n\nfunc load(c *http.Client) (page Page) {\n'
            "\tanswer, _ := c.Get(url)\n\tjson.NewDecoder(answer.Body).Decode(&page)\n\treturn page\n}",
            line=4,
        ),
        go(  # less sure: the client's limit ends it
            'import "net/http"\n\nfunc f() {\n\tc := &http.Client{Timeout: t}\n\tr, _ := c.Get(u)\n\tuse(r.Status)\n}',
            line=5,
        ),
        go(
            'import "net/http"\n\nvar web = &http.Client{Timeout: t}\n\nfunc f() {\n\tc := &http.Client{}\n'
            "\tr, _ := c.Get(u)\n\tuse(r.Status)\n}",
            line=7,
        ),
        go(  # less sure
            'import "net/http"\n\nvar web = &http.Client{Timeout: t}\n\nfunc (a *Api) f(c *http.Client) {\n'
            "\tr, _ := c.Get(u)\n\tuse(r.Status)\n}",
            line=6,
        ),
        go(
            'import "net/http"\n\nvar web = &http.Client{Timeout: t}\n\nfunc f() {\n\tr, _ := http.Get(u)\n'
            "\tuse(r.Status)\n}",
            line=6,
        ),
    )
    good = (
        go(
            'import "net/http"\n\nfunc send(c *http.Client) (resp *http.Response, err error) {\n'
            "\tresp, err = c.Do(request)\n\tif err != nil {\n\t\treturn\n\t}\n\tlog.Print(resp.Status)\n\treturn\n}"
        ),
        go('import "net/http"\n\nfunc knock(c *http.Client) { r, _ := c.Head(url); use(r.Status) }'),
        go(
            'import "net/http"\n\nfunc knock(c *http.Client) int {\n\tq, _ := http.NewRequest("HEAD", url, nil)\n'
            "\tr, _ := c.Do(q)\n\treturn r.StatusCode\n}"
        ),
        go(
            'import "net/http"\n\nfunc knock(c *http.Client) int {\n'
            "\tq, _ := http.NewRequest(http.MethodHead, url, nil)\n\tr, _ := c.Do(q)\n\treturn r.StatusCode\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) error {\n\tresp, err := c.Get(url)\n'
            "\tif err != nil {\n\t\treturn err\n\t}\n\tdefer resp.Body.Close()\n\treturn nil\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) (*http.Response, error) {\n\tr, err := c.Get(url)\n'
            "\treturn r, err\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) error {\n\tr, err := c.Get(url)\n\tdefer drain(r.Body)\n'
            "\treturn err\n}"
        ),
        go('import "net/http"\n\nfunc load(c *http.Client) (*http.Response, error) { return c.Get(url) }'),
        go('import "net/http"\n\nvar home, _ = http.Get(url)'),
        go('import "net/http"\n\nfunc load(c *http.Client, p *Page) { p.resp, p.err = c.Get(url) }'),
        go('import "net/http"\n\nfunc load(c *http.Client) { var err error; _, err = c.Get(url); log.Print(err) }'),
        go(
            'import "github.com/go-resty/resty/v2"\n\n'
            "func load(c *resty.Client) { resp, err := c.R().Get(url); log.Print(resp.Status(), err) }"
        ),
        go('import "net/smtp"\n\nfunc send() { smtp.SendMail(a, auth, from, to, m) }'),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) error {\n\tresp, err := c.Get(url)\n'
            "\tresp, err = c.Get(other)\n\tshow(resp.StatusCode)\n\treturn err\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, page *Page) {\n\tresp, err := c.Get(url)\n'
            "\tpage.resp = resp\n\tlog.Print(page.resp.Status, err)\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(w http.ResponseWriter, c *http.Client) {\n\tresp, err := c.Get(url)\n'
            '\tif err != nil {\n\t\thttp.Error(w, "gone", 502)\n\t\treturn\n\t}\n\tbody := resp.Body\n'
            "\tdefer body.Close()\n}",
        ),
    )
