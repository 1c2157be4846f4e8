"""What an incident can still teach: examples for a rule of the team's own, and the places that stand as it stood."""

from collections.abc import Iterator

from bot.chat.asked import Asked
from bot.chat.command import Declined, said
from bot.chat.wording import listing, one_of, quote, typed
from bot.domain import Answer, Code, Incident, Part, PullRequest
from bot.errors import NotFound
from bot.review.drafting.writing import examples_toml, path_of
from bot.review.filter import code, literal
from bot.review.pipeline import Desk
from bot.review.postmortem import mended_by
from bot.review.proving.examples import RuleExample, from_fix, from_points, words_in
from bot.review.proving.siblings import Sibling, Siblings, siblings_of
from bot.syntax import language_named, language_of

_MOST_INCIDENTS = 1000
_MOST_SHOWN = 15


def known_incident(asked: Asked, wanted: str) -> Incident:
    """Raises Declined where there is none of that id here, or more than one."""
    known = asked.desk.ledger.incidents(asked.repository.id, _MOST_INCIDENTS)
    found = [one for one in known if one.id.startswith(wanted.lower())]
    if len(found) == 1:
        return found[0]
    how = "More than one incident begins so" if found else f"There is no incident {wanted}"
    raise Declined(how, f"{typed(asked, 'incident list')} shows what is known.", state="misunderstood")


def proved_incident(asked: Asked, incident: Incident) -> Answer:
    """Examples and sibling places, each with what is not known of it. Nothing is kept."""
    fix = mended_by(incident.text, asked.repository.full_name)
    if fix is None and incident.number is None and asked.number is None:
        raise Declined(
            f"Of {incident.id} no pull request is known",
            "Say in its text which one brought it and which one mended it (`fixed in #13`), or say this on an open "
            "pull request, whose head is then searched.",
        )
    brought, mended = _read(asked, incident.number), _read(asked, fix)
    here = _read(asked, asked.number) or mended or brought
    if here is None:
        raise Declined("None of its pull requests can be read any more", state="failed")
    examples = _examples(asked, incident, brought, mended)
    found = _siblings(here, incident, examples, brought, mended)
    title = f"From {incident.id}: {one_of(len(examples), 'rule example')}, {one_of(len(found.places), 'sibling place')}"
    return said(title, *_examples_told(incident, examples, fix), *_siblings_told(here, incident, found))


def _read(asked: Asked, number: int | None) -> Desk | None:
    """The change of that pull request; None where there is none, or it is gone."""
    if number is None:
        return None
    try:
        pull_request: PullRequest = asked.desk.pull_requests.of(asked.repository, number)
    except NotFound:
        return None
    return asked.desk.readings(pull_request)


def _examples(asked: Asked, incident: Incident, brought: Desk | None, mended: Desk | None) -> list[RuleExample]:
    if mended is not None and (found := from_fix(mended, incident.class_)):
        return found
    if brought is None or incident.number is None:
        return []
    points = asked.desk.ledger.points(asked.repository.id, incident.number)
    return from_points(brought, [point for point in points if point.finding.class_ == incident.class_])


def _siblings(
    here: Desk, incident: Incident, examples: list[RuleExample], brought: Desk | None, mended: Desk | None
) -> Siblings:
    asked = []
    for example in examples:
        texts = [pair.before for pair in mended.snapshot.pairs if pair.path == example.path] if mended else []
        texts += [brought.snapshot.contents.get(example.path)] if brought else []
        content = next((text for text in texts if text is not None), None)
        if content is not None:
            asked.append((example.path, content, example.line))
    paths = [*incident.paths, *here.snapshot.contents]
    languages = {example.language for example in examples} or {
        language.name for path in paths if (language := language_of(path)) is not None and language.is_code
    }
    own = {(example.path, example.scope) for example in examples}
    return siblings_of(here, incident.class_, languages, words_in(here, asked), own)


def _examples_told(incident: Incident, examples: list[RuleExample], fix: int | None) -> Iterator[Part | str]:
    if not examples:
        yield (
            "No code of it is known: name the failure mode and the pull request that mended it in the incident's text "
            "(`fixed in #13`), and its functions before and after become examples."
        )
        return
    language = examples[0].language
    same = [example for example in examples if example.language == language]
    bad, good = tuple(one.bad for one in same), tuple(one.good for one in same if one.good)
    where = ", ".join(f"{code(one.scope)} in {code(one.path)}" for one in same)
    how = f"as #{fix} found and left them" if good else "as they stood; how they were mended is not known"
    yield f"Examples for a rule of your own in {language_named(language).title}, {how}: {where}."
    yield Code(text=examples_toml(bad, good), language="toml")
    yield (
        f"A file such as {code(path_of('learned'))} takes them, with the keys `title`, `body`, `fix`, `languages` and "
        "`pattern` or `query`; `seawall rules test` tries it. Cut them down to what matters."
    )
    if any(one.is_known for one in same):
        yield f"Our own rules already report {code(incident.class_)} in the code as it was, and no more in the mended."


def _siblings_told(here: Desk, incident: Incident, found: Siblings) -> Iterator[str]:
    read = f"{one_of(found.files, 'file')} of head {code(here.snapshot.change.head_sha[:7])} read by the rules"
    if found.places:
        yield f"**Where {code(incident.class_)} stands as well** ({read}):"
        yield listing(map(_told, found.places), _MOST_SHOWN)
    else:
        mode = code(incident.class_) if incident.class_ else "no failure mode, since none is known of the incident"
        yield f"Elsewhere the rules find {'none of ' if incident.class_ else ''}{mode} ({read})."
    if found.alike:
        yield "**What calls the same**, judged by nobody:"
        yield listing(map(_told, found.alike), _MOST_SHOWN)
    if found.note:
        yield literal(found.note)


def _told(place: Sibling) -> str:
    where = code(f"{place.path}:{place.line}")
    return f"{where} {quote(place.title)} ({code(place.rule)})" if place.rule else f"{where} {code(place.title)}"
