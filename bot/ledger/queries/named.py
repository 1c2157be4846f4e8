"""A question as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NamedQuery:
    """`sql` binds its parameters by name (`:limit`); all of them are required. `:repository_id` may be NULL, for every
    repository, where the description says so."""

    name: str
    description: str
    sql: str
