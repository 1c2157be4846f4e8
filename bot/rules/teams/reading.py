"""From texts to rules. A file that is wrong is left out, and said so; the others stand."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain import FoundText, PolicyTexts
from bot.rules.teams.record import TeamRule
from bot.settings.beside import MOST_BYTES, MOST_RULES
from bot.settings.nearest import did_you_mean

_KEYS = tuple(sorted({field.alias or name for name, field in TeamRule.model_fields.items()} - {"file"}))
_IN_OTHER_WORDS = {"missing": "is missing", "extra_forbidden": "is no key"}


@dataclass(frozen=True)
class TeamRules:
    """What a repository's own files hold."""

    rules: tuple[TeamRule, ...] = ()
    problems: tuple[str, ...] = ()
    """One line each: the file, the key, and what to do."""


def read_rules(texts: PolicyTexts) -> TeamRules:
    """The organisation's rules and the repository's; a repository cannot put its own in place of the organisation's."""
    problems: list[str] = []
    rules: dict[str, TeamRule] = {}
    for found, whose in ((texts.organisation_rules, "the organisation's"), (texts.rules, "this repository's")):
        for rule in _read(found, whose, problems):
            if rule.name in rules:
                first = rules[rule.name].file
                problems.append(f"{rule.file}: `name`: {first} has a rule {rule.full_name} already; rename this one.")
            else:
                rules[rule.name] = rule
    return TeamRules(tuple(rules.values()), tuple(problems))


def _read(found: Sequence[FoundText], whose: str, problems: list[str]) -> Iterator[TeamRule]:
    files = sorted(found, key=lambda file: file.path)
    if len(files) > MOST_RULES:
        problems.append(
            f"Of {whose} {len(files)} own rules the first {MOST_RULES} are run, in the order of their files' names."
        )
    for file in files[:MOST_RULES]:
        rule = _rule(file, problems)
        if rule is not None:
            yield rule


def _rule(file: FoundText, problems: list[str]) -> TeamRule | None:
    if len(file.text) > MOST_BYTES:
        problems.append(f"{file.path} is longer than {MOST_BYTES // 1024} KB; it is not run. Make it shorter.")
        return None
    try:
        values = tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        problems.append(f"{file.path} is not valid TOML ({broken}); it is not run.")
        return None
    values.setdefault("name", PurePosixPath(file.path).stem)
    values.pop("file", None)
    try:
        return TeamRule.model_validate({**values, "file": file.path})
    except ValidationError as invalid:
        problems.append(f"{file.path}: {' '.join(_explained(invalid))}")
        return None


def _explained(invalid: ValidationError) -> Iterator[str]:
    """One line for each key that is wrong; what follows from the first fault of a key is left out."""
    told: set[str] = set()
    for error in invalid.errors():
        key = str(error["loc"][0]) if error["loc"] else ""
        if key not in told:
            told.add(key)
            yield _in_words(error)


def _in_words(error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"])
    words = _IN_OTHER_WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    if error["type"] == "extra_forbidden":
        words += did_you_mean(where.split(".")[-1], _KEYS)
    return f"`{where}` {words}." if where else f"{words}."
