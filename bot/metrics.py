"""What Seawall counts about itself, for Prometheus. Every label has few values: no repository, no path, no login."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Metric, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.domain import CapName, ModelCall, Review
from bot.domain.gateway_state import GatewayState
from bot.domain.model_calls import CAPS
from bot.domain.workers import LimitSeen

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_ACK_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
_REVIEW_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 90.0, 180.0, 400.0, 900.0)
_CALL_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)

DELIVERIES = Counter("seawall_deliveries", "Deliveries, by event and by what was answered", ["event", "answer"])
COMMANDS = Counter(
    "seawall_commands", "Requests of chat systems, by system and by what was answered", ["transport", "answer"]
)
ACKNOWLEDGEMENT_SECONDS = Histogram(
    "seawall_acknowledgement_seconds", "From the request's first byte to the answer", buckets=_ACK_S
)
REVIEWS = Counter("seawall_reviews", "Finished runs, by what was read and what came of it", ["coverage", "result"])
REVIEW_SECONDS = Histogram("seawall_review_seconds", "How long a run took", buckets=_REVIEW_S)
FINDINGS = Counter("seawall_findings", "Findings kept, by class and source", ["class_", "source"])
DROPPED = Counter("seawall_dropped", "Candidates not kept, by reason", ["reason"])
GITHUB_CALLS = Counter(
    "seawall_github_calls", "Requests to GitHub, by route (as /repos/{owner}/…) and status", ["route", "status"]
)
GITHUB_SECONDS = Histogram("seawall_github_seconds", "How long GitHub took to answer", ["route"], buckets=_CALL_S)
MODEL_CALLS = Counter("seawall_model_calls", "Calls to the model, by model and how they ended", ["model", "outcome"])
MODEL_TOKENS = Counter(
    "seawall_model_tokens", "Tokens, by model and direction (input, output, cached)", ["model", "direction"]
)
MODEL_COST_USD = Counter("seawall_model_cost_usd", "What the model cost, as far as prices are known", ["model"])
MODEL_SECONDS = Histogram("seawall_model_seconds", "How long the model took to answer", ["model"], buckets=_CALL_S)
MODEL_ROOM = Gauge("seawall_model_room", "How full the buckets for models are here, 0 to 1", ["bucket"])
MODEL_RETRIES_LEFT = Gauge("seawall_model_retries_left", "How many more calls may be tried again just now, here")
MODEL_SPENT_TODAY_USD = Gauge(
    "seawall_model_spent_today_usd",
    "Paid or held since midnight UTC by all workers, as this one was last told; stays 0 where no cap is set",
)
MODEL_CAP_USD = Gauge("seawall_model_cap_usd", "The caps on what models may cost, where they are set", ["cap"])
MODEL_CAPPED = Gauge("seawall_model_capped", "How often a cap held back a call or lowered a review here", ["cap"])
BREAKER_OPEN = Gauge("seawall_breaker_open", "1 while the circuit breaker of a dependency is open", ["dependency"])
BACKLOG = Gauge("seawall_backlog", "Jobs waiting, by queue", ["queue"])
_LIMITS: list[Callable[[], Sequence[LimitSeen]]] = []
_BREAKERS: dict[str, Callable[[], bool]] = {}


def exposition() -> bytes:
    """Everything counted in this process, in Prometheus' text format."""
    return generate_latest(REGISTRY)


def expose(host: str, port: int) -> None:
    """Shows everything counted in this process on a port of its own. Raises OSError where the port is taken."""
    start_http_server(port, addr=host)


def watch_breaker(dependency: str, is_open: Callable[[], bool]) -> None:
    """Shows a circuit breaker's state whenever the metrics are read."""
    _BREAKERS[dependency] = is_open
    BREAKER_OPEN.labels(dependency).set_function(lambda: float(is_open()))


def breakers() -> dict[str, bool]:
    """Of each dependency that is watched in this process: whether its circuit breaker is open now."""
    return {dependency: is_open() for dependency, is_open in _BREAKERS.items()}


def watch_limits(told: Callable[[], Sequence[LimitSeen]]) -> None:
    """Shows GitHub's hourly limits whenever the metrics are read; asks GitHub nothing."""
    _LIMITS[:] = [told]


def limits() -> list[LimitSeen]:
    """What is known in this process of GitHub's hourly limits."""
    return [one for told in _LIMITS for one in told()]


class _GitHubLimits(Collector):
    """Asked anew at each reading: an hour that has ended leaves no number behind."""

    def collect(self) -> Iterator[Metric]:
        labels = ["installation", "resource"]
        left = GaugeMetricFamily("seawall_github_remaining", "Requests GitHub still grants this hour", labels=labels)
        most = GaugeMetricFamily("seawall_github_limit", "Requests GitHub grants in an hour", labels=labels)
        ends = GaugeMetricFamily("seawall_github_reset_timestamp_seconds", "When GitHub's hour ends", labels=labels)
        for one in limits():
            named = [one.installation or "token", one.resource]
            left.add_metric(named, one.remaining)
            most.add_metric(named, one.limit)
            ends.add_metric(named, datetime.fromisoformat(one.resets_at).timestamp())
        yield from (left, most, ends)


REGISTRY.register(_GitHubLimits())


def watch_models(state: Callable[[], GatewayState]) -> None:
    """Shows the gateway's buckets, retries and caps whenever the metrics are read; asks neither model nor ledger."""
    first = state()
    MODEL_ROOM.labels("requests").set_function(lambda: state().requests_share)
    for at, model in enumerate(first.models):
        if model.tokens_share is not None:
            MODEL_ROOM.labels(f"tokens {model.name}").set_function(partial(_tokens_share, state, at))
    MODEL_RETRIES_LEFT.set_function(lambda: state().retries_left)
    MODEL_SPENT_TODAY_USD.set_function(lambda: state().spent_today_usd)
    for cap in CAPS:
        MODEL_CAPPED.labels(cap).set_function(partial(_times_capped, state, cap))
        if cap != "review-tokens" and (usd := first.caps.of(cap)):
            MODEL_CAP_USD.labels(cap).set(usd)


def _tokens_share(state: Callable[[], GatewayState], at: int) -> float:
    return state().models[at].tokens_share or 0.0


def _times_capped(state: Callable[[], GatewayState], cap: CapName) -> float:
    return state().times_capped.get(cap, 0)


def count_review(review: Review) -> None:
    """A finished run."""
    REVIEWS.labels(review.receipt.coverage.value, review.receipt.result.value).inc()
    REVIEW_SECONDS.observe(review.receipt.duration_s)
    for finding in review.findings:
        FINDINGS.labels(finding.class_, finding.source).inc()
    for dropped in review.dropped:
        DROPPED.labels(dropped.reason).inc()


def count_github_call(method: str, route: str, status: int, seconds: float) -> None:
    """One request to GitHub; `status` 0 where no answer came."""
    GITHUB_CALLS.labels(f"{method} {route}", str(status)).inc()
    GITHUB_SECONDS.labels(f"{method} {route}").observe(seconds)


def count_model_call(call: ModelCall) -> None:
    """One question to a model, its retries included."""
    MODEL_CALLS.labels(call.model, call.outcome).inc()
    MODEL_SECONDS.labels(call.model).observe(call.latency_s)
    MODEL_COST_USD.labels(call.model).inc(call.cost_usd or 0.0)
    for direction, tokens in (
        ("input", call.use.input_tokens),
        ("output", call.use.output_tokens),
        ("cached", call.use.cached_tokens),
    ):
        MODEL_TOKENS.labels(call.model, direction).inc(tokens)
