"""A rule that a model drafts of a defect which people confirmed and no rule knows: for people to adopt."""

from typing import Literal

from pydantic import Field

from bot.domain.finding import Severity
from bot.domain.record import Record

RuleLanguage = Literal["pattern", "query"]
"""pattern: ast-grep. query: tree-sitter."""


class DraftedRule(Record):
    """What the model says the rule is. Nothing of it is believed before it is tried."""

    name: str
    title: str
    body: str
    fix: str
    class_: str = Field(alias="class")
    severity: Severity = Severity.MEDIUM
    looks_by: RuleLanguage
    looks_for: str = Field(description="The pattern or the query; empty where the model says that there can be no rule")
    selector: str = ""
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


class RuleDraft(Record):
    """One try to make a rule of one point: kept where it proved itself, else with the reason it did not."""

    id: str = Field(description="`d-` and seven hex digits")
    repository_id: int
    number: int
    fingerprint: str = Field(description="Of the point")
    rule: str = Field(description="What the point was called: class and kind")
    name: str = Field(default="", description="`own/` and the file's name, where it is kept")
    title: str = Field(default="", max_length=200)
    toml: str = Field(default="", description="The file to put on the base branch; empty where it is not kept")
    why_not: str = Field(default="", description="Why nothing is kept; empty where something is")
    places: tuple[str, ...] = Field(default=(), description="Other places of the head that it finds: `path:line`")
    files: int = Field(default=0, description="Files of the head that it was tried on")
    tried_all: bool = Field(default=True, description="False where more files may hold what it looks for")
    asked_by: str = Field(default="", description="Login; empty where Seawall drafted it by itself")
    model: str = ""
    prompt_version: str = ""
    at: str

    @property
    def is_kept(self) -> bool:
        return not self.why_not
