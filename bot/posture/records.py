"""What a survey of one file gives: small records that may leave the guarded process."""

from typing import Literal

from pydantic import Field

from bot.domain.posture import CallSite, DependencyKind, Protections
from bot.domain.record import Record


class FoundCall(Record):
    """One call that leaves the process."""

    kind: DependencyKind
    method: str = ""
    library: str = ""
    host: str = ""
    path: str = ""
    setting: str = Field(default="", description="The constant or setting that holds the address")
    words: str = Field(default="", description="What its client, or the class around it, is called")
    site: CallSite
    protections: Protections = Protections()
    is_client: bool = Field(default=False, description="A client is built here, and no call on it is in this file")


class KeptClient(Record):
    """A client that a file builds and keeps where other files can reach it."""

    name: str = Field(
        description="As others name it: `session`, `default`, `Http.CLIENT`, a bean, a typed client's class"
    )
    type: str = Field(default="", description="What it is: calls on it are named `type.method`")
    reach: Literal["module", "bean", "class"] = "module"
    path: str
    found: FoundCall | None = Field(default=None, description="What it protects its calls with; null: cannot be told")
    limits: bool = Field(default=False, description="True where such a client can hold a limit of time")


class FileSurvey(Record):
    path: str
    calls: tuple[FoundCall, ...] = ()
    clients: tuple[KeptClient, ...] = ()
    asks: tuple[str, ...] = Field(default=(), description="Clients of other files that it may call, by canonical name")
    passes_on: dict[str, str] = Field(default_factory=dict, description="A package's own imports, which others take")
