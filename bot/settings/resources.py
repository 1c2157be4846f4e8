"""Shipped data: prompts/ and config/, beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_path(name: str) -> Path:
    """The file or folder that ships as `name`, such as `config/apis` or `prompts/review.md`.

    Raises FileNotFoundError, naming it, when this installation lacks it.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (path := root / name).exists():
            return path
    raise FileNotFoundError(f"{name} is not part of this installation of Seawall; install it again")


def resource_text(name: str) -> str:
    """The text of a shipped file."""
    return resource_path(name).read_text(encoding="utf-8")
