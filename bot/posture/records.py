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


class FileSurvey(Record):
    path: str
    calls: tuple[FoundCall, ...] = ()
