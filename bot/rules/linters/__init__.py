"""Not a second linter: where a repository's own configuration enables the same, our rule is silent."""

from bot.rules.linters.leaving import Left, left_to_linters

__all__ = ["Left", "left_to_linters"]
