"""What Kubernetes runs, as manifests and Terraform describe it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.syntax import Part, SourceFile, documents_of

POD_OF: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Rollout": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Kind → where its pod is described."""
SERVING = frozenset({"Deployment", "StatefulSet", "Rollout"})
"""Kinds whose pods take requests and are replaced while others go on."""
RESOURCES = {
    "kubernetes_deployment": "Deployment",
    "kubernetes_stateful_set": "StatefulSet",
    "kubernetes_daemonset": "DaemonSet",
    "kubernetes_daemon_set": "DaemonSet",
    "kubernetes_pod": "Pod",
    "kubernetes_job": "Job",
    "kubernetes_cron_job": "CronJob",
}
"""Terraform's names for them; a version may follow, as in `kubernetes_deployment_v1`."""
SPELT = {"readinessProbe": "readiness_probe", "livenessProbe": "liveness_probe", "ports": "port"}


@dataclass(frozen=True)
class Container:
    """One container of a workload. `part` is its place."""

    kind: str
    pod: Part
    part: Part
    in_terraform: bool

    @property
    def name(self) -> str:
        return self.part.text_at("name")

    @property
    def image(self) -> str:
        return self.part.text_at("image")

    def has(self, *keys: str) -> bool:
        return self.at(*keys) is not None

    def at(self, *keys: str) -> Part | None:
        """The value at a path of keys, which are spelt as manifests spell them."""
        return self.part.first(*(SPELT.get(key, key) for key in keys) if self.in_terraform else keys)

    def knows(self, *keys: str) -> bool:
        """False where the value may be there although it is not seen: a merge, an expression, a dynamic block."""
        return self.part.knows_all(*(SPELT.get(key, key) for key in keys) if self.in_terraform else keys)


def containers_in(file: SourceFile) -> Iterator[Container]:
    """The containers that a file describes in full. Patches, which name no image, are left alone."""
    if b"container" not in file.text:
        return
    for document in documents_of(file):
        if file.language.name == "hcl":
            yield from _of_terraform(document)
            continue
        for one in document.all("items") if document.text_at("kind") == "List" else [document]:
            kind = one.text_at("kind")
            if kind in POD_OF and one.text_at("apiVersion"):
                yield from _of_pods(kind, one.all(*POD_OF[kind]), "containers")


def _of_terraform(document: Part) -> Iterator[Container]:
    for resource in document.all("resource"):
        kind = RESOURCES.get(resource.labels[0].split("_v")[0], "") if resource.labels else ""
        if kind:
            path = tuple("job_template" if key == "jobTemplate" else key for key in POD_OF[kind])
            yield from _of_pods(kind, resource.all(*path), "container")


def _of_pods(kind: str, pods: list[Part], key: str) -> Iterator[Container]:
    for pod in pods:
        for part in pod.all(key):
            if part.text_at("image"):
                yield Container(kind, pod, part, key == "container")


def seconds(part: Part | None) -> int | None:
    """A number of seconds; None where none is written."""
    text = part.scalar if part is not None else None
    return int(text) if text and text.isdigit() else None
