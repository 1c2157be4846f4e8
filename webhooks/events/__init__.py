"""One file an event. A new file here is a new event: it is found by its name, its examples are its tests."""

import importlib
import pkgutil
from typing import cast

from webhooks.behaviour import Behaviour

BEHAVIOURS: dict[str, Behaviour] = {
    module.name: cast(Behaviour, importlib.import_module(f"{__name__}.{module.name}"))
    for module in pkgutil.iter_modules(__path__)
    if not module.name.startswith("_")
}
"""Event name, as in X-GitHub-Event → what is done about it."""
