"""What Seawall counts about itself, for Prometheus. Every label has few values: no repository, no path, no login."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_ACK_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
_REVIEW_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 90.0, 180.0, 400.0, 900.0)
_CALL_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)

DELIVERIES = Counter("seawall_deliveries", "Deliveries, by event and by what was answered", ["event", "answer"])
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
BREAKER_OPEN = Gauge("seawall_breaker_open", "1 while the circuit breaker of a dependency is open", ["dependency"])
BACKLOG = Gauge("seawall_backlog", "Jobs waiting, by queue", ["queue"])


def exposition() -> bytes:
    """Everything counted in this process, in Prometheus' text format."""
    return generate_latest(REGISTRY)
