"""Calls and bindings: what is called with what, and which names keep the results."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.syntax.lazy import lazy
from bot.syntax.shapes import Shape, text_of

if TYPE_CHECKING:
    from tree_sitter import Node


@cache
def last_parts(names: frozenset[str]) -> frozenset[str]:
    """What canonical names end with: `get` of `requests.get`."""
    return frozenset(name.rsplit(".", 1)[-1] for name in names)


@dataclass(frozen=True)
class Argument:
    """One argument of a call. `name` is its keyword (or the field of a literal), empty where it is positional."""

    node: "Node"
    name: str = ""

    @lazy
    def text(self) -> str:
        return text_of(self.node)


class Call(Shape):
    """A call, a construction (`new X()`), or a literal of a type with fields (Go's `X{…}`)."""

    @lazy
    def name(self) -> str:
        """Canonical name through imports and assignments, such as `requests.Session.get`; empty where unknown."""
        return self.file.canonical(self.node, self.outer)

    def is_one_of(self, names: frozenset[str]) -> bool:
        """Whether its canonical name is one of these; the name is worked out only where its last part can be theirs."""
        if self.receiver is not None and self.method not in last_parts(names) and not self.file.hides(self.method):
            return False
        return self.name in names

    @lazy
    def method(self) -> str:
        """The last part of what is called, as written."""
        self.__dict__["receiver"], method = self.file.language.callee(self.node)  # every call is asked for both
        return method

    @lazy
    def receiver(self) -> "Node | None":
        receiver, self.__dict__["method"] = self.file.language.callee(self.node)
        return receiver

    @lazy
    def written(self) -> str:
        """What is called, as written, such as `self.session.get`; long ones are cut to their method."""
        receiver = text_of(self.receiver) if self.receiver is not None else ""
        dot = "::" if self.text.startswith("::", len(receiver)) else "."
        text = f"{receiver}{dot}{self.method}" if receiver else self.method or self.text.split("(")[0].split("{")[0]
        return text if len(text) <= 40 and "\n" not in text else self.method

    @lazy
    def receiver_call(self) -> "Call | None":
        """The call whose result this one is made on: in `a().b()`, for b, that is `a()`."""
        return self.file.call_at(self.receiver)

    @lazy
    def chain(self) -> tuple[str, ...]:
        """Names of all methods called one on the other up to this one, such as `newBuilder, timeout, build`."""
        earlier = self.receiver_call
        return (*(earlier.chain if earlier else ()), self.method)

    @lazy
    def origin(self) -> "Call | None":
        """The call that made the receiver, followed through one assignment; None where that is not certain."""
        return self.receiver_call or (self.file.origin(self.receiver, self.outer) if self.receiver else None)

    @lazy
    def all_arguments(self) -> tuple[Argument, ...]:
        return tuple(self.file.language.arguments(self.node))

    @lazy
    def arguments(self) -> tuple[Argument, ...]:
        return tuple(a for a in self.all_arguments if not a.name)

    @lazy
    def keywords(self) -> Mapping[str, Argument]:
        return {a.name: a for a in self.all_arguments if a.name and a.name != "*"}

    @property
    def has_splat(self) -> bool:
        """True where arguments are spread in (`*a`, `**k`, `...x`): what they hold cannot be known."""
        return any(a.name == "*" for a in self.all_arguments)

    @lazy
    def use(self) -> str:
        """What becomes of the result.

        `discarded`, `returned`, `assigned`, `argument`, `receiver`, `managed` (with, using), `task` (go),
        `deferred`, `decorator` or `other`.
        """
        return self._learned_use()[0]

    @lazy
    def is_awaited(self) -> bool:
        return self._learned_use()[1]

    @lazy
    def user(self) -> "Node | None":
        """The node that uses the result: the statement, assignment, argument list …"""
        return self._learned_use()[2]

    def _learned_use(self) -> "tuple[str, bool, Node | None]":
        kept, told = self.__dict__, self.file.language.use_of(self.node)
        kept["use"], kept["is_awaited"], kept["user"] = told  # whoever asks for one asks for another
        return told

    @lazy
    def assigned_to(self) -> str:
        """The name the result is kept under, where it is assigned."""
        return self.file.assigned_name(self)


@dataclass(eq=False)
class Binding(Shape):
    """A name (or attribute) given a value: assignment, declaration, `with … as`, field, using."""

    target: "Node | None" = None
    value: "Node | None" = None
    index: int = 0
    """Position in a tuple that is taken apart."""
    type: "Node | None" = None
