"""Whether a file is a program somebody runs at a terminal, rather than a part of a service."""

import re

from bot.regex import regex
from bot.rules.once import once_a_file
from bot.rules.staying import stays
from bot.syntax import Function, Shape, SourceFile, text_of

FOLDERS = regex(
    r"(?:^|/)(?:cli|cmd|commands?|scripts?|tools?|bin|examples?|samples?|demos?|benchmarks?|benches|docs?|doctests?|migrations"
    r"|build|ci|hack|tasks|\.github|notebooks)/",
    re.IGNORECASE,
)
FILES = regex(
    r"(?:^|/)(?:__main__|main|cli|setup|manage|conftest|noxfile|tasks|fabfile|wsgi|Program|Main|App|gulpfile|\w*config"
    r"|\w+\.config|\w*[Cc]li|\w*Command|\w*Runner)\.\w+$"
)
AT_A_TERMINAL = frozenset({"argparse", "click", "typer", "docopt", "optparse", "rich", "tqdm", "commander", "yargs"})
_HEAD = 4096
_MAIN = regex(rb"\bstatic\s+void\s+main\s*\(\s*String\b[^{]*\{[^}]{0,400}?\bargs\[0\]")
"""Of Java, where it does what its first argument says."""
GUARD = regex(rb"(?m)^if __name__ == [\"']__main__[\"']:")
_READS_OPTIONS = regex(
    rb"(?m)^\s*(?:import|from) (?:argparse|optparse|docopt|click|typer|fire)\b|\bprint\W+(?i:usage)\b.*\bsys\.argv\b"
)
_ASKS_SOMEBODY = regex(rb"\b(?:raw_)?input\(|\bgetpass\(\)|\bclick\.(?:prompt|confirm)\(")
_NOT_IMPORTED = regex(r"(?:^|/)(?:[\w.]*-[\w.-]*|cli|\w+_cli)\.py$")
"""No module can have a hyphen in its name."""
_IS_SERVICE = regex(
    r"(?i)^(?:main|app|run|start|wsgi|asgi|api|bot|\w*(?:serv|work|daemon|agent|proxy|gateway|monitor|watch)\w*)\.py$"
)
"""At the root."""
_OF_CLICK = regex(rb"(?m)^\s*(?:import|from) (?:click|typer)\b")
_COMMAND = regex(r"@[\w.]+\.(?:command|group)\b")
_ACTS = regex(rb"(?m)^[A-Za-z_][\w.]*\(")
"""A call that stands alone, at the left edge: it is made when the file is loaded."""
_IS_CALLED_BY_OTHERS = regex(
    rb"(?m)^[ \t]*@(?!staticmethod|classmethod|property|(?:functools\.)?(?:lru_)?cache|(?:dataclasses\.)?dataclass"
    rb"|contextmanager|contextlib|abstractmethod|override|typing|(?:\w+\.)?(?:command|group|option|argument)\b)"
    rb"|^class \w+\((?!object\)|\w*(?:Exception|Error|Enum|NamedTuple|TypedDict|Protocol)\b)[^)\s]"
    rb"|\bdef (?:lambda_)?handler\(|\bDAG\("
)
"""Of Python: a framework runs what is decorated or derived, a cloud its handler."""
_GIVES_AWAY = regex(rb"(?m)^\s*export\b|\bmodule\.exports\b|^\s*exports\.")
STARTED_BY_NAME = regex(
    r"(?i)(?:^|/)(?:index|main|app|run|start|bot|wsgi|asgi|bootstrap|entry_?point|\w*(?:serv|work|daemon|agent|consum|handler|lambda|monitor)\w*)\.\w+$"
    r"|(?:^|/)(?:pages|routes?|api|functions?|lambdas?|handlers?|workers?|jobs|plugins?|hooks|dags|daemons?|services?)/"
)


def is_program(file: SourceFile) -> bool:
    """By its place, its first line, or by what it uses."""
    if FOLDERS.search(file.path) or FILES.search(file.path) or file.text.startswith(b"#!"):
        return True
    if file.language.name == "python" and b"__main__" in file.text:
        return True
    if file.language.name == "go" and re.search(rb"(?m)^package main\b", file.text[:_HEAD]):
        return True
    return any(name.split(".")[0] in AT_A_TERMINAL for name in file.imports.values())


@once_a_file
def is_command(file: SourceFile) -> bool:
    """True for a program that does what its arguments say, and ends."""
    if file.language.name == "java":
        return bool(_MAIN.search(file.text))
    if file.language.name != "python" or stays(file):
        return False
    if _READS_OPTIONS.search(file.text) and _ASKS_SOMEBODY.search(file.text):
        return True
    if not GUARD.search(file.text):
        return False
    is_started = "/" not in file.path and not _IS_SERVICE.search(file.path)
    return is_started or bool(_READS_OPTIONS.search(file.text) or _NOT_IMPORTED.search(file.path))


def is_run_to_its_end(file: SourceFile, is_in_package: bool) -> bool:
    """True for a file that does something when it is loaded, and then ends: where no other file takes it in, a person
    or a job runs it. Nothing in it waits to be called by a framework."""
    if STARTED_BY_NAME.search(file.path):
        return False
    if file.language.name == "python":
        acts = GUARD.search(file.text) or (not is_in_package and _ACTS.search(file.text))
        return bool(acts) and not (stays(file) or _IS_CALLED_BY_OTHERS.search(file.text))
    if file.language.name in ("javascript", "typescript"):
        return not (stays(file) or _GIVES_AWAY.search(file.text))
    return False


@once_a_file
def _has_commands(file: SourceFile) -> bool:
    return file.language.name == "python" and bool(_OF_CLICK.search(file.text))


def is_in_command(shape: Shape) -> bool:
    """True inside a function that click or typer runs for somebody at a terminal."""
    return _has_commands(shape.file) and any(map(is_command_function, shape.around(Function)))


def is_command_function(function: Function) -> bool:
    """True for what click or typer runs for somebody at a terminal, and for the `main` of a Go program."""
    if function.file.language.name == "go":
        return function.name == "main" and function.file.text.lstrip().startswith(b"package main")
    above = function.node.parent
    return (
        above is not None
        and above.type == "decorated_definition"
        and _has_commands(function.file)
        and any(_COMMAND.match(text_of(child)) for child in above.children if child.type == "decorator")
    )
