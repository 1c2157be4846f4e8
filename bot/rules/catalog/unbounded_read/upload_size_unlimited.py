"""A request body that may be of any size."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile

READERS = ("io.ReadAll", "io/ioutil.ReadAll")
LIMITS = (b"MaxBytesReader", b"MaxBytesHandler", b"LimitReader", b"LimitedReader", b"MaxBytes", b"BodyLimit")
CLIENTS = ("RoundTrip", "Do")


class UploadSizeUnlimited(Rule):
    """## What it finds
    A handler that reads a request's body, or parses it as a multipart form, where nothing in the file limits its size.

    ## Why it matters
    The sender decides how much memory or disk the read takes: `ParseMultipartForm` limits what stays in memory, and
    writes the rest to disk without end. A few large uploads at once, sent by mistake or on purpose, kill the process.

    ## Use instead
    `r.Body = http.MaxBytesReader(w, r.Body, limit)` first thing in the handler.
    """

    name = "unbounded-read/upload-size-unlimited"
    severity = Severity.MEDIUM
    languages = ("go",)
    methods = frozenset({"ParseMultipartForm", "ReadAll"})
    confidence = SHOWN_ONLY
    """On record behind a proxy, or a login, that keeps large bodies out."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        within = call.function.name if call.function is not None else ""  # unprovable: narrows the type
        if not self._reads_all(call, file) or within in CLIENTS:
            return None
        if any(limit in file.text for limit in LIMITS):
            return None
        return Alarm(
            call,
            "The size of the request body is not limited",
            f"`{call.written}` takes whatever the sender sends. A few large requests at once fill the memory or the "
            "disk, and the process is killed with all the requests it was serving.",
            "Set `r.Body = http.MaxBytesReader(w, r.Body, limit)` before the body is touched.",
            confidence=None if _answers(call, file) else 0.4,
        )

    def _reads_all(self, call: Call, file: SourceFile) -> bool:
        if call.name == "net/http.Request.ParseMultipartForm":
            return True
        read = [file.canonical(given.node, call) for given in call.arguments]
        return call.name in READERS and read == ["net/http.Request.Body"]

    bad = (
        go(
            'import "net/http"\n\nfunc upload(w http.ResponseWriter, r *http.Request) {\n'
            "\tif err := r.ParseMultipartForm(32 << 20); err != nil {\n\t\treturn\n\t}\n}",
            line=4,
        ),
        go(
            'import (\n\t"io"\n\t"net/http"\n)\n\nfunc hook(w http.ResponseWriter, r *http.Request) {\n'
            "\tbody, err := io.ReadAll(r.Body)\n\tuse(body, err)\n}",
            line=7,
        ),
        go(
            'import (\n\t"io"\n\t"net/http"\n)\n\nfunc bodyOf(r *http.Request) ([]byte, error) {\n'
            "\treturn io.ReadAll(r.Body)\n}",
            line=7,
        ),
        go(
            'import (\n\t"io"\n\t"net/http"\n)\n\ntype visit struct {\n\tasked *http.Request\n}\n\n'
            "func (v *visit) body() ([]byte, error) {\n\treturn io.ReadAll(v.asked.Body)\n}",
            line=11,
        ),
    )
    good = (
        go(
            'import (\n\t"io"\n\t"net/http"\n)\n\nfunc hook(w http.ResponseWriter, r *http.Request) {\n'
            "\tr.Body = http.MaxBytesReader(w, r.Body, 1<<20)\n\tbody, err := io.ReadAll(r.Body)\n\tuse(body, err)\n}"
        ),
        go(
            'import (\n\t"io"\n\t"net/http"\n)\n\nfunc (t *T) RoundTrip(r *http.Request) (*http.Response, error) {\n'
            "\tbody, err := io.ReadAll(r.Body)\n\treturn t.send(body, err)\n}"
        ),
        go('import "net/http"\n\nfunc form(w http.ResponseWriter, r *http.Request) {\n\tuse(r.ParseForm())\n}'),
        go('import "io"\n\nfunc load(r io.Reader) {\n\tbody, err := io.ReadAll(r)\n\tuse(body, err)\n}'),
        go('import "io"\n\nfunc load(m *Message) {\n\tbody, err := io.ReadAll(m.Body)\n\tuse(body, err)\n}'),
        go("func load(form *Form) { form.ParseMultipartForm(1 << 20) }"),
        go('import "net/http"\n\nfunc load(r *http.Request) { store.ReadAll(r.Body) }'),
    )


def _answers(call: Call, file: SourceFile) -> bool:
    """A handler answers as well; a function that is only given the request may get one that is limited already."""
    types = [file.canonical(type_, call) for around in call.around(Function) for type_ in around.parameters.values()]
    return "net/http.ResponseWriter" in types or not any("Request" in type_ for type_ in types)
