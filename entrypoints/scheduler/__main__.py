"""`python -m entrypoints.scheduler`: any number may run; the jobs' keys make each ring happen once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Any

from saq import CronJob

from entrypoints import logs
from entrypoints.ready import announce_ready
from entrypoints.scheduler.schedule import SCHEDULE
from entrypoints.worker.saq_worker import GracefulWorker, run_workers
from kosu.adapters.saq.queue import BARE_HEARTBEAT_SECONDS, SaqQueue, create_queue_redis
from kosu.ports.messages import Job, name_of
from kosu.settings import read_settings


def cron_jobs(queue_name: str) -> Sequence[CronJob[Any]]:
    return [_cron_job(job, cron) for job, cron in SCHEDULE.items() if job.queue == queue_name]


def _cron_job(job: type[Job], cron: str) -> CronJob[Any]:
    async def ring(_: object) -> None:
        """Never called: this process has no slots to run jobs in."""

    # SAQ names a cron's job after its function; the worker knows it by the wire name.
    ring.__qualname__ = name_of(job)
    return CronJob(ring, cron=cron, timeout=0, heartbeat=BARE_HEARTBEAT_SECONDS, retries=1, ttl=60)


async def schedule() -> None:
    redis = create_queue_redis(read_settings(os.environ).redis)
    names = sorted({job.queue for job in SCHEDULE})
    queues = SaqQueue(redis, names).queues
    try:
        await run_workers(
            [GracefulWorker(queues[name], [], cron_jobs=cron_jobs(name), concurrency=0) for name in names],
            on_ready=announce_ready,
        )
    finally:
        await redis.aclose()


def main() -> None:
    logs.configure("scheduler")
    asyncio.run(schedule())


if __name__ == "__main__":
    main()
