"""Something compressed that is unpacked whatever its size."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Node, SourceFile, text_of

OPENS = (
    "compress/gzip.NewReader",
    "compress/zlib.NewReader",
    "compress/zlib.NewReaderDict",
    "compress/flate.NewReader",
    "compress/flate.NewReaderDict",
    "compress/bzip2.NewReader",
    "compress/lzw.NewReader",
    "archive/tar.NewReader",
    "archive/zip.NewReader",
    "archive/zip.OpenReader",
    "github.com/klauspost/compress/zstd.NewReader",
    "github.com/klauspost/compress/gzip.NewReader",
)
ZIP_FILES = ("archive/zip.OpenReader.File", "archive/zip.NewReader.File", "archive/zip.Reader.File")
SOURCE_AT = {
    "io.Copy": 1,
    "io.CopyBuffer": 1,
    "io.ReadAll": 0,
    "io/ioutil.ReadAll": 0,
}


class DecompressionUnlimited(Rule):
    """## What it finds
    The output of a decompressor that is read to its end, into memory or onto a disk, without a limit.

    ## Why it matters
    A few kilobytes can unpack to gigabytes. Whoever may send the archive can fill the memory or the disk with one
    request, and take down everything else on the machine.

    ## Use instead
    `io.CopyN` or `io.LimitReader` with the largest size you mean to accept, and an error beyond it.
    """

    name = "unbounded-read/decompression-unlimited"
    severity = Severity.MEDIUM
    covered_by = ("gosec:G110",)
    languages = ("go",)
    names = frozenset(SOURCE_AT)
    confidence = SHOWN_ONLY
    """On record archives of the project's own, or with a limit elsewhere."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        place = SOURCE_AT.get(call.name)
        if place is None or len(call.arguments) <= place:
            return None
        if not self._unpacks(call.arguments[place].node, call, file):
            return None
        return Alarm(
            call,
            "A decompressed stream is read without a limit",
            f"`{call.written}` goes on for as long as the decompressor gives bytes, and a few kilobytes can unpack to "
            "gigabytes. One such archive fills the memory or the disk, and everything on this machine stops.",
            "Read through `io.LimitReader` (or `io.CopyN`) with the largest size you accept, and fail beyond it.",
        )

    def _unpacks(self, node: Node, call: Call, file: SourceFile) -> bool:
        made_by = file.origin(node, call)
        if made_by is None:
            return False
        return made_by.name in OPENS or (made_by.method == "Open" and self._is_zip_entry(made_by, file))

    def _is_zip_entry(self, call: Call, file: SourceFile) -> bool:
        """`f.Open()` of `for _, f := range r.File`, where r is a zip reader."""
        if call.name == "archive/zip.File.Open":
            return True
        loop = call.loop
        while loop is not None:
            for clause in loop.node.named_children:
                names = [one for left in clause.children_by_field_name("left") for one in left.named_children]
                walked = file.canonical(clause.child_by_field_name("right"), loop)
                if walked in ZIP_FILES and [text_of(one) for one in names[-1:]] == [text_of(call.receiver)]:
                    return True
            loop = loop.loop
        return False

    bad = (
        go(
            'import (\n\t"compress/gzip"\n\t"io"\n)\n\nfunc load(r io.Reader) ([]byte, error) {\n'
            "\tz, err := gzip.NewReader(r)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn io.ReadAll(z)\n}",
            line=11,
        ),
        go(
            'import (\n\t"archive/zip"\n\t"io"\n)\n\nfunc unpack(name string) error {\n'
            "\tr, err := zip.OpenReader(name)\n\tfor _, f := range r.File {\n\t\tin, err := f.Open()\n"
            "\t\t_, err = io.Copy(out, in)\n\t}\n\treturn err\n}",
            line=10,
        ),
        go(
            'import (\n\t"compress/zlib"\n\t"io"\n)\n\nfunc load(r io.Reader) error {\n\tz, err := zlib.NewReader(r)\n'
            "\t_, err = io.CopyBuffer(out, z, buf)\n\treturn err\n}",
            line=8,
        ),
        go(
            'import ("archive/zip"; "io")\n\nfunc unpack(entry *zip.File) error { in, err := entry.Open()\n'
            "\t_, err = io.Copy(out, in)\n\treturn err }",
            line=4,
        ),
    )
    good = (
        go(
            'import (\n\t"compress/gzip"\n\t"io"\n)\n\nfunc load(r io.Reader) ([]byte, error) {\n'
            "\tz, err := gzip.NewReader(r)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n"
            "\treturn io.ReadAll(io.LimitReader(z, 1<<20))\n}"
        ),
        go(
            'import (\n\t"compress/gzip"\n\t"io"\n)\n\nfunc load(r io.Reader) error {\n'
            "\tz, err := gzip.NewReader(r)\n\t_, err = io.CopyN(out, z, 1<<20)\n\treturn err\n}"
        ),
        go(
            'import (\n\t"io"\n\t"os"\n)\n\nfunc load() error {\n\tf, err := os.Open(p)\n'
            "\t_, err = io.Copy(out, f)\n\treturn err\n}"
        ),
        go(
            'import "io"\n\nfunc unpack(all []Box) error {\n\tfor _, f := range all {\n\t\tin, err := f.Open()\n'
            "\t\t_, err = io.Copy(out, in)\n\t}\n\treturn nil\n}"
        ),
        go(
            'import ("archive/zip"; "io")\n\n'
            "func unpack(r *zip.Reader) { for _, f := range r.File { in, _ := f.OpenRaw(); io.Copy(out, in) } }"
        ),
        go('import "io"\n\nfunc load(r io.Reader) ([]byte, error) {\n\treturn io.ReadAll(r)\n}'),
        go('import "io"\n\nfunc pump() { io.Copy(ends()) }'),
        go(
            'import ("archive/zip"; "io"; "os")\n\n'
            "func known(r *zip.Reader) { for _, f := range r.File { in, _ := os.Open(f.Name); io.Copy(out, in) } }"
        ),
    )
