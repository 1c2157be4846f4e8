"""A team's own rule, as its file says it. Every key is explained in the README."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.domain import Record, Severity
from bot.settings.beside import OWN
from bot.settings.nearest import did_you_mean
from bot.settings.taxonomy import taxonomy
from bot.syntax import language_names

MOST_EXAMPLES = 20
_NAME = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


def _known_language(name: str) -> str:
    if name not in language_names():
        raise ValueError(f"{name} is no language{did_you_mean(name, language_names())}: {', '.join(language_names())}")
    return name


def _known_class(name: str) -> str:
    if name != OWN and name not in taxonomy():
        near = did_you_mean(name, taxonomy())
        raise ValueError(f"{name} is no class{near}; leave it out, or see config/taxonomy.toml")
    return name


def _on_one_line(text: str) -> str:
    if len(text.splitlines()) != 1:
        raise ValueError("must be one line")
    return text


Language = Annotated[str, AfterValidator(_known_language)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=8000)]


class TeamExample(Record):
    """Code that the rule must report (`bad`) or must leave alone (`good`). `line`: where, if it matters."""

    code: Code
    language: Language = ""
    line: int | None = Field(default=None, ge=1)


class TeamRule(Record):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    file: str
    """Where it was found; no key of the file."""
    name: str = Field(pattern=_NAME, max_length=60)
    languages: tuple[Language, ...] = Field(min_length=1)
    title: Annotated[str, StringConstraints(min_length=5, max_length=80), AfterValidator(_on_one_line)]
    body: str = Field(min_length=20, max_length=2000)
    fix: str = Field(min_length=5, max_length=1000)
    class_: Annotated[str, AfterValidator(_known_class)] = Field(default=OWN, alias="class")
    severity: Severity = Severity.MEDIUM
    confidence: float = Field(default=0.9, ge=0, le=1)
    paths: tuple[str, ...] = Field(default=(), max_length=50)
    pattern: str = Field(default="", max_length=4000)
    selector: str = Field(default="", max_length=100)
    query: str = Field(default="", max_length=8000)
    bad: tuple[TeamExample, ...] = Field(min_length=1, max_length=MOST_EXAMPLES)
    good: tuple[TeamExample, ...] = Field(default=(), max_length=MOST_EXAMPLES)

    @property
    def full_name(self) -> str:
        """As in findings: `own/<name>`."""
        return f"{OWN}/{self.name}"

    @field_validator("languages", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("bad", "good", mode="before")
    @classmethod
    def _code_alone(cls, value: Any) -> Any:
        """An example may be just its code; its language is then the rule's first."""
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            return items
        return [{"code": item} if isinstance(item, str) else item for item in items]

    @model_validator(mode="after")
    def _looks_for_one_thing(self) -> "TeamRule":
        if bool(self.pattern) == bool(self.query):
            raise ValueError("it must have either a `pattern` (ast-grep) or a `query` (tree-sitter), and not both")
        if self.selector and not self.pattern:
            raise ValueError("`selector` belongs to a `pattern`; in a query put @finding after the node")
        strangers = {example.language for example in (*self.bad, *self.good)} - {"", *self.languages}
        if strangers:
            raise ValueError(f"an example is in {sorted(strangers)[0]}, which is not among its `languages`")
        return self

    def language_of(self, example: TeamExample) -> str:
        return example.language or self.languages[0]
