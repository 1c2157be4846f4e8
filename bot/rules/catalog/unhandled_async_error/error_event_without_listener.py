"""A stream, socket or child process whose failure ends the process."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Node, SourceFile, text_of

EMITS = frozenset(
    {"fs.createReadStream", "fs.createWriteStream", "net.connect", "net.createConnection", "tls.connect", "net.Socket"}
    | {f"{module}.{method}" for module in ("http", "https") for method in ("request", "get")}
    | {"child_process.spawn", "http2.connect", "ws", "ws.WebSocket"}
)
LISTENS = regex(r"""\.(?:on|once|addListener|addEventListener)\(\s*['"](?:error|\*)['"]|\.onerror\s*=""")
OWN_METHODS = frozenset(
    {"on", "once", "write", "end", "pipe", "setTimeout", "setEncoding", "setHeader", "unref", "ref", "resume", "pause"}
    | {"setNoDelay", "setKeepAlive", "kill", "destroy", "send", "addListener", "removeListener", "removeAllListeners"}
)


class ErrorEventWithoutListener(Rule):
    """## What it finds
    In Node.js, a stream, a socket, a request or a child process that is made and used in one place, without a listener
    for `error`.

    ## Why it matters
    An `error` event that nobody listens to is thrown, at the top of the event loop where no `try` reaches: the whole
    process ends. A file that is missing, a peer that refuses, a command that is not installed is enough.

    ## Use instead
    `.on("error", …)` right where it is made, or `stream.pipeline` and `stream/promises`, which hand the failure on.
    """

    name = "unhandled-async-error/error-event-without-listener"
    severity = Severity.HIGH
    languages = ("javascript", "typescript")
    methods = frozenset(name.rsplit(".", 1)[-1] for name in EMITS) | {"WebSocket"}
    confidence = SHOWN_ONLY  # that the file or program is there has mostly been seen to before

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name not in EMITS or not (call.node.type == "new_expression" or "." in call.name):
            return None
        if call.use == "receiver":
            return self._in_chain(call)
        name, function = call.assigned_to, call.function
        around = function.node if function is not None else file.tree.root_node  # unprovable: only saves time
        bound = [one for one in file.within(file.bindings, around) if text_of(one.target) == name]
        if (
            len(bound) != 1
            or bound[0].function is not function  # unprovable: only saves time, the one that is left keeps the call
            or LISTENS.search(text_of(around))
        ):
            return None
        used = [one for one in file.language.mentions(name, around) if one.start_byte >= call.node.end_byte]
        if not used or not all(self._is_own_use(mention, file) for mention in used):
            return None
        return self._alarm(call)

    def _in_chain(self, call: Call) -> Alarm | None:
        """`fs.createReadStream(p).pipe(out)`."""
        outer = call.file.call_on(call)
        if outer is None or outer.method not in ("pipe", "end", "on"):
            return None
        last = outer
        while (further := call.file.call_on(last)) is not None:
            last = further
        return None if LISTENS.search(last.text) or last.use != "discarded" else self._alarm(call)

    def _is_own_use(self, mention: Node, file: SourceFile) -> bool:
        """One of its methods is called; given away, somebody else may listen."""
        owner = mention.parent
        if (
            owner is None  # unprovable: narrows the type
            or owner.type not in file.language.members
        ):
            return False
        above = owner.parent
        called = (
            above is not None  # unprovable: narrows the type
            and above.child_by_field_name("function") == owner
        )
        return file.language.member(owner)[1] in OWN_METHODS or not called

    def _alarm(self, call: Call) -> Alarm:
        return Alarm(
            call,
            f"A failure of `{call.written}` ends the whole process"[:80],
            f"What `{call.written}` gives reports failure as an `error` event, and nobody listens to it here. Node.js "
            "then throws it where no `try` reaches, and the process ends with all that it was doing.",
            'Add `.on("error", …)` where it is made, or use `pipeline` from `stream/promises`.',
        )

    bad = (
        javascript(
            "const fs = require('fs');\nfunction send(p, res) {\n  fs.createReadStream(p).pipe(res);\n}", line=3
        ),
        javascript(
            "const http = require('http');\nfunction ping(o) {\n  const req = http.request(o, show);\n  req.end();\n}",
            line=3,
        ),
        typescript(
            "import { spawn } from 'child_process';\nexport function run() {\n  const p = spawn('job');\n"
            "  p.on('exit', done);\n}",
            line=3,
        ),
        javascript("const fs = require('fs');\nconst file = fs.createReadStream(path);\nfile.resume();", line=2),
        javascript(
            "const http = require('http');\nfunction ping(o) {\n  const req = http.request(o, show);\n"
            "  log(req.path);\n  req.end();\n}",
            line=3,
        ),
        javascript(
            "const http = require('http');\nfunction ping(o) {\n  const req = http.request(o, show);\n"
            "  const sent = now();\n  req.on('close', () => log(sent, req.reusedSocket));\n}",
            line=3,
        ),
        javascript(
            "const WebSocket = require('ws');\nconst peer = new WebSocket(url);\npeer.on('open', tell);", line=2
        ),
    )
    good = (
        javascript("const fs = require('fs');\nfs.createReadStream(p).on('error', fail).pipe(res);"),
        javascript("const fs = require('fs');\nfunction f(p) { return fs.createReadStream(p).pipe(res); }"),
        javascript(
            "const http = require('http');\nconst req = http.request(o, show);\nreq.on('error', fail);\nreq.end();"
        ),
        javascript("const fs = require('fs');\nconst s = fs.createReadStream(p);\nawait pipeline(s, out);"),
        javascript("const s = files.createReadStream(p);\ns.pipe(out);"),
        javascript("const fs = require('fs');\nconst s = fs.createReadStream(p);"),
        typescript("import { spawn } from 'child_process';\nexport function run() { return spawn('job'); }"),
        typescript("import { spawn } from 'child_process';\nconst p = spawn('job');\np.custom();"),
        typescript("import { spawn } from 'child_process';\nlet p = spawn('a');\np = spawn('b');\np.on('exit', f);"),
        javascript("const fs = require('fs');\nfunction send(p) { const file = fs.createReadStream(p); keep(file); }"),
        javascript(
            "const fs = require('fs');\n"
            "function send(p) { const file = fs.createReadStream(p); file.resume(); use(sink[file]); }"
        ),
        javascript(
            "const fs = require('fs');\n"
            "function send(p) { const file = fs.createReadStream(p); file.resume(); keep({ of: file }); }"
        ),
        javascript(
            "const http = require('http');\nfunction ping(o) {\n  const req = http.request(o, show);\n"
            "  guard(req.on);\n  listen(log[req.on('x', y)]);\n  req.attach(log);\n}"
        ),
        javascript("const peer = ws(url);\npeer.on('open', tell);"),
        javascript("const fs = require('fs');\nshow(fs.createReadStream(p).path);\nfs.createWriteStream(p).close();"),
    )
