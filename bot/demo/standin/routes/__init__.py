"""The routes of the API, one module for each family."""

from bot.demo.standin.routes.host import shared_host

__all__ = ["shared_host"]
