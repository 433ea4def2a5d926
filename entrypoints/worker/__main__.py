"""`python -m entrypoints.worker [--queues payments,default,media]`: one process, any number of queues."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, NoReturn
from uuid import UUID

from dependency_injector.providers import Object
from saq.types import Context

from entrypoints import garbage, logs
from entrypoints.metrics import pools_of, step_taken
from entrypoints.ready import announce_ready
from entrypoints.scraping import served
from entrypoints.tracing import tracing
from entrypoints.worker.dispatch import Dispatcher, dispatcher_of
from entrypoints.worker.saq_worker import GracefulWorker, run_workers
from entrypoints.worker.without_queue import work_while_away
from kosu.adapters.saq.queue import DELIVER, SaqQueue, beat_of, cause_of
from kosu.container import QUEUES, Container
from kosu.ids import MessageId
from kosu.lifespan import running
from kosu.modules.billing.jobs import DrainInbox
from kosu.settings import read_settings

# How many jobs of each queue a process does at once. A drain settles several webhooks side by side, so that two of them
# take all of a process's connections. Video is encoded one run at a time: ffmpeg itself uses all the cores that it is
# given.
CONCURRENCY = {"payments": 2, "default": 16, "media": 1}
GRACE_SECONDS = 10


async def work(container: Container, queue_names: list[str]) -> None:
    settings = container.settings()
    with tracing("worker", container), pools_of(container), served(settings.metrics):
        async with running(container):
            await _work(container, queue_names)


async def _work(container: Container, queue_names: list[str]) -> None:
    queue = container.queue()
    assert isinstance(queue, SaqQueue)  # noqa: S101 - a worker without SAQ has nothing to run
    functions = saq_functions(dispatcher_of(container))
    workers = [
        GracefulWorker(
            queue.queues[name],
            functions,
            concurrency=CONCURRENCY[name],
            shutdown_grace_period_s=GRACE_SECONDS,
        )
        for name in queue_names
    ]
    async with AsyncExitStack() as stack:
        if DrainInbox.queue in queue_names:
            drain = work_while_away(queue, container.billing.drain_inbox(), name="the inbox's drain")
            await stack.enter_async_context(_in_background(drain))
        garbage.settle()
        await run_workers(workers, on_ready=announce_ready)


@asynccontextmanager
async def _in_background(endless: Coroutine[Any, Any, NoReturn]) -> AsyncIterator[None]:
    task = asyncio.create_task(endless)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def saq_functions(dispatcher: Dispatcher) -> list[tuple[str, Callable[..., Awaitable[None]]]]:
    """SAQ's table: one function that delivers messages, and one for each bare job."""

    async def deliver(context: Context, *, message_id: str) -> None:
        await dispatcher.deliver(MessageId(UUID(message_id)), beat=beat_of(context["job"]))

    def bare(name: str) -> Callable[..., Awaitable[None]]:
        async def run(context: Context) -> None:
            job = context["job"]
            await dispatcher.run(name, job_id=job.key, caused=cause_of(job), beat=beat_of(job))

        return run

    return [(DELIVER, deliver), *((name, bare(name)) for name in dispatcher.names)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="kosu-worker", description=__doc__)
    parser.add_argument("--queues", default=",".join(QUEUES), help=f"which to work on, of {', '.join(QUEUES)}")
    names = parser.parse_args().queues.split(",")
    unknown = set(names) - set(QUEUES)
    if unknown:
        parser.error(f"unknown queues: {', '.join(sorted(unknown))}")
    logs.configure("worker")
    container = Container(settings=read_settings(os.environ), step_told=Object(step_taken))
    asyncio.run(work(container, names))


if __name__ == "__main__":
    main()
