"""A liveness probe that asks whether the service is ready."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.manifests import containers_in
from bot.rules.rule import Alarm, Rule, hcl, yaml
from bot.syntax import SourceFile

READY = regex(r"(?i)(?:^|[/_.-])(?:ready|readyz|readiness|dependenc(?:y|ies)|deep|db|database)(?:$|[/_.?-])")
PATHS = ("httpGet", "path"), ("http_get", "path")


class ProbeEqualsLivenessOnDependency(Rule):
    """## What it finds
    A liveness probe on a path that, by its name, tells about readiness or about dependencies (`/ready`,
    `/health/db`), or that is the very path of the readiness probe under such a name.

    ## Why it matters
    Readiness is about what the service needs; liveness asks whether a restart would help. When the database is slow,
    such a probe makes Kubernetes restart every pod at once, again and again: caches are cold, connections are built
    anew, and the outage of a dependency becomes one of the service.

    ## Use instead
    A liveness path that tells about the process alone (`/livez`), and the readiness path for readiness. Source:
    Kubernetes, *Configure Liveness, Readiness and Startup Probes*.
    """

    name = "config-hazard/probe-equals-liveness-on-dependency"
    severity = Severity.MEDIUM
    confidence = 0.8
    languages = ("yaml", "hcl")

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        for container in containers_in(file):
            probe = container.at("livenessProbe")
            if probe is None:
                continue
            path = next((text for keys in PATHS if (text := probe.text_at(*keys))), "")
            if READY.search(path):
                yield Alarm(
                    probe,
                    "A slow dependency makes Kubernetes restart every pod",
                    f"This liveness probe asks `{path}`, which by its name tells about readiness or about something "
                    "the service needs. When that is slow or down, all pods are restarted at once, again and again, "
                    "which helps nobody and makes the outage larger.",
                    "Ask a path that tells about the process alone, and leave this one to `readinessProbe`.",
                    last_line=probe.start_line,
                )

    bad = (
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      livenessProbe:\n"
            "        httpGet: {path: /health/ready, port: 80}",
            line=6,
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      livenessProbe:\n"
            "        httpGet: {path: /health/db?x=1, port: 80}",
            line=6,
        ),
        hcl(
            'resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a:1"\n      liveness_probe {\n'
            '        http_get { path = "/readyz" }\n      }\n    }\n  }\n}',
            line=5,
        ),
    )
    good = (
        hcl(
            'resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a:1"\n      liveness_probe {\n'
            '        http_get { path = "/livez" }\n      }\n    }\n  }\n}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      livenessProbe:\n"
            "        httpGet: {path: /livez, port: 80}\n      readinessProbe:\n"
            "        httpGet: {path: /readyz, port: 80}"
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      livenessProbe:\n"
            "        httpGet: {path: /already, port: 80}\n    - image: b"
        ),
    )
