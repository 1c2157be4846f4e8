"""Files of a scan that are read when they are sent."""

from pathlib import Path

from bot.cli.pairs_on_disk import PairsOnDisk
from bot.rules import FileScan
from bot.settings.groups import Reading
from bot.source import WholeFiles


def _pairs(folder: Path) -> PairsOnDisk:
    for name in ("a.py", "b.py", "c.py"):
        (folder / name).write_text(f"{name[0]} = 1\n")
    whole = WholeFiles([folder], Reading.model_construct(max_file_bytes=1000), root=folder)
    return PairsOnDisk(whole, [path for path, _ in whole])


def test_each_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path)
    (tmp_path / "b.py").write_text("changed = 1\n")
    assert [pair.after for pair in pairs] == [b"a = 1\n", b"changed = 1\n", b"c = 1\n"]
    assert [pair.path for pair in pairs[1:]] == ["b.py", "c.py"]


def test_one_that_goes_away_in_the_meantime_is_a_failure_and_not_clean(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path)
    (tmp_path / "b.py").unlink()
    told = pairs.told([FileScan(pair.path) for pair in pairs])
    assert [(scan.path, scan.failure) for scan in told] == [
        ("a.py", ""),
        ("b.py", "cannot be read any more: No such file or directory"),
        ("c.py", ""),
    ]
