"""Drops each condition of each rule, one at a time, and looks whether an example notices.

    python tests/house/mutate_rules.py [RULE | CLASS …]     names the conditions that no example proves; exit code 1

A condition is the test of an `if`, of a comparison that is returned and of a comprehension, and each part of an
`and` or `or`. What a rule borrows from other files of bot/rules is not taken apart: it has tests of its own.
An example notices when the alarm is gone, stands elsewhere or says something else. A line that ends in
`# unprovable: reason` is passed over: its condition only saves time, or keeps odd trees from raising. A mark that
passes over nothing is named as well.
"""

import ast
import copy
import importlib
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.rules import all_rules
from bot.rules.changes import FileChange
from bot.rules.rule import Example, Rule, each
from bot.syntax import SourceFile, parse

LONGEST_S = 3
"""A rule without one of its conditions may go round for ever: that is noticed, too."""
SHAPES = ("call", "loop", "handler", "function", "section")
MARK = "# unprovable:"


class Endless(Exception):
    """The changed rule did not come to an end."""


@dataclass(frozen=True)
class Dropped:
    """A condition that can go without any example noticing."""

    rule: str
    path: str
    line: int
    what: str


def survivors(name: str) -> list[Dropped]:
    """The conditions of a rule that no example proves, in the order of the file."""
    module = importlib.import_module(next(type(rule).__module__ for rule in all_rules() if rule.name == name))
    path = Path(module.__file__ or "")
    text = path.read_text()
    lines = text.split("\n")
    found = []
    idle_marks = {number for number, line in enumerate(lines, 1) if MARK in line}
    for line, what, tree in mutants(ast.parse(text)):
        if not _agrees(tree, module, name):
            continue
        if MARK not in lines[line - 1]:
            found.append(Dropped(name, str(path), line, what))
        idle_marks.discard(line)
    found += [Dropped(name, str(path), line, "its mark has no unproven condition") for line in idle_marks]
    return sorted(found, key=lambda one: one.line)


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """(line, what was dropped, the changed module) for each condition of it."""
    places = [
        (node, change)
        for part in tree.body
        if isinstance(part, ast.ClassDef | ast.FunctionDef)
        for node in ast.walk(part)
        for change in _changes(node)
    ]
    for node, (what, at, change) in places:
        changed = copy.deepcopy(tree)
        twin = next(
            other
            for other in ast.walk(changed)
            if type(other) is type(node) and _place(other) == _place(node) and ast.dump(other) == ast.dump(node)
        )
        change(twin)
        yield at.lineno, what, ast.fix_missing_locations(changed)


def _place(node: ast.AST) -> tuple[int, int, int, int]:
    return tuple(getattr(node, name, 0) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"))  # type: ignore[return-value]


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.expr, Callable[[ast.AST], None]]]:
    if isinstance(node, ast.BoolOp):
        for index, part in enumerate(node.values):
            yield f"drops `{ast.unparse(part)}`", part, _without("values", index)
    elif isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.BoolOp):
        yield f"`{ast.unparse(node.test)}` always holds", node.test, _with("test", True)
        yield f"`{ast.unparse(node.test)}` never holds", node.test, _with("test", False)
    elif isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            if not isinstance(test, ast.BoolOp):
                yield f"drops `if {ast.unparse(test)}`", test, _without("ifs", index)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Compare):
        yield f"`{ast.unparse(node.value)}` always holds", node.value, _with("value", True)
        yield f"`{ast.unparse(node.value)}` never holds", node.value, _with("value", False)


def _without(field: str, index: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        parts = getattr(node, field)
        del parts[index]
        if len(parts) == 1 and isinstance(node, ast.BoolOp):
            parts.append(parts[0])  # with one part alone it does not compile, and every drop would seem noticed

    return change


def _with(field: str, value: bool) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, ast.Constant(value))


def _agrees(tree: ast.Module, module: types.ModuleType, name: str) -> bool:
    """True where the changed rule says of every example what the rule says."""
    changed = types.ModuleType(module.__name__)
    changed.__file__ = module.__file__
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        exec(compile(tree, module.__file__ or "", "exec"), changed.__dict__)  # our own file, changed
        made = next(
            thing
            for thing in vars(changed).values()
            if isinstance(thing, type) and issubclass(thing, Rule) and vars(thing).get("name") == name
        )()
        original = next(rule for rule in all_rules() if rule.name == name)
        return all(_said(made, example) == _said(original, example) for example in (*original.bad, *original.good))
    except Exception:
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(*_: object) -> None:
    raise Endless


@cache
def _parsed(path: str, code: str) -> SourceFile | None:
    return parse(path, code.encode())


def _said(rule: Rule, example: Example) -> list[tuple[object, ...]]:
    """Where a rule alarms and what it says, as the engine has it done."""
    file = _parsed(example.file_name, example.code)
    if file is None or example.language not in rule.languages:
        return []
    alarms = [
        alarm
        for shape in SHAPES
        for one in getattr(file, f"{shape}s")
        for alarm in each(getattr(rule, f"check_{shape}")(one, file))
    ]
    alarms += each(rule.check_file(file))
    before = _parsed(example.file_name, example.before) if example.before else None
    if before is not None:
        alarms += each(rule.check_change(FileChange(before, file)))
    return sorted(
        (
            one.at.start_line,
            one.at.scope,
            one.title,
            one.body,
            one.fix,
            str(one.severity),
            str(one.confidence),
            str(one.edits),
        )
        for one in alarms
    )


def main(wanted: list[str]) -> int:
    names = [rule.name for rule in all_rules() if not wanted or rule.name in wanted or rule.class_ in wanted]
    began = time.monotonic()
    with ProcessPoolExecutor(max_workers=2) as pool:
        found = [one for some in pool.map(survivors, names) for one in some]
    for one in found:
        print(f"{Path(one.path).relative_to(Path.cwd())}:{one.line}: {one.what}")
    print(f"{len(found)} unproven conditions in {len({one.rule for one in found})} of {len(names)} rules", end=" ")
    print(f"({time.monotonic() - began:.0f} s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
