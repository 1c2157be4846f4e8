"""Something opened that nobody closes."""

from bot.domain import Severity
from bot.rules.api_rows import Resource
from bot.rules.apis import find
from bot.rules.holding import Fate, fate_of
from bot.rules.rule import Alarm, Edit, Rule, csharp, go, java, kotlin, python, ruby
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Section, SourceFile, text_of

WRITERS = frozenset({"StreamReader", "StreamWriter"})
RARELY_COSTS = frozenset({"go", "csharp", "python"})
"""On record their handles are left open in tools that end soon, on paths that hardly fail, or over what is in memory;
the garbage collector closes them."""


class HandleNotClosed(Rule):
    """## What it finds
    A file, stream, socket or connection that is opened, used in the same function, and never closed there nor handed on
    to anybody who could.

    ## Why it matters
    Each call leaves one descriptor or connection behind. Under load the process runs into its limit of open files, or
    the pool and the server's limit are used up, and then everything that opens anything fails.

    ## Use instead
    `with`, try-with-resources, `using`, `use { … }`, a block (`File.open(path) { |f| … }`), or `defer Close()`: what
    closes on every path.
    """

    name = "resource-leak/handle-not-closed"
    severity = Severity.MEDIUM
    covered_by = ("ruff:SIM115[open(]", "dotnet:CA2000", "sonar:csharpsquid:S2930")
    languages = ("python", "go", "java", "csharp", "kotlin", "ruby")
    sections = ("resource",)
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Resource)
        if row is None:
            return None
        fate = fate_of(call, row)
        if fate is Fate.ON_SUCCESS:
            return self._left_open(call, row)
        if fate is not Fate.FORGOTTEN or _wraps_another_handle(call):
            return None
        return Alarm(
            call,
            f"The {row.what} opened by `{call.written}` is never closed"[:80],
            f"Nothing on any path closes this {row.what}, nor is it handed to anybody who could. Every call leaves one "
            "behind until the garbage collector happens by; under load the process runs out of descriptors or "
            "connections, and unrelated work fails.",
            row.fix or "Close it on every path.",  # unprovable: our rows have one, a team's own may not
            confidence=SHOWN_ONLY if file.language.name in RARELY_COSTS else None,
        )

    def check_section(self, section: Section, file: SourceFile) -> Alarm | None:
        """`with` in a coroutine over what this file's class closes with `async with`."""
        function = section.function
        if (
            file.language.name != "python"  # unprovable: only saves time
            or section.is_async
            or function is None
            or not function.is_async
        ):
            return None
        for held in section.held:
            name = file.canonical(held, section)
            own = {one.name for one in file.functions if one.enclosing_class == name.removeprefix("./")}
            if {"__aenter__", "__aexit__"} <= own:
                return Alarm(
                    section,
                    f"`with` does not run the async cleanup of `{name.removeprefix('./')}`"[:80],
                    f"`{name.removeprefix('./')}` closes what it holds in `__aexit__`, which only `async with` calls. "
                    "This `with` runs the other pair of methods, or fails where there is none.",
                    "Write `async with`.",
                    (Edit(section.node.start_byte, section.node.start_byte, "async "),),
                    last_line=section.start_line,
                )
        return None

    def _left_open(self, call: Call, row: Resource) -> Alarm:
        return Alarm(
            call,
            f"The {row.what} opened by `{call.written}` stays open on failure"[:80],
            f"This {row.what} is closed where all goes well; an early return or a failure on the way there leaves it "
            "open. A dependency that fails for an hour leaks one with every call, until the process can open nothing "
            "any more.",
            row.fix or "Close it on every path.",  # unprovable: our rows have one, a team's own may not
            confidence=SHOWN_ONLY if call.file.language.name in RARELY_COSTS else 0.75,
        )

    bad = (
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  FileReader r = new FileReader(p);\n"
            "  if (r == null) log();\n  r = new FileReader(q);\n  r.close();\n} }",
            line=3,
        ),
        python(
            "class C:\n    async def __aenter__(self):\n        return self\n    async def __aexit__(self, *e):\n"
            "        await self.close()\n"
            "async def f():\n    with C() as c:\n        c.use()",
            line=7,
        ),
        csharp(
            "class A { IConnection connection; async Task F() {\n  var c = await connection.CreateChannelAsync();\n"
            "  await Declare(c);\n  await c.BasicPublishAsync(m);\n }\n"
            " static async Task Declare(IChannel c) { await c.QueueDeclareAsync(q); } }",
            line=2,
        ),
        python(
            "def load(path):\n    f = open(path)\n    return first(f)\ndef first(f):\n    return f.readline()", line=2
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  FileWriter w = new FileWriter(p);\n"
            "  w.write(text);\n  w.close();\n} }",
            line=3,
        ),
        java(
            "import java.io.*;\nclass A { void f() {\n  BufferedWriter w = null;\n  try {\n"
            "    w = new BufferedWriter(new FileWriter(p));\n    w.write(text);\n    w.close();\n"
            "  } catch (IOException e) { log(e); }\n} }",
            line=5,
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  FileReader in = new FileReader(p);\n"
            "  BufferedReader r = new BufferedReader(in);\n  use(r.readLine());\n} }",
            line=3,
        ),
        csharp("class A { void F() {\n  var w = new StreamWriter(p);\n  w.Write(text);\n  w.Dispose();\n} }", line=2),
        go(
            'import "os"\n\nfunc load() error {\n\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tif err := read(p); err != nil {\n\t\treturn err\n\t}\n\tf.Close()\n\treturn nil\n}",
            line=4,
        ),
        python("def load(path):\n    return open(path).read()", line=2),
        python("import json\ndef load(path):\n    return json.load(open(path))", line=3),
        python("def load(path):\n    f = open(path)\n    for line in f:\n        use(line)", line=2),
        go(
            'import "os"\n\nfunc load() error {\n\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tf.Stat()\n\treturn nil\n}",
            line=4,
        ),
        java(
            "import java.io.*;\nclass A { int f() throws IOException {\n  var in = new FileInputStream(p);\n"
            "  return in.read();\n} }",
            line=3,
        ),
        java(
            "import java.sql.*;\nclass A { void f() {\n  Connection c = DriverManager.getConnection(url);\n"
            "  c.commit();\n} }",
            line=3,
        ),
        csharp("class A { string F() {\n  var r = new StreamReader(p);\n  return r.ReadToEnd();\n} }", line=2),
        csharp(
            "class A { string F() {\n  var p = PathOf(1); var r = new StreamReader(p);\n  return r.ReadToEnd();\n} }",
            line=2,
        ),
        csharp("class A { int F(FileStream s) {\n  var c = new SqlConnection(s);\n  return c.Query(q);\n} }", line=2),
        kotlin(
            "import java.io.FileInputStream\n\nfun f(p: String): Int {\n"
            "    val input = FileInputStream(p)\n    return input.read()\n}",
            line=4,
        ),
        kotlin("import java.io.File\n\nfun f(p: String) = File(p).bufferedReader().readText()", line=3),
        ruby("def f(path)\n  file = File.open(path)\n  file.each_line { |line| take(line) }\n  nil\nend", line=2),
        ruby("def f(path)\n  File.open(path).read\nend", line=2),
        csharp(
            "class A { string F(Stream s) {\n  var r = new StreamReader(new FileStream(p, FileMode.Open));\n"
            "  return r.ReadToEnd();\n} }",
            line=2,
        ),
        csharp("class A { string F() {\n  var r = new StreamReader();\n  return r.ReadToEnd();\n} }", line=2),
        python(
            "class Peer:\n    async def __aenter__(self): return self\n"
            "    async def __aexit__(self, *why): await self.stop()\n\nasync def ask():\n    peer = Peer()\n"
            "    with peer:\n        return await peer.ask()",
            line=7,
        ),
    )
    good = (
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  Reader r = new FileReader(p);\n"
            "  r = new BufferedReader(r);\n  r.close();\n} }"
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  Reader r = new FileReader(p);\n"
            "  if (late) { use(1); r = new FileReader(q); }\n  r.close();\n} }"
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  Reader r = new FileReader(p);\n"
            "  r.close();\n  r = new FileReader(q);\n  r.close();\n} }"
        ),
        python(
            "class C:\n    async def __aenter__(self):\n        return self\n    async def __aexit__(self, *e):\n"
            "        await self.close()\n"
            "async def f():\n    async with C() as c:\n        c.use()"
        ),
        python(
            "class C:\n    async def __aenter__(self):\n        return self\n    async def __aexit__(self, *e):\n"
            "        await self.close()\n"
            "def f():\n    with C() as c:\n        c.use()"
        ),
        python(
            "class C:\n    def __enter__(self):\n        return self\n"
            "async def f():\n    with C() as c:\n        c.use()"
        ),
        csharp(
            "class A { IConnection connection; IChannel kept; async Task F() {\n"
            "  var c = await connection.CreateChannelAsync();\n  Keep(c);\n }\n void Keep(IChannel c) { kept = c; } }"
        ),
        python("def load(path):\n    f = open(path)\n    return lines(f)\ndef lines(f):\n    return Reader(f)"),
        python("def load(path):\n    f = open(path)\n    use(f)\ndef use(f):\n    f.read()\n    f.close()"),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  FileWriter w = null;\n"
            "  try { w = new FileWriter(p); w.write(text); } finally { if (w != null) w.close(); }\n} }"
        ),
        java(
            "import java.io.*;\nclass A { void f() throws IOException {\n  FileReader in = new FileReader(p);\n"
            "  try (BufferedReader r = new BufferedReader(in)) { use(r.readLine()); }\n} }"
        ),
        java("import java.io.*;\nclass A { FileWriter w; void f() throws IOException { w = new FileWriter(p); } }"),
        java("import java.io.*;\nclass A { void f() throws IOException { new FileWriter(p).close(); } }"),
        csharp("class A { void F() { var w = new StreamWriter(p); try { w.Write(t); } finally { w.Dispose(); } } }"),
        go(
            'import "os"\n\nfunc load() error {\n\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tif err := read(p); err != nil {\n\t\tf.Close()\n\t\treturn err\n\t}\n\treturn f.Close()\n}"
        ),
        python("def load(path):\n    with open(path) as f:\n        return f.read()"),
        csharp(
            "class A { async Task F() {\n  var f = new FileStream(p, FileMode.Create);\n"
            "  await using (f.ConfigureAwait(false)) { await f.WriteAsync(b); }\n} }"
        ),
        csharp(
            "class A { Stream F() {\n  var s = new MemoryStream();\n  var w = new StreamWriter(s);\n  w.Write(t);\n"
            "  w.Flush();\n  return s;\n} }"
        ),
        csharp("class A { string F(Stream body) { var r = new StreamReader(body); return r.ReadToEnd(); } }"),
        python(
            "def load(path):\n    f = open(path)\n    try:\n        return f.read()\n    finally:\n        f.close()"
        ),
        python("def load(path):\n    f = open(path)\n    return f"),
        python("def load(path):\n    f = open(path)\n    return Reader(f)"),  # handed on
        python("def load(self, path):\n    self.f = open(path)"),
        python("def load(stack, path):\n    return stack.enter_context(open(path)).read()"),
        python("def load(path):\n    f = open(path)\n    with f:\n        return f.read()"),
        go(
            'import "os"\n\nfunc load() error {\n\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tdefer f.Close()\n\treturn nil\n}"
        ),
        go('import "os"\n\nfunc load() (*os.File, error) { return os.Open(p) }'),
        java(
            "import java.io.*;\n"
            "class A { int f() throws IOException { try (var in = new FileInputStream(p)) { return in.read(); } } }"
        ),
        java("import java.io.*;\nclass A { Reader f() throws IOException { return new FileReader(p); } }"),
        java("import java.io.*;\nclass A { void f() { var in = new FileInputStream(p); keep(in); } }"),
        csharp("class A { string F() { using var r = new StreamReader(p); return r.ReadToEnd(); } }"),
        csharp("class A { string F() { using (var r = new StreamReader(p)) { return r.ReadToEnd(); } } }"),
        kotlin(
            "import java.io.FileInputStream\n\nfun f(p: String): Int {\n"
            "    val input = FileInputStream(p)\n    return input.use { it.read() }\n}"
        ),
        kotlin(
            "import java.io.File\n\nfun f(p: String) = File(p).bufferedReader().use { it.readText() }\n"
            "fun g(p: String) = File(p).inputStream()"
        ),
        ruby("def f(path)\n  File.open(path) { |file| take(file.read) }\nend"),
        ruby("def f(path)\n  file = File.open(path)\n  take(file.read)\nensure\n  file.close\nend"),
        ruby("def f(path)\n  @file = File.open(path)\n  file = File.open(path)\n  keep(file)\nend"),
        python(
            "class C:\n    async def __aenter__(self):\n        return self\n"
            "    async def __aexit__(self, *e):\n        await self.close()\nwith C() as c:\n    c.use()"
        ),
        python(
            "class C:\n    async def __aenter__(self):\n        return self\n"
            "    async def __aexit__(self, *e):\n        await self.close()\nclass D:\n"
            "    def __enter__(self):\n        return self\nasync def f():\n    with D() as d:\n        d.use()"
        ),
    )


def _wraps_another_handle(call: Call) -> bool:
    """A reader or writer over a stream with a name holds nothing but that: who closes it is asked of the stream."""
    if call.method not in WRITERS or not call.arguments:
        return False
    first = call.arguments[0]
    if not first.text.isidentifier():
        return False
    made = call.file.origin(first.node, call)
    function = call.function
    given = text_of(function.parameters.get(first.text)) if function is not None else ""  # unprovable: narrows the type
    return given.endswith("Stream") or (made is not None and made.method.endswith("Stream"))
