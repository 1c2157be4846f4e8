"""Several services and the calls between them: who waits how long for whom, and how often it is tried."""

from pydantic import Field

from bot.domain.posture import CallSite, State
from bot.domain.record import Record


class Hop(Record):
    """All calls from one service to one other, told by the one that waits longest and the one tried most often."""

    caller: str
    callee: str
    is_service: bool = Field(description="True where the callee is a service of the fleet, with a map of its own")
    timeout: State
    seconds: float | None = Field(
        default=None, description="The longest wait of one try; null: without limit or unknown"
    )
    retry: State
    tries: int | None = Field(default=1, description="The first one included; null where it cannot be told")
    site: CallSite = Field(description="Where the longest wait stands")
    calls: int = 1

    @property
    def is_endless(self) -> bool:
        return self.timeout is State.NO

    @property
    def wait_s(self) -> float | None:
        """How long the caller may wait for the callee in all, pauses left out; None where it cannot be told. Retries
        that cannot be told count as none."""
        if self.is_endless:
            return float("inf")
        return None if self.seconds is None else self.seconds * (self.tries or 1)


class Inversion(Record):
    """A service that waits longer for what it calls than those waiting for it: its work is for nobody any more."""

    outer: Hop = Field(description="The hop that gives up first")
    inner: Hop = Field(description="The hop, further down, that goes on waiting")

    @property
    def text(self) -> str:
        """Such as ``checkout waits 30 s for `payments` (3 × 10 s, pay.py:4), gateway gives up at 10 s (gw.ts:9)``."""
        return self.told_to("")

    def told_to(self, service: str) -> str:
        """The same for the people of one service: where the code of others stands is left out. Empty: for all."""
        inner, outer = self.inner, self.outer
        tries = f"{inner.tries} × {inner.seconds:g} s" if (inner.tries or 1) > 1 and not inner.is_endless else ""
        waits = "for ever" if inner.is_endless else f"{inner.wait_s:g} s"
        return (
            f"{inner.caller} waits {waits} for `{inner.callee}`{_beside(tries, _place(inner, service))}, "
            f"{outer.caller} gives up at {outer.seconds:g} s{_beside(_place(outer, service))}"
        )


def _place(hop: Hop, service: str) -> str:
    return hop.site.place if service in ("", hop.caller) else ""


def _beside(*words: str) -> str:
    said = ", ".join(word for word in words if word)
    return f" ({said})" if said else ""


class Amplification(Record):
    """Retries that multiply along a chain."""

    chain: tuple[Hop, ...]

    @property
    def callee(self) -> str:
        return self.chain[-1].callee

    @property
    def calls(self) -> int:
        """How many calls one request at the top makes at the bottom, at worst."""
        product = 1
        for hop in self.chain:
            product *= hop.tries or 1
        return product

    @property
    def is_at_least(self) -> bool:
        """True where a hop's retries cannot be told, or have no end."""
        return any(hop.tries is None for hop in self.chain)

    @property
    def text(self) -> str:
        """Such as ``3 × 3 × 4 = 36 calls on `payments` (web → gateway → checkout → payments)``."""
        factors = " × ".join("?" if hop.tries is None else str(hop.tries) for hop in self.chain)
        way = " → ".join((self.chain[0].caller, *(hop.callee for hop in self.chain)))
        least = "at least " if self.is_at_least else ""
        return f"{factors} = {least}{self.calls} calls on `{self.callee}` ({way})"


class Cycle(Record):
    """Services that call each other in a ring."""

    services: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{' → '.join((*self.services, self.services[0]))} is a ring: every retry in it multiplies by all others"


class FleetBudget(Record):
    """What the chains of calls of a fleet cost at worst."""

    services: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    inversions: tuple[Inversion, ...] = ()
    amplifications: tuple[Amplification, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    is_cut: bool = Field(default=False, description="True where there were more chains than are followed")
