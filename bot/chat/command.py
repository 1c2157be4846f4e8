"""What a command is: its forms, who may give it, its examples, and what it does."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from bot.chat.grammar import Form
from bot.domain import Answer, Part, Reply, ReplyState, Want, Words

if TYPE_CHECKING:
    from bot.chat.asked import Asked

Permission = Literal["anyone", "read", "write", "admin"]
"""anyone: no link needed. read: may see the repository. write: as policy's `command_permission` says, since it writes
or costs. admin: administers the repository."""

About = Literal["nothing", "anything", "repository", "pull request"]
"""What must be known before it can run; `anything`: a repository where one is named or implied, else none."""


Topic = Literal["a pull request", "a repository", "Seawall", "you", "this channel"]
"""What a command is about, for whoever looks for one."""

Where = Literal["anywhere", "github", "chat"]
"""Where something can be said; elsewhere it is declined, and not shown."""


@dataclass(frozen=True)
class Use:
    """One form of a command, with what it takes to use it."""

    form: str
    permission: Permission = "read"
    about: About = "repository"
    needs_model: bool = False
    in_thread: bool = False
    """Only in the thread of a finding, which is then implied."""
    where: Where = "anywhere"

    @cached_property
    def grammar(self) -> Form:
        return Form(self.form)


@dataclass(frozen=True)
class Example:
    """A line as typed, and how its answer begins where it is allowed and everything it needs is there.

    It is said on a pull request, `acme/shop#7`; elsewhere that is named. `in_thread`: in the thread of a finding.
    """

    text: str
    expectation: str
    state: ReplyState = "done"
    in_thread: bool = False
    where: Where = "anywhere"


class Command:
    """One command. A file of `commands/` holds one, or a few that belong together; they are found by themselves."""

    name: ClassVar[str]
    topic: ClassVar[Topic]
    summary: ClassVar[str]
    """One sentence, without a full stop."""
    uses: ClassVar[tuple[Use, ...]]
    aliases: ClassVar[dict[str, str]] = {}
    """What people type instead → what they mean: `full review` → `review full`."""
    examples: ClassVar[tuple[Example, ...]]

    @property
    def permission(self) -> Permission:
        """The least that any of its forms asks for."""
        order: tuple[Permission, ...] = ("anyone", "read", "write", "admin")
        return min((use.permission for use in self.uses), key=order.index)

    @property
    def needs_model(self) -> bool:
        return any(use.needs_model for use in self.uses)

    @property
    def needs_pull_request(self) -> bool:
        return any(use.about == "pull request" for use in self.uses)

    def run(self, asked: "Asked") -> Answer:
        """Does it. Called when form, subject, permission and model are settled. Raises `Declined` to say no."""
        raise NotImplementedError(f"{type(self).__name__} says what it does in `run`")


class Declined(Exception):
    """A command that is not carried out, and the words in which that is said. `title` is one plain line."""

    def __init__(self, title: str, *why: str, state: ReplyState = "refused") -> None:
        super().__init__(title)
        self.reply = Reply(state=state, title=title, parts=tuple(Words(text=words) for words in why if words))


def said(
    title: str,
    *parts: Part | str,
    state: ReplyState = "done",
    wants: tuple[Want, ...] = (),
    awaits: str = "",
    is_public: bool = False,
) -> Answer:
    """An answer; texts among `parts` are Words, empty ones are left out."""
    shown = tuple(Words(text=part) if isinstance(part, str) else part for part in parts if part != "")
    return Answer(reply=Reply(state=state, title=title, parts=shown, is_public=is_public), wants=wants, awaits=awaits)
