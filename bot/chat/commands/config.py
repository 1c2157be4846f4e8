"""`config`: the policy in force and where each key comes from. Secrets are no part of policy."""

from typing import Any, ClassVar

from pydantic import BaseModel

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import listing, quote
from bot.domain import Answer, Table
from bot.review.filter import code
from bot.settings import Policy


class Config(Command):
    name = "config"
    topic = "a repository"
    summary = "Shows the policy in force, and which keys differ from the defaults"
    uses = (Use("config [<owner/repo>]", "read"),)
    aliases: ClassVar = {"configuration": "config", "policy": "config", "settings": "config"}
    examples = (Example("config", "The policy of acme/shop"),)

    def run(self, asked: Asked) -> Answer:
        in_force = asked.in_force
        shipped, service = Policy(), asked.desk.settings.policy
        rows = []
        for key in Policy.model_fields:
            value = getattr(in_force.policy, key)
            origin = "default"
            if value != getattr(service, key):
                origin = "`.github/seawall.toml`, or the organisation's"
            elif value != getattr(shipped, key):
                origin = "the service's `[policy]`"
            rows.append((f"`{key}`", code(_as_toml(value)), origin))
        notes = listing(quote(note) for note in in_force.notes)
        return said(
            f"The policy of {asked.repository.full_name}",
            Table(columns=("Key", "Value", "From"), rows=tuple(rows)),
            notes,
        )


def _as_toml(value: Any) -> str:
    """As it would stand in the file."""
    if isinstance(value, BaseModel):
        given = {key: one for key, one in value if one not in (None, ())}
        return f"{{{', '.join(f'{key} = {_as_toml(one)}' for key, one in given.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_as_toml, value))}]"
    return quote(f'"{value}"') if isinstance(value, str) else str(value)
