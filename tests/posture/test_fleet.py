"""The budget of a fleet: inversions, amplification, rings, and what is not known."""

import pytest

from bot.domain import CallSite, Dependency, PostureChange, PostureMap, PostureOnRecord, Protections, Repository
from bot.domain.posture import Retry, State, Timeout
from bot.posture import budget_of, with_chains
from bot.posture.budget import MOST_CHAINS

YES, NO, UNKNOWN = State.YES, State.NO, State.UNKNOWN


def call(
    name: str, seconds: float | None = None, tries: int = 1, state: State | None = None, host: str = ""
) -> Dependency:
    """A call that waits so long; without seconds for ever, with a state as that says."""
    timeout = Timeout(state=state or (NO if seconds is None else YES), seconds=seconds)
    retry = Retry(state=YES, tries=tries) if tries > 1 else Retry()
    site = CallSite(path=f"{name}.py", line=3)
    return Dependency(
        name=name, kind="http", method="POST", target=f"{host}/x", library="requests", sites=(site,),
        protections=Protections(timeout=timeout, retry=retry),
    )  # fmt: skip


def service(name: str, *calls: Dependency, hosts: tuple[str, ...] = ()) -> PostureMap:
    return PostureMap(service=name, hosts=hosts, dependencies=calls)


def inversions(*maps: PostureMap) -> list[str]:
    return [one.text for one in budget_of(maps).inversions]


def amplifications(*maps: PostureMap) -> list[str]:
    return [one.text for one in budget_of(maps).amplifications]


def test_who_waits_longer_than_those_above_is_told() -> None:
    found = inversions(service("gateway", call("checkout", 10)), service("checkout", call("payments", 30)))
    assert found == ["checkout waits 30 s for `payments` (payments.py:3), gateway gives up at 10 s (checkout.py:3)"]


def test_retries_count_into_the_wait() -> None:
    found = inversions(service("gateway", call("checkout", 10)), service("checkout", call("payments", 4, tries=3)))
    assert found == [
        "checkout waits 12 s for `payments` (3 × 4 s, payments.py:3), gateway gives up at 10 s (checkout.py:3)"
    ]


def test_a_wait_within_the_budget_is_no_inversion() -> None:
    assert inversions(service("gateway", call("checkout", 10)), service("checkout", call("payments", 3, tries=3))) == []


def test_who_waits_for_ever_waits_longer_than_anybody() -> None:
    [found] = inversions(service("gateway", call("checkout", 10)), service("checkout", call("payments")))
    assert found.startswith("checkout waits for ever for `payments`")


def test_a_caller_without_a_limit_has_no_budget_to_break() -> None:
    assert inversions(service("gateway", call("checkout")), service("checkout", call("payments", 30))) == []


@pytest.mark.parametrize("outer", [True, False])
def test_what_is_unknown_breaks_nothing(outer: bool) -> None:
    known, not_known = call("checkout", 10), call("checkout", state=UNKNOWN)
    inner = call("payments", 30) if outer else call("payments", state=UNKNOWN)
    assert inversions(service("gateway", not_known if outer else known), service("checkout", inner)) == []


def test_the_patience_at_the_top_reaches_through_what_is_unknown() -> None:
    found = inversions(
        service("web", call("gateway", 5)),
        service("gateway", call("checkout", state=UNKNOWN)),
        service("checkout", call("payments", 30)),
    )
    assert found == ["checkout waits 30 s for `payments` (payments.py:3), web gives up at 5 s (gateway.py:3)"]


def test_retries_multiply_along_the_chain() -> None:
    found = amplifications(
        service("web", call("gateway", 9, tries=3)),
        service("gateway", call("checkout", 3, tries=3)),
        service("checkout", call("payments", 1, tries=4)),
    )
    assert found == [
        "3 × 3 × 4 = 36 calls on `payments` (web → gateway → checkout → payments)",
        "3 × 3 = 9 calls on `checkout` (web → gateway → checkout)",
    ]


def test_retries_in_one_place_alone_are_no_amplification() -> None:
    assert amplifications(service("web", call("gateway", 9)), service("gateway", call("rates", 1, tries=3))) == []


def test_retries_that_cannot_be_told_make_it_at_least() -> None:
    hidden = call("checkout", 3).model_copy(
        update={"protections": Protections(timeout=Timeout(state=YES, seconds=3), retry=Retry(state=UNKNOWN))}
    )
    found = amplifications(
        service("web", call("gateway", 9, tries=2)),
        service("gateway", hidden),
        service("checkout", call("payments", 1, tries=2)),
    )
    assert found == ["2 × ? × 2 = at least 4 calls on `payments` (web → gateway → checkout → payments)"]


def test_a_ring_is_told_once_and_followed_no_further() -> None:
    ring = (service("b", call("c", 3)), service("c", call("a", 3)), service("a", call("b", 3)))
    budget = budget_of(ring)
    assert [one.services for one in budget.cycles] == [("a", "b", "c")]
    assert not budget.is_cut


def test_a_service_is_known_by_its_hosts_and_by_its_name() -> None:
    hops = budget_of(
        [
            service("web", call("api.shop.example", 3, host="api.shop.example"), call("rates-service", 3)),
            service("gateway", hosts=("api.shop.example",)),
            service("rates"),
        ]
    ).hops
    assert [(hop.callee, hop.is_service) for hop in hops] == [("gateway", True), ("rates", True)]


def test_a_fleet_in_which_all_call_all_is_cut_and_says_so() -> None:
    names = [f"s{number}" for number in range(12)]
    budget = budget_of([service(name, *(call(other, 3) for other in names if other != name)) for name in names])
    assert budget.is_cut
    assert len(budget.hops) == 12 * 11 < MOST_CHAINS


HERE = Repository(id=1, owner="acme", name="checkout", installation_id=5)


def known(number: int, posture: PostureMap, full_name: str = "acme/gateway") -> PostureOnRecord:
    return PostureOnRecord(repository_id=number, repository=full_name, posture=posture, kept_at="2026-11-20")


def slow(name: str = "checkout") -> PostureChange:
    return PostureChange(service=name, added=(call("payments", 30),))


def test_a_change_that_worsens_a_chain_is_told_without_the_places_of_others() -> None:
    told = with_chains(slow(), HERE, [known(2, service("gateway", call("checkout", 10)))])
    assert told.chains == ("checkout waits 30 s for `payments` (payments.py:3), gateway gives up at 10 s",)


def test_what_was_bad_before_is_not_told_again() -> None:
    fleet = [
        known(2, service("gateway", call("checkout", 10))),
        known(1, service("checkout", call("payments", 60)), "acme/checkout"),
    ]
    assert with_chains(PostureChange(service="checkout", added=(call("rates", 2),)), HERE, fleet).chains == ()


@pytest.mark.parametrize(
    ("change", "fleet"),
    [
        (slow(""), [known(2, service("gateway", call("checkout", 10)))]),
        (slow(), [known(2, service("gateway", call("checkout", 10)), "other/gateway")]),
        (slow(), [known(2, service("", call("checkout", 10)))]),
        (slow(), []),
    ],
    ids=["unnamed itself", "of another owner", "an unnamed caller", "nobody known"],
)
def test_only_named_services_of_one_owner_are_chained(change: PostureChange, fleet: list[PostureOnRecord]) -> None:
    assert with_chains(change, HERE, fleet) == change
