"""Posting to Slack: by a command's response_url while it lasts, then by the bot's token."""

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NoReturn
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.webhook import WebhookClient

from bot.domain import Place
from bot.errors import ChatUnavailable, Forbidden, NotFound, OutcomeUnknown, RefusedError, Rejected
from bot.logs import logger
from bot.settings.groups import Chat
from bot.transports.system import Readiness

log = logger(__name__)

TIMEOUT_S = 10
LONGEST_WAIT_S = 10
"""A Retry-After longer than this is left to the engine."""
ATTEMPTS = 2
SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history")
PICTURES_SCOPE = "files:write"
_UNKNOWN = {"channel_not_found", "user_not_found", "thread_not_found", "message_not_found", "not_in_channel"}
_UNAUTHORISED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
_PASSING = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "ratelimited",
}


def post(place: Place, messages: Sequence[dict[str, Any]], chat: Chat, asker: str, is_public: bool) -> None:
    """Posts the messages in order; what goes on after the first one goes on in its thread where there can be one.

    For the asker alone unless `is_public`; in a direct message there is nobody else. Raises as ChatSystem.deliver.
    """
    left = deque(messages)
    try:
        if is_public and len(messages) > 1 and chat.slack_bot_token.get_secret_value():
            with contextlib.suppress(NotFound):  # into a thread, where the app is in the channel
                post_by_token(place, left, chat, asker, is_public)
        if left and place.answer_url:
            _respond(place.answer_url, left, is_public)
        if left:
            post_by_token(place, left, chat, asker, is_public)
    except (ChatUnavailable, RefusedError) as failed:
        if taken := len(messages) - len(left):
            raise OutcomeUnknown(f"Slack took {taken} of {len(messages)} messages, then: {failed}") from failed
        raise


def _respond(url: str, left: deque[dict[str, Any]], is_public: bool) -> None:
    """Takes from `left` what is posted: not all once the address has served its time."""
    client = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[_BoundedWait()])
    kind = "in_channel" if is_public else "ephemeral"
    while left:
        body = {**left[0], "response_type": kind, "replace_original": False}
        answer = called(partial(client.send_dict, body))
        if answer.status_code == 429 or answer.status_code >= 500:
            _unavailable(answer.status_code, answer.headers)
        if answer.status_code in (403, 404, 410):
            log.info("a response_url has served its time", status=answer.status_code, reason=answer.body[:60])
            return
        if answer.status_code != 200 or not _says_ok(answer.body):
            raise Rejected(f"Slack refuses the message: {answer.body[:100]} (status {answer.status_code}).")
        left.popleft()


def post_by_token(place: Place, left: deque[dict[str, Any]], chat: Chat, asker: str, is_public: bool) -> str:
    """Takes from `left` what is posted. The thread it stands in, empty where there is none."""
    if not chat.slack_bot_token.get_secret_value():
        raise Forbidden("Slack's answer address has ended and no bot token is set: set SEAWALL_CHAT__SLACK_BOT_TOKEN.")
    client = client_of(chat)
    is_direct = place.channel.startswith("D")
    is_alone = bool(asker) and not is_public and not is_direct
    thread = place.thread or ("" if is_alone or is_direct else place.message)
    while left:
        body = {**left[0], "channel": place.channel, **({"thread_ts": thread} if thread else {})}
        if is_alone:
            called(partial(client.api_call, "chat.postEphemeral", json={**body, "user": asker}))
        else:
            quiet = {"unfurl_links": False, "unfurl_media": False}
            posted = called(partial(client.api_call, "chat.postMessage", json={**body, **quiet}))
            thread = thread or str(posted.get("ts") or "")
        left.popleft()
    return thread


def client_of(chat: Chat) -> WebClient:
    """By the bot's token; it waits no longer than TIMEOUT_S for an answer."""
    return WebClient(
        chat.slack_bot_token.get_secret_value(),
        base_url=chat.slack_base_url.rstrip("/") + "/",
        timeout=TIMEOUT_S,
        retry_handlers=[_BoundedWait()],  # a lost connection is not tried again here: the message may stand there
    )


class _BoundedWait(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, once, where that is not long."""

    def __init__(self) -> None:
        super().__init__(max_retry_count=ATTEMPTS - 1)

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        asked = {name.lower(): values for name, values in response.headers.items()}.get("retry-after", [""])
        return asked[0].isdigit() and int(asked[0]) <= LONGEST_WAIT_S


def called(call: Callable[[], Any]) -> Any:
    """What Slack answers. Raises as ChatSystem.deliver."""
    try:
        return call()
    except SlackApiError as refused:
        _refused(refused)
    except TimeoutError as late:
        raise OutcomeUnknown(f"Slack did not answer within {TIMEOUT_S} s; the message may stand there.") from late
    except (URLError, OSError) as away:
        raise ChatUnavailable(f"Slack cannot be reached: {away}.") from away


def _refused(refused: SlackApiError) -> NoReturn:
    answer = refused.response
    status, error = getattr(answer, "status_code", 0), _error_of(answer)
    if status == 429 or status >= 500 or error in _PASSING:
        _unavailable(status, getattr(answer, "headers", {}) or {})
    if error in _UNKNOWN:
        raise NotFound(f"Slack: {error}. Invite the app to the channel with /invite.") from refused
    if error in _UNAUTHORISED:
        raise Forbidden(f"Slack: {error}. Compare SEAWALL_CHAT__SLACK_BOT_TOKEN and the app's scopes.") from refused
    raise Rejected(f"Slack refuses the message: {error}.") from refused


def _error_of(answer: Any) -> str:
    found = answer.get("error", "") if hasattr(answer, "get") else ""
    return str(found)[:100] or "no reason given"


def _unavailable(status: int, headers: Any) -> NoReturn:
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    asked = asked[0] if isinstance(asked, list) else asked
    raise ChatUnavailable(
        f"Slack cannot take messages now (status {status}).", float(asked) if str(asked).isdigit() else None
    )


def _says_ok(body: str) -> bool:
    if body.strip() in ("ok", ""):
        return True
    try:
        found = json.loads(body)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is True


def readiness(chat: Chat, is_offline: bool) -> Iterator[Readiness]:
    """The doctor's lines: the signing secret, the token and its scopes."""
    secret, token = chat.slack_signing_secret.get_secret_value(), chat.slack_bot_token.get_secret_value()
    if not secret and not token:
        return
    if not secret:
        advice = "Every request of Slack is refused. Set SEAWALL_CHAT__SLACK_SIGNING_SECRET (Basic Information)."
        yield Readiness("Slack", False, "a bot token but no signing secret", advice)
    if not token:
        advice = "Mentions stay without an answer. Set SEAWALL_CHAT__SLACK_BOT_TOKEN (OAuth & Permissions)."
        yield Readiness("Slack", False, "a signing secret but no bot token", advice)
    elif is_offline:
        yield Readiness("Slack", True if secret else None, "a bot token is set")
    else:
        yield from _known_to_slack(chat)


def _known_to_slack(chat: Chat) -> Iterator[Readiness]:
    try:
        answer = called(lambda: client_of(chat).auth_test())
    except (ChatUnavailable, OutcomeUnknown, RefusedError) as failed:
        yield Readiness("Slack", False, str(failed), "Commands are still heard; their answers may be lost.")
        return
    says = f"knows {str(answer.get('user'))[:60]} in {str(answer.get('team'))[:60]}"
    granted = {scope.strip() for scope in str(_header(answer.headers, "x-oauth-scopes")).split(",")} - {""}
    missing = [scope for scope in SCOPES if scope not in granted] if granted else []
    if missing:
        yield Readiness("Slack", False, says, f"Grant the app {', '.join(missing)} and install it again.")
    else:
        yield Readiness("Slack", True, says)
    if granted and not missing and PICTURES_SCOPE not in granted:
        advice = f"Weekly summaries come without their charts. Grant the app {PICTURES_SCOPE} and install it again."
        yield Readiness("Slack charts", None, f"no scope {PICTURES_SCOPE}", advice)


def _header(headers: Any, wanted: str) -> Any:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")
