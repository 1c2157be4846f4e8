"""A history: what people did to a pull request, and what truly became of each point that was made on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.life.reader import Reader
from tests.life.stage import Files, Stage

Script = Callable[[Stage], None]


@dataclass(frozen=True)
class History:
    """`truth`: a text that the point's code held when it was new → its fate; with `#2` the second of equal ones.

    `judged` holds those that the record cannot know, each with what it says instead, and `because` says why.
    """

    name: str
    language: str
    base: Files
    truth: Mapping[str, str]
    script: Script
    judged: Mapping[str, str] = field(default_factory=dict)
    because: str = ""
    reads: str = ""
    """What the model finds; empty where none is configured."""

    @property
    def expected(self) -> dict[str, str]:
        """What the record is to say."""
        return {**self.truth, **self.judged}

    def play(self, folder: Path) -> dict[str, str]:
        """From opening to the last sweep; what the record says of each point, named as in `truth`. Points that the
        truth does not know go by their code."""
        model = Reader(correctness=self.reads) if self.reads else None
        stage = Stage(folder, self.base, model)
        try:
            self.script(stage)
            stage.sweep()
            return named(stage)
        finally:
            stage.close()


def named(stage: Stage) -> dict[str, str]:
    """Code of each point as first quoted → fate; `open` where nothing was judged. Equal ones are numbered."""
    fates = stage.fates()
    found: dict[str, str] = {}
    for point in sorted(stage.points(), key=lambda point: stage.first[point.fingerprint].start_line):
        code = " ".join(stage.first[point.fingerprint].evidence.split())
        turn = 1
        while (name := code if turn == 1 else f"{code}#{turn}") in found:
            turn += 1
        found[name] = fates.get(point.fingerprint, "not judged")
    return found


HISTORIES: list[History] = []


def history(
    language: str,
    base: Files,
    truth: Mapping[str, str],
    judged: Mapping[str, str] | None = None,
    because: str = "",
    reads: str = "",
) -> Callable[[Script], Script]:
    """Adds a script under its own name."""

    def added(script: Script) -> Script:
        name = script.__name__.replace("_", " ")
        HISTORIES.append(History(name, language, base, truth, script, judged or {}, because, reads))
        return script

    return added
