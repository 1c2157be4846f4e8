"""`seawall demo`: a whole review on this machine."""

import click

from bot.settings import load_settings


@click.command(short_help="See a whole review on this machine; no account needed.")
def demo() -> None:
    """See a whole review: the real service, a stand-in for GitHub on loopback, a sample service with planted defects.

    Uses the model that your settings name, or rules only. Ends by itself in well under a minute.
    """
    from bot.demo.show import show_story, story_console
    from bot.demo.tour import tour

    show_story(story_console(), tour(load_settings()))
