"""Rules that teams write for themselves: data in `.github/seawall/rules/*.toml` on the base branch."""

from bot.rules.teams.reading import TeamRules, read_rules
from bot.rules.teams.record import TeamExample, TeamRule
from bot.rules.teams.vetting import Vetted, vetted

__all__ = ["TeamExample", "TeamRule", "TeamRules", "Vetted", "read_rules", "vetted"]
