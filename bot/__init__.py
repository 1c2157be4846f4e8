"""Seawall reads every pull request the way a reliability engineer would."""

__version__ = "0.1.0"
