"""Something opened inside the constructor of a wrapper that can fail."""

from bot.domain import Severity
from bot.rules.api_rows import Resource
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, java
from bot.syntax import Call, SourceFile

READS_AT_ONCE = frozenset(
    {f"java.util.zip.{name}" for name in ("GZIPInputStream", "GZIPOutputStream")}
    | {f"java.io.{name}" for name in ("ObjectInputStream", "ObjectOutputStream")}
    | {f"java.util.jar.{name}" for name in ("JarInputStream", "JarOutputStream")}
)
"""Constructors that read or write a header, and throw where that fails."""


class LostInWrapper(Rule):
    """## What it finds
    In Java, a file opened as the argument of a constructor that reads or writes a header at once:
    `new GZIPInputStream(new FileInputStream(f))`, object and jar streams.

    ## Why it matters
    Where the header is broken the constructor throws, and nobody holds the stream inside: not the variable, not the
    `finally`. A folder of damaged files so uses up the descriptors of the process, one with each try.

    ## Use instead
    A resource of its own for each: `try (var in = new FileInputStream(f); var zip = new GZIPInputStream(in))`.
    """

    name = "resource-leak/lost-in-wrapper"
    severity = Severity.LOW
    languages = ("java",)
    needs = (b"GZIP", b"ObjectInput", b"ObjectOutput", b"Jar")
    sections = ("resource",)
    confidence = 0.6

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Resource)
        taker = file.call_at(call.user.parent) if call.user is not None else None  # unprovable: narrows the type
        if row is None or taker is None or taker.name not in READS_AT_ONCE or taker.use == "managed":
            return None
        return Alarm(
            call,
            f"This {row.what} stays open where `{taker.method}` cannot be made"[:80],
            f"`{taker.method}` reads or writes a header in its constructor. Where that throws, the {row.what} inside "
            "is held by nobody and stays open; each damaged file costs one descriptor.",
            "Open each in the head of a try-with-resources statement, under a name of its own.",
        )

    bad = (
        java(
            "import java.io.*;\nimport java.util.zip.*;\nclass A { void f() throws IOException {\n"
            "  var z = new GZIPInputStream(new FileInputStream(p));\n  z.close();\n} }",
            line=4,
        ),
    )
    good = (
        java(
            "import java.io.*;\nimport java.util.zip.*;\nclass A { void f() throws IOException {\n"
            "  try (var in = new FileInputStream(p); var z = new GZIPInputStream(in)) { z.read(); }\n} }"
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n"
            "  var r = new BufferedInputStream(new FileInputStream(p));\n  r.close();\n} }"
        ),
        java(
            "import java.io.*;\nimport java.util.zip.*;\nclass A { void f() throws IOException {\n"
            "  try (var z = new GZIPInputStream(new FileInputStream(p))) { z.read(); }\n} }"
        ),
        java(
            "import java.io.*;\nimport java.util.zip.*;\nclass A { void f() throws IOException {\n"
            "  var z = new GZIPInputStream(new ByteArrayInputStream(b));\n  z.close();\n} }"
        ),
    )
