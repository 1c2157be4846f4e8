"""Something opened into a field of an object that never closes it."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Resource
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, java, python
from bot.syntax import Call, Class, Section, Shape, SourceFile, encloses, text_of

NEAR = 12
"""So many lines after its class's header a field is shown together with it."""
SELF = regex(r"^(?:this|self)\.")
BASES = regex(r"(?i)singleton|test")


class FieldNotClosed(Rule):
    """## What it finds
    A file, stream, socket or connection that an object opens into a field of its own, hands to nobody, and closes in
    none of its methods.

    ## Why it matters
    Whoever makes and drops such an object has no way to let go of what it holds: there is no method to call. Each one
    keeps its descriptor or connection until the garbage collector happens by, and under load that is too late.

    ## Use instead
    A `Dispose`, `close` or `__exit__` that closes the field, and callers with `using`, try-with-resources or `with`.
    """

    name = "resource-leak/field-not-closed"
    severity = Severity.MEDIUM
    languages = ("python", "java", "csharp")
    sections = ("resource",)
    confidence = 0.75

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Resource)
        owner = next(call.around(Class), None)
        if row is None or owner is None or call.use not in ("assigned", "other", "returned") or self._is_managed(call):
            return None
        field = self._field(call, owner, file)
        name = SELF.sub("", text_of(field.node)) if field is not None else ""
        if (
            field is None  # unprovable: narrows the type
            or not name.isidentifier()
            or BASES.search(owner.name)
        ):
            return None
        if not self._is_kept_to_itself(name, owner, file) or self._is_closed(name, owner, row):
            return None
        return self._alarm(call, owner, name, row)

    def _is_managed(self, call: Call) -> bool:
        """`using (fs = …)` closes it at its end, field or not."""
        return any(encloses(held, call) for section in call.around(Section) for held in section.held)

    def _field(self, call: Call, owner: Class, file: SourceFile) -> Shape | None:
        """The field that a call's result is assigned to; None where it is a local or static one."""
        binding = next((one for one in file.bindings if file.call_at(one.value) is call), None)
        if (
            binding is None or binding.target is None  # unprovable: narrows the type
        ):
            return None
        written = text_of(binding.target)
        if file.language.name == "python":
            return Shape(binding.target, file, binding) if written.startswith("self.") else None
        function = binding.function
        fields = [one for one in file.bindings if one.outer is owner and text_of(one.target) == SELF.sub("", written)]
        if not fields or "static" in file.language.modifiers(fields[0].node):
            return None
        local = function is not None and any(
            text_of(one.target) == written and one.type is not None and one.function is function
            for one in file.bindings
        )
        return None if local else Shape(binding.target, file, binding)

    def _is_kept_to_itself(self, name: str, owner: Class, file: SourceFile) -> bool:
        """Its methods are called and it is given a value: nothing else becomes of it."""
        language = file.language
        for mention in language.mentions(name, owner.node):
            here = mention
            above = here.parent
            if (
                above is not None  # unprovable: narrows the type
                and above.type in language.members
                and SELF.match(text_of(above))
            ):
                here, above = above, above.parent
            if above is None:  # unprovable: narrows the type
                return False
            if above.type in language.members and language.member(above)[0] == here:
                continue
            if language.callee(above)[0] == here:
                continue
            is_target = any(one.target in (here, mention) for one in file.within(file.bindings, above))
            tested = above.type in ("binary_expression", "comparison_operator", "conditional_access_expression")
            if not is_target and not tested and above.type not in ("variable_declarator", "if_statement"):
                return False
        return True

    def _is_closed(self, name: str, owner: Class, row: Resource) -> bool:
        """In its class; where that is spread over files, nobody can tell."""
        text = owner.text
        closed = rf"\b{name}\s*[?!]*\s*\.\s*(?:{'|'.join(row.closed_by)})\b"
        spread = bool(re.search(r"\bpartial\b", text.split("{")[0]))
        return (
            spread or bool(re.search(closed, text)) or "__getattr__" in text or self._is_closed_by_channel(name, text)
        )

    def _is_closed_by_channel(self, name: str, text: str) -> bool:
        """Java's channel of a file closes the file with itself."""
        channel = re.search(rf"(\w+)\s*=\s*(?:this\.)?{name}\.getChannel\(\)", text)
        return channel is not None and f"{channel[1]}.close(" in text

    def _alarm(self, call: Call, owner: Class, name: str, row: Resource) -> Alarm:
        together = call.start_line - owner.start_line <= NEAR
        return Alarm(
            owner if together else call,
            f"`{owner.name}` opens `{name}` and never closes it"[:80],
            f"`{owner.name}` holds the {row.what} of `{call.written}` in `{name}`, and none of its methods closes it. "
            "Callers cannot either, so each object leaves one open until the garbage collector happens by.",
            f"Give `{owner.name}` a method that closes `{name}`, and have callers use it on every path.",
            last_line=call.start_line,
        )

    bad = (
        python("class Log:\n    def __init__(self, path):\n        self.out = open(path, 'a')"),
        java(
            "import java.io.*;\nclass A {\n  private final FileInputStream in;\n"
            "  A(File f) throws IOException { this.in = new FileInputStream(f); }\n"
            "  int next() throws IOException { return in.read(); }\n}",
            line=2,
        ),
        csharp("class A {\n  FileStream fs;\n  void Open(string p) { this.fs = new FileStream(p, m); }\n}"),
        csharp("class A {\n  FileStream fs;\n  void Open(string p) { using (gate) { fs = new FileStream(p, m); } }\n}"),
        csharp("class A {\n  readonly FileStream fs = new FileStream(p, m);\n}"),
        csharp("class A {\n  FileStream fs;\n" + "\n" * 12 + "  A() => fs = new FileStream(p, m);\n}", line=15),
        csharp(
            "class A {\n  FileStream fs;\n"
            "  void Open(string p) { string full = Full(p); fs = new FileStream(full, m); }\n}"
        ),
        java(
            "import java.io.*;\nclass A {\n  FileInputStream in;\n"
            "  A(File f) throws IOException { this.in = new FileInputStream(f); }\n"
            "  boolean isShared() { return this.shared == in; }\n}",
            line=2,
        ),
        java(
            "import java.io.*;\nclass Console { static InputStream in = System.in; }\nclass A {\n"
            '  static final Logger LOG = Logger.of("a");\n  FileInputStream in;\n'
            "  A(File f) throws IOException { in = new FileInputStream(f); }\n"
            "  int next() throws IOException { return in.read(); }\n}",
            line=3,
        ),
        java(
            "import java.io.*;\nclass A {\n  final RandomAccessFile file;\n"
            '  A(File f) throws IOException { file = new RandomAccessFile(f, "rw"); channel = file.getChannel(); }\n'
            "}",
            line=2,
        ),
    )
    good = (
        java(
            "import java.io.*;\nclass A {\n  private final RandomAccessFile file;\n"
            '  A(File f) throws IOException { file = new RandomAccessFile(f, "rw"); channel = file.getChannel(); }\n'
            "  void close() throws IOException { channel.close(); }\n}"
        ),
        python(
            "class Log:\n    def __init__(self, p):\n        self.out = open(p)\n"
            "    def end(self):\n        self.out.close()"
        ),
        python("class Log:\n    def __init__(self, p):\n        out = open(p)\n        self.all = out.read()"),
        python("class Log:\n    def __init__(self, p):\n        self.out = open(p)\n        keep(self.out)"),
        java(
            "import java.io.*;\nclass A implements Closeable { FileInputStream in = new FileInputStream(F);\n"
            "  public void close() throws IOException { in.close(); } }"
        ),
        csharp("class A { FileStream fs = new FileStream(p, m); public void Dispose() => fs?.Dispose(); }"),
        csharp("class A { static FileStream fs = new FileStream(p, m); }"),
        csharp("partial class A { FileStream fs = new FileStream(p, m); }"),
        csharp("class A { FileStream fs = new FileStream(p, m); Stream All => fs; }"),
        csharp("class A { FileStream fs; void F() { FileStream fs = new FileStream(p, m); Use(fs); } }"),
        python("def attach(self, path):\n    self.out = open(path)\n\nLog.attach = attach"),
        python(
            "class Log:\n    def tell(self, path):\n        with open(path) as self.out:\n            self.out.write(1)"
        ),
        python("class Log:\n    def __init__(self, path):\n        self.sink.out = open(path)"),
        python("class LogSingleton:\n    def __init__(self, path):\n        self.out = open(path)"),
        csharp("class A { FileStream fs; int F() { FileStream fs = new FileStream(p, m); return fs.ReadByte(); } }"),
        python(
            "class Log:\n    def __init__(self, path):\n        self.out = open(path)\n"
            "    def copy(self, other):\n        other.out.write(self.out.read())"
        ),
        python(
            "class Log:\n    def __init__(self, path):\n        self.out = open(path)\n"
            "    def __getattr__(self, name):\n        return look_up(name)"
        ),
        csharp("class A { FileStream fs; void F() { using (fs = new FileStream(p, m)) { fs.ReadByte(); } } }"),
        csharp("class A { FileStream fs; int F() { using var fs = new FileStream(p, m); return fs.ReadByte(); } }"),
        java(
            "import java.io.*;\nclass A { FileInputStream in; int f(File p) throws IOException {\n"
            "  try (var in = new FileInputStream(p)) { return in.read(); } } }"
        ),
        java(  # the field, and who closes it, is another class's
            "import java.io.*;\nclass A extends Reading {\n  int size;\n"
            "  A(File f) throws IOException { this.in = new FileInputStream(f); }\n"
            "  InputStream raw() throws IOException { return new FileInputStream(path); }\n}",
        ),
        java(
            "import java.io.*;\nclass A extends Told {\n  final FileWriter log = new FileWriter(PATH);\n"
            "  void tell(String line) { log(line); }\n}",
        ),
    )
