"""A container that gets requests before it can answer them."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.manifests import SERVING, containers_in
from bot.rules.rule import Alarm, Rule, hcl, yaml
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import SourceFile


class NoReadinessProbe(Rule):
    """## What it finds
    A container of a Deployment, StatefulSet or Rollout that opens ports and has no readiness probe.

    ## Why it matters
    Without one a pod counts as ready the moment its process starts. Each deploy and each restart then sends requests
    to a service that still loads its configuration or connects to its database, and users see errors.

    ## Use instead
    `readinessProbe` with a path or port that answers once the service can serve. Leave what other pods depend on just
    as much (the database) out of it: else all pods are taken out together.
    """

    name = "config-hazard/no-readiness-probe"
    severity = Severity.MEDIUM
    confidence = SHOWN_ONLY
    """On record in manifests that others adapt, or of tests."""
    languages = ("yaml", "hcl")

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        for container in containers_in(file):
            if container.kind not in SERVING or not container.has("ports"):
                continue
            if container.has("readinessProbe") or not container.knows("readinessProbe"):
                continue
            named = f"`{container.name}`" if container.name else "This container"
            yield Alarm(
                container.part,
                "Requests reach this container before it is ready",
                f"{named} opens ports and has no readiness probe, so it counts as ready when its process starts. At "
                "each deploy and restart requests go to a service that cannot answer yet.",
                "Add a `readinessProbe` that answers once the service can serve.",
                last_line=container.part.start_line,
            )

    bad = (
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - name: app\n          image: a:1.2\n          ports: [{containerPort: 80}]\n"
            "          livenessProbe: {httpGet: {path: /livez, port: 80}}",
            line=7,
        ),
        hcl(
            'resource "kubernetes_deployment" "a" {\n  spec { template { spec {\n    container {\n      image = "a:1"\n'
            "      port { container_port = 80 }\n    }\n  } } }\n}",
            line=3,
        ),
    )
    good = (
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - image: a:1.2\n          ports: [{containerPort: 80}]\n"
            "          readinessProbe: {tcpSocket: {port: 80}}"
        ),
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - image: worker:1.2"
        ),
        yaml(
            "apiVersion: batch/v1\nkind: Job\n"
            "spec: {template: {spec: {containers: [{image: a, ports: [{containerPort: 1}]}]}}}"
        ),
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - <<: *web\n          image: a:1.2\n          ports: [{containerPort: 80}]"
        ),
        hcl(
            'resource "kubernetes_deployment" "a" {\n  spec { template { spec {\n    container {\n      image = "a:1"\n'
            "      port { container_port = 80 }\n      readiness_probe { tcp_socket { port = 80 } }\n    }\n  } } }\n}"
        ),
    )
