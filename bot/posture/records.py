"""What a survey of one file gives: small records that may leave the guarded process."""

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
    exported: str = Field(default="", description="The name other files may know that client by")


class ForeignCall(Record):
    """A call on something that another file of the service defines: `clients.payments.post(…)`."""

    module: str = Field(description="Canonical name of what it is called on, such as `shop.clients.payments`")
    found: FoundCall


class FileSurvey(Record):
    path: str
    calls: tuple[FoundCall, ...] = ()
    foreign: tuple[ForeignCall, ...] = ()
