"""Accounts, as billing sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Account:
    id: str
    zone: str
    """Such as `Pacific/Auckland`; checked when the account is made, and never changed after."""


class Accounts(Protocol):
    def active(self) -> Iterator[Account]: ...
