"""The resilience map of a service: which calls leave it, what protects each, and what a change does to that."""

from bot.posture.comparing import change_of
from bot.posture.joining import map_of
from bot.posture.records import FileSurvey
from bot.posture.scanning import PairScan, change_between, scan_all, survey_all
from bot.posture.survey import survey
from bot.posture.words import change_lines, protections_text

__all__ = [
    "FileSurvey",
    "PairScan",
    "change_between",
    "change_lines",
    "change_of",
    "map_of",
    "protections_text",
    "scan_all",
    "survey",
    "survey_all",
]
