"""One line of `seawall doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """`is_well` None: nothing is wrong, but the reader should know."""

    part: str
    is_well: bool | None
    says: str
    advice: str = ""
