"""What a name stands for, through imports, annotations and assignments; nothing where that is not certain."""

from typing import TYPE_CHECKING

from bot.syntax.calls import Binding, Call
from bot.syntax.lazy import lazy
from bot.syntax.shapes import Class, Function, Shape, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.source_file import SourceFile

LOCAL = "./"
"""Begins the canonical name of what this very file defines, such as `./Client`."""
DEPTH_LIMIT = 24
FIXED = frozenset({"final", "const", "readonly"})
"""Modifiers of a field that is given its value once."""
NOTHING = frozenset({"None", "null", "nil", "undefined"})


class Names:
    """The name tables of one file."""

    def __init__(self, file: "SourceFile") -> None:
        self._file = file
        self._memo: dict[int | tuple[int, str], str] = {}
        """Node or place → name, for good: whatever is asked first, the answers are the same."""
        self._draft: dict[int | tuple[int, str], str] = {}
        """The same, where the limit of depth cut something short: as seen from the one node that is asked about."""
        self._is_cut = False
        self._open: set[tuple[int | str, str]] = set()
        """Names that are being looked up. What depends on itself is not certain, and nor is all that depends on it."""
        self._locals: dict[tuple[int, str], list[Binding]] = {}
        self._fields: dict[tuple[str, str], list[Binding]] = {}
        self._defined = {shape.name for shape in file.classes} | {shape.name for shape in file.functions}
        for binding in file.bindings:
            self._enter(binding)

    def _enter(self, binding: Binding) -> None:
        target, language = binding.target, self._file.language
        if target is None:
            return
        if target.type in language.identifiers:
            if isinstance(binding.outer, Class) or target.type in language.field_kinds:
                owner_class = next((shape.name for shape in binding.around(Class)), "")
                self._fields.setdefault((owner_class, text_of(target)), []).append(binding)
            else:
                self._locals.setdefault((_scope(binding), text_of(target)), []).append(binding)
        elif target.type in language.members:
            owner, name = language.member(target)
            function = binding.function
            if owner is not None and function is not None and text_of(owner) in language.self_names(function):
                self._fields.setdefault((function.enclosing_class, name), []).append(binding)

    @lazy
    def fields(self) -> frozenset[str]:
        """The names of all fields that are given a value."""
        return frozenset(name for _, name in self._fields)

    def canonical(self, node: "Node | None", at: Shape | None, depth: int = 0) -> str:
        if node is None:
            return ""
        if depth > DEPTH_LIMIT:
            self._is_cut = True
            return ""
        if (known := self._known(node.id)) is not None:
            return known
        was_cut, self._is_cut = self._is_cut, False
        name = self._resolve(node, at, depth)
        self._keep(node.id, name)
        self._is_cut = self._is_cut or was_cut
        if depth == 0 and self._is_cut:
            self._draft.clear()
            self._is_cut = False
        return name

    def _known(self, key: int | tuple[int, str]) -> str | None:
        if (known := self._memo.get(key)) is not None:
            return known
        if (known := self._draft.get(key)) is not None:
            self._is_cut = True
        return known

    def _keep(self, key: int | tuple[int, str], name: str) -> None:
        (self._draft if self._is_cut else self._memo)[key] = name

    def _resolve(self, node: "Node", at: Shape | None, depth: int) -> str:
        language = self._file.language
        kind = node.type
        if kind in language.wrappers:
            return self.canonical(language.unwrap(node), at, depth + 1)
        if kind in language.identifiers:
            return self._look_up(text_of(node), at, depth)
        if kind in language.members:
            owner, name = language.member(node)
            return self._member(self.canonical(owner, at, depth + 1), name, at, depth)
        if kind in language.call_kinds:
            receiver, method = language.callee(node)
            if receiver is None:
                return self._look_up(method, at, depth) if method else ""
            return self._member(self.canonical(receiver, at, depth + 1), method, at, depth)
        return ""

    def _member(self, owner: str, name: str, at: Shape | None, depth: int) -> str:
        if not owner or not name:
            return ""
        if owner.startswith(LOCAL) and (fields := self._fields.get((owner[len(LOCAL) :], name))):
            place = (owner, name)
            if place in self._open:
                return ""
            self._open.add(place)
            found = self._agreed(fields, depth)
            self._open.discard(place)
            return found
        return f"{owner}.{name}"

    def _look_up(self, name: str, at: Shape | None, depth: int) -> str:
        here = at
        while here is not None and not isinstance(here, Function | Class):
            here = here.outer
        place = (id(here), name)
        if (known := self._known(place)) is not None:
            return known
        if place in self._open:
            return ""
        was_cut, self._is_cut = self._is_cut, False
        self._open.add(place)
        found = self._found(name, here, depth)
        self._open.discard(place)
        self._keep(place, found)
        self._is_cut = self._is_cut or was_cut
        return found

    def _found(self, name: str, here: Shape | None, depth: int) -> str:
        language = self._file.language
        while here is not None:
            if isinstance(here, Function):
                if name in language.self_names(here) and here.enclosing_class:
                    return LOCAL + here.enclosing_class
                if bindings := self._locals.get((here.node.id, name)):
                    return self._agreed(bindings, depth)
                if name in here.parameters:
                    return self._annotated(here.parameters[name], None, depth)
            elif isinstance(here, Class) and language.fields_are_bare and (here.name, name) in self._fields:
                return self._agreed(self._fields[here.name, name], depth)
            here = here.outer
        if (bindings := self._locals.get((0, name))) and not (name in self._file.imports and _are_nothing(bindings)):
            return self._agreed(bindings, depth)
        if name in self._file.imports:
            return self._file.imports[name]
        if name in self._defined:
            return LOCAL + name
        return language.builtin(name, self._file.wildcards)

    def _annotated(self, type_: "Node | None", at: Shape | None, depth: int) -> str:
        inner = self._file.language.annotated(type_) if type_ is not None else None
        return self.canonical(inner, at, depth + 1)

    def _agreed(self, bindings: list[Binding], depth: int) -> str:
        """What all the values have in common; empty where they differ."""
        names = set()
        for binding in bindings:
            if binding.type is not None and (known := self._annotated(binding.type, binding.outer, depth)):
                names.add(known)
            elif binding.value is None or binding.index:
                names.add("")
            elif text_of(binding.value) not in NOTHING:
                names.add(self.canonical(binding.value, binding.outer, depth + 1))
        return names.pop() if len(names) == 1 else ""

    def origin(self, node: "Node | None", at: Shape | None) -> Call | None:
        if node is None:
            return None
        if (call := self._file.call_at(node)) is not None:
            return call
        bindings = self._bindings_of(node, at)
        values = [b for b in bindings if b.value is not None and text_of(b.value) not in NOTHING]
        if len(values) != 1 or values[0].index:
            return None
        return self._file.call_at(values[0].value)

    def constant(self, node: "Node", at: Shape | None) -> "Node | None":
        """The one value of a local of the same function, or of what the file declares never to change."""
        bindings = self._bindings_of(node, at) if node.type in self._file.language.identifiers else []
        if len(bindings) != 1 or bindings[0].index:
            return None
        here = at if isinstance(at, Function) or at is None else at.function
        is_certain = bindings[0].function is here if bindings[0].function is not None else self._is_fixed(bindings[0])
        return bindings[0].value if is_certain else None

    def _is_fixed(self, binding: Binding) -> bool:
        name, language = text_of(binding.target), self._file.language
        if isinstance(binding.outer, Class):
            return not language.modifiers(binding.node).isdisjoint(FIXED)
        above = binding.node.parent
        is_declared = above is not None and above.child_count > 0 and above.children[0].type == "const"
        return is_declared or (name.isupper() and f"global {name}".encode() not in self._file.text)

    def _bindings_of(self, node: "Node", at: Shape | None) -> list[Binding]:
        language = self._file.language
        if node.type in language.members:
            owner, name = language.member(node)
            of = self.canonical(owner, at)
            return self._fields.get((of[len(LOCAL) :], name), []) if of.startswith(LOCAL) else []
        if node.type not in language.identifiers:
            return []
        name = text_of(node)
        here = at
        while here is not None:
            if isinstance(here, Function):
                if bindings := self._locals.get((here.node.id, name)):
                    return bindings
                if name in here.parameters:
                    return []
            elif isinstance(here, Class) and language.fields_are_bare and (here.name, name) in self._fields:
                return self._fields[here.name, name]
            here = here.outer
        return self._locals.get((0, name), [])


def _are_nothing(bindings: list[Binding]) -> bool:
    """`try: import redis`, and `redis = None` where it is not there: nobody calls that."""
    return all(binding.value is not None and text_of(binding.value) in NOTHING for binding in bindings)


def _scope(binding: Binding) -> int:
    function = binding.function
    return function.node.id if function is not None else 0
