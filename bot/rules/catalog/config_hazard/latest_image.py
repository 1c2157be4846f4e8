"""An image whose content changes under one name."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.manifests import containers_in
from bot.rules.rule import Alarm, Rule, hcl, yaml
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import SourceFile


class LatestImage(Rule):
    """## What it finds
    A container of a Kubernetes workload whose image is tagged `latest`. An image without a tag is left alone: often
    the tool that applies the manifest sets it.

    ## Why it matters
    `latest` is another image each week. Pods of one Deployment then run different code, a node that restarts picks up
    what nobody released, and a rollback to the previous manifest brings the same broken image.

    ## Use instead
    The tag of a release or, better, a digest: `image: registry/app:1.4.2@sha256:…`.
    """

    name = "config-hazard/latest-image"
    severity = Severity.LOW
    confidence = SHOWN_ONLY
    """On record a release puts its own tag in."""
    languages = ("yaml", "hcl")

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        for container in containers_in(file):
            image = container.at("image")
            if image is None:  # unprovable: narrows the type
                continue
            if container.image.endswith(":latest"):
                yield Alarm(
                    image,
                    "`latest` is another image each week",
                    "Whatever is pushed under this tag next runs from the next restart on, on some pods and not on "
                    "others. A rollback of this manifest brings back the same image.",
                    "Name the tag of a release, or a digest.",
                )

    bad = (
        yaml(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      image: quay.io/team/a:latest", line=6
        ),
        hcl(
            'resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a:latest"\n    }\n  }\n}',
            line=4,
        ),
    )
    good = (
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: quay.io/team/a:1.2"),
        yaml("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: quay.io/team/a"),
        yaml("services:\n  a:\n    image: a:latest"),
        hcl('resource "kubernetes_pod" "a" {\n  spec {\n    container {\n      image = "a:${var.tag}"\n    }\n  }\n}'),
    )
