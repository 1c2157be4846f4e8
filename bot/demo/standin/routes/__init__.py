"""The routes of the API, one module for each family."""

from bot.demo.standin.routes.host import Host, create_host

__all__ = ["Host", "create_host"]
