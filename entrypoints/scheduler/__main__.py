"""`python -m entrypoints.scheduler`: any number may run; one of them leads."""

from __future__ import annotations

import asyncio
import os
import signal

from entrypoints import logs
from entrypoints.ready import announce_ready
from entrypoints.scheduler.leader import Scheduler
from entrypoints.scheduler.schedule import SCHEDULE
from entrypoints.scraping import served
from kosu.adapters.postgres.crons import PostgresCrons
from kosu.adapters.saq.queue import SaqQueue, create_queue_redis
from kosu.settings import read_settings


async def schedule() -> None:
    settings = read_settings(os.environ)
    redis = create_queue_redis(settings.redis)
    queue = SaqQueue(redis, sorted({job.queue for job in SCHEDULE}))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        with served(settings.metrics):
            await Scheduler(PostgresCrons(settings.postgres), queue, SCHEDULE).run(stop, on_ready=announce_ready)
    finally:
        await redis.aclose()


def main() -> None:
    logs.configure("scheduler")
    asyncio.run(schedule())


if __name__ == "__main__":
    main()
