"""Requests as the chat systems sign them, written from their documentation and not with the code under test."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS_SECRET = base64.b64encode(b"a security token of Teams, 32 by").decode()
SIGNED_SECRET = "a secret between two systems"
RESPONSE_URL = "https://hooks.slack.com/commands/T1/1/abcdef"


def slack_headers(body: bytes, age_s: float = 0, secret: str = SLACK_SECRET) -> dict[str, str]:
    stamp = str(int(time.time() - age_s))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def teams_headers(body: bytes, secret: str = TEAMS_SECRET) -> dict[str, str]:
    digest = hmac.new(base64.b64decode(secret), body, hashlib.sha256).digest()
    return {"Authorization": f"HMAC {base64.b64encode(digest).decode()}", "Content-Type": "application/json"}


def signed_headers(body: bytes, age_s: float = 0, secret: str = SIGNED_SECRET) -> dict[str, str]:
    stamp = str(int(time.time() - age_s))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Seawall-Timestamp": stamp, "X-Seawall-Signature": f"sha256={digest}"}


def slash_command(text: str = "stats 7d", **more: str) -> bytes:
    fields = {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO", "team_id": "T1", "team_domain": "acme", "channel_id": "C1",
        "channel_name": "reliability", "user_id": "U7", "user_name": "mona", "command": "/seawall", "text": text,
        "api_app_id": "A1", "response_url": RESPONSE_URL, "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    }  # fmt: skip
    return urlencode(fields | more).encode()


def event(kind: str = "app_mention", text: str = "<@U0BOT> stats 7d", event_id: str = "Ev1", **more: Any) -> bytes:
    inner = {"type": kind, "user": "U7", "text": text, "ts": "1699999999.000100", "channel": "C1", "event_ts": "1"}
    envelope = {
        "token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": event_id,
        "event_time": 1700000000, "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": inner | more,
    }  # fmt: skip
    return json.dumps(envelope).encode()


def press(value: str = "dismiss a1b2c3d acme/checkout#12", **more: Any) -> bytes:
    action = {
        "type": "button", "block_id": "b1", "action_id": "press-1", "value": value, "action_ts": "1700000000.000001",
        "text": {"type": "plain_text", "text": "Dismiss"},
    }  # fmt: skip
    payload = {
        "type": "block_actions", "team": {"id": "T1", "domain": "acme"}, "user": {"id": "U7", "username": "mona"},
        "api_app_id": "A1", "channel": {"id": "C1", "name": "reliability"}, "response_url": RESPONSE_URL,
        "container": {"type": "message", "message_ts": "1699999999.000200", "is_ephemeral": False},
        "message": {"type": "message", "ts": "1699999999.000200"}, "actions": [action],
    }  # fmt: skip
    return urlencode({"payload": json.dumps(payload | more)}).encode()


def teams_message(text: str = "<at>Seawall</at> stats 7d\n", **more: Any) -> bytes:
    activity = {
        "type": "message", "id": "1485983408511", "channelId": "msteams", "serviceUrl": "https://smba.test/amer/",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime()),
        "from": {"id": "29:1abc", "name": "Mona", "aadObjectId": "aad-1"}, "text": text, "textFormat": "plain",
        "conversation": {
            "isGroup": True, "id": "19:x@thread.tacv2;messageid=1485983194839", "conversationType": "channel",
            "tenantId": "tenant-1",
        },
        "channelData": {"teamsChannelId": "19:x@thread.tacv2", "teamsTeamId": "19:y", "tenant": {"id": "tenant-1"}},
    }  # fmt: skip
    return json.dumps(activity | more).encode()


def signed_command(text: str = "stats 7d", **more: Any) -> bytes:
    asked = {"id": "post-1", "text": text, "user": {"id": "u7", "name": "mona"}, "channel": "town-square"}
    return json.dumps(asked | more).encode()
