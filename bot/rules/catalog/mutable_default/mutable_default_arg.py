"""A default that all calls share."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.mutable import is_changed, is_momentary, is_mutable
from bot.rules.rule import Alarm, Rule, python
from bot.syntax import Call, Class, Function, Node, Shape, SourceFile, text_of

CONTEXT_VARIABLE = frozenset({"contextvars.ContextVar"})
MEANT = regex(r"(?:^|_)(?:cache|memo)$")
"""Names of what is shared on purpose."""


class MutableDefaultArg(Rule):
    """## What it finds
    A list, dict or set as the default of a parameter that the function changes, keeps or gives back; as the default of
    a `ContextVar`; as the one value of `dict.fromkeys`. And the time or an identifier as a parameter's default.

    ## Why it matters
    It is made once, when the module is loaded, and every call shares it. What one request puts in, the next one finds:
    data of one customer in the answer to another, and a list that grows for as long as the process lives.

    ## Use instead
    `None`, and a new one inside: `items = [] if items is None else items`; for a dict `{key: [] for key in keys}`.
    """

    name = "mutable-default/mutable-default-arg"
    severity = Severity.MEDIUM
    covered_by = ("ruff:B006",)
    languages = ("python",)
    methods = frozenset({"fromkeys"})
    names = CONTEXT_VARIABLE
    confidence = 0.9

    def check_function(self, function: Function, file: SourceFile) -> list[Alarm]:
        given = function.node.child_by_field_name("parameters")
        return [
            self._argument(child, function, file)
            for child in (given.named_children if given is not None else ())
            if self._is_shared(child, function, file)
        ]

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.is_one_of(CONTEXT_VARIABLE) and "default" in call.keywords and not _is_copied(call, file):
            value = call.keywords["default"].node
            fix = "Leave the default out, or make it `None` or a tuple, and set a new value for each context."
        elif (
            call.method == "fromkeys"  # unprovable: only saves time
            and call.name.endswith("dict.fromkeys")
            and len(call.arguments) == 2
        ):
            value, fix = call.arguments[1].node, "Make one for each key: `{key: [] for key in keys}`."
        else:
            return None
        return self._alarm(call, text_of(value), fix) if is_mutable(value, call, file) else None

    def _is_shared(self, child: "Node", function: Function, file: SourceFile) -> bool:
        """Evaluated once; and where it is a list or its like, changed or kept by the function."""
        name, value = text_of(child.child_by_field_name("name")), child.child_by_field_name("value")
        if MEANT.search(name):
            return False
        if is_momentary(value, file):
            return True
        if (
            value is None
            or function.body is None  # unprovable: narrows the type
            or value.type == "identifier"
            or not is_mutable(value, function, file)
        ):
            return False
        if self._is_set_anew(name, function.body, file):
            return False
        return is_changed(name, function.body, file) or self._is_kept(name, function)

    def _argument(self, child: "Node", function: Function, file: SourceFile) -> Alarm:
        name, value = text_of(child.child_by_field_name("name")), text_of(child.child_by_field_name("value"))
        fix = f"Make the default `None` and begin with `{name} = {value} if {name} is None else {name}`."
        return self._alarm(Shape(child, file, function), value, fix)

    def _is_set_anew(self, name: str, body: "Node", file: SourceFile) -> bool:
        """`items = list(items)` among the first steps of the function: it works with its own."""
        for step in body.named_children:
            if is_changed(name, step, file):
                return False
            if any(text_of(b.target) == name and b.node.parent == step for b in file.within(file.bindings, step)):
                return True
        return False

    def _is_kept(self, name: str, function: Function) -> bool:
        """It is handed out, or kept on an object that changes it."""
        file = function.file
        jumps = file.within(file.jumps, function.node)
        if any(jump.text == f"return {name}" for jump in jumps):
            return True
        class_ = next(function.around(Class), None)
        kept = [b for b in file.within(file.bindings, function.node) if text_of(b.value) == name]
        return class_ is not None and any(is_changed(text_of(b.target), class_.node, file) for b in kept)

    def _alarm(self, at: Shape, value: str, fix: str) -> Alarm:
        shown = f"`{value}`" if len(value) <= 20 and "\n" not in value else "default"
        return Alarm(
            at,
            f"All share one and the same {shown}",
            f"The {shown} is made once and shared by everything that gets it. What one request writes into it the next "
            "one reads, so data leaks between customers and the process grows.",
            fix,
        )

    bad = (
        python("def add(order, to=[]):\n    to.append(order)\n    return to"),
        python("def add(order, to: dict = {}):\n    to[order.id] = order"),
        python(
            "class A:\n    def __init__(self, seen=set()):\n        self.seen = seen\n"
            "    def add(self, order):\n        self.seen.add(order)",
            line=2,
        ),
        python("def seen(order, by=list()):\n    return by"),
        python("def add(order, to=[]):\n    to.append(order)\n    to = list(to)\n    send(to)"),
        python("def add(order, to=[]):\n    if not to:\n        to = load()\n    to.append(order)"),
        python("from collections import defaultdict\ndef f(n=defaultdict(int)):\n    n['a'] += 1", line=2),
        python("from datetime import datetime\ndef f(at=datetime.now()): ...", line=2),
        python("seen = lambda order, to=[]: to.append(order)"),
        python("from contextvars import ContextVar\nuser = ContextVar('user', default={})", line=2),
        python("def f():\n    empty = []\n    return dict.fromkeys(keys, empty)", line=3),
        python("def totals(by={'open': 0, 'closed': 0}):\n    return by"),
        python("def marks(of=[\n    1,\n    2,\n]):\n    return of"),
        python(  # a copy of something else
            "from contextvars import ContextVar\nuser = ContextVar('user', default={})\nother = load()\n"
            "kept = other.get().copy()",
            line=2,
        ),
    )
    good = (
        python(
            "def load(key, _cache={}):\n    if key not in _cache:\n        _cache[key] = ask(key)\n"
            "    return _cache[key]"
        ),
        python("from datetime import datetime\ndef f(at=None, clock=datetime.now): ..."),
        python("def add(order, to=None):\n    to = [] if to is None else to\n    to.append(order)"),
        python("def add(order, to=()):\n    return (*to, order)"),
        python("def add(order, to=EMPTY):\n    to.append(order)"),
        python("class A:\n    def __init__(self, kinds=[]):\n        self.kinds = kinds"),
        python("def show(order, tags=[]):\n    print(order, *tags)"),  # nobody changes it
        python(
            "def ask(text, given={}):\n    log(text)\n    given = dict(given)\n    given['top'] = 1\n    send(given)"
        ),
        python("from contextvars import ContextVar\nuser = ContextVar('user', default=None)"),
        python("from contextvars import ContextVar\nuser = ContextVar('user')"),
        python(
            "from contextvars import ContextVar\nuser = ContextVar('user', default={})\n\ndef note(key, value):\n"
            "    kept = user.get().copy()\n    kept[key] = value\n    user.set(kept)"
        ),
        python("counts = dict.fromkeys(keys, 0)"),
        python("counts = table.fromkeys(keys, [])"),
        python("def f(empty):\n    return dict.fromkeys(keys, empty)"),
        python("def f():\n    empty = []\n    empty = load()\n    return dict.fromkeys(keys, empty)"),
        python("import time\nnow = lambda: time.time()"),
        python("counts = dict.fromkeys(keys)"),
        python("SEEN = []\ndef note(order, seen=SEEN):\n    seen.append(order)"),  # shared on purpose
        python(
            "class A:\n    def __init__(self, kinds=[]):\n        self.kinds = list(kinds)\n"
            "    def add(self, kind):\n        self.kinds.append(kind)"
        ),
        python("def show(tags=[]):\n    shown = tags\n    print(shown)"),
        python("import click\nTAG = click.Option(['--tag'], default=[])"),
        python("def add(order, sink=Sink()):\n    sink.append(order)"),
    )


def _is_copied(variable: Call, file: SourceFile) -> bool:
    """Whoever writes takes a copy first: `user.get().copy()`."""
    names = [text_of(binding.target) for binding in file.bindings if binding.value == variable.node]
    return any(call.written == f"{name}.get().copy" for call in file.calls for name in names)
