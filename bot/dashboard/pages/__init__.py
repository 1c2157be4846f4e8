"""The pages. [drawer]: each module here is one subject, found by itself; it adds its routes in `add(pages, desk)`."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

from bot.dashboard.desk import Desk


def add_all(pages: Blueprint, desk: Desk) -> None:
    for found in sorted(iter_modules(__path__), key=lambda one: one.name):
        import_module(f"{__name__}.{found.name}").add(pages, desk)
