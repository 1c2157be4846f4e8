"""Postures as they come, for the ledger's tests."""

from bot.domain import CallSite, Dependency, PostureChange, PostureMap, Protections
from bot.domain.posture import ProtectionChange, Retry, State, Timeout

AT, MERGED_AT = "2026-11-20T09:00:04+00:00", "2026-11-21T09:00:00+00:00"
SLOW = Timeout(state=State.YES, where="pay/client.py:4", value="30 s", seconds=30.0)


def a_dependency(
    name: str = "payments", line: int = 4, timeout: Timeout = SLOW, path: str = "pay/client.py"
) -> Dependency:
    site = CallSite(path=path, line=line, scope="Client.charge")
    return Dependency(
        name=name,
        kind="http",
        method="POST",
        target=f"{name}.internal/charges",
        library="requests",
        sites=(site,),
        protections=Protections(timeout=timeout, retry=Retry(state=State.YES, value="3 tries", tries=3)),
    )


def a_map(*dependencies: Dependency) -> PostureMap:
    return PostureMap(service="checkout", hosts=("shop.internal",), dependencies=dependencies or (a_dependency(),))


def a_change() -> PostureChange:
    lost = ProtectionChange(
        name="payments", kind="http", method="POST", protection="timeout",
        site=CallSite(path="pay/client.py", line=4, scope="Client.charge"), before=SLOW, after=Timeout(),
    )  # fmt: skip
    return PostureChange(added=(a_dependency("rates", 9),), changed=(lost,), chains=("checkout waits for ever",))
