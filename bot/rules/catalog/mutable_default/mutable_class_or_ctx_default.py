"""A class attribute that all objects share."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.mutable import is_changed, is_momentary, is_mutable
from bot.rules.rule import Alarm, Rule, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Binding, Class, SourceFile, text_of

DATACLASS = frozenset({"dataclasses.dataclass", "attr.s", "attr.define", "attrs.define", "attrs.frozen"})
FIELD = frozenset({"dataclasses.field", "attr.ib", "attr.field", "attrs.field"})
SHARED_BY_NAME = regex(r"(?i)cache|registr|instances|shared|memo|pool")
SHARED_BY_DESIGN = ("ClassVar", "Final")


class MutableClassDefault(Rule):
    """## What it finds
    A field of a dataclass whose default is a list, dict or set, or a call that gives another answer each time
    (`datetime.now()`, `uuid4()`); and a list, dict or set on a class that its methods write to through `self`.

    ## Why it matters
    The class body runs once. All objects share the one list, so that what one request adds every other sees; and a
    time or an identifier is that of the start of the process, the same for every object.

    ## Use instead
    `field(default_factory=list)`, `field(default_factory=datetime.now)`; in plain classes set it in `__init__`.
    """

    name = "mutable-default/mutable-class-or-ctx-default"
    severity = Severity.MEDIUM
    covered_by = ("ruff:RUF012",)
    languages = ("python",)
    confidence = 0.9

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        for binding in file.bindings:
            class_ = binding.outer
            if (
                not isinstance(class_, Class)
                or binding.node.type != "assignment"
                or binding.value is None  # unprovable: only saves time
            ):
                continue
            if any(word in text_of(binding.type) for word in SHARED_BY_DESIGN):
                continue
            if self._is_dataclass(class_):
                if binding.type is not None and self._is_frozen(binding, file):
                    yield self._alarm(binding, "Give it a `default_factory`.")
            elif self._is_written_by_all(binding, class_, file):
                # on record: mostly one object a process
                yield self._alarm(binding, "Make it in `__init__`, one for each object.", SHOWN_ONLY)

    def _is_dataclass(self, class_: Class) -> bool:
        above = class_.node.parent
        if above is None:  # unprovable: narrows the type
            return False
        decorators = [child for child in above.children if child.type == "decorator"]
        return any(class_.file.canonical(child.named_children[0], class_.outer) in DATACLASS for child in decorators)

    def _is_frozen(self, binding: Binding, file: SourceFile) -> bool:
        value = binding.value
        call = file.call_at(value)
        if call is not None and call.name in FIELD:
            value = call.keywords["default"].node if "default" in call.keywords else None
        is_name = value is not None and value.type == "identifier"
        return not is_name and (is_mutable(value, binding, file) or is_momentary(value, file))

    def _is_written_by_all(self, binding: Binding, class_: Class, file: SourceFile) -> bool:
        name = f"self.{text_of(binding.target)}"
        if (
            class_.body is None  # unprovable: narrows the type
            or not is_mutable(binding.value, binding, file)
        ):
            return False
        if SHARED_BY_NAME.search(name) or any(f.name == "__new__" for f in file.within(file.functions, class_.body)):
            return False  # a cache, a registry, a singleton: shared on purpose
        own = any(text_of(b.target) == name for b in file.within(file.bindings, class_.body))
        return not own and is_changed(name, class_.body, file)

    def _alarm(self, binding: Binding, fix: str, confidence: float | None = None) -> Alarm:
        name = text_of(binding.target)
        return Alarm(
            binding,
            f"All objects share one `{name}`"[:80],
            f"The default of `{name}` is made once, when the class is read. Every object gets that same "
            "value: what one request changes all others see, and a time or identifier never moves on.",
            fix,
            confidence=confidence,
        )

    bad = (
        python("from dataclasses import dataclass\n@dataclass\nclass A:\n    items: list = []", line=4),
        python(
            "from dataclasses import dataclass, field\nimport uuid\n@dataclass(frozen=True)\nclass A:\n"
            "    id: str = field(default=uuid.uuid4())",
            line=5,
        ),
        python(
            "import dataclasses\nfrom datetime import datetime\n@dataclasses.dataclass\nclass A:\n"
            "    at: datetime = datetime.now()",
            line=5,
        ),
        python("class A:\n    seen = set()\n    def add(self, order):\n        self.seen.add(order)", line=2),
        python("class A:\n    last: dict = {}\n    def add(self, order):\n        self.last[order.id] = order", line=2),
        python(
            "from dataclasses import dataclass\nfrom functools import total_ordering\n@total_ordering\n"
            "# by the time of day\n@dataclass\nclass A:\n    items: list = []",
            line=7,
        ),
    )
    good = (
        python("class A:\n    _cache = {}\n    def add(self, order):\n        self._cache[order.id] = order"),
        python(
            "class A:\n    seen = []\n    def __new__(cls): ...\n    def add(self, o):\n        self.seen.append(o)"
        ),
        python(
            "from dataclasses import dataclass, field\n@dataclass\nclass A:\n"
            "    items: list = field(default_factory=list)"
        ),
        python("from dataclasses import dataclass\n@dataclass\nclass A:\n    n: int = 3\n    m = []"),
        python("from datetime import datetime\nclass A:\n    loaded_at: datetime = datetime.now()"),
        python(
            "from dataclasses import dataclass\nfrom typing import ClassVar\n@dataclass\nclass A:\n"
            "    seen: ClassVar[list] = []"
        ),
        python("class A:\n    names = ['a', 'b']\n    def has(self, name):\n        return name in self.names"),
        python(
            "class A:\n    seen = []\n    def __init__(self):\n        self.seen = []\n"
            "    def add(self, o):\n        self.seen.append(o)"
        ),
        python("from dataclasses import dataclass\nNONE = []\n@dataclass\nclass A:\n    items: list = NONE"),
        python(
            "class A:\n    known = frozenset(names := ['id', 'sku'])\n    def add(self, name):\n"
            "        self.names.append(name)"
        ),
        python("class A:\n    journal = Journal()\n    def add(self, order):\n        self.journal.append(order)"),
    )
