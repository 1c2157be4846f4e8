"""A model that reads only what it is shown, and says of each line that fits a pattern what it was told to say."""

import re
from collections.abc import Mapping

from bot.domain import Afforded, Candidate, ModelAnswer, ModelText, ModelUse, Profile

_FILE = re.compile(r"^### (\S+)")
_LINE = re.compile(r"^\s*(\d+) [+ ] ?(.*)$")


class Reader:
    """`patterns`: expression → class of the defect. What it reads is kept in `shown`."""

    name = "scripted:reader"

    def __init__(self, **patterns: str) -> None:
        self.patterns = {class_.replace("_", "-"): re.compile(pattern) for class_, pattern in patterns.items()}
        self.shown: list[str] = []

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        return Afforded(profile=profile)

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        code = inputs["code"]
        self.shown.append(code)
        path, found = "", []
        for line in code.splitlines():
            if heading := _FILE.match(line):
                path = heading[1]
            elif numbered := _LINE.match(line):
                found += [
                    _claim(path, int(numbered[1]), numbered[2], class_)
                    for class_, pattern in self.patterns.items()
                    if pattern.search(numbered[2])
                ]
        return ModelAnswer(
            candidates=tuple(found), model=self.name, prompt="review", prompt_version="1", use=ModelUse(), cost_usd=0.0
        )

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        return ModelText(text="The later write wins.", model=self.name, prompt=prompt, prompt_version="1")

    def prompt_versions(self) -> Mapping[str, str]:
        return {"review": "1"}


def _claim(path: str, line: int, text: str, class_: str) -> Candidate:
    return Candidate.model_validate(
        {
            "path": path,
            "start_line": line,
            "end_line": line,
            "quote": text,
            "class": class_,
            "kind": "other",
            "severity": "high",
            "confidence": 0.9,
            "title": "Two orders at once overwrite each other",
            "body": "Both read the same value, and the later write wins. Take the lock before reading.",
        }
    )
