"""`seawall serve`, `seawall web`, `seawall worker`: the service."""

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import click

from bot import metrics
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.engine.serve import Role

_SHARED = ("bot.engine.web", "bot.engine.worker", "webhooks.app")
"""What `serve` loads before it forks: held in memory once, for the web process and the worker alike."""


@click.command(short_help="Run the service: web and worker, watched and restarted.")
def serve() -> None:
    """Run the whole service on this machine: one web process and one worker, restarted when they die.

    Settings come from config/seawall.toml, ./seawall.toml and SEAWALL_* variables; `seawall doctor` checks them.
    """
    from bot.engine.serve import serve as run
    from bot.engine.web import listen

    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # said once here, not by each child at each try
    if sys.platform == "linux":
        for shared in _SHARED:
            import_module(shared)
    listener = listen(settings.web).detach()
    raise click.exceptions.Exit(run(settings, _roles(settings, listener), listener=listener))


@click.command(short_help="Run only the webhook server.")
def web() -> None:
    """Run the webhook server alone: it verifies deliveries and queues the work."""
    raise click.exceptions.Exit(_serve_web(load_settings()))


@click.command(short_help="Run only a worker.")
def worker() -> None:
    """Run a worker alone: it takes work from the queues and reviews. With `ledger.access = "file"` the ledger lies on
    its host; with "queue" it asks the host that has it."""
    raise click.exceptions.Exit(_work(load_settings()))


@click.command(short_help="Run only the ledger's owner, for workers on other hosts.")
def ledger() -> None:
    """Run the owner of the ledger alone: it carries out what workers on other hosts ask of the record. A `seawall
    worker` with the ledger's file does the same beside its reviews; with Postgres only."""
    from bot.engine.ledger_service import run_ledger

    raise click.exceptions.Exit(run_ledger(load_settings()))


def _roles(settings: Settings, listener: int) -> "dict[str, Role]":
    """What `serve` runs, each in a process of its own."""
    from bot.engine.serve import Role

    program = [sys.executable, "-c", "from bot.cli.service import child; child()"]
    return {
        "web": Role(partial(_serve_web, settings, listener), [*program, f"{listener}", "web"], listens=True),
        "worker": Role(partial(_work, settings), [*program, "", "worker"]),
    }


def child() -> None:
    """The program of a child of `serve`: `LISTENER ROLE`."""
    from bot.engine.leash import hold
    from bot.engine.serve import live

    listener, role = sys.argv[1:]
    hold()
    sys.exit(live(lambda: _serve_web(load_settings(), int(listener)) if role == "web" else _work(load_settings())))


def _serve_web(settings: Settings, listener: int | None = None) -> int:
    from bot.engine.web import run_web

    return run_web(settings, listener=listener)


def _work(settings: Settings) -> int:
    from bot.cli.wiring import stories
    from bot.engine.worker import run_worker

    set_up_logs(settings.log)
    if settings.engine.metrics_port:
        metrics.expose(settings.web.host, settings.engine.metrics_port)
    return run_worker(settings, lambda: stories(settings))
