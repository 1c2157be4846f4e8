"""The histories, by what they try. Importing this fills `HISTORIES`."""

from tests.life.histories import ending, mending, modelled, moving, seeming, talking
from tests.life.history import HISTORIES

__all__ = ["HISTORIES", "ending", "mending", "modelled", "moving", "seeming", "talking"]
