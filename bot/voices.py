"""How each transport is spoken, for the worker: comments and reactions on GitHub, messages in chat systems."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.story import Voice
from bot.domain import CommandGiven, Place, Reply, Repository
from bot.errors import NotFound, SettingsError
from bot.github import Conversation, GitHubHost
from bot.github.conversation import CommentKind, Content
from bot.settings import Settings
from bot.transports.markdown import render
from bot.transports.registry import chat_systems
from bot.transports.system import ChatSystem

_SEEN: Content = "eyes"
_DONE: Content = "rocket"
_NOT_DONE: Content = "confused"
"""GitHub has no check mark among its reactions."""
TERMINAL_WAITS_S = 30.0
_SLACK_S = 2.0


class GitHubVoice:
    """Reacts at once, answers in the thread, and reacts again when it is done."""

    def __init__(self, host: GitHubHost) -> None:
        self._host = host

    def hear(self, given: CommandGiven) -> None:
        self._react(given, _SEEN)

    def fetched_within_s(self, given: CommandGiven, now: datetime) -> float:
        return 0.0

    def say(self, given: CommandGiven, reply: Reply, key: str) -> None:
        repository, number, place = _where(given.place)
        if reply.title:
            talk = Conversation(self._host, repository)
            body = render(reply)
            if not (place.channel == "review-comment" and _stands_in_thread(talk, number, place, body, key)):
                talk.comment(number, body, key, since=given.at)
        if reply.state != "started":
            self._react(given, _DONE if reply.state == "done" else _NOT_DONE)

    def post(self, place: Place, reply: Reply, key: str) -> None:
        repository, number, _ = _where(place)
        Conversation(self._host, repository).comment(number, render(reply), key)

    def _react(self, given: CommandGiven, content: Content) -> None:
        repository, _, place = _where(given.place)
        kind: CommentKind = "review-comment" if place.channel == "review-comment" else "issue-comment"
        try:
            Conversation(self._host, repository).react(kind, int(place.message), content)
        except NotFound:
            return  # the comment was deleted; the answer is said all the same


def _stands_in_thread(talk: Conversation, number: int, place: Place, body: str, key: str) -> bool:
    """False where the thread's first comment is gone: GitHub takes no more answers there."""
    try:
        talk.reply_in_thread(number, int(place.thread), body, key)
    except NotFound:
        return False
    return True


class ChatVoice:
    """A chat system; its edge has shown already that the command was heard."""

    def __init__(self, system: ChatSystem, settings: Settings) -> None:
        self._system = system
        self._settings = settings

    def hear(self, given: CommandGiven) -> None:
        return

    def fetched_within_s(self, given: CommandGiven, now: datetime) -> float:
        waits_s = min(self._system.longest_wait_s, self._settings.chat.answer_wait_s)
        return _left_s(given, now, waits_s) if waits_s else 0.0

    def say(self, given: CommandGiven, reply: Reply, key: str) -> None:
        self._system.deliver(given.place, reply, self._settings, given.person)

    def post(self, place: Place, reply: Reply, key: str) -> None:
        self._system.deliver(place, reply, self._settings)


class TerminalVoice:
    """Whoever gave a command at the terminal reads its answer there, from the engine."""

    def hear(self, given: CommandGiven) -> None:
        return

    def fetched_within_s(self, given: CommandGiven, now: datetime) -> float:
        return _left_s(given, now, TERMINAL_WAITS_S)

    def say(self, given: CommandGiven, reply: Reply, key: str) -> None:
        return

    def post(self, place: Place, reply: Reply, key: str) -> None:
        raise SettingsError("a terminal cannot subscribe to anything")


def voices_of(settings: Settings, host: GitHubHost) -> Mapping[str, Voice]:
    """By transport."""
    voices: dict[str, Voice] = {system.name: ChatVoice(system, settings) for system in chat_systems()}
    return voices | {"github": GitHubVoice(host), "terminal": TerminalVoice()}


def _left_s(given: CommandGiven, now: datetime, waits_s: float) -> float:
    """The time of a command is known to the second, and clocks differ: two more are allowed for that."""
    return max(0.0, waits_s + _SLACK_S - (now - datetime.fromisoformat(given.at)).total_seconds())


def _where(place: Place) -> tuple[Repository, int, Place]:
    assert place.repository is not None, "a command on GitHub stands in a repository"
    assert place.number is not None, "and there on a pull request"
    return place.repository, place.number, place
