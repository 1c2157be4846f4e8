"""pydantic-settings' reading of the variables `SEAWALL_GROUP__KEY`. Loaded only where there are any."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_settings import EnvSettingsSource
from pydantic_settings import SettingsError as PydanticSettingsError

from bot.errors import SettingsError


class _Variables(EnvSettingsSource):
    """Over any mapping, and for any model."""

    def __init__(self, model: type[BaseModel], prefix: str, environment: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environment.items()}
        super().__init__(model, case_sensitive=False, env_prefix=prefix, env_nested_delimiter="__")  # type: ignore[arg-type]

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._given


def values_in(model: type[BaseModel], prefix: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the variables set, nested as the model is. Raises SettingsError naming those that cannot be read."""
    try:
        return dict(_Variables(model, prefix, environment)())
    except PydanticSettingsError as malformed:
        names = ", ".join(_not_json(model, prefix, environment)) or f"A {prefix} variable"
        raise SettingsError(f"{names}: a list is written as JSON, such as '[\"acme/*\"]'.") from malformed


def _not_json(model: type[BaseModel], prefix: str, environment: Mapping[str, str]) -> list[str]:
    """The variables that cannot be read, each tried alone: the library names only their group."""
    broken = []
    for name, value in sorted(environment.items()):
        try:
            _Variables(model, prefix, {name: value})()
        except PydanticSettingsError:
            broken.append(name)
    return broken
