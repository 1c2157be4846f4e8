"""One address of the JSON, told once: its route, its answer and its description are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.dashboard.desk import Desk

Schema = dict[str, Any]
Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One of the query, or, where `is_path`, of the address itself."""

    name: str
    description: str
    schema: Schema
    is_path: bool = False


@dataclass(frozen=True)
class Resource:
    """`path` as OpenAPI writes it (`/rules/{class}/{kind}`). `answer` gives JSON that fits `schema`; it raises
    NotFound for what is not there or not to be seen, and UsageError for what cannot be asked."""

    path: str
    name: str
    summary: str
    answer: Callable[[Desk, Parameters], Any]
    schema: Schema
    parameters: tuple[Parameter, ...] = ()

    @property
    def route(self) -> str:
        """As Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    def where(self, is_path: bool) -> tuple[Parameter, ...]:
        return tuple(one for one in self.parameters if one.is_path == is_path)


TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "number"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
SHARE: Final[Schema] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
MAYBE_NUMBER: Final[Schema] = {"type": ["number", "null"]}
MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
TIME: Final[Schema] = {"type": "string", "description": "ISO 8601"}
MAYBE_TIME: Final[Schema] = {"type": ["string", "null"], "description": "ISO 8601"}
DAY: Final[Schema] = {"type": "string", "format": "date"}
LIMIT: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}

REPOSITORY = Parameter("repository", "Only this one, as `owner/name`", TEXT)
SINCE = Parameter("since", "From this day on, UTC", DAY)
AT_MOST = Parameter("limit", "At most so many", LIMIT)


def record(**parts: Schema) -> Schema:
    """An object of exactly these."""
    return {"type": "object", "properties": parts, "required": sorted(parts), "additionalProperties": False}


def listed(**parts: Schema) -> Schema:
    """`{"items": […]}`: a list that may grow more to say."""
    return record(items={"type": "array", "items": record(**parts)})


def only(rows: list[dict[str, Any]], schema: Schema) -> dict[str, Any]:
    """The rows as `items`, of each what the schema names and nothing else: what a query also gives stays inside."""
    names = schema["properties"]["items"]["items"]["properties"]
    return {"items": [{name: row[name] for name in names} for row in rows]}
