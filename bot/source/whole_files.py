"""Whole files, for a scan that looks at code as it stands."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.domain import SkippedFile
from bot.errors import NotFound, SeawallError, UsageError
from bot.source import kinds
from bot.source.classify import Limits
from bot.source.git import DEADLINE_S, Git
from bot.source.walk import LEFT_OUT, files_under


class WholeFiles:
    """The files under `paths`, which may be files or folders, named relative to `root`.

    Without a root that is the current folder, or, for paths outside of it, the innermost folder that holds them all.
    In a git repository what it ignores is left out; elsewhere, and in both, folders of installed or vendored code. A
    file or folder that is named outright is taken, whatever it is called.
    """

    def __init__(
        self, paths: Sequence[Path], limits: Limits, root: Path | None = None, deadline_s: float = DEADLINE_S
    ) -> None:
        self._named = [Path(os.path.abspath(path)) for path in paths]
        self.root = Path(os.path.abspath(root)) if root else _common_root(self._named)
        self._max_file_bytes, self._deadline_s = limits.max_file_bytes, deadline_s
        self.unreadable: list[SkippedFile] = []
        """Filled while the files are read."""
        self._at: dict[str, Path] = {}
        for path in self._named:
            if not os.path.lexists(path):
                raise NotFound(f"There is no file or folder {path}.")
            if not path.is_relative_to(self.root):
                raise UsageError(f"{path} is not under {self.root}. Run seawall in a folder that holds both.")

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """POSIX path and content, one file in memory at a time; of a file over the limit one byte more than that."""
        for path in self.paths():
            name = path.relative_to(self.root).as_posix()
            shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            self._at[shown] = path
            try:
                yield shown, self._content(path)
            except OSError as refused:
                reason = f"cannot be read: {refused.strerror or refused}"
                self.unreadable.append(SkippedFile(path=shown, reason=reason, expected=False))

    def content_of(self, shown: str) -> bytes:
        """The content of a file once more, by the path it was given out under. Raises OSError."""
        return self._content(self._at[shown])

    def paths(self) -> Iterator[Path]:
        """The files, each once, without reading them. Symbolic links are not followed."""
        seen: set[Path] = set()
        for named in self._named:
            for path in [named] if not named.is_dir() else self._under(named):
                if path not in seen and not path.is_symlink() and path.is_file():
                    seen.add(path)
                    yield path

    def _under(self, folder: Path) -> Iterator[Path]:
        names = self._git_lists(folder)
        candidates = files_under(folder) if names is None else (folder / name for name in names)
        for path in candidates:
            if not any(part.lower() in _NOT_OWN for part in path.relative_to(folder).parts[:-1]):
                yield path

    def _git_lists(self, folder: Path) -> list[str] | None:
        """None where git has nothing to say: no repository, no git, or the folder itself is ignored."""
        git = Git(folder, deadline_s=self._deadline_s)
        try:
            if git.says("check-ignore", "--quiet", str(folder)) is not None:
                return None
            names = git.output("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        except SeawallError:
            return None
        return sorted({os.fsdecode(name) for name in names.split(b"\0") if name})

    def _content(self, path: Path) -> bytes:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(self._max_file_bytes + 1)


_NOT_OWN = LEFT_OUT | kinds.VENDORED_FOLDERS


def _common_root(paths: Sequence[Path]) -> Path:
    here = Path.cwd()
    if not paths or all(path.is_relative_to(here) for path in paths):
        return here
    return Path(os.path.commonpath([path if path.is_dir() else path.parent for path in paths]))
