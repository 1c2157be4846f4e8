"""Where a repository lies, and where its parts do: what git says of that, in one go."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import SourceError
from bot.source.git import Git

_QUESTIONS = (
    ("--is-bare-repository",),
    ("--is-inside-work-tree",),
    ("--show-prefix",),
    ("--absolute-git-dir",),
    ("--show-object-format",),
    ("--git-path", "objects"),
    ("--git-path", "shallow"),
    ("--git-path", "index"),
    ("--git-path", "info/exclude"),
)


@dataclass(frozen=True)
class Layout:
    """Of the repository that holds `folder`. `git_dir` is its own folder, of a linked worktree that worktree's."""

    folder: Path
    is_bare: bool
    is_inside: bool
    """True where the folder is in a working tree, not in what git keeps for itself."""
    depth: int
    """How many folders it lies under the top of the working tree."""
    git_dir: str
    object_format: str
    objects: Path
    shallow: Path
    index: Path
    exclude: Path

    def top(self) -> Path:
        """The folder at the top of the working tree.

        Raises SourceError where the repository's own configuration moves its files: they could be anybody's.
        """
        if not self.depth:
            return self.folder
        top = self.folder.parents[self.depth - 1]
        if Git(top).says("rev-parse", "--absolute-git-dir") != self.git_dir:
            raise SourceError(
                f"This repository says that its files lie in {top} (core.worktree), which is not where it lies itself. "
                "If that is meant, compare two folders with --before and --after."
            )
        return top


def layout_of(repository: Git) -> Layout:
    """Raises NotFound where the folder is in no repository, SourceError where git refuses it."""
    bare, inside, prefix, git_dir, object_format, objects, shallow, index, exclude = _answers(repository)
    folder = repository.folder.resolve()
    return Layout(
        folder=folder,
        is_bare=bare == "true",
        is_inside=inside == "true",
        depth=prefix.count("/"),
        git_dir=git_dir,
        object_format=object_format,
        objects=(folder / objects).resolve(),
        shallow=(folder / shallow).resolve(),
        index=(folder / index).resolve(),
        exclude=(folder / exclude).resolve(),
    )


def _answers(repository: Git) -> list[str]:
    """A line each; one by one where a path has lines of its own."""
    together = repository.text("rev-parse", *(word for question in _QUESTIONS for word in question)).split("\n")
    return (
        together
        if len(together) == len(_QUESTIONS)
        else [repository.text("rev-parse", *question) for question in _QUESTIONS]
    )
