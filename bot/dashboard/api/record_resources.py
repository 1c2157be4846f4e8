"""Repositories, reviews, rules, incidents, waivers and search, as JSON."""

from typing import Any, Final

from bot.dashboard.addresses import http_url
from bot.dashboard.api import asking
from bot.dashboard.api.resource import (
    AT_MOST,
    COUNT,
    LIMIT,
    MAYBE_COUNT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    REPOSITORY,
    SHARE,
    SINCE,
    TEXT,
    TIME,
    Parameter,
    Parameters,
    Resource,
    listed,
    only,
    record,
)  # fmt: skip
from bot.dashboard.desk import Desk
from bot.dashboard.rule_records import with_precision
from bot.dashboard.searching import as_full_text
from bot.errors import NotFound

_RECORD: Final = {
    "said": COUNT, "fixed": COUNT, "accepted": COUNT, "disputed": COUNT, "ignored": COUNT, "open": COUNT,
    "judged": COUNT, "precision": SHARE, "low": SHARE, "high": SHARE,
}  # fmt: skip
_REPOSITORIES = listed(repository=TEXT, open=COUNT, reviewed_at=MAYBE_TIME)
_REVIEW: Final = {
    "id": TEXT, "repository": TEXT, "number": COUNT, "title": TEXT, "head_sha": TEXT, "trigger": TEXT, "mode": TEXT,
    "coverage": {"enum": ["full", "rules-only", "partial", "degraded", "none"]},
    "result": {"enum": ["clean", "findings"]}, "reason": TEXT, "finding_count": COUNT, "duration_s": NUMBER,
    "cost_usd": MAYBE_NUMBER, "finished_at": TIME,
}  # fmt: skip
_REVIEWS = listed(**_REVIEW)
_FINDING: Final = {
    "fingerprint": TEXT, "rule": TEXT, "severity": {"enum": ["critical", "high", "medium", "low"]},
    "confidence": NUMBER, "source": TEXT, "path": TEXT, "start_line": COUNT, "end_line": COUNT, "title": TEXT,
    "said": {"enum": ["inline", "listed", "held"]}, "fate": MAYBE_TEXT,
}  # fmt: skip
_FINDINGS = listed(**_FINDING)
_RULES = listed(rule=TEXT, **_RECORD, repositories=COUNT, muted=COUNT)
_RULE = record(rule=TEXT, repositories={"type": "array", "items": record(repository=TEXT, **_RECORD)})
_INCIDENTS = listed(
    id=TEXT, repository=MAYBE_TEXT, number=MAYBE_COUNT, title=TEXT, url=TEXT, broke_at=TIME, rule=TEXT,
    verdict={"enum": ["fired", "dismissed", "missing", "unknown"]}, **{"class": TEXT},
)  # fmt: skip
_WAIVERS = listed(
    id=TEXT, repository=TEXT, kind={"enum": ["inline", "muted", "dismissed"]}, rule=TEXT, path=TEXT,
    number=MAYBE_COUNT, reason=TEXT, at=TIME, expires_at=TEXT,
    state={"enum": ["in force", "expired", "taken back"]}, days_left=MAYBE_NUMBER,
)  # fmt: skip
_FOUND = listed(
    repository=TEXT, number=COUNT, rule=TEXT, severity=TEXT, path=TEXT, start_line=COUNT, title=TEXT, found_at=TIME,
    review_id=TEXT,
)  # fmt: skip


def _repositories(desk: Desk, given: Parameters) -> Any:
    return only(asking.sight(desk, given).repositories(), _REPOSITORIES)


def _reviews(desk: Desk, given: Parameters) -> Any:
    day, most = asking.since(desk, given), asking.limit(given, LIMIT)
    return only(asking.sight(desk, given).ask("latest-reviews-seen", since=day, limit=most), _REVIEWS)


def _findings(desk: Desk, given: Parameters) -> Any:
    here = asking.sight(desk, {})
    if not here.ask("review-seen", review_id=given["review"]):
        raise NotFound("There is no such review on record, or this token may not see it.")
    return only(here.ask("findings-seen", review_id=given["review"]), _FINDINGS)


def _rules(desk: Desk, given: Parameters) -> Any:
    rows = asking.sight(desk, given).ask("rules-seen", since=asking.since(desk, given), at=asking.at(desk))
    return only([with_precision(row) for row in rows], _RULES)


def _rule(desk: Desk, given: Parameters) -> Any:
    name, day = f"{given['class']}/{given['kind']}", asking.since(desk, given)
    rows = asking.sight(desk, given).ask("rule-by-repository-seen", rule=name, since=day)
    if not rows:
        raise NotFound(f"Nothing is on record of {name} in that time, or this token may not see it.")
    names = _RULE["properties"]["repositories"]["items"]["properties"]
    told = [with_precision(row) for row in rows]
    return {"rule": name, "repositories": [{key: row[key] for key in names} for row in told]}


def _incidents(desk: Desk, given: Parameters) -> Any:
    values = {"since": asking.since(desk, given, 365), "limit": asking.limit(given, LIMIT)}
    rows = asking.sight(desk, given).ask("incidents-seen", unbound=asking.unbound(desk, given), **values)
    return only([row | {"url": http_url(row["url"])} for row in rows], _INCIDENTS)


def _waivers(desk: Desk, given: Parameters) -> Any:
    values = {"since": asking.since(desk, given, 365), "limit": asking.limit(given, LIMIT)}
    return only(asking.sight(desk, given).ask("waivers-seen", at=asking.at(desk), **values), _WAIVERS)


def _search(desk: Desk, given: Parameters) -> Any:
    words, most = as_full_text(given.get("q", "")), asking.limit(given, LIMIT)
    here = asking.sight(desk, given)
    return only(here.ask("search-findings-seen", words=words, limit=most) if words else [], _FOUND)


def _in_path(name: str, description: str) -> Parameter:
    return Parameter(name, description, TEXT, is_path=True)


RECORD: Final = (
    Resource("/repositories", "repositories", "Repositories that the token may see", _repositories, _REPOSITORIES,
             (REPOSITORY,)),
    Resource("/reviews", "reviews", "The latest runs of reviews, newest first", _reviews, _REVIEWS,
             (REPOSITORY, SINCE, AT_MOST)),
    Resource("/reviews/{review}/findings", "findings", "What one run kept, worst first, and what became of it",
             _findings, _FINDINGS, (_in_path("review", "The id of a run, as /reviews gives it, percent-encoded"),)),
    Resource("/rules", "rules", "How often each rule was right, with Wilson's interval of 95 %", _rules, _RULES,
             (REPOSITORY, SINCE)),
    Resource("/rules/{class}/{kind}", "rule", "One rule's record by repository", _rule, _RULE,
             (_in_path("class", "Such as missing-timeout"), _in_path("kind", "Such as database-call"), REPOSITORY,
              SINCE)),
    Resource("/incidents", "incidents", "What broke, latest first, and whether a rule had said so", _incidents,
             _INCIDENTS, (REPOSITORY, SINCE, AT_MOST)),
    Resource("/waivers", "waivers", "What is not said, and why: in force first, the next to end first", _waivers,
             _WAIVERS, (REPOSITORY, SINCE, AT_MOST)),
    Resource("/search", "search", "Findings that hold all of these words, best match first", _search, _FOUND,
             (Parameter("q", "Words; the last one may be unfinished", TEXT), REPOSITORY, AT_MOST)),
)  # fmt: skip
