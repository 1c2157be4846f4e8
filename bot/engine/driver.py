"""The driver for Postgres is loaded where there is a Postgres. The engine's library would load it in every process:
a quarter of a second and nine megabytes."""

import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

_LIBRARY = "dbos"
_DRIVER = "psycopg"


class _NeverRaised(Exception):
    """An error of a driver that nobody has loaded."""


class _Absent(ModuleType):
    """Stands for the driver, or its `errors`, in the library alone. Becomes what it stands for once that is loaded."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if isinstance(sys.modules.get(_DRIVER), (_Absent, type(None))):
            if self.__name__ == _DRIVER and name == "errors":
                return _Absent(f"{_DRIVER}.errors")
            if self.__name__ != _DRIVER or name == "OperationalError":
                return _NeverRaised
        return getattr(import_module(self.__name__), name)


class _Loader:
    """Loads the library with the driver absent."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def exec_module(self, module: ModuleType) -> None:
        if _DRIVER in sys.modules:
            self._real.exec_module(module)
            return
        sys.modules[_DRIVER] = _Absent(_DRIVER)
        try:
            self._real.exec_module(module)
        finally:
            if isinstance(sys.modules.get(_DRIVER), _Absent):
                del sys.modules[_DRIVER]  # whoever else imports it, as SQLAlchemy does, gets the driver itself

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Finder:
    """Answers once, when the library is imported."""

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> Any:
        if name != _LIBRARY:
            return None
        from importlib.util import find_spec

        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
        return spec


def spare_the_driver() -> None:
    """To be called before the library is first imported; later it does nothing."""
    if _LIBRARY not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
