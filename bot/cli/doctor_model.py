"""What `seawall doctor` says of models: who answers, what is spent of which cap, whose circuit breaker is open."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.cli.diagnosis import Diagnosis
from bot.domain import Occasion
from bot.errors import ModelRefused, ModelUnavailable
from bot.settings import Settings


def model(settings: Settings) -> Iterator[Diagnosis]:
    """Each model of the chain by itself: a stand-in whose key is wrong shows only when it is needed."""
    if not settings.llm.model:
        advice = "Reviews are rules-only. Set SEAWALL_LLM__MODEL (such as openai:gpt-5.2) and SEAWALL_LLM__API_KEY."
        yield Diagnosis("model", None, "none configured", advice)
        return
    from bot.llm import Gateway, MemoryAccount

    gateway = Gateway(settings.llm, MemoryAccount(lambda: datetime.now(UTC)))
    try:
        for number, name in enumerate(settings.llm.chain):
            part = "model" if number == 0 else "stand-in"
            try:
                answer = gateway.check(name)
            except (ModelUnavailable, ModelRefused) as away:
                yield Diagnosis(part, False, str(away), "Reviews are degraded while none answers.")
            else:
                yield Diagnosis(part, True, f"{answer.model} answers in {answer.latency_s:.1f} s")
    finally:
        gateway.close()
    yield from spending(settings)


def spending(settings: Settings) -> Iterator[Diagnosis]:
    """What the record and the workers tell, without asking a model."""
    if settings.llm.model:
        yield _spending(settings)
        yield from _breakers(settings)


def _spending(settings: Settings) -> Diagnosis:
    from bot.cli.record_at_hand import open_ledger
    from bot.review.spending import account_of

    with open_ledger(settings) as ledger:
        amounts = account_of(ledger).spending(Occasion())
    llm = settings.llm
    day = amounts.paid.day_usd + amounts.held.day_usd
    caps = {
        "a review": _usd(llm.review_cap_usd),
        "a review in tokens": f"{llm.review_cap_tokens:,}" if llm.review_cap_tokens else "",
        "a day of a repository": _usd(llm.repository_daily_cap_usd),
        "a month of an organisation": _usd(llm.organisation_monthly_cap_usd),
    }
    others = "; ".join(f"{what} {most}" for what, most in caps.items() if most)
    says = f"${day:.2f} since midnight UTC" + (f" of ${llm.daily_cap_usd:.2f}" if llm.daily_cap_usd else ", no cap")
    if llm.daily_cap_usd and day >= llm.daily_cap_usd:
        advice = "Reviews go on with rules only until midnight UTC. Raise llm.daily_cap_usd if that is too little."
        return Diagnosis("model's cost", False, says, advice)
    return Diagnosis("model's cost", True, f"{says}{f'; caps: {others}' if others else ''}")


def _breakers(settings: Settings) -> Iterator[Diagnosis]:
    from bot.engine.client import EngineClient, prepare

    prepare(settings)
    client = EngineClient(settings)
    try:
        workers = client.workers()
    finally:
        client.close()
    for worker in workers:
        if worker.silent_s > settings.engine.reap_after_s:
            continue  # what it said last may be untrue by now
        for breaker in worker.breakers:
            if breaker.is_open and breaker.dependency.startswith("model "):
                name = breaker.dependency.removeprefix("model ")
                says = f"{name} is left alone by {worker.name} after failures in a row, since {breaker.since}"
                yield Diagnosis("model's breaker", None, says, "It is tried again by itself (llm.breaker_reset_s).")


def _usd(cap: float) -> str:
    return f"${cap:.2f}" if cap else ""
