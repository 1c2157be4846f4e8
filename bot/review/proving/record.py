"""What comes of the wish for a proof: a test, or the reason why there is none."""

from pydantic import Field

from bot.domain import ModelUse, Record

PROVE = "prove"
"""The prompt, and the kind of question that asks with it."""


class Appendix(Record):
    """The same test at the end of a file that the pull request changes: `text` takes the place of its last line."""

    path: str
    line: int
    text: str


class Proof(Record):
    """A fault test that has passed every check, and that nobody has run."""

    path: str = Field(description="Where the test belongs; no such file is in the head")
    text: str = Field(description="The whole file")
    language: str = Field(description="As after a Markdown fence")
    framework: str = Field(description="Such as `pytest`")
    run: str = Field(description="The command that runs it; empty where it depends on the build")
    has_folder: bool = Field(default=False, description="The folder of `path` is there already")
    fault: str = Field(description="What it brings about: `a dependency that hangs`")
    words: str = Field(default="", description="What the author should check, by whoever wrote the test")
    writer: str = Field(default="", description="The model; empty: our own template")
    appendix: Appendix | None = Field(default=None, description="Where it can be committed with a click instead")


class NoProof(Record):
    """Why no fault test could be written. `reason` follows "because"."""

    reason: str
    needs: str = Field(default="", description="What would make one possible, as a sentence")


class Proved(Record):
    """One of both, and what was paid for it."""

    proof: Proof | None = None
    none: NoProof | None = None
    model: str = ""
    prompt: str = ""
    prompt_version: str = ""
    use: ModelUse = ModelUse()
    cost_usd: float | None = None
    missing_because: str = Field(default="", description="Why the model gave no answer, where one was asked")
