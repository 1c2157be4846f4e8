"""A pod that is killed while it still drains."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.manifests import SERVING, Container, containers_in, seconds
from bot.rules.rule import Alarm, Rule, yaml
from bot.syntax import Part, SourceFile

DEFAULT_GRACE_S = 30
SLEEP = regex(r"(?:^|[\s;&|/])sleep\s+(\d+)\b")


class DrainShorterThanGrace(Rule):
    """## What it finds
    A `preStop` hook that sleeps as long as the pod's grace period or longer, and a serving pod with no grace period
    at all. The grace period is `terminationGracePeriodSeconds`, 30 seconds where none is written.

    ## Why it matters
    The grace period runs while the hook runs. When it ends first, the process is killed without ever having seen
    SIGTERM: requests in flight are cut off at each deploy, and what was to be written at shutdown is lost.

    ## Use instead
    A grace period longer than the hook and the slowest request together: `terminationGracePeriodSeconds: 60` for a
    hook of 15 seconds and requests of 30. Source: Kubernetes, *Pod Lifecycle*, termination of pods.
    """

    name = "config-hazard/drain-shorter-than-grace"
    severity = Severity.HIGH
    confidence = 0.9
    languages = ("yaml",)

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        told: set[int] = set()
        for container in containers_in(file):
            grace = container.pod.first("terminationGracePeriodSeconds")
            given = seconds(grace)
            if (grace is not None and given is None) or not container.pod.knows_all():
                continue
            limit = DEFAULT_GRACE_S if given is None else given
            if (
                grace is not None  # unprovable: narrows the type
                and limit == 0
            ):
                if container.kind in SERVING and grace.node.id not in told:
                    told.add(grace.node.id)
                    yield _cut_off(grace)
            elif (hook := _slept(container)) is not None and hook[1] >= limit:
                yield Alarm(
                    hook[0],
                    "The pod is killed before it has drained",
                    f"This hook sleeps for {hook[1]} s, and the grace period of {limit} s "
                    f"{'(the default) ' if given is None else ''}runs meanwhile. When it ends, the process is killed "
                    "without having seen SIGTERM, and requests in flight are cut off at each deploy.",
                    "Make `terminationGracePeriodSeconds` longer than the hook and the slowest request together.",
                )

    bad = (
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n      lifecycle:\n        preStop:\n"
            '          exec: {command: ["sleep", "30"]}',
            line=7,
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: 60\n  containers:\n    - image: a\n"
            "      lifecycle:\n        preStop:\n          exec:\n"
            '            command: [sh, -c, "drain; sleep 90 && stop"]',
            line=8,
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: 5\n  containers:\n    - image: a\n"
            "      lifecycle: {preStop: {sleep: {seconds: 5}}}",
            line=7,
        ),
        yaml(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n"
            "      terminationGracePeriodSeconds: 0\n      containers: [{image: a}, {image: b}]",
            line=6,
        ),
    )
    good = (
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a"),
        yaml(
            "apiVersion: batch/v1\nkind: Job\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 0\n"
            "      containers: [{image: a, lifecycle: {preStop: {sleep: {seconds: 1}}}}]"
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: 60\n  containers:\n    - image: a\n"
            '      lifecycle: {preStop: {exec: {command: ["sleep", "30"]}}}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n"
            '      lifecycle: {preStop: {exec: {command: ["sleep", "15"]}}}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: *grace\n  containers:\n    - image: a\n"
            '      lifecycle: {preStop: {exec: {command: ["sleep", "90"]}}}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  <<: *pod\n  containers:\n    - image: a\n"
            '      lifecycle: {preStop: {exec: {command: ["sleep", "90"]}}}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n"
            '      lifecycle: {preStop: {exec: {command: ["oversleep", "90"]}}}'
        ),
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a\n"
            "      lifecycle: {preStop: {exec: {command: [sh, -c, *drain]}}}"
        ),
        yaml(
            "apiVersion: batch/v1\nkind: Job\n"
            "spec: {template: {spec: {terminationGracePeriodSeconds: 0, containers: [{image: a}]}}}"
        ),
    )


def _slept(container: Container) -> tuple[Part, int] | None:
    """The hook and how long it sleeps."""
    hook = container.at("lifecycle", "preStop")
    if hook is None:
        return None
    if (plain := seconds(hook.first("sleep", "seconds"))) is not None:
        return hook, plain
    command = " ".join(part.scalar or "" for part in hook.all("exec", "command"))
    found = SLEEP.search(command)
    return (hook, int(found[1])) if found else None


def _cut_off(grace: Part) -> Alarm:
    return Alarm(
        grace,
        "Requests in flight are cut off at each deploy",
        "Without a grace period the pod is killed at once. Its requests in flight fail, and what it was to write at "
        "shutdown is lost.",
        "Leave out the key (30 s), or give the slowest request time to end.",
    )
