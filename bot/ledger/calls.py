"""What may be asked of the ledger from another host: a bounded set of its methods, and how each travels as JSON."""

import inspect
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Final, get_type_hints

from pydantic import PlainSerializer, TypeAdapter, ValidationError

from bot import errors
from bot.domain import Record, Repository, Review
from bot.errors import LedgerError, SeawallError
from bot.ledger.ledger import Ledger

log = logging.getLogger(__name__)

ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "work": (
        "keep_delivery", "keep_repository", "keep_pull_request", "pull_request", "keep_event", "begin_review",
        "known_repositories", "ids_of", "rename_repository", "remove_repository", "remove_repositories",
        "remove_installation",
    ),
    "reviews": ("keep_review", "receipt_for", "receipt_for_head", "worst_at_head"),
    "model calls": ("keep_model_call", "spent_usd_since", "model_spending", "hold_for_model_call"),
    "model answers": ("model_answer", "older_model_answer", "keep_model_answer"),
    "reading": ("files_read", "head_read", "head_judged"),
    "points": ("keep_points", "points", "point", "point_of_comment", "said"),
    "evidence": ("keep_evidence", "keep_seen", "evidence", "keep_fate", "fates"),
    "rules": (
        "rule_records", "organisation_records", "keep_rule_draft", "rule_draft", "rule_drafts", "rule_drafts_since",
        "confirmed_by_people",
    ),
    "waivers": ("keep_waiver", "end_waiver", "waivers"),
    "memory": (
        "keep_guidance", "drop_guidance", "guidance", "keep_incident", "incidents", "incidents_matching",
    ),
    "pauses": ("pause", "resume", "paused"),
    "commands": (
        "keep_command", "end_command", "command", "commands_awaiting", "end_wait",
        "commands_before", "recent_commands",
    ),
    "links": ("keep_link_code", "confirm_link", "login_of", "unlink"),
    "subscriptions": ("subscribe", "unsubscribe", "subscriptions", "subscribers"),
    "unsettled": ("unsettled", "ended", "unmuted_at"),
    "flow": (
        "keep_timeline", "keep_past", "keep_past_of_repository", "week_rows", "backfill", "keep_backfill",
    ),
    "summaries": ("destinations_since", "summaries_told", "keep_summary_told"),
    "dashboard": (
        "keep_login_link", "use_login_link", "begin_session", "session", "check_session", "end_session", "keep_audit",
        "add_api_token", "api_token", "api_tokens", "note_api_token_used", "end_api_token",
    ),
    "postures": ("keep_posture", "postures", "posture_change"),
    "whole": ("ask", "recent_reviews", "counts", "retention", "remembered"),
}  # fmt: skip
"""By topic. Whatever else the ledger gains stays on its owner's host until it is named here."""
OWNER_ONLY: Final[Mapping[str, str]] = {
    "forget": "what is to be forgotten would first be written into the engine's database",
}
"""Methods that are refused elsewhere, with the reason."""

_TOPICS: Final = {name: topic for topic, names in ALLOWED.items() for name in names}
_ALWAYS_BY_TOPIC: Final = ("commands", "links", "subscriptions", "model calls", "dashboard")
"""What belongs to a person, a channel or the purse keeps its order among itself, whatever repository it names."""


def _whole(review: Review) -> dict[str, Any]:
    return review.to_json() | {"dropped": [each.to_json() for each in review.dropped]}


_WHOLE: Final[Mapping[Any, Any]] = {Review: Annotated[Review, PlainSerializer(_whole)]}
"""Records whose own JSON leaves something out, with how they travel."""


class LedgerCall(Record):
    """One method by its name, with its arguments as JSON."""

    method: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Method:
    """How one method's arguments and its answer become JSON, and what they were again."""

    name: str
    signature: inspect.Signature
    arguments: Mapping[str, TypeAdapter[Any]]
    answer: TypeAdapter[Any]
    answers: bool
    """False where it gives nothing: then nobody needs to wait for it."""

    def call(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[LedgerCall, str]:
        """The call, and the lane in which it keeps its order. Raises TypeError, as the method would."""
        given = dict(self.signature.bind(None, *args, **named).arguments)
        del given["self"]
        packed = {
            name: self.arguments[name].dump_python(value, mode="json", by_alias=True) for name, value in given.items()
        }
        return LedgerCall(method=self.name, arguments=packed), _lane(self.name, given)

    def run(self, ledger: Ledger, packed: Mapping[str, Any]) -> Any:
        """Calls it there, and gives the answer as JSON. Raises what the method raises; TypeError or
        pydantic.ValidationError where the arguments are not its own."""
        if strange := packed.keys() - self.arguments.keys():
            raise TypeError(f"{self.name} takes no {', '.join(sorted(strange))}")
        given = {name: self.arguments[name].validate_python(value) for name, value in packed.items()}
        bound = self.signature.bind_partial()
        bound.arguments.update({"self": ledger, **given})
        answer = getattr(Ledger, self.name)(*bound.args, **bound.kwargs)
        return self.answer.dump_python(answer, mode="json", by_alias=True)


@cache
def method(name: str) -> Method:
    """Raises LedgerError for a method that is not to be asked for from elsewhere."""
    if name not in _TOPICS:
        raise LedgerError(f"The ledger is not asked for `{name}` from another host: {OWNER_ONLY.get(name, 'unknown')}.")
    function = getattr(Ledger, name)
    signature, types = inspect.signature(function), get_type_hints(function)
    adapters: dict[str, TypeAdapter[Any]] = {}
    for parameter in list(signature.parameters.values())[1:]:
        hint: Any = _WHOLE.get(types[parameter.name], types[parameter.name])
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            hint = GenericAlias(dict, (str, hint))
        adapters[parameter.name] = TypeAdapter(hint)
    answer = types["return"]
    return Method(name, signature, adapters, TypeAdapter(answer), answers=answer is not type(None))


def answered(ledger: Ledger, values: Mapping[str, Any]) -> dict[str, Any]:
    """Carries a call out: `{"value": …}`, or `{"failure": {"kind": …, "message": …, "may_pass": …}}`.

    What `may_pass` is worth trying again as it stands: a full disk, a file that is held.
    """
    try:
        call = LedgerCall.from_json(values)
        return {"value": method(call.method).run(ledger, call.arguments)}
    except SeawallError as failed:
        may_pass = isinstance(failed.__cause__, sqlite3.OperationalError | OSError)
        return {"failure": {"kind": type(failed).__name__, "message": str(failed), "may_pass": may_pass}}
    except (ValidationError, TypeError) as strange:
        message = f"The ledger's owner does not understand what it is asked ({strange}). Run one version everywhere."
        return {"failure": {"kind": "LedgerError", "message": message, "may_pass": False}}
    except Exception as fault:  # else this call would be met again in every round, and all that waits behind it
        log.exception("a call to the ledger met a fault of its own")
        message = f"The ledger's owner met a fault ({type(fault).__name__}: {fault}). Its log says where."
        return {"failure": {"kind": "LedgerError", "message": message, "may_pass": False}}


def value_of(name: str, answer: Mapping[str, Any]) -> Any:
    """What the method gave. Raises the error that it raised."""
    if failure := answer.get("failure"):
        kind = getattr(errors, failure["kind"], LedgerError)
        raise kind(failure["message"])
    return method(name).answer.validate_python(answer.get("value"))


def _lane(name: str, given: Mapping[str, Any]) -> str:
    topic = _TOPICS[name]
    if topic in _ALWAYS_BY_TOPIC:
        return topic
    for parameter, value in given.items():
        if parameter == "repository_id" and value is not None:
            return str(value)
        if isinstance(value, Repository):
            return str(value.id)
        if isinstance(repository := getattr(value, "repository", None), Repository):
            return str(repository.id)
        if isinstance(repository_id := getattr(value, "repository_id", None), int):
            return str(repository_id)
    return topic
