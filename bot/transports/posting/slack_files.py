"""Messages with pictures in Slack: the pictures are shown in the thread of the message, where the app may bring files.

https://docs.slack.dev/messaging/working-with-files: an address is asked for, the bytes go there, then it is shown.
"""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk import WebClient

from bot.domain import Place
from bot.errors import ChatUnavailable, Forbidden, OutcomeUnknown, RefusedError, Rejected
from bot.logs import logger
from bot.settings.groups import Chat
from bot.transports.posting.addresses import CONNECT_S, READ_S, is_postable
from bot.transports.posting.slack import called, client_of, post_by_token
from bot.transports.system import Picture

log = logger(__name__)


def publish(place: Place, messages: Sequence[Mapping[str, Any]], pictures: Sequence[Picture], chat: Chat) -> None:
    """Posts the messages for everybody in the channel. Pictures are an extra: without the scope `files:write`, or
    where Slack does not take them now, the messages stand alone. Raises as ChatSystem.deliver.
    """
    client = client_of(chat)
    files = _brought(client, pictures) if chat.slack_bot_token.get_secret_value() else []
    left = deque(dict(message) for message in messages)
    try:
        thread = post_by_token(place, left, chat, asker="", is_public=True)
    except (ChatUnavailable, RefusedError) as failed:
        if taken := len(messages) - len(left):
            raise OutcomeUnknown(f"Slack took {taken} of {len(messages)} messages, then: {failed}") from failed
        raise
    if files:
        _shown(client, files, place.channel, thread)


def _brought(client: WebClient, pictures: Sequence[Picture]) -> list[dict[str, str]]:
    """Ids and titles of the files; nobody sees them yet."""
    try:
        return [{"id": _bring(client, picture), "title": picture.title} for picture in pictures]
    except (ChatUnavailable, OutcomeUnknown, RefusedError) as failed:
        log.warning("Slack takes no pictures; the app needs the scope files:write", reason=str(failed))
        return []


def _bring(client: WebClient, picture: Picture) -> str:
    import requests

    name, length = f"{picture.name}.png", len(picture.png)
    ask = partial(client.files_getUploadURLExternal, filename=name, length=length, alt_txt=picture.alt[:1000])
    there = called(ask)
    url = str(there.get("upload_url") or "")
    if not is_postable(url):
        raise Forbidden("Slack names no address for a file that could be trusted.")
    try:
        answer = requests.post(url, data=picture.png, timeout=(CONNECT_S, READ_S), allow_redirects=False)
    except requests.RequestException as away:
        raise ChatUnavailable(f"Slack takes no file now ({type(away).__name__}).") from away
    if answer.status_code != 200:
        raise Rejected(f"Slack refuses a file (status {answer.status_code}).")
    return str(there.get("file_id"))


def _shown(client: WebClient, files: list[dict[str, str]], channel: str, thread: str) -> None:
    shown = {"files": json.dumps(files), "channel_id": channel} | ({"thread_ts": thread} if thread else {})
    try:
        called(partial(client.api_call, "files.completeUploadExternal", params=shown))
    except (ChatUnavailable, OutcomeUnknown, RefusedError) as failed:
        log.warning("the pictures of a message could not be shown", reason=str(failed))
