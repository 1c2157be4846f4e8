"""The ledger as it is used where its file does not lie: each method is handed to the owner and answered from there."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from bot.errors import LedgerError
from bot.ledger.calls import ALLOWED, OWNER_ONLY, LedgerCall, method, value_of
from bot.ledger.ledger import Ledger


class Line(Protocol):
    """The way to the owner. Calls of one lane are carried out in the order they were handed in; each raises
    errors.LedgerError where the way is barred."""

    def post(self, call: LedgerCall, lane: str) -> None:
        """On return the call is on disk, and will be carried out; handed in again by the same step, it is one."""

    def ask(self, call: LedgerCall, lane: str) -> Mapping[str, Any]:
        """The owner's answer, as `calls.answered` gives it. One that does not come in time is taken back."""

    def close(self) -> None: ...


class RemoteLedger(Ledger):
    """Every method of `Ledger` that may be asked for from afar. One that gives nothing returns once it is certain to be
    carried out, before what is asked later of the same repository; an error it meets is tried again and told there.
    """

    def __init__(self, line: Line) -> None:
        # Not the parent's: there is no file here.
        self._line = line

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Each call travels by itself: the owner keeps the order of a repository's, and repeats what failed."""
        yield

    def close(self) -> None:
        self._line.close()


def _handed_on(name: str) -> Callable[..., Any]:
    def hand_on(self: RemoteLedger, *args: Any, **named: Any) -> Any:
        called = method(name)
        call, lane = called.call(args, named)
        if not called.answers:
            return self._line.post(call, lane)
        return value_of(name, self._line.ask(call, lane))

    return hand_on


def _refused(name: str, reason: str) -> Callable[..., Any]:
    def refuse(_self: RemoteLedger, *_args: Any, **_named: Any) -> Any:
        raise LedgerError(f"`{name}` works only on the host that has the ledger's file: {reason}. Run it there.")

    return refuse


for _name in (name for names in ALLOWED.values() for name in names):
    setattr(RemoteLedger, _name, _handed_on(_name))
for _name, _reason in OWNER_ONLY.items():
    setattr(RemoteLedger, _name, _refused(_name, _reason))
