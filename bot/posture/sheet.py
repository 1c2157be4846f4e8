"""A parsed file, with what the survey asks of it again and again."""

from collections.abc import Mapping
from functools import cached_property

from bot.posture.asking import ask_of
from bot.posture.records import KeptClient
from bot.rules.api_rows import Row
from bot.rules.apis import known, rows_named
from bot.syntax import Argument, Binding, Call, Function, Node, Shape, SourceFile, text_of


class Sheet:
    """One file of a survey. `path`: how the map names the file; a renamed one keeps the name it had. `kept`: clients
    that other files build, by what this one asked for."""

    def __init__(self, file: SourceFile, path: str = "", kept: Mapping[str, KeptClient] | None = None) -> None:
        self.file = file
        self.path = path or file.path
        self.kept = kept or {}

    @property
    def language(self) -> str:
        return self.file.language.name

    @cached_property
    def constants(self) -> dict[str, str]:
        """Simple name → the text of its value, where the file gives it just one."""
        values: dict[str, set[str]] = {}
        for binding in self.file.bindings:
            if binding.value is not None and not binding.index:
                name = text_of(binding.target).rsplit(".", 1)[-1]
                values.setdefault(name, set()).add(" ".join(text_of(binding.value).split()))
        return {name: next(iter(texts)) for name, texts in values.items() if len(texts) == 1}

    @cached_property
    def text(self) -> str:
        return self.file.text.decode("utf-8", "replace")

    @property
    def has_annotations(self) -> bool:
        return self.language in ("java", "kotlin")

    @cached_property
    def takers(self) -> dict[str, list[Call]]:
        """Name of a function of this file → the calls that it is handed to."""
        own = {function.name for function in self.file.functions if function.name}
        found: dict[str, list[Call]] = {}
        for call in self.file.calls:
            for argument in call.arguments if own else ():
                if argument.node.type in self.file.language.identifiers and argument.text in own:
                    found.setdefault(argument.text, []).append(call)
        return found

    @cached_property
    def _fields(self) -> dict[str, list[Call]]:
        """Field of a literal → the calls that its value comes from: `Collector{http: &http.Client{…}}`."""
        found: dict[str, list[Call]] = {}
        for call in self.file.calls:
            for name, argument in call.keywords.items():
                if (made := self.file.call_at(argument.node)) is not None:
                    found.setdefault(name, []).append(made)
        return found

    @cached_property
    def _bindings(self) -> dict[str, list[Binding]]:
        """What is bound, as it is written → where, in order."""
        found: dict[str, list[Binding]] = {}
        for binding in self.file.bindings:
            found.setdefault(text_of(binding.target), []).append(binding)
        return found

    def kept_in_field(self, call: Call) -> Call | None:
        """Go: what made the field that a method is called on, where one literal of the file fills it."""
        if self.language != "go" or call.receiver is None or call.receiver.type not in self.file.language.members:
            return None
        made = self._fields.get(self.file.language.member(call.receiver)[1], [])
        return made[0] if len(made) == 1 else None

    def place(self, shape: Shape | Node) -> str:
        """path:line."""
        line = shape.start_line if isinstance(shape, Shape) else int(shape.start_point.row) + 1
        return f"{self.path}:{line}"

    def rows_of(self, call: Call) -> tuple[Row, ...]:
        """All that is known of a call, also where it is made on a client that another file builds."""
        kept = self.kept.get(ask_of(call)) if self.kept and call.receiver is not None else None
        if kept is not None and kept.reach == "module" and (rows := self.rows_of_name(f"{kept.type}.{call.method}")):
            return rows
        return known(call)

    def rows_of_name(self, name: str) -> tuple[Row, ...]:
        return rows_named(self.file.language, name) if name else ()

    def made_by(self, argument: Argument | Node, at: Shape) -> Call | None:
        """The call whose result an argument is."""
        node = argument.node if isinstance(argument, Argument) else argument
        return self.file.call_at(node) or self.file.origin(node, at.outer)

    def first_of(self, node: Node, at: Shape) -> Call | None:
        """The call that a name got its first value from, where it is one of several (`ctx, cancel := …`)."""
        if (call := self.file.call_at(node)) is not None:
            return call
        name = text_of(node)
        around = {id(function) for function in at.around(Function)}
        found = [
            binding
            for binding in self._bindings.get(name, ())
            if binding.node.start_byte < at.node.start_byte
            and (binding.function is None or id(binding.function) in around)
        ]
        return self.file.call_at(found[-1].value) if found else None


def chain_of(call: Call) -> list[Call]:
    """The calls made one on the other up to this one, the last first."""
    chain: list[Call] = []
    here: Call | None = call
    while here is not None and len(chain) < 40:
        chain.append(here)
        here = here.receiver_call
    return chain


def rows_along(call: Call) -> list[tuple[Row, Call]]:
    """What is known of a call, of the calls it is made on, and of those that made what it is made on."""
    found: list[tuple[Row, Call]] = []
    seen: set[int] = set()
    here: Call | None = call
    while here is not None and here.node.id not in seen and len(seen) < 8:
        for link in chain_of(here):
            seen.add(link.node.id)
            found += [(row, link) for row in known(link)]
            last = link
        here = last.origin
    return found
