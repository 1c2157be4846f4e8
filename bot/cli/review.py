"""`seawall review`: a change on this machine, two folders, or a pull request by its address."""

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from bot.cli import head_start
from bot.cli.output import fail_on_option, finish, format_option, head_reader, output_option
from bot.domain import Model, Review, Source, plain_step
from bot.errors import UsageError
from bot.regex import regex
from bot.review.beyond import Beyond
from bot.review.desks import Desks, guard_of, warm_up
from bot.review.pipeline import Desk, examine, reason
from bot.settings import Settings, load_settings
from bot.source import LocalGit, TwoTrees
from bot.syntax.guard import Guard

if TYPE_CHECKING:
    from bot.domain import Occasion

AT_ONCE = 4
"""Questions to the model under way at a time."""
_PULL_REQUEST = regex(r"^/(?P<owner>[^/]+)/(?P<name>[^/]+)/pull/(?P<number>\d+)(?:/.*)?$")


@click.command(short_help="Review a change: this branch, two folders, or a pull request by its address.")
@click.argument("url", required=False)
@click.option("--base", metavar="REV", help="Compare with where the head left this revision, not the default branch.")
@click.option("--head", metavar="REV", help="Review this revision instead of the working tree.")
@click.option("--before", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder as it was.")
@click.option("--after", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The folder as it is.")
@click.option("--rules-only", is_flag=True, help="Do not ask the model, even where one is configured.")
@click.option("--post", is_flag=True, help="Publish the review of a pull request on it.")
@click.option("--verbose", "-v", is_flag=True, help="Tell also what doubt refuted and what was held back, and why.")
@format_option
@output_option
@fail_on_option
def review(
    url: str | None,
    base: str | None,
    head: str | None,
    before: Path | None,
    after: Path | None,
    rules_only: bool,
    post: bool,
    verbose: bool,
    format_: str,
    output: Path | None,
    fail_on: str | None,
) -> None:
    """Review the current branch against its merge base, working tree included.

    \b
    seawall review                                        this branch
    seawall review --base v1.4 --head v1.5                between two revisions
    seawall review --before old/ --after new/             two folders
    seawall review https://github.com/acme/shop/pull/7    a pull request (add --post to publish)
    """
    _check_usage(url, base, head, before, after, post)
    settings = load_settings(trust_here=False)
    started = head_start.take()
    with guard_of(settings.reading, started) as guard:
        if started is None:
            warm_up(guard)
        model = None if rules_only else configured_model(settings, _this_review(settings))
        if url:
            result, desk = _of_pull_request(url, settings, guard, model, post)
        else:
            result, desk = _of(_local_source(base, head, before, after, settings), settings, guard, model)
    finish(result, format_, output, fail_on, head_reader(desk.snapshot.contents), verbose)


def _local_source(
    base: str | None, head: str | None, before: Path | None, after: Path | None, settings: Settings
) -> Source:
    limit = settings.reading.max_file_bytes
    if before and after:
        return TwoTrees(before, after, max_file_bytes=limit)
    return LocalGit(Path.cwd(), base, head, max_file_bytes=limit)


def _this_review(settings: Settings) -> "Occasion":
    """The one that this process is for, within the time and the caps of a review."""
    from bot.domain import Occasion  # only where a model is asked

    deadline = time.monotonic() + settings.engine.review_timeout_s
    return Occasion(review_key="this review", is_review=True, deadline=deadline)


def configured_model(settings: Settings, usual: "Occasion | None" = None) -> Model | None:
    """The model that settings name, or None. Imports the model libraries only where there is one.

    `usual`: what its questions are asked for where nobody says.
    """
    if not settings.llm.model:
        return None
    from bot.domain import Occasion
    from bot.llm import Gateway, MemoryAccount

    return Gateway(settings.llm, MemoryAccount(lambda: datetime.now(UTC)), usual=usual or Occasion())


def _of(
    source: Source, settings: Settings, guard: Guard, model: Model | None, beyond: Beyond | None = None
) -> tuple[Review, Desk]:
    started = time.monotonic()
    with _status("Reading the change …") as status:
        desk = Desks(settings, guard, model, lambda: datetime.now(UTC)).lay(source, beyond)

        def ask(questions: Any) -> list[dict[str, Any]]:
            return asked_at_once(desk, questions, status.update if status else None)

        if status:
            status.update(f"Reading {len(desk.snapshot.contents)} files …")
        result = examine(desk, plain_step, ask)
    receipt = result.receipt.model_copy(update={"duration_s": round(time.monotonic() - started, 3)})
    return result.model_copy(update={"receipt": receipt}), desk


def asked_at_once(desk: Desk, questions: Any, tell: Callable[[str], None] | None) -> list[dict[str, Any]]:
    """The answers in order, a few questions at a time. `tell` is given a line for whoever waits."""
    from concurrent.futures import ThreadPoolExecutor  # both only where there is a model

    from bot.review.questions import DOUBT

    name = desk.model.name if desk.model else "the model"
    is_doubt = any(question["prompt"] == DOUBT for question in questions)
    doing = "Doubting what was found" if is_doubt else f"Asking {name}"
    answers: list[dict[str, Any]] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        if tell:
            tell(f"{doing} …")
        for answer in pool.map(lambda question: reason(desk, question).to_json(), questions):
            answers.append(answer)
            if tell:
                tell(f"{doing} ({len(answers)} of {len(questions)} answered) …")
    return answers


def _status(text: str) -> Any:
    """A line that tells a terminal what goes on; None in place of it elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


def _of_pull_request(
    url: str, settings: Settings, guard: Guard, model: Model | None, post: bool
) -> tuple[Review, Desk]:
    from bot.domain import CheckDraft
    from bot.github import GitHubHost, GitHubPublisher, GitHubSource, fetch_pull_request, fetch_repository
    from bot.review.publishing import final_check, publish
    from bot.review.searching import BeyondOnHost

    parts = urlsplit(url)
    found = _PULL_REQUEST.match(parts.path)
    if not found:
        raise UsageError(f"{url} is no address of a pull request, such as https://github.com/acme/shop/pull/7.")
    _check_host(parts.hostname or "", settings.github.base_url)
    host = GitHubHost(settings.github)
    repository = fetch_repository(host, found["owner"], found["name"])
    pull_request = fetch_pull_request(host, repository, int(found["number"]))
    publisher = GitHubPublisher(host, pull_request)
    if post:
        publisher.begin(CheckDraft(title="Reviewing …"))
    beyond = BeyondOnHost(settings, host).of(pull_request)
    result, desk = _of(GitHubSource(host, pull_request, settings.reading), settings, guard, model, beyond)
    if post:
        own_host = parts.hostname or "github.com"
        outcome = publish(
            publisher, pull_request, result, result.findings, desk.snapshot, own_host, generation=0, is_late=False
        )
        if outcome.superseded_by:
            raise UsageError(f"Nothing was posted: {outcome.superseded_by}. Run it again.")
        publisher.conclude(final_check(result, desk.snapshot, outcome.said, own_host))
        if outcome.posted:
            click.echo(f"Posted: {outcome.posted.url or url}", err=True)
    return result, desk


def _check_host(named: str, base_url: str) -> None:
    """Another host's pull request of the same name is not the one that is meant."""
    ours = (urlsplit(base_url).hostname or "").removeprefix("api.")
    if named.removeprefix("www.") != ours:
        raise UsageError(
            f"The pull request lies on {named}, and the settings on {ours}. Set SEAWALL_GITHUB__BASE_URL: "
            "https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server."
        )


def _check_usage(
    url: str | None, base: str | None, head: str | None, before: Path | None, after: Path | None, post: bool
) -> None:
    if bool(before) != bool(after):
        raise click.UsageError("--before and --after go together.")
    if sum((bool(url), bool(base or head), bool(before))) > 1:
        raise click.UsageError("Choose one: an address, --base/--head, or --before/--after.")
    if post and not url:
        raise click.UsageError("--post needs the address of a pull request.")
