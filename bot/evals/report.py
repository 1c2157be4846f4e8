"""What came of the cases, as records: what is kept between runs, and what `--format json` prints."""

from pydantic import Field

from bot.domain import Finding, ModelUse, Record


class Reviewer(Record):
    """Who reviewed. Two with the same fields are asked the same of the same case."""

    profile: str = Field(description="economy, balanced, thorough; or rules-only")
    model: str = ""
    prompts: dict[str, str] = Field(default_factory=dict, description="Prompt → version")


class Reviewed(Record):
    """One review of one case: what is kept, so that it need not be run or paid again."""

    case: str
    digest: str = Field(description="Of the case as it was reviewed")
    reviewer: Reviewer
    findings: tuple[Finding, ...] = ()
    dropped: dict[str, int] = Field(default_factory=dict, description="Reason → how many candidates were not kept")
    coverage: str
    tokens: ModelUse = ModelUse()
    cost_usd: float | None = None
    duration_s: float = 0.0
    notes: tuple[str, ...] = ()
    troubled: str = Field(default="", description="Why it does not count: the model, or the review, failed")


class Judged(Record):
    """One review, held against its case."""

    case: str
    is_clean: bool
    expected: int
    found: int
    missed: tuple[str, ...] = Field(default=(), description="What nobody said: the `why` of each")
    again: int = 0
    false: tuple[Finding, ...] = Field(default=(), description="Remarks on what is known to be right")
    unjudged: tuple[Finding, ...] = Field(default=(), description="Remarks that nobody has judged: the case is open")
    comments: int = 0
    is_kept: bool = Field(default=False, description="True where an earlier run had it")
    troubled: str = ""


class Share(Record):
    """`hits` of `of`, with the Wilson interval of 95 %."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None


class Rate(Record):
    """`events` over `of` reviews, with the score interval of a Poisson mean, 95 %."""

    events: int
    of: int
    low: float
    high: float

    @property
    def mean(self) -> float | None:
        return self.events / self.of if self.of else None


class Figures(Record):
    """One reviewer over all cases that it has reviewed."""

    reviewer: Reviewer
    is_now: bool = Field(description="True for the reviewer of this run; others were kept by earlier ones")
    cases: int
    recall: Share = Field(description="Expected remarks that were made, of all expected")
    precision: Share = Field(description="Right remarks, of those that could be judged: the right and the false")
    quiet: Share = Field(description="Clean changes without a comment, of all clean ones")
    comments: Rate = Field(description="Comments a pull request")
    comments_if_clean: Rate = Field(description="Comments a clean pull request")
    again: int = 0
    unjudged: int = 0
    tokens: ModelUse = ModelUse()
    cost_usd: float | None = None
    duration_s: float = 0.0
    by_model: int = Field(default=0, description="Findings of the model that were kept to the end")
    dropped: dict[str, int] = Field(default_factory=dict)


class Report(Record):
    """`figures`: this run's reviewer first. `judged`: this run's cases, by name."""

    folder: str
    results: str = Field(description="The file that keeps the reviews")
    figures: tuple[Figures, ...]
    judged: tuple[Judged, ...]
    unread: tuple[str, ...] = Field(default=(), description="Cases made from history that nobody has read yet")
    ran: int = 0
    kept: int = 0
    is_interrupted: bool = False
    notes: tuple[str, ...] = ()
