"""All workflows and queues of the engine, in one place to register them."""

from dbos import DBOSClient, ScheduleInput

from bot.engine import names
from bot.engine.asking import define_asking
from bot.engine.commanding import define_commanding
from bot.engine.errands import define_errands
from bot.engine.intake import define_intake
from bot.engine.reviewing import define_reviewing
from bot.engine.station import Station
from bot.engine.upkeep import define_upkeep
from bot.settings import Settings


def define_workflows(station: Station) -> list[ScheduleInput]:
    """Registers every workflow with the engine, once in a process and before it is launched; gives the schedules."""
    define_intake(station)
    define_reviewing(station)
    define_asking(station)
    define_errands(station)
    define_commanding(station)
    return define_upkeep(station)


def register_queues(client: DBOSClient, settings: Settings) -> None:
    """Writes the queues and their bounds into the database; what was there is replaced."""
    engine = settings.engine
    slow_poll_s = max(engine.poll_s, 0.2)  # what waits there waits in seconds anyway
    client.register_queue(
        names.INTAKE,
        partition_concurrency=1,  # the deliveries of one pull request keep their order
        worker_concurrency=engine.intake_concurrency,
        polling_interval_sec=engine.poll_s,
    )
    client.register_queue(
        names.DEBOUNCE, worker_concurrency=engine.intake_concurrency, polling_interval_sec=slow_poll_s
    )
    client.register_queue(
        names.REVIEW,
        partition_concurrency=1,  # a repository's flood leaves the other workers to the others
        worker_concurrency=engine.review_concurrency,
        polling_interval_sec=engine.poll_s,
    )
    places = 2 * engine.review_concurrency
    client.register_queue(
        names.MODEL,
        worker_concurrency=places,
        partition_worker_concurrency=min(settings.llm.calls_per_repository, places - 1),  # one is always another's
        limiter={"limit": settings.llm.calls_per_minute, "period": 60.0},
        polling_interval_sec=engine.poll_s,
    )
    client.register_queue(
        names.CHAT,
        partition_concurrency=1,  # one person's commands keep their order and do not crowd out the others'
        worker_concurrency=4,
        polling_interval_sec=engine.poll_s,
    )
    client.register_queue(names.MAINTENANCE, worker_concurrency=2, polling_interval_sec=slow_poll_s)
