"""`ask` and `describe`: the model answers about a pull request. It can do nothing but answer."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.showing import ask_model, change_shown, origin_told, points_told
from bot.chat.wording import quote
from bot.domain import Answer, PullRequest
from bot.redaction import masked

_MOST_DESCRIPTION = 4000


class Ask(Command):
    name = "ask"
    topic = "a pull request"
    summary = "Answers a question about the pull request from its code"
    uses = (Use("ask <question…>", "write", "pull request", needs_model=True),)
    aliases: ClassVar = {"question": "ask"}
    examples = (
        Example("ask what happens when the bank answers twice?", "what happens when the bank answers twice?"),
        Example('ask "is the retry safe?"', "is the retry safe?"),
    )

    def run(self, asked: Asked) -> Answer:
        question, pull_request = asked.value("question"), asked.pull_request
        laid = asked.desk.readings(pull_request)
        shown = change_shown(laid, asked.desk.settings.llm.max_input_tokens, question)
        points = asked.desk.ledger.points(pull_request.repository.id, pull_request.number)
        answer = ask_model(
            asked,
            "ask",
            {
                "question": question,
                "title": pull_request.title,
                "description": _description(pull_request),
                "findings": points_told(points),
                "elsewhere": shown.elsewhere,
                "code": shown.code,
            },
        )
        return said(quote(question, 150), answer.text, origin_told(asked, answer))


class Describe(Command):
    name = "describe"
    topic = "a pull request"
    summary = "Describes what the pull request changes in the running system"
    uses = (Use("describe", "write", "pull request", needs_model=True),)
    aliases: ClassVar = {"summary": "describe", "summarize": "describe", "summarise": "describe"}
    examples = (Example("describe", "What acme/shop#7 changes"),)

    def run(self, asked: Asked) -> Answer:
        pull_request = asked.pull_request
        shown = change_shown(asked.desk.readings(pull_request), asked.desk.settings.llm.max_input_tokens)
        answer = ask_model(
            asked,
            "describe",
            {
                "title": pull_request.title,
                "description": _description(pull_request),
                "elsewhere": shown.elsewhere,
                "code": shown.code,
            },
        )
        return said(f"What {asked.subject} changes", answer.text, origin_told(asked, answer))


def _description(pull_request: PullRequest) -> str:
    return masked(pull_request.body)[:_MOST_DESCRIPTION]  # in this order: half a secret is one nobody recognises
