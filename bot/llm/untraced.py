"""langchain without its tracer: langsmith sends what is asked and answered to a third party, which is never wanted
here, and takes eleven megabytes and half a second to be loaded for nothing.

In its place stand modules that know what langchain asks of a tracer that is switched off. An environment that switches
it on (LANGSMITH_TRACING) changes nothing: there is nothing to be switched on.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")

_TRACER = "langsmith"
_OFF = {"parent": None, "project_name": None, "tags": None, "metadata": None, "enabled": False, "client": None}


def loaded_untraced(load: Callable[[], T]) -> T:
    """What `load` gives, which imports langchain. Where its release asks more of a tracer, the real one is loaded."""
    if _TRACER not in sys.modules:
        sys.modules.update(_stand_ins())
    try:
        return load()
    except ImportError as failed:
        if not (_is_stand_in(sys.modules.get(_TRACER)) and _misses_tracer(failed)):
            raise
        for name in [name for name in sys.modules if name.partition(".")[0] == _TRACER or name.startswith("langchain")]:
            del sys.modules[name]
        return load()


def _is_stand_in(tracer: ModuleType | None) -> bool:
    return tracer is not None and tracer.__spec__ is None


def _misses_tracer(failed: BaseException | None) -> bool:
    while failed is not None:
        if isinstance(failed, ImportError) and (failed.name or "").partition(".")[0] == _TRACER:
            return True
        failed = failed.__cause__ or failed.__context__
    return False


def _stand_ins() -> dict[str, ModuleType]:
    class RunTree:
        """One step of what would be traced."""

    class Client:
        """Who would send it."""

    class LangSmithError(Exception):
        """What could go wrong with that."""

    @contextmanager
    def tracing_context(**_settings: Any) -> Iterator[None]:
        yield

    def get_tracing_context(*_asked: Any) -> dict[str, Any]:
        return dict(_OFF)

    def nothing(*_given: Any, **_named: Any) -> None:
        return None

    contexts = {"get_tracing_context": get_tracing_context, "tracing_context": tracing_context}
    parts: dict[str, dict[str, Any]] = {
        "address": {"ensure_agent": nothing},
        "run_helpers": {**contexts, "_set_tracing_context": nothing, "get_current_run_tree": nothing},
        "run_trees": {"RunTree": RunTree, "_CLIENT": None},
        "utils": {"tracing_is_enabled": lambda *_asked: False, "LangSmithError": LangSmithError},
    }
    whole = _module(_TRACER, {**contexts, "RunTree": RunTree, "Client": Client})
    modules = {name: _module(f"{_TRACER}.{name}", holds) for name, holds in parts.items()}
    vars(whole).update(modules)
    return {_TRACER: whole} | {module.__name__: module for module in modules.values()}


def _module(name: str, holds: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(holds, __path__=[])
    return module
