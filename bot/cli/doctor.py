"""`seawall doctor`: what is ready, what is missing, and what to do about it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from bot.cli.diagnosis import Diagnosis
from bot.cli.doctor_model import model, spending
from bot.errors import SeawallError
from bot.review.receipt import counted
from bot.settings import Settings, load_settings, network_environment

if TYPE_CHECKING:
    from bot.github import Granted

_LOW_DISK_BYTES = 1 << 30
_SHORT_SECRET = 16


@click.command(short_help="Check settings, GitHub, secrets, engine, model, chat, disk and proxy.")
@click.option("--offline", is_flag=True, help="Leave out what asks GitHub or the model.")
def doctor(offline: bool) -> None:
    """Check what the service needs, one line each: ✓, or what to do. Exits with 3 where something is wrong.

    Asks GitHub once and each model one short question.
    """
    console = Console(highlight=False)
    try:
        settings = load_settings()
    except SeawallError as wrong:
        _show(console, Diagnosis("settings", False, str(wrong)))
        raise click.exceptions.Exit(SeawallError.exit_code) from wrong
    checks: list[Callable[[Settings], Iterator[Diagnosis]]] = [_settings, _git, _disk, _engine, _ledger, _secret]
    checks += [spending, _chat_offline, _weekly_offline] if offline else [_github, model, _chat, _weekly]
    checks.append(_network)
    is_well = True
    for check in checks:
        for diagnosis in _guarded(check, settings):
            _show(console, diagnosis)
            is_well = is_well and diagnosis.is_well is not False
    if not is_well:
        raise click.exceptions.Exit(SeawallError.exit_code)


def _guarded(check: Callable[[Settings], Iterator[Diagnosis]], settings: Settings) -> Iterator[Diagnosis]:
    try:
        yield from check(settings)
    except (SeawallError, OSError) as failed:
        yield Diagnosis(check.__name__.strip("_"), False, str(failed))


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    state = "paused: nothing is reviewed (SEAWALL_PAUSED)" if settings.paused else f"mode {settings.policy.mode}"
    names = ", ".join(settings.repositories)
    yield Diagnosis("settings", None if settings.paused else True, f"{state}; repositories {names}")


def _git(settings: Settings) -> Iterator[Diagnosis]:
    try:
        version = subprocess.run(
            ["git", "--version"],  # noqa: S607 — git from PATH, as `seawall review` takes it
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        advice = "`seawall review` needs it; without it the service finds callers in the changed files alone."
        yield Diagnosis("git", None, "not found", advice)
    else:
        yield Diagnosis("git", True, version.stdout.strip().removeprefix("git version "))


def _disk(settings: Settings) -> Iterator[Diagnosis]:
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(folder).free
    says = f"{folder}, {free / (1 << 30):.1f} GiB free"
    if free < _LOW_DISK_BYTES:
        yield Diagnosis("disk", False, says, "Free some space, or point SEAWALL_DATA_DIR to a larger disk.")
    else:
        yield Diagnosis("disk", True, says)


def _engine(settings: Settings) -> Iterator[Diagnosis]:
    from bot.engine.client import EngineClient, prepare

    prepare(settings)
    client = EngineClient(settings)
    try:
        kind = "Postgres" if settings.engine.url.get_secret_value() else "SQLite"
        waiting = sum(client.backlog().values())
        yield Diagnosis("engine", True, f"{kind} answers, {waiting} jobs wait")
    finally:
        client.close()


def _ledger(settings: Settings) -> Iterator[Diagnosis]:
    from bot.cli.record_at_hand import open_ledger

    where = str(settings.ledger_path) if settings.ledger.access == "file" else "on another host, which answers"
    with open_ledger(settings) as ledger:
        counts = ledger.counts()
    kept = f"{counted(counts['reviews'], 'review')}, {counted(counts['findings'], 'finding')}"
    yield Diagnosis("ledger", True, f"{where}, {kept}")


def _secret(settings: Settings) -> Iterator[Diagnosis]:
    secret = settings.github.webhook_secret.get_secret_value()
    if not secret:
        advice = "Every delivery is refused. Set SEAWALL_GITHUB__WEBHOOK_SECRET to the secret of the App's webhook."
        yield Diagnosis("webhook secret", False, "not set", advice)
    elif len(secret) < _SHORT_SECRET:
        yield Diagnosis(
            "webhook secret", None, f"only {len(secret)} characters", "`openssl rand -hex 32` makes a good one."
        )
    else:
        yield Diagnosis("webhook secret", True, "set")


def _github(settings: Settings) -> Iterator[Diagnosis]:
    from bot.github import GitHubHost, token_permissions

    if not settings.github.is_app and not settings.github.token.get_secret_value():
        advice = "Set SEAWALL_GITHUB__APP_ID and SEAWALL_GITHUB__PRIVATE_KEY_PATH, or SEAWALL_GITHUB__TOKEN."
        yield Diagnosis("GitHub", False, "no credentials", advice)
        return
    host = GitHubHost(settings.github)
    try:
        granted = token_permissions(host)
    finally:
        host.close()
    kind = "App" if settings.github.is_app else "token"
    says = f"{settings.github.base_url} knows {granted.login} ({kind})"
    if granted.missing or granted.missing_events:
        yield Diagnosis("GitHub", False, says, _to_grant(granted))
    else:
        yield Diagnosis("GitHub", True, says)
    if not settings.github.is_app:
        yield Diagnosis("check", None, "a token cannot create check runs; a commit status says the same")


def _to_grant(granted: "Granted") -> str:
    advice = [f"Grant it {', '.join(granted.missing)}."] if granted.missing else []
    advice += [f"Subscribe it to {', '.join(granted.missing_events)}."] if granted.missing_events else []
    return " ".join(advice)


def _chat(settings: Settings, is_offline: bool = False) -> Iterator[Diagnosis]:
    from bot.transports.registry import chat_systems

    found = [line for system in chat_systems() for line in system.readiness(settings, is_offline)]
    for line in found:
        yield Diagnosis(line.part, line.is_well, line.says, line.advice)
    if not found:
        advice = "Comments on GitHub are heard. For Slack, Teams or another system see [chat] in config/seawall.toml."
        yield Diagnosis("chat", None, "no chat system", advice)


def _chat_offline(settings: Settings) -> Iterator[Diagnosis]:
    yield from _chat(settings, is_offline=True)


def _weekly(settings: Settings, is_offline: bool = False) -> Iterator[Diagnosis]:
    from bot.weekly.delivery.readiness import readiness

    for line in readiness(settings, is_offline):
        yield Diagnosis(line.part, line.is_well, line.says, line.advice)


def _weekly_offline(settings: Settings) -> Iterator[Diagnosis]:
    yield from _weekly(settings, is_offline=True)


def _network(settings: Settings) -> Iterator[Diagnosis]:
    found = network_environment()
    if found:
        yield Diagnosis("proxy and CA", True, ", ".join(f"{name}={value}" for name, value in found.items()))
    else:
        yield Diagnosis(
            "proxy and CA", True, "none set (HTTPS_PROXY, REQUESTS_CA_BUNDLE and SSL_CERT_FILE are honoured)"
        )


def _show(console: Console, diagnosis: Diagnosis) -> None:
    sign, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "yellow")}[diagnosis.is_well]
    line = Text.assemble((f"{sign} ", style), (f"{diagnosis.part:<15}", "bold"), " ".join(diagnosis.says.split()))
    console.print(line, soft_wrap=True)
    if diagnosis.advice:
        console.print(Text(f"  {'':<15}→ {diagnosis.advice}", style="dim"), soft_wrap=True)
