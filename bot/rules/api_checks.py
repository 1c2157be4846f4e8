"""The catalogue's files checked against what `api_rows` declares, and the schema that editors check them by."""

import json
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, create_model, model_validator

from bot.errors import SettingsError
from bot.rules.api_rows import Catalogue, Row
from bot.rules.apis import SCHEMA, values_of
from bot.rules.declared import Declared


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _CheckedRow(_Checked):
    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        of, methods, names = (getattr(self, name) for name in ("of", "methods", "names"))
        if not names and not (of and methods):
            raise ValueError("says no names: give `names`, or `of` and `methods`")
        return self


def model_of(kind: type[Declared]) -> type[BaseModel]:
    """The pydantic model of a declared class; always the same."""
    if kind not in _MADE:
        _MADE[kind] = _model_of(kind)
    return _MADE[kind]


_MADE: dict[type[Declared], type[BaseModel]] = {}


def _model_of(kind: type[Declared]) -> type[BaseModel]:
    above = kind.__bases__[0]
    root: type[BaseModel] = _CheckedRow if issubclass(kind, Row) else _Checked
    fields: dict[str, Any] = {name: (_checked(told), given) for name, (told, given) in kind.declared.items()}
    return create_model(
        kind.__name__, __base__=root if above is Declared else model_of(above), __doc__=kind.__doc__, **fields
    )


def _checked(told: Any) -> Any:
    """An annotation, with the models of declared classes for these."""
    kinds = [kind for kind in get_args(told) if isinstance(kind, type) and issubclass(kind, Declared)]
    return tuple[model_of(kinds[0]), ...] if kinds else told  # type: ignore[misc]


def checked_catalogue(language: str) -> Any:
    """What is known of a language's libraries, as a model. Raises SettingsError naming file and row that are wrong."""
    try:
        return model_of(Catalogue).model_validate(values_of(language))
    except ValidationError as wrong:
        raise SettingsError(f"config/apis/{language}.toml is wrong: {wrong}. See {SCHEMA}.") from wrong


def schema_text() -> str:
    """What config/schema/apis.schema.json must hold."""
    return json.dumps(model_of(Catalogue).model_json_schema(), indent=2, ensure_ascii=False) + "\n"
