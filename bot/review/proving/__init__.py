"""Executable proof: a fault test in the repository's own test framework. Written, checked, and never run here."""
