"""`ask` and `describe`: the model answers about a pull request. It can do nothing but answer."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.checked import ask_checked
from bot.chat.command import Command, Example, Use, said
from bot.chat.knowing import about, guidelines, surroundings
from bot.chat.showing import change_shown, origin_told, points_told
from bot.chat.wording import quote
from bot.domain import Answer, PullRequest
from bot.redaction import masked
from bot.review.pipeline import Desk

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
        points = asked.desk.ledger.points(pull_request.repository.id, pull_request.number)
        inputs = _of_change(asked, laid, question) | {
            "question": question,
            "findings": points_told(points),
            "guidelines": guidelines(asked, laid),
        }
        answer, missing = ask_checked(asked, laid, "ask", inputs)
        return said(quote(question, 150), answer.text, missing, origin_told(asked, answer))


class Describe(Command):
    name = "describe"
    topic = "a pull request"
    summary = "Describes what the pull request changes in the running system"
    uses = (Use("describe", "write", "pull request", needs_model=True),)
    aliases: ClassVar = {"summary": "describe", "summarize": "describe", "summarise": "describe"}
    examples = (Example("describe", "What acme/shop#7 changes"),)

    def run(self, asked: Asked) -> Answer:
        laid = asked.desk.readings(asked.pull_request)
        answer, missing = ask_checked(asked, laid, "describe", _of_change(asked, laid))
        return said(f"What {asked.subject} changes", answer.text, missing, origin_told(asked, answer))


def _of_change(asked: Asked, laid: Desk, wanted: str = "") -> dict[str, str]:
    """What both are told; files that `wanted` names come first."""
    pull_request, budget = asked.pull_request, asked.desk.settings.llm.max_input_tokens
    shown = change_shown(laid, budget, wanted)
    words = f"{pull_request.title} {wanted}"
    return {
        "title": pull_request.title,
        "description": _description(pull_request),
        "about": about(asked, laid, paths=sorted(laid.snapshot.contents), words=words),
        "elsewhere": shown.elsewhere,
        "surroundings": surroundings(laid, shown.lines, shown.lines, budget),
        "code": shown.code,
    }


def _description(pull_request: PullRequest) -> str:
    return masked(pull_request.body)[:_MOST_DESCRIPTION]  # in this order: half a secret is one nobody recognises
