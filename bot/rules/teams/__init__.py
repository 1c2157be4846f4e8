"""Rules that teams write for themselves: data in `.github/seawall/rules/*.toml` on the base branch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.rules.teams.reading import TeamRules, read_rules
    from bot.rules.teams.record import TeamExample, TeamRule
    from bot.rules.teams.vetting import Vetted, vetted

__all__ = ["TeamExample", "TeamRule", "TeamRules", "Vetted", "read_rules", "vetted"]
_FILE_OF = {
    "TeamExample": "record",
    "TeamRule": "record",
    "TeamRules": "reading",
    "Vetted": "vetting",
    "read_rules": "reading",
    "vetted": "vetting",
}


def __getattr__(name: str) -> Any:
    """Each name brings its own file alone: a guarded process needs what such a rule is, and seldom more."""
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
