"""From headers and bytes to a delivery, without any network: the core of the edge."""

import re

from werkzeug.datastructures import Headers

from bot.domain import Delivery, Job, Repository, TimelineNoted
from bot.settings import Settings
from webhooks.behaviour import Ignored, Wanted
from webhooks.events import BEHAVIOURS
from webhooks.keepsake import kept_text
from webhooks.payload import Payload, parse
from webhooks.reading import repository_of, sender_of
from webhooks.refusal import Refusal
from webhooks.service_limits import is_served, within_limits
from webhooks.signature import is_signed

_EVENT = re.compile(r"[a-z_]{1,60}")
_GUID = re.compile(r"[A-Za-z0-9-]{8,64}")

UNTRUSTED = (
    "No webhook secret is set, so no delivery can be trusted. Set SEAWALL_GITHUB__WEBHOOK_SECRET (or "
    "github.webhook_secret in seawall.toml) to the secret of the webhook or App, and start again."
)


def refuse_without_secret(settings: Settings) -> None:
    """Raises Refusal (503) where the service cannot tell a true delivery from a false one."""
    if not settings.github.webhook_secret.get_secret_value():
        raise Refusal(503, UNTRUSTED)


def read_delivery(headers: Headers, body: bytes, settings: Settings, received_at: str) -> Delivery:
    """The delivery, verified, with the jobs it asks for, or with the reason why it asks for none.

    Nothing of the body is looked at before its signature holds. Raises Refusal.
    """
    refuse_without_secret(settings)
    if not is_signed(settings.github.webhook_secret.get_secret_value(), body, headers.get("X-Hub-Signature-256")):
        raise Refusal(
            401, "The signature in X-Hub-Signature-256 does not match the body. Compare the webhook's secret."
        )
    event = _header(headers, "X-GitHub-Event", _EVENT)
    guid = _header(headers, "X-GitHub-Delivery", _GUID)
    if not headers.get("Content-Type", "").lower().startswith("application/json"):
        raise Refusal(415, "The body must be application/json. Set the webhook's content type to that.")
    payload = parse(body)
    behaviour = BEHAVIOURS.get(event)
    wanted = behaviour.jobs(payload) if behaviour else Ignored(f"Seawall does nothing about {event} events")
    jobs: tuple[Job, ...]
    if isinstance(wanted, Ignored):
        jobs, reason = (), f"ignored: {wanted.reason}"
    else:
        jobs, reason = within_limits(wanted, settings)
    return Delivery(
        guid=guid,
        event=event,
        action=_action(payload),
        received_at=received_at,
        repository=_served_repository(payload, settings) if jobs else None,
        sender=_sender(payload),
        jobs=jobs,
        ignored_because=reason,
        payload=_kept(payload, wanted),
    )


def _kept(payload: Payload, wanted: Wanted) -> str:
    """Of what is only a moment of the timeline no word is kept beside it; of what asks for nothing, nothing at all."""
    if isinstance(wanted, Ignored):
        return ""
    return "{}" if all(isinstance(job, TimelineNoted) for job in wanted) else kept_text(payload)


def _header(headers: Headers, name: str, shape: re.Pattern[str]) -> str:
    value = headers.get(name, "")
    if not shape.fullmatch(value):
        raise Refusal(400, f"The header {name} is {'malformed' if value else 'missing'}.")
    return value


def _served_repository(payload: Payload, settings: Settings) -> Repository | None:
    """None for events about no single repository, and for one that is not ours to know."""
    if "repository" not in payload.values:
        return None
    repository = repository_of(payload)
    return repository if is_served(repository, settings) else None


def _action(payload: Payload) -> str:
    action = payload.values.get("action")
    return action[:60] if isinstance(action, str) else ""


def _sender(payload: Payload) -> str:
    return sender_of(payload) if isinstance(payload.values.get("sender"), dict) else ""
