"""Who looks at a page, and what of the record they may see."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """`repository_ids`: what their permission at GitHub lets them see; None: everything, as for whoever opened the
    one-time link of this machine. `is_admin`: may set things right, such as putting a delivery in line again."""

    login: str
    is_admin: bool
    repository_ids: frozenset[int] | None
    stale_since: str = ""
    """Since when GitHub could not be asked for that; empty where it was asked lately."""

    @property
    def name(self) -> str:
        return self.login or "this machine"

    def may_see(self, repository_id: int | None) -> bool:
        """What belongs to no repository is for those who see everything."""
        return self.repository_ids is None or repository_id in self.repository_ids

    def among(self, repository_ids: Iterable[int]) -> list[int]:
        return sorted(one for one in repository_ids if self.may_see(one))
