"""Which command a line means, or what its writer probably meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.command import Command, Declined, Use
from bot.chat.commands import commands
from bot.chat.grammar import Word, tidy, words_of
from bot.settings.nearest import did_you_mean


@dataclass(frozen=True)
class Line:
    """A line that names a command; what follows its name is not looked at yet."""

    command: Command
    text: str
    words: tuple[Word, ...]
    """Without the command's name."""


@dataclass(frozen=True)
class Understood:
    command: Command
    use: Use
    values: Mapping[str, str]
    """What fills the slots; plain words as keys of themselves."""


def named(text: str) -> Line:
    """The command a line names. Raises Declined with the nearest where there is none."""
    line = _meant(tidy(text))
    words = words_of(line)
    name = words[0].text.lower()
    if command := commands().get(name):
        return Line(command, line, words[1:])
    near = did_you_mean(name, commands())
    hint = near.removeprefix(" (did you mean ").removesuffix("?)")
    raise Declined(
        f"There is no command “{name[:40]}”",
        f"Did you mean `{hint}`?" if hint else "",
        "`help` lists what there is.",
        state="misunderstood",
    )


def understood(line: Line, is_in_thread: bool) -> Understood:
    """The form that fits. Raises Declined with the usage and an example."""
    in_thread_first = sorted(line.command.uses, key=lambda use: not use.in_thread)
    for use in in_thread_first if is_in_thread else (use for use in line.command.uses if not use.in_thread):
        values = use.grammar.match(line.text, line.words, is_in_thread)
        if values is not None:
            return Understood(line.command, use, values)
    raise Declined(
        f"“{line.text[:60]}” is not how {line.command.name} is used",
        usage_of(line.command, is_in_thread),
        state="misunderstood",
    )


def usage_of(command: Command, is_in_thread: bool) -> str:
    """Its forms that can be said there and one example, as Markdown."""
    forms = dict.fromkeys(use.form for use in command.uses if is_in_thread or not use.in_thread)
    return f"Say {' or '.join(f'`{form}`' for form in forms)}; for example `{command.examples[0].text}`."


def _meant(line: str) -> str:
    """The line with an alias at its beginning replaced; nothing said is a call for help."""
    if not line.strip("\"'` "):
        return "help"
    aliases = {alias: meant for command in commands().values() for alias, meant in command.aliases.items()}
    lowered = line.lower()
    for alias in sorted(aliases, key=len, reverse=True):
        if lowered == alias or lowered.startswith(f"{alias} "):
            return aliases[alias] + line[len(alias) :]
    return line
