"""Prompts are files under prompts/: TOML front matter between `+++` lines, then `# Instructions` and `# Question`.

Instructions are the same for every request of a version, so that a provider can cache them; what is untrusted appears
in the question only, fenced. A prompt names its inputs as `{{ name }}`, what it shares with others as `{{> part }}`, a
file of prompts/parts/. With `classes` in its front matter, `{{ classes }}` is the vocabulary of findings, or the
part of it that is named there.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.llm.fencing import fence
from bot.llm.tokens import estimate_tokens
from bot.settings import resource_text
from bot.settings.taxonomy import taxonomy, taxonomy_groups

_SHAPE = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n\s*# Instructions\n(.*?)\n# Question\n(.*)\Z", re.DOTALL)
_PLACE = re.compile(r"\{\{ *(\w+) *\}\}")
_PART = re.compile(r"^\{\{> *([\w-]+) *\}\}$", re.MULTILINE)
NONCE = "nonce"
"""Available to every question without being declared: the number of this request's fences."""
CLASSES = "classes"
ALL_NAMES = "names"
_PLACE_ALONE = re.compile(r"^\{\{ *(\w+) *\}\}\n?", re.MULTILINE)


@dataclass(frozen=True)
class Messages:
    system: str
    user: str

    @property
    def tokens(self) -> int:
        return estimate_tokens(self.system) + estimate_tokens(self.user)


@dataclass(frozen=True)
class ReplyLimits:
    """How much an answer may hold; the schema says so where the endpoint can be told, and the reader sees to it."""

    schema: str
    most_findings: int = 0
    quote_chars: int = 0
    body_chars: int = 0
    classes_are_told: bool = False
    """True where the instructions name every class of findings: the schema need not say them again."""


@dataclass(frozen=True)
class Prompt:
    name: str
    purpose: str
    reply: ReplyLimits
    version: str
    """As declared, and a digest of all its text, parts and vocabulary: an edit without a new number shows."""
    trusted: tuple[str, ...]
    prose: tuple[str, ...]
    code: tuple[str, ...]
    instructions: str
    question: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.trusted, *self.prose, *self.code)

    def overhead(self, inputs: Mapping[str, str]) -> int:
        """Estimated tokens of the prompt when only these inputs are filled, fences included."""
        return self.render({name: inputs.get(name) or "-" for name in self.inputs}, nonce="0" * 16).tokens

    def render(self, inputs: Mapping[str, str], nonce: str) -> Messages:
        """The messages to send. A paragraph of the question whose inputs are all empty is left out, and of others the
        lines that hold an empty input alone.

        Raises ValueError, naming them, when inputs are missing or unknown.
        """
        if wrong := set(inputs) ^ set(self.inputs):
            raise ValueError(f"prompt {self.name} takes {', '.join(self.inputs)}; missing or unknown: {sorted(wrong)}")
        shown = {name: inputs[name] for name in self.trusted}
        shown |= {name: fence(name, inputs[name], nonce, is_prose=True) for name in self.prose}
        shown |= {name: fence(name, inputs[name], nonce, is_prose=False) for name in self.code}
        shown[NONCE] = nonce
        return Messages(
            system=_PLACE.sub(lambda place: shown[place[1]], self.instructions).strip(),
            user=_PLACE.sub(lambda place: shown[place[1]], self._paragraphs_with(inputs)).strip(),
        )

    def _paragraphs_with(self, inputs: Mapping[str, str]) -> str:
        """The question without the paragraphs that would announce what there is not."""

        def says_something(paragraph: str) -> bool:
            places = [place for place in _PLACE.findall(paragraph) if place in inputs]
            return not places or any(inputs[place].strip() for place in places)

        def line_of(place: re.Match[str]) -> str:
            return place[0] if inputs.get(place[1], "-").strip() else ""

        told = filter(says_something, self.question.strip().split("\n\n"))
        return "\n\n".join(_PLACE_ALONE.sub(line_of, paragraph).strip("\n") for paragraph in told)


def no_part(name: str) -> str:
    raise ValueError(f"there is no part named {name!r}")


def parse_prompt(name: str, text: str, part: Callable[[str], str] = no_part) -> Prompt:
    """A prompt of its file's text. Raises ValueError, saying what is wrong, when it is not well-formed.

    `part`: the text of a shared part by its name.
    """
    text = _PART.sub(lambda place: part(place[1]).strip("\n"), text)
    shape = _SHAPE.match(text)
    if shape is None:
        raise ValueError(f"prompt {name}: expected +++ front matter, then `# Instructions` and `# Question`")
    about = tomllib.loads(shape[1])
    inputs = about["inputs"]
    if CLASSES in about:
        text = text.replace("{{ classes }}", vocabulary(about[CLASSES]))
        shape = _SHAPE.match(text)
        assert shape is not None, "a vocabulary changes no heading"
    prompt = Prompt(
        name=name,
        purpose=about["purpose"],
        reply=ReplyLimits(**about["reply"], classes_are_told=about.get(CLASSES) == ALL_NAMES),
        version=f"{about['version']}+{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        trusted=tuple(inputs.get("trusted", ())),
        prose=tuple(inputs.get("prose", ())),
        code=tuple(inputs.get("code", ())),
        instructions=shape[2],
        question=shape[3],
    )
    in_instructions, in_question = set(_PLACE.findall(shape[2])), set(_PLACE.findall(shape[3])) - {NONCE}
    if untrusted := in_instructions - set(prompt.trusted):
        raise ValueError(f"prompt {name}: only trusted inputs belong in the instructions, not {sorted(untrusted)}")
    if wrong := (in_instructions | in_question) ^ set(prompt.inputs):
        raise ValueError(f"prompt {name}: declared but not used, or used but not declared: {sorted(wrong)}")
    return prompt


def vocabulary(wanted: str | Sequence[str]) -> str:
    """Class names alone for `names`; for a list of classes, or of groups of them, a line each with its kinds.

    Raises ValueError for a name that the taxonomy does not know.
    """
    if wanted == ALL_NAMES:
        return ", ".join(taxonomy())
    groups = taxonomy_groups()
    if unknown := set(wanted) - set(groups) - set(taxonomy()):
        raise ValueError(f"config/taxonomy.toml has neither a class nor a group named {sorted(unknown)}")
    classes = [class_ for name in wanted for class_ in groups.get(name, (name,))]
    return "\n".join(f"{class_}: {', '.join(taxonomy()[class_])}" for class_ in dict.fromkeys(classes))


@cache
def load_prompt(name: str) -> Prompt:
    """The shipped prompt of that name, such as `review`."""
    return parse_prompt(
        name, resource_text(f"prompts/{name}.md"), lambda part: resource_text(f"prompts/parts/{part}.md")
    )
