"""Findings of a scan, laid aside as they come: of a tree of any size those of one file are held at a time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from bot.domain import Finding, HeldBack, PostureChange, Receipt, Refuted

_IN_MEMORY = 4_000_000
"""Bytes; more of them go to a file without a name."""


class FindingsOnDisk(Collection[Finding]):
    """Gone through in the order of the paths, read anew each time. To be closed; then they are gone."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — closed by our own end
        self._parts: list[tuple[str, int, int]] = []
        """Path of a file, where its lines begin, and their bytes."""
        self._count = self._end = 0

    def add(self, path: str, findings: Sequence[Finding]) -> None:
        """All findings of a file, in their order. Files may come in any."""
        if findings:
            lines = b"".join(finding.model_dump_json(by_alias=True).encode() + b"\n" for finding in findings)
            self._file.seek(self._end)
            self._file.write(lines)
            self._parts.append((path, self._end, len(lines)))
            self._end += len(lines)
            self._count += len(findings)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Finding]:
        for _, at, size in sorted(self._parts):
            self._file.seek(at)
            for line in self._file.read(size).splitlines():
                yield Finding.model_validate_json(line)

    def __contains__(self, finding: object) -> bool:
        return any(finding == one for one in self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


@dataclass(frozen=True)
class WholeReview:
    """The review of whole files."""

    receipt: Receipt
    findings: FindingsOnDisk
    posture: PostureChange | None = field(default=None, init=False)
    refuted: tuple[Refuted, ...] = field(default=(), init=False)
    held_back: tuple[HeldBack, ...] = field(default=(), init=False)
