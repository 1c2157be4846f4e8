"""Whether a file is a program somebody runs at a terminal, rather than a part of a service."""

import re

from bot.regex import regex
from bot.syntax import SourceFile

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


def is_program(file: SourceFile) -> bool:
    """By its place, its first line, or by what it uses."""
    if FOLDERS.search(file.path) or FILES.search(file.path) or file.text.startswith(b"#!"):
        return True
    if file.language.name == "python" and b"__main__" in file.text:
        return True
    if file.language.name == "go" and re.search(rb"(?m)^package main\b", file.text[:_HEAD]):
        return True
    return any(name.split(".")[0] in AT_A_TERMINAL for name in file.imports.values())
