"""A lock that is passed by value."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Function, Node, Shape, SourceFile, text_of

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
        for binding in file.bindings if name.startswith("./") else ():  # unprovable: saves time
            owner = binding.outer
            if owner is None or binding.type is None:
                continue
            if owner.scope == name.removeprefix("./") and binding.type.type == "qualified_type":
                held = file.canonical(binding.type, owner)
                if held in LOCKS:
                    return held
        return ""

    def _alarm(self, at: Shape, lock: str, type_: str) -> Alarm:
        return Alarm(
            at,
            f"`{type_}` comes by value, and with it a copy of its `{lock}`"[:80],
            f"The function gets a copy of the `{lock}`, so what it locks or counts is seen by nobody else. Two "
            "goroutines are inside at once, or the one that waits waits for ever.",
            f"Take a pointer: `*{type_}`.",
        )

    bad = (
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
        go('import "sync"\n\nfunc run() sync.Mutex {\n\treturn sync.Mutex{}\n}'),
        go(
            'import "net/http"\n\ntype Store struct {\n\tclient http.Client\n}\n\nfunc (s Store) Load() {\n'
            "\ts.client.Get(url)\n}",
        ),
    )
