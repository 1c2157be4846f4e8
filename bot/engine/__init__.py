"""The only room that knows the durable engine: what is accepted here is done, once, whatever crashes.

The web process imports `bot.engine.client` alone; the rest runs in workers.
"""

from bot.engine.driver import spare_the_driver

spare_the_driver()
