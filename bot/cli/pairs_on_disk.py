"""Files of a scan, each read when it is sent to be scanned: a tree of any size is held a few files at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

from bot.rules import FilePair, FileScan
from bot.source import WholeFiles


class PairsOnDisk(Sequence[FilePair]):
    """The files of these names, as pairs without a base."""

    def __init__(self, whole: WholeFiles, paths: Sequence[str]) -> None:
        self.paths = paths
        self._whole = whole
        self._gone: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, at: int) -> FilePair: ...
    @overload
    def __getitem__(self, at: slice) -> list[FilePair]: ...
    def __getitem__(self, at: int | slice) -> FilePair | list[FilePair]:
        if isinstance(at, slice):
            return [self._pair(path) for path in self.paths[at]]
        return self._pair(self.paths[at])

    def get(self, path: str) -> bytes | None:
        """The content of one of them as it is now; None where it can no longer be read."""
        try:
            return self._whole.content_of(path)
        except OSError as refused:
            self._gone[path] = f"cannot be read any more: {refused.strerror or refused}"
            return None

    def told(self, scans: Sequence[FileScan]) -> list[FileScan]:
        """The scans, in which what went away in the meantime is a failure and not a file without findings."""
        gone = self._gone
        return [replace(scan, failure=gone[scan.path]) if scan.path in gone else scan for scan in scans]

    def _pair(self, path: str) -> FilePair:
        return FilePair(path, None, None, self.get(path))
