"""Where a row of the record leads: to the page of its repository, its rule, its review."""

from flask import url_for

from bot.dashboard.tables import Row


def repository_address(row: Row) -> str:
    owner, _, name = str(row["repository"]).partition("/")
    return url_for("dashboard.repository", owner=owner, name=name)


def rule_address(row: Row) -> str:
    """Empty where the row's `rule` is none of ours to begin with."""
    class_, _, kind = str(row["rule"] or "").partition("/")
    return url_for("dashboard.rule", class_=class_, kind=kind) if class_ and kind and "/" not in kind else ""


def review_address(row: Row) -> str:
    """Of the run that `review_id` names; empty where there was none."""
    return url_for("dashboard.review", review_id=row["review_id"]) if row["review_id"] else ""


def run_address(row: Row) -> str:
    """Of a row that is a run itself."""
    return url_for("dashboard.review", review_id=row["id"])
