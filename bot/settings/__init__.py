"""Settings, policy, and where shipped files lie. The only room that reads the environment."""

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
