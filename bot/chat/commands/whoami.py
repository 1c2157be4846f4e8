"""`whoami`: who Seawall takes you for, and what that lets you do."""

from typing import ClassVar

from bot.chat.access import granted, may_see, not_visible
from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import quote, typed
from bot.domain import Answer, Facts

_SYSTEMS = {"github": "GitHub", "slack": "Slack", "teams": "Microsoft Teams", "signed": "chat", "terminal": "Terminal"}


class WhoAmI(Command):
    name = "whoami"
    topic = "you"
    summary = "Says who you are to Seawall, and what you may do here"
    uses = (Use("whoami [<owner/repo>]", "anyone", "anything"),)
    aliases: ClassVar = {"who": "whoami", "who am i": "whoami"}
    examples = (Example("whoami", "You are "), Example("whoami acme/shop", "You are "))

    def run(self, asked: Asked) -> Answer:
        person, named = asked.given.person, asked.value("owner/repo")
        if named and person.transport != "github" and not may_see(asked, asked.repository):
            raise not_visible(named)
        system = _SYSTEMS[person.transport]
        rows = [(system, quote(f"{person.id} ({person.name})" if person.name not in ("", person.id) else person.id))]
        if person.transport not in ("github", "terminal"):
            linked = quote(asked.login) if asked.login else f"not linked; {typed(asked, 'link YOUR-LOGIN')} begins it"
            rows.append(("GitHub login", linked))
        if asked.repository_or_none and (asked.login or person.transport == "terminal"):
            has = granted(asked.desk, asked.given, asked.login, asked.repository)
            rows.append(("Permission", f"`{has}`" + (f" in {asked.repository.full_name}" if has != "none" else "")))
        name = asked.login or person.name or person.id
        return said(f"You are {quote(name, 80)}", Facts(rows=tuple(rows)))
