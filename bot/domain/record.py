"""The base of every record that leaves its process."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen model. `to_json` and `from_json` are the only way in and out of queues, files and tables."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, under the public names (`class`, not `class_`)."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The record again. Raises pydantic.ValidationError on anything that does not fit."""
        return cls.model_validate(values)
