"""The `seawall` command. Thin: each subcommand wires rooms together and shows what comes back."""

import sys

import click

from bot import __version__
from bot.cli import head_start
from bot.errors import SeawallError

_COMMANDS = {
    "review": "bot.cli.review:review",
    "scan": "bot.cli.scan:scan",
    "backtest": "bot.cli.backtest:backtest",
    "eval": "bot.cli.eval:evaluate",
    "posture": "bot.cli.posture:posture",
    "rules": "bot.cli.knowledge:rules",
    "explain": "bot.cli.knowledge:explain",
    "serve": "bot.cli.service:serve",
    "web": "bot.cli.service:web",
    "worker": "bot.cli.service:worker",
    "ledger": "bot.cli.service:ledger",
    "chat": "bot.cli.chat:chat",
    "weekly": "bot.cli.weekly:weekly",
    "backfill": "bot.cli.backfill:backfill",
    "dashboard": "bot.cli.dashboard:dashboard",
    "doctor": "bot.cli.doctor:doctor",
    "demo": "bot.cli.demo:demo",
    "waivers": "bot.cli.waivers:waivers",
    "incidents": "bot.cli.incidents:incidents",
    "forget": "bot.cli.record:forget",
}
"""Subcommand → where it lives; imported only when it is called, so that each starts fast."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(__import__(module, fromlist=[name]), name)
        assert isinstance(command, click.Command), f"{cmd_name} is a command"
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="seawall")
def seawall() -> None:
    """Find what takes services down, before it is merged.

    \b
    Start here:   seawall review          the current branch, working tree included
                  seawall scan src/       whole files, by the rules
                  seawall demo            the whole service on this machine, no account needed
                  seawall chat help       what it can be asked, here or on a pull request

    Exit codes: 0 done, 1 findings at or over --fail-on, 2 wrong usage or settings, 3 something failed.
    """


def main() -> None:
    """Runs the command. An error is one readable line, never a traceback."""
    try:
        head_start.start(sys.argv[1:])
        code = seawall.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except SeawallError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        sys.exit(SeawallError.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str) -> None:
    click.secho("seawall: ", fg="red", bold=True, nl=False, err=True)
    click.echo(" ".join(message.split()), err=True)
