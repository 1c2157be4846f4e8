"""Drafts a rule of a finding that turned out right and that no rule knows. People adopt it; nothing applies it."""
