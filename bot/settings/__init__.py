"""Settings, policy, and where shipped files lie. The only room that reads the environment."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings.environment import network_environment
    from bot.settings.policy import Mode, Policy, PolicyInForce, resolve_policy, skip_reason
    from bot.settings.resources import resource_path, resource_text
    from bot.settings.service import Settings, load_settings

__all__ = [
    "Mode",
    "Policy",
    "PolicyInForce",
    "Settings",
    "load_settings",
    "network_environment",
    "resolve_policy",
    "resource_path",
    "resource_text",
    "skip_reason",
]
_FILES = {
    "Settings": "service",
    "load_settings": "service",
    "network_environment": "environment",
    "resource_path": "resources",
    "resource_text": "resources",
}


def __getattr__(name: str) -> Any:
    """Each name brings its own file alone: who asks where the rules' knowledge lies loads no reader of settings."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_FILES.get(name, 'policy')}"), name)
    globals()[name] = found
    return found
