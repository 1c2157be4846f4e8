"""What rules work out of a file is worked out once, and goes with the file."""

from bot.rules.once import once_a_file
from bot.syntax import SourceFile, parse

asked: list[str] = []


@once_a_file
def named(name: str, file: SourceFile) -> list[int]:
    asked.append(f"{file.path}: {name}")
    return [call.start_line for call in file.calls if call.method == name]


@once_a_file
def many(file: SourceFile) -> int:
    asked.append(f"{file.path}: many")
    return len(file.calls)


def read(path: str, code: bytes) -> SourceFile:
    file = parse(path, code)
    assert file is not None
    return file


def test_each_file_is_asked_once_for_each_argument() -> None:
    asked.clear()
    one, other = read("a.py", b"f()\ng()\n"), read("b.py", b"\nf()\n")
    assert [named("f", one), named("f", one), named("g", one), named("f", other)] == [[1], [1], [2], [2]]
    assert [many(one), many(one)] == [2, 2]
    assert asked == ["a.py: f", "a.py: g", "b.py: f", "a.py: many"]


def test_no_answer_is_an_answer_too() -> None:
    asked.clear()
    file = read("a.py", b"f()\n")
    assert [named("h", file), named("h", file)] == [[], []]
    assert asked == ["a.py: h"]
