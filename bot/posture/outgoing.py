"""Calls that leave the process, and the clients they are made on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

from bot.domain.posture import DependencyKind
from bot.posture.asking import ask_of
from bot.posture.records import FoundCall, KeptClient
from bot.posture.sheet import Sheet, chain_of
from bot.posture.stubs import stub_call
from bot.rules.api_rows import Blocking, Bounded, Client, Dependency, Outbound, Protector, Retry, Row
from bot.rules.apis import find, known
from bot.syntax import Call, text_of

_PLATFORM = frozenset({"java", "javax", "jakarta", "kotlin"})
_DOMAINS = frozenset({"com", "org", "io", "net", "de", "dev", "software", "me"})
_VENDORS = frozenset(
    {"apache", "zaxxer", "squareup", "google", "github", "amazonaws", "amazon", "awssdk", "azure", "services", "cloud"}
)


@dataclass(frozen=True)
class Outgoing:
    """A call that leaves the process; or a client built here whose calls are not in sight."""

    call: Call
    row: Row
    kind: DependencyKind
    client: Call | None
    """What builds the client it is made on, where that is in sight."""
    client_row: Client | None
    has_client: bool
    """False for functions of a module, such as `requests.get`, that need none."""
    limits: Bounded | None
    """What is known of the call's own waits."""
    stub: str = ""
    """What makes the stub that it is a call on, such as `PaymentsStub` or `NewPaymentsClient`."""
    kept: KeptClient | None = None
    """The client it is made on, where another file builds that."""

    @property
    def built(self) -> FoundCall | None:
        """What the client of another file protects its calls with."""
        return self.kept.found if self.kept is not None else None

    @property
    def name(self) -> str:
        """The canonical name of what is called."""
        if self.kept is None or self.kept.reach != "module":
            return self.call.name
        return f"{self.kept.type}.{self.call.method}"

    @property
    def is_client(self) -> bool:
        return isinstance(self.row, Client)

    @property
    def is_known_whole(self) -> bool:
        """True where nothing that could protect it hides in a client built elsewhere."""
        return not self.has_client or self.client is not None or self.built is not None

    @property
    def library(self) -> str:
        """The library it goes through, such as `requests` or `net/http`."""
        name = (self.name if not self.stub else "") or self.row.all_names[0]
        if "/" in name:
            return name.rpartition("/")[2].split(".")[0]
        parts = name.split("…")[0].removeprefix("*.").split(".")
        return _of_package(parts) if self.call.file.language.name in ("java", "kotlin") else parts[0]


def _of_package(parts: list[str]) -> str:
    """What a Java package is known by: `hikari` of `com.zaxxer.hikari.HikariDataSource`, `http` of `java.net.http`."""
    packages = [*takewhile(str.islower, parts)]
    if not packages:
        return parts[0]
    if packages[0] in _PLATFORM:
        return next(part for part in reversed(packages) if part != "client")
    telling = [part for part in packages if part not in _DOMAINS and part not in _VENDORS]
    return telling[0] if telling else packages[-1]


def outgoing_in(sheet: Sheet) -> list[Outgoing]:
    """In the order of the text. A client is listed where no call on it is."""
    found: list[Outgoing] = []
    clients: list[Outgoing] = []
    speaks_grpc = b"grpc" in sheet.file.text or b"Grpc" in sheet.file.text
    for call in sheet.file.calls:
        rows = sheet.rows_of(call)
        if not rows:
            if speaks_grpc and (stub := stub_call(call, sheet)) is not None:
                found.append(_on_stub(call, *stub, sheet))
            continue
        row = _leaving(rows)
        if row is not None:
            found.append(_outgoing(call, row, sheet))
        elif (client := find(call, Client)) is not None and client.what != "request":
            clients.append(Outgoing(call, client, client.does, call, client, True, None))
    used = {id(one.client) for one in found if one.client is not None}
    found += [one for one in clients if id(one.call) not in used]
    found.sort(key=lambda one: one.call.node.start_byte)
    return found


def handed_on(sheet: Sheet) -> Iterator[tuple[Call, Outgoing]]:
    """Outbound functions that are not called here but handed to another call: `breaker.call(requests.get, url)`."""
    if not any(isinstance(row, Protector | Retry) for call in sheet.file.calls for row in known(call)):
        return
    for call in sheet.file.calls:
        for argument in call.arguments[:2]:
            if argument.node.type not in sheet.file.language.members:
                continue
            name = sheet.file.canonical(argument.node, call.outer)
            row = _leaving(sheet.rows_of_name(name)) if name else None
            if row is not None and not name.startswith("./"):
                yield (
                    call,
                    Outgoing(call, row, _kind(row), None, None, False, row if isinstance(row, Bounded) else None),
                )


def _leaving(rows: tuple[Row, ...]) -> Row | None:
    """Of two rows the one that rules judge by: it tells more of the waits."""
    for kind in (Outbound, Dependency):
        for row in rows:
            if isinstance(row, kind):
                return row
    return next((row for row in rows if isinstance(row, Blocking) and row.does == "process"), None)


def _outgoing(call: Call, row: Row, sheet: Sheet) -> Outgoing:
    origin = call.origin or sheet.kept_in_field(call)
    client, client_row = built_by(origin, sheet) if origin is not None else (None, None)
    kept = sheet.kept.get(ask_of(call)) if client_row is None and sheet.kept else None
    has_client = kept is not None or (call.receiver is not None and not _is_module(call, sheet))
    limits = row if isinstance(row, Bounded) else None
    return Outgoing(call, row, _kind(row, sheet.rows_of(call)), client, client_row, has_client, limits, kept=kept)


def built_by(origin: Call, sheet: Sheet) -> tuple[Call, Client | None]:
    """The call that builds a client with its limits, of those that lead to what a name holds; and its row."""
    for link in chain_of(origin):
        if (row := find(link, Client)) is not None:
            return link, row
    for argument in origin.arguments[:2]:  # `redis.NewClient(&redis.Options{…})`
        made = sheet.file.call_at(argument.node)
        if made is not None and (row := find(made, Client)) is not None:
            return made, row
    return origin, None


def _on_stub(call: Call, row: Dependency, made: Call, sheet: Sheet) -> Outgoing:
    """Its client is the channel that the stub was made with."""
    channel = sheet.made_by(made.arguments[0], made) if made.arguments else None
    links = chain_of(channel) if channel is not None else []
    client = next((link for link in links if find(link, Client) is not None), None)
    client_row = find(client, Client) if client is not None else None
    return Outgoing(call, row, "rpc", client, client_row, True, row, made.method)


def _kind(row: Row, rows: tuple[Row, ...] = ()) -> DependencyKind:
    """What it is; a row for the map alone knows it best."""
    named = next((other for other in rows if isinstance(other, Dependency)), row)
    return cast(DependencyKind, getattr(named, "does", "process"))


def _is_module(call: Call, sheet: Sheet) -> bool:
    """True where what stands before the method is an import, such as `requests` of `requests.get`."""
    written = text_of(call.receiver)
    root = written.split(".")[0]
    imported = sheet.file.imports.get(root)
    if imported is None:
        return call.name in ("", call.method) or written[:1].isupper()
    return sheet.file.canonical(call.receiver, call.outer) == imported + written.removeprefix(root)
