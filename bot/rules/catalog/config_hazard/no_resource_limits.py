"""A container that may take all the memory of its node."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.manifests import containers_in
from bot.rules.rule import Alarm, Rule, hcl, yaml
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import SourceFile, documents_of


class NoResourceLimits(Rule):
    """## What it finds
    A container of a Kubernetes workload without a memory limit, in a manifest or in Terraform. A `LimitRange` in the
    same file counts as the limit. Patches, which name no image, and templates that are not YAML yet are left alone.

    ## Why it matters
    A leak in one container then takes the memory of the whole node: the kernel ends processes of other services, and
    the node may stop answering. With a limit only the leaking container restarts.

    ## Use instead
    `resources.requests.memory` and `resources.limits.memory` from what the container is seen to need, with room. A
    limit of CPU is another matter: it slows a service down when it is needed most, and is not asked for here.
    """

    name = "config-hazard/no-resource-limits"
    severity = Severity.MEDIUM
    confidence = SHOWN_ONLY
    """On record whoever writes such manifests leaves the limit to those who deploy them."""
    languages = ("yaml", "hcl")

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        if any(part.text_at("kind") == "LimitRange" for part in documents_of(file)):
            return
        for container in containers_in(file):
            if container.has("resources", "limits", "memory") or not container.knows("resources", "limits"):
                continue
            named = f"`{container.name}`" if container.name else "This container"
            yield Alarm(
                container.part,
                "Nothing limits this container's memory",
                f"{named} has no memory limit. When it leaks or a request makes it grow, it takes the memory of the "
                "node, and the kernel ends processes of other services there.",
                "Set `resources.requests.memory` and `resources.limits.memory` from what it needs, with room.",
                last_line=container.part.start_line,
            )

    bad = (
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
            "      containers:\n        - name: app\n          image: a:1.2\n          resources:\n"
            "            requests: {memory: 64Mi}",
            line=8,
        ),
        yaml(
            "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
            "          containers:\n            - image: a:1.2",
            line=9,
        ),
        yaml(
            "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n"
            "    spec: {containers: [{image: a}]}",
            6,
        ),
        hcl(
            'resource "kubernetes_deployment_v1" "a" {\n  spec {\n    template {\n      spec {\n        container {\n'
            '          image = "a:1.2"\n          resources {\n            requests = { memory = "64Mi" }\n'
            "          }\n        }\n      }\n    }\n  }\n}",
            line=5,
        ),
    )
    good = (
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      resources: {limits: {memory: 1Gi}}"
        ),
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      resources: *shared"),
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - <<: *base\n      image: a"),
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: patched"),
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {{ image }}"),
        yaml("apiVersion: v1\nkind: LimitRange\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: a}]}"),
        yaml("kind: Pod\nspec: {containers: [{image: a}]}"),  # of some other system
        yaml("apiVersion: v1\nkind: Recipe\nspec: {template: {spec: {containers: [{image: a}]}}}"),
        hcl(
            'resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a:1"\n'
            '      resources { limits = { memory = "1Gi" } }\n    }\n  }\n}'
        ),
        hcl(
            'resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a"\n'
            "      resources { limits = var.limits }\n    }\n  }\n}"
        ),
        hcl('resource "docker_container" "a" {\n  spec {\n    container {\n      image = "a:1"\n    }\n  }\n}'),
    )
