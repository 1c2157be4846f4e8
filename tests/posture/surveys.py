"""Code surveyed in this process, for the tests of the posture."""

from textwrap import dedent

from bot.domain import Dependency, PostureMap, Protections
from bot.posture import map_of, survey
from bot.syntax import parse

SUFFIXES = {"python": ".py", "typescript": ".ts", "go": ".go", "java": ".java", "csharp": ".cs"}


def mapped(language: str, code: str, **policy: object) -> PostureMap:
    code = dedent(code).strip("\n") + "\n"
    if language == "go":
        code = f"package shop\n{code}"
    file = parse(f"shop/client{SUFFIXES[language]}", code.encode())
    assert file is not None
    return map_of([survey(file)], **policy)  # type: ignore[arg-type]


def only(language: str, code: str) -> Dependency:
    [found] = mapped(language, code).dependencies
    return found


def protections(language: str, code: str) -> Protections:
    return only(language, code).protections


def told(language: str, code: str) -> dict[str, str]:
    """Protection → its text; `no` is left out."""
    found = protections(language, code).by_name()
    return {name: protection.text for name, protection in found.items() if protection.text != "no"}
