"""Deterministic detection: rules over shapes, API knowledge as data, and what a change brings."""

from bot.rules.pages import explain
from bot.rules.registry import all_rules, listed_rules, rule_named, rule_names_for
from bot.rules.scan import scan_all, scan_each, scan_pair, scan_parsed, try_suggestion
from bot.rules.scanned import FilePair, FileScan, ParsedPair, ScanOptions
from bot.rules.suggestion import apply_suggestion

__all__ = [
    "FilePair",
    "FileScan",
    "ParsedPair",
    "ScanOptions",
    "all_rules",
    "apply_suggestion",
    "explain",
    "listed_rules",
    "rule_named",
    "rule_names_for",
    "scan_all",
    "scan_each",
    "scan_pair",
    "scan_parsed",
    "try_suggestion",
]
