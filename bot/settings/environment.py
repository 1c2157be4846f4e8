"""The environment that child processes get."""

import os
from collections.abc import Callable


def environment_for_child(keeps: Callable[[str], bool]) -> dict[str, str]:
    """This process's variables, those whose names `keeps` accepts."""
    return {name: value for name, value in os.environ.items() if keeps(name)}
