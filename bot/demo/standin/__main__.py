"""The stand-in as a process: `python -m bot.demo.standin acme/shop=/srv/shop.git --port 8099`.

Prints one line of JSON with what a client needs (base URL, App id, private key, a token), then serves until it is told
to stop (Ctrl-C or SIGTERM). Pull requests are opened with `--open BASE..HEAD` on the repository named last.
"""

import argparse
import json
import sys
from collections.abc import Sequence

from bot.demo.standin import HookTarget, Repository, StandIn
from bot.engine.signals import stop_signal


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    hook = HookTarget(asked.hook, asked.secret) if asked.hook else None
    await_stop = stop_signal()
    with StandIn(hook=hook, port=asked.port, rate_limit=asked.rate_limit) as host:
        repository: Repository | None = None
        for spec in asked.repository:
            full_name, _, git_dir = spec.partition("=")
            owner, _, name = full_name.partition("/")
            if not (owner and name and git_dir):
                print(f"{spec!r} is not OWNER/NAME=GIT_DIR", file=sys.stderr)
                return 2
            repository = host.add_repository(owner, name, git_dir)
        for spec in asked.open if repository else []:
            base, _, head = spec.partition("..")
            assert repository
            host.open_pull_request(repository, base, head, f"Merge {head}")
        ready = {
            "base_url": host.base_url,
            "app_id": host.app.id,
            "private_key": host.app.private_key,
            "token": host.token_for(asked.login),
        }
        print(json.dumps(ready), flush=True)
        await_stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.demo.standin", description="A stand-in for GitHub on loopback."
    )
    parser.add_argument("repository", nargs="*", metavar="OWNER/NAME=GIT_DIR", help="a git repository to host")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--open", action="append", default=[], metavar="BASE..HEAD", help="open a pull request")
    parser.add_argument("--hook", default="", metavar="URL", help="where webhooks go")
    parser.add_argument("--secret", default="", help="the secret they are signed with")
    parser.add_argument("--login", default="robin", help="whose token is printed")
    parser.add_argument("--rate-limit", type=int, default=5000, help="requests an hour for each token")
    return parser


if __name__ == "__main__":
    sys.exit(main())
