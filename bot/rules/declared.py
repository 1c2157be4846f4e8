"""Plain classes whose fields are declared as pydantic's are.

The catalogue is loaded in every guarded process: pydantic's classes for it would cost each of them megabytes and a
tenth of a second. What is declared here is checked by models that are made of it only where somebody checks.
"""

from typing import Any, ClassVar

from pydantic.fields import FieldInfo


class Declared:
    """A subclass annotates its fields and gives each a default, by `pydantic.Field` where there is more to say.

    `declared` holds what a class itself adds: name → (annotation, what pydantic makes a field of).
    """

    declared: ClassVar[dict[str, tuple[Any, Any]]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: (kind, vars(cls).get(name, ...)) for name, kind in vars(cls).get("__annotations__", {}).items()}
        cls.declared = own
        for name, (_, given) in own.items():
            if isinstance(given, FieldInfo):
                if given.is_required():
                    delattr(cls, name)
                else:
                    setattr(cls, name, given.default)

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in fields_of(type(self)))})"
        )


def fields_of(kind: type[Declared]) -> dict[str, tuple[Any, Any]]:
    """All fields of a class, its bases' first."""
    found: dict[str, tuple[Any, Any]] = {}
    for one in reversed(kind.__mro__):
        if issubclass(one, Declared):
            found |= one.declared
    return found
