"""A read or write that may do only half the work, and nobody looks how much."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, csharp, go, java, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile, text_of

STREAMS = regex(
    r"(?:Stream|Reader|RandomAccessFile|FileChannel|SocketChannel|Socket|net\.Conn|Conn|os\.File|io\.ReadCloser)$"
)
NAMED_LIKE_ONE = regex(r"(?:^|[._])(?:in|is|fis|bis|dis|conn|sock|socket|file)$|(?i:stream|reader|input)$")
DOTNET = regex(r"Stream$|(?:^|\.)(?:Binary|Stream|String|Text)Reader$|Socket$")
"""Readers that count. Others of that ending fill what they are given, or read something else altogether."""
KEEPS_COUNT = regex(r"(?:^|\.)(?:CharBuffer|ByteBuffer)$")
"""Their position says how much came."""
FILLS = regex(r"rand|Full|bytes\.|strings\.")
"""Receivers that always give as much as asked for."""


class IgnoredIoCount(Rule):
    """## What it finds
    `read(buffer)` or `skip(n)` on a stream, or `send` on a socket, whose count is thrown away.

    ## Why it matters
    These calls may do less than they were asked for, and the count they return is the only sign. Over a network they do
    so as soon as a message spans two packets: the rest of the buffer holds zeros or yesterday's bytes, or half a
    request is sent. Locally, with small files, it always works.

    ## Use instead
    `readFully`, `readNBytes`, `ReadExactly`, `io.ReadFull`, `sendall`; or a loop over the count.
    """

    name = "swallowed-error/ignored-io-count"
    severity = Severity.MEDIUM
    covered_by = ("sonar:java:S2674", "sonar:csharpsquid:S2674", "dotnet:CA2022")
    languages = ("python", "go", "java", "csharp")
    methods = frozenset({"send", "read", "skip", "Read", "ReadAsync"})
    confidence = SHOWN_ONLY
    """On record of local files, which give all they are asked for."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        instead = _METHODS[file.language.name].get(call.method)
        if instead is None or not self._drops_the_count(call):
            return None
        if not call.all_arguments or not self._is_stream(call, file) or self._is_one_byte(call):
            return None
        return Alarm(
            call,
            f"`{call.written}` may do half the work, and its count is dropped"[:80],
            f"`{call.method}` returns how much it really did, which may be less than asked for. Over a network that "
            "happens whenever data spans two packets, and then the code works with a buffer that is only partly "
            "filled, or has sent half a message.",
            f"Use {instead}, or go on until the whole is done.",
        )

    def _drops_the_count(self, call: Call) -> bool:
        if call.use == "discarded":
            return True
        left = call.user.child_by_field_name("left") if call.user is not None else None  # unprovable: type checker
        given = left.named_children if left is not None else []
        return call.file.language.name == "go" and len(given) == 2 and text_of(given[0]) == "_"

    def _is_stream(self, call: Call, file: SourceFile) -> bool:
        """By its type where that is known, else by how it is named."""
        name = file.canonical(call.receiver, call)
        if file.language.name == "python":
            return name in ("socket.socket", "socket.create_connection", "ssl.SSLSocket")
        written = text_of(call.receiver)
        if file.language.name == "csharp" and name != written and not DOTNET.search(name.split("<")[0]):
            return False
        if KEEPS_COUNT.search(file.canonical(call.all_arguments[0].node, call)):
            return False
        if FILLS.search(name) or FILLS.search(written):
            return False
        return bool(STREAMS.search(name.split("<")[0]) or NAMED_LIKE_ONE.search(written))

    def _is_one_byte(self, call: Call) -> bool:
        """A buffer of one is either filled or the stream has ended: often only the end is waited for."""
        if call.all_arguments[0].text in ("1", "1L"):
            return True  # one byte is skipped, most often one that was looked at before
        given = re.escape(call.all_arguments[0].text)
        made = rf"\b{given}\s*:?=\s*(?:make\(\[\]byte, 1\)|new byte\[1\])|\b{given} \[1\]byte"
        return bool(re.search(made, call.function.text if call.function is not None else ""))

    bad = (
        python("import socket\ns = socket.socket()\ns.send(payload)", line=3),
        go(
            'import "net"\n\nfunc f(conn net.Conn, b []byte) error {\n\t_, err := conn.Read(b)\n\treturn err\n}', line=4
        ),
        java("class A { void f(InputStream body) throws IOException {\n  body.read(buffer);\n} }", line=2),
        java("class A { void f() throws IOException {\n  this.in.skip(8);\n} }", line=2),
        csharp("class A { void F(NetworkStream s) {\n  s.Read(buffer, 0, 8);\n} }", line=2),
        csharp("class A { async Task F() {\n  await _stream.ReadAsync(buffer, 0, 8);\n} }", line=2),
    )
    good = (
        csharp("class A { Key F(KeyReader reader) { reader.Read(key); return key; } }"),
        java(
            "class A { String f(Reader body) throws E { CharBuffer start = CharBuffer.allocate(9); "
            "body.read(start); return start.flip().toString(); } }"
        ),
        python("import socket\ns = socket.socket()\ns.sendall(payload)"),
        python("import socket\ns = socket.socket()\nsent = s.send(payload)"),
        python("mail.send(payload)"),
        go('import "net"\n\nfunc f(conn net.Conn, b []byte) error {\n\tn, err := conn.Read(b)\n\tuse(b[:n])\n}'),
        go('import "crypto/rand"\n\nfunc f(b []byte) error {\n\t_, err := rand.Read(b)\n\treturn err\n}'),
        go("func f(conn net.Conn) {\n\tone := make([]byte, 1)\n\t_, err := conn.Read(one)\n\tuse(err)\n}"),
        java("class A { void f(InputStream body) throws IOException { int n = body.read(buffer); } }"),
        java("class A { void f(InputStream body) throws IOException { body.read(); } }"),  # one byte or the end
        java("class A { void f(InputStream body) throws IOException { body.skip(1); body.skip(1L); } }"),
        java("class A { void f(Config config) { config.read(path); } }"),
        csharp("class A { void F(NetworkStream s) { s.ReadExactly(buffer, 0, 8); } }"),
        csharp("class A { void F(Registry r) { r.Read(key, 0, 8); } }"),
        java("class A { void f() { read(buffer); } }"),
        python("import socket\ndef f(sock: socket.socket):\n    _, n = sock.send(data)"),
        go("func f(conn net.Conn) { _ = conn.Read(buf) }"),
        go('import "bytes"\n\nfunc f(b []byte) {\n\treader := bytes.NewReader(text)\n\treader.Read(b)\n}'),
        java("class A { void f(InputStream randStream) throws IOException { randStream.read(seed); } }"),
    )


_METHODS = {
    "python": {"send": "`sendall`"},
    "go": {"Read": "`io.ReadFull`"},
    "java": {"read": "`readNBytes` or `DataInputStream.readFully`", "skip": "`skipNBytes`"},
    "csharp": {"Read": "`ReadExactly`", "ReadAsync": "`ReadExactlyAsync`"},
}
