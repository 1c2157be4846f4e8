"""A lock that is passed by value."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Class, Function, Node, Shape, SourceFile, text_of

LOCKS = frozenset({"sync.Mutex", "sync.RWMutex", "sync.WaitGroup", "sync.Cond", "sync.Once"})


class LockOrWaitgroupCopied(Rule):
    """## What it finds
    A `sync.Mutex`, `WaitGroup` or their like that a function takes by value, itself or as a field of its receiver.

    ## Why it matters
    The function works on a copy: it locks a lock that nobody else holds, and `Done` on a copied group is never seen,
    so the caller waits for ever. The data that the lock was for is open to a race.

    ## Use instead
    A pointer: `mu *sync.Mutex`, `func (s *Store) …`.
    """

    name = "lock-hazard/lock-or-waitgroup-copied"
    severity = Severity.HIGH
    covered_by = ("govet:copylocks",)
    languages = ("go",)
    confidence = 0.9

    def check_function(self, function: Function, file: SourceFile) -> Iterator[Alarm]:
        for part in ("receiver", "parameters"):
            given = function.node.child_by_field_name(part)
            for child in given.named_children if given is not None else ():
                type_ = child.child_by_field_name("type")
                what = self._lock_in(type_, function, file)
                if what and child.type == "parameter_declaration":
                    yield self._alarm(Shape(child, file, function), what, text_of(type_))

    def _lock_in(self, type_: Node | None, function: Function, file: SourceFile) -> str:
        """The lock that a type is, or that a struct of this file holds."""
        if type_ is None or type_.type not in ("qualified_type", "type_identifier"):
            return ""
        name = file.canonical(type_, function)
        if name in LOCKS:
            return name
        own = [one for one in file.classes if f"./{one.name}" == name]
        held = (file.canonical(field, one) for one in own for field in _fields_by_value(one))
        return next((lock for lock in held if lock in LOCKS), "")

    def _alarm(self, at: Shape, lock: str, type_: str) -> Alarm:
        return Alarm(
            at,
            f"`{type_}` comes by value, and with it a copy of its `{lock}`"[:80],
            f"The function gets a copy of the `{lock}`, so what it locks or counts is seen by nobody else. Two "
            "goroutines are inside at once, or the one that waits waits for ever.",
            f"Take a pointer: `*{type_}`.",
        )

    bad = (
        go(
            'import "sync"\n\ntype Store struct {\n\tsync.Mutex\n\tn int\n}\n\nfunc (s Store) Add() {\n'
            "\ts.Lock()\n\tdefer s.Unlock()\n\ts.n++\n}",
            line=8,
        ),
        go('import "sync"\n\nfunc run(wg sync.WaitGroup) {\n\tdefer wg.Done()\n}', line=3),
        go(
            'import "sync"\n\ntype Store struct {\n\tmu sync.Mutex\n\tn int\n}\n\nfunc (s Store) Add() {\n'
            "\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\ts.n++\n}",
            line=8,
        ),
    )
    good = (
        go('import "sync"\n\nfunc run(wg *sync.WaitGroup) {\n\tdefer wg.Done()\n}'),
        go(
            'import "sync"\n\ntype Store struct {\n\tmu sync.Mutex\n\tn int\n}\n\nfunc (s *Store) Add() {\n'
            "\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\ts.n++\n}"
        ),
        go('import "sync"\n\ntype Store struct {\n\tmu *sync.Mutex\n}\n\nfunc (s Store) Add() {\n\ts.mu.Lock()\n}'),
        go('import "sync"\n\ntype Store struct {\n\t*sync.Mutex\n}\n\nfunc (s Store) Add() {\n\ts.Lock()\n}'),
        go('import "sync"\n\nfunc run() sync.Mutex {\n\treturn sync.Mutex{}\n}'),
        go('import "sync"\n\nfunc all(n int /* tries */, locks ...sync.Mutex) {\n\tn++\n}'),
        go(
            'import (\n\t"net/http"\n\t"sync"\n)\n\ntype Store struct {\n\tclient http.Client\n}\n\n'
            "func (s Store) Load() {\n\ts.client.Get(url)\n}\n\ntype Cache struct {\n\tmu sync.Mutex\n}",
        ),
        go(
            'import "sync"\n\ntype Lock sync.Mutex\n\ntype All map[string]sync.Mutex\n\nfunc run(a All) {\n\ta.run()\n}'
        ),
    )


def _fields_by_value(struct: Class) -> Iterator[Node]:
    """The types of the fields that a struct holds itself; those of pointers are left out."""
    written = struct.node.child_by_field_name("type")
    for part in written.named_children if written is not None else ():  # unprovable: narrows the type
        for field in part.named_children:
            type_ = field.child_by_field_name("type")
            if type_ is not None and type_.type == "qualified_type" and not text_of(field).startswith("*"):
                yield type_
