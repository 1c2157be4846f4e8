"""Calls on stubs that gRPC's compiler writes: their names are the project's own, and no catalogue can list them."""

from bot.posture.sheet import Sheet, chain_of
from bot.regex import regex
from bot.rules.api_rows import Dependency
from bot.syntax import Call

_ROW = {"python": "grpc.Stub", "go": "google.golang.org/grpc.Stub", "java": "io.grpc.Stub"}
"""The row of the catalogue that stands for all of them."""
_PYTHON = regex(r"(?:^|\.)\w+_pb2_grpc\.\w+Stub$")
_GO = regex(r"^New[A-Z]\w*Client$")
_JAVA = regex(r"Grpc\.new\w*Stub$")
_SETTINGS = regex(r"^with[A-Z]|^get(?:Channel|CallOptions)$")
"""Methods of Java's stubs that give another stub and call nobody."""


def stub_call(call: Call, sheet: Sheet) -> tuple[Dependency, Call] | None:
    """What is known of a call on such a stub, and the call that made the stub; None for any other call."""
    if call.receiver is None or sheet.language not in _ROW or _SETTINGS.match(call.method):
        return None
    made = _made(call, sheet)
    rows = sheet.rows_of_name(_ROW[sheet.language]) if made is not None else ()
    row = next((row for row in rows if isinstance(row, Dependency)), None)
    return (row, made) if row is not None and made is not None else None


def _made(call: Call, sheet: Sheet) -> Call | None:
    origin = call.origin or sheet.kept_in_field(call)
    links = chain_of(origin) if origin is not None else []
    if sheet.language == "python":
        return next((link for link in links if _PYTHON.search(link.name)), None)
    if sheet.language == "java":
        while origin is not None and links[-1].origin is not None and len(links) < 8:  # `stub.withDeadlineAfter(…)`
            links += chain_of(links[-1].origin)
        return next((link for link in links if _JAVA.search(link.name or link.written)), None)
    uses_grpc = "google.golang.org/grpc" in sheet.file.imports.values()
    is_stub = origin is not None and _GO.match(origin.method) and len(origin.arguments) == 1
    return origin if uses_grpc and is_stub and not (origin and origin.name.startswith("google.golang.org/")) else None
