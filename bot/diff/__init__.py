"""Unified diffs: text in, Patch, Hunk and Line out, and back to whole files where the hunks allow it."""

from bot.diff.edit import apply, undo
from bot.diff.hunks import parse_hunks
from bot.diff.rendering import render
from bot.diff.unified import parse_unified

__all__ = ["apply", "parse_hunks", "parse_unified", "render", "undo"]
