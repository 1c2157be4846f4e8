"""`seawall incidents`: post-incident reviews, taken into the record."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.named import repository_id
from bot.cli.record_at_hand import open_ledger
from bot.domain import Incident
from bot.ledger import Ledger
from bot.review.postmortem import Told, told, with_verdict
from bot.settings import load_settings

_SUFFIXES = (".md", ".markdown", ".txt")
_MOST_BYTES = 1_000_000
_MOST_FILES = 2000
AUTHOR = "import"


@click.command(short_help="Take in post-incident reviews, or list what broke.")
@click.argument("action", type=click.Choice(["import", "list"]))
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--repo", metavar="OWNER/NAME", help="The repository they are about, where they link to no pull request.")
def incidents(action: str, paths: tuple[Path, ...], repo: str | None) -> None:
    """Take in post-incident reviews in Markdown, so that later reviews of the same failure mode cite them.

    \b
    seawall incidents import docs/postmortems --repo acme/shop
    seawall incidents list

    Of each file are read: the title, the first date, the words of the failure modes that Seawall knows, and the pull
    requests it links to. A file that is imported again is brought up to date.
    """
    if (action == "import") != bool(paths):
        raise click.UsageError("Say `import FILE|FOLDER …`, or `list` alone.")
    with open_ledger(load_settings()) as ledger:
        here = repository_id(ledger, repo)
        if action == "list":
            _list(ledger, here)
        else:
            _take_in(ledger, here, paths)


def _take_in(ledger: Ledger, here: int | None, paths: tuple[Path, ...]) -> None:
    taken, left = 0, 0
    for path in _files(paths):
        text = _text(path)
        if text is None:
            left += 1
            click.echo(f"{path}: left out, it is empty, too large or no text", err=True)
            continue
        incident = _incident(ledger, here, path, told(text), text)
        ledger.keep_incident(incident)
        taken += 1
        click.echo(f"{incident.id}  {incident.broke_at or 'no date':10}  {incident.class_ or 'no failure mode'}  "
                   f"{incident.verdict}  {incident.title}")  # fmt: skip
    click.echo(f"{taken} taken in" + (f", {left} left out" if left else "") + ".", err=True)


def _incident(ledger: Ledger, here: int | None, path: Path, story: Told, text: str) -> Incident:
    known = {repository.full_name.lower(): repository.id for repository in ledger.known_repositories()}
    linked = [(known[name.lower()], number) for name, number in story.pulls if name.lower() in known]
    of_here = [(owner, number) for owner, number in linked if here in (None, owner)]
    repository, number = of_here[0] if of_here else (here, None)
    incident = Incident(
        id=f"i-{hashlib.sha256(f'{repository}:{path.name}'.encode()).hexdigest()[:7]}",
        repository_id=repository,
        number=number,
        title=story.title or path.stem,
        text=text,
        url=story.url,
        broke_at=story.broke_at,
        class_=story.class_,
        author=AUTHOR,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if repository is None or number is None:
        return incident
    return with_verdict(incident, ledger.points(repository, number))


def _list(ledger: Ledger, here: int | None) -> None:
    found = ledger.incidents(here, 100)
    for one in found:
        where = f" #{one.number}" if one.number else ""
        day = (one.broke_at or one.at)[:10]
        click.echo(f"{one.id}  {day}  {one.class_ or '-'}  {one.verdict}  {one.title}{where}")
    click.echo(f"{len(found)} known." if found else "No incident is known.", err=True)


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files named, and the Markdown and text files of the folders named, hidden ones left out."""
    seen = 0
    for path in paths:
        members = sorted(path.rglob("*")) if path.is_dir() else [path]
        for member in members:
            is_hidden = path.is_dir() and any(part.startswith(".") for part in member.relative_to(path).parts)
            if member.is_file() and not is_hidden and (member == path or member.suffix.lower() in _SUFFIXES):
                if (seen := seen + 1) > _MOST_FILES:
                    raise click.UsageError(f"More than {_MOST_FILES} files; name a smaller folder.")
                yield member


def _text(path: Path) -> str | None:
    if path.stat().st_size > _MOST_BYTES:
        return None
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except UnicodeDecodeError:
        return None
