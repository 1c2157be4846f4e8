"""The resilience map of a service: which calls leave it, what protects each, and what a change does to that."""

from bot.posture.applying import map_on_record
from bot.posture.budget import budget_of
from bot.posture.comparing import change_of
from bot.posture.joining import map_of
from bot.posture.records import FileSurvey
from bot.posture.scanning import PairScan, change_between, scan_all, survey_all
from bot.posture.survey import survey
from bot.posture.words import ALWAYS, change_lines, protections_text
from bot.posture.worsening import with_chains

__all__ = [
    "ALWAYS",
    "FileSurvey",
    "PairScan",
    "budget_of",
    "change_between",
    "change_lines",
    "change_of",
    "map_of",
    "map_on_record",
    "protections_text",
    "scan_all",
    "survey",
    "survey_all",
    "with_chains",
]
