"""The outcome of a backtest, as records: what `--format json` prints."""

from pydantic import Field

from bot.domain import Finding, Record, SkippedFile


class Fix(Record):
    """The commit that took a finding's cause away."""

    sha: str
    title: str
    days: float = Field(description="From the commit that brought the finding to this one")
    url: str = ""


class Said(Record):
    """One comment that would have been made."""

    finding: Finding
    sha: str
    title: str = Field(description="Of the commit, on one line")
    committed_at: str = Field(description="ISO 8601, UTC")
    url: str = Field(default="", description="The line at the code host, where the clone tells which that is")
    code_start: int = Field(default=1, ge=1, description="Line number of the first line of `code`")
    code: str = Field(default="", description="The finding's lines with some around them, secrets masked")
    fate: str = Field(default="", description="With --fixes: fixed, standing, silenced, deleted or rewritten")
    fix: Fix | None = None


class Judged(Record):
    """One commit that was read as a pull request."""

    sha: str
    title: str
    committed_at: str
    findings: int
    files: int = Field(description="Files that the rules read")
    unread: tuple[SkippedFile, ...] = Field(default=(), description="Files that should have been read and were not")


class RuleCount(Record):
    rule: str
    severity: str = Field(description="The worst of its findings")
    findings: int
    commits: int
    fixed: int = 0


class ClassCount(Record):
    class_: str = Field(alias="class")
    findings: int
    fixed: int = 0
    rules: tuple[RuleCount, ...]


class Took(Record):
    """Times of this run on this machine, in seconds."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    cpu_s_per_commit: float = 0.0


class Backtest(Record):
    """`commits` are the newest first; `said` stands in their order."""

    repository: str
    head_sha: str
    head_title: str
    taken: str = Field(description="merges or commits: what stood for pull requests")
    taken_because: str
    there_were: int = Field(description="How many commits there were to judge, of those asked for")
    is_interrupted: bool = False
    notes: tuple[str, ...] = ()
    commits: tuple[Judged, ...] = ()
    said: tuple[Said, ...] = ()
    classes: tuple[ClassCount, ...] = ()
    telling: tuple[Said, ...] = Field(default=(), description="The ten that tell most")
    looked_for_fixes: bool = False
    took: Took = Took()
