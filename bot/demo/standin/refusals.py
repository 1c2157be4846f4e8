"""How GitHub says no: a status, a message, and for 422 what is wrong with which field."""

from collections.abc import Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """An answer other than 2xx. `errors` are GitHub's: texts, or objects with resource, field and code."""

    def __init__(self, status: int, message: str, errors: Sequence[str | dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"message": self.message}
        if self.errors:
            answer["errors"] = self.errors
        return answer | {"documentation_url": DOCUMENTATION, "status": str(self.status)}


def not_found() -> Refusal:
    """What GitHub says of things that are not there, and of things that are none of the caller's business."""
    return Refusal(404, "Not Found")


def bad_credentials() -> Refusal:
    return Refusal(401, "Bad credentials")


def unprocessable(*errors: str) -> Refusal:
    """A review GitHub will not take: plain texts under `errors`."""
    return Refusal(422, "Unprocessable Entity", errors)


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> Refusal:
    """A field GitHub will not take: one object under `errors`."""
    error = {"resource": resource, "field": field, "code": code}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])
