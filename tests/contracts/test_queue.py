"""The queue: a doorbell whose rings reach a worker, and that says so when it is away."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from saq import Status
from saq.job import Job as SaqJob
from saq.types import Context
from saq.utils import now

from entrypoints.worker.saq_worker import GracefulWorker, run_workers
from kosu import cause
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.saq.queue import BARE_HEARTBEAT_SECONDS, DELIVER, SaqQueue, beat_of, cause_of, create_queue_redis
from kosu.cause import Cause
from kosu.ids import MessageId
from kosu.ports.messages import Job, name_of
from kosu.ports.queue import Bell, Queue, QueueUnavailable
from kosu.settings import RedisSettings, Secret


@dataclass(frozen=True, slots=True)
class TidyUp(Job):
    pass


@pytest.fixture
async def saq_queue(redis_url: str) -> AsyncIterator[SaqQueue]:
    redis = create_queue_redis(RedisSettings(url=Secret(redis_url)))
    yield SaqQueue(redis, ["default", "media"])
    await redis.aclose()


async def rung(queue: Queue) -> list[str]:
    """What workers of the queue get to hear, in any order: message ids, and wire names of bare jobs."""
    if isinstance(queue, MemoryQueue):
        return [str(ring.message_id) if isinstance(ring, Bell) else name_of(type(ring)) for ring in queue.take()]
    assert isinstance(queue, SaqQueue)
    heard: list[str] = []
    for saq in queue.queues.values():
        while job := await saq.dequeue(timeout=0.05):
            heard.append((job.kwargs or {}).get("message_id") or job.function)
    return heard


@pytest.fixture(params=["memory", "saq"])
def queue(request: pytest.FixtureRequest) -> Queue:
    if request.param == "memory":
        return MemoryQueue()
    made: Queue = request.getfixturevalue("saq_queue")
    return made


async def test_bells_reach_the_workers(queue: Queue) -> None:
    bells = [Bell(MessageId(uuid4()), name) for name in ("default", "default", "media")]
    await queue.ring(bells)
    assert sorted(await rung(queue)) == sorted(str(bell.message_id) for bell in bells)


async def test_bare_jobs_reach_the_workers_each_time(queue: Queue) -> None:
    await queue.enqueue(TidyUp())
    await queue.enqueue(TidyUp())
    assert await rung(queue) == [name_of(TidyUp)] * 2


async def test_a_bare_job_carries_what_caused_it(saq_queue: SaqQueue) -> None:
    token = cause.current.set(Cause("r-1"))
    try:
        await saq_queue.enqueue(TidyUp())
    finally:
        cause.current.reset(token)
    await saq_queue.enqueue(TidyUp())
    jobs = [await saq_queue.queues["default"].dequeue(timeout=1) for _ in range(2)]
    assert [cause_of(job) for job in jobs if job is not None] == [Cause("r-1"), None]


async def test_what_is_enqueued_once_waits_once(queue: Queue) -> None:
    """A cron of each second must not fill the queue of workers that are away."""
    for _ in range(3):
        await queue.enqueue(TidyUp(), once=True)
    await queue.enqueue(TidyUp())
    assert await rung(queue) == [name_of(TidyUp)] * 2


async def test_what_was_enqueued_once_can_be_enqueued_again_when_it_is_done(queue: Queue) -> None:
    for _ in range(2):
        await queue.enqueue(TidyUp(), once=True)
        assert await rung(queue) == [name_of(TidyUp)]
        if isinstance(queue, SaqQueue):
            saq = queue.queues["default"]
            job = await saq.job(f"cron:{name_of(TidyUp)}")
            assert job is not None
            await saq.finish(job, Status.COMPLETE)


async def test_a_queue_that_answers_says_so(queue: Queue) -> None:
    await queue.ping()


async def test_a_message_that_waits_is_not_queued_twice(saq_queue: SaqQueue) -> None:
    """The sweep rings again for a message that still waits; a long queue must not grow by it."""
    bell = Bell(MessageId(uuid4()), "default")
    for _ in range(3):
        await saq_queue.ring([bell])
    assert await rung(saq_queue) == [str(bell.message_id)]


async def test_a_queue_that_is_away_is_said_to_be() -> None:
    memory = MemoryQueue()
    memory.available = False
    redis = create_queue_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0")))
    for queue in (memory, SaqQueue(redis, ["default"])):
        for call in (queue.ring([Bell(MessageId(uuid4()), "default")]), queue.enqueue(TidyUp()), queue.ping()):
            with pytest.raises(QueueUnavailable):
                await call
    await redis.aclose()


async def test_a_cron_whose_worker_was_killed_is_missed_soon(saq_queue: SaqQueue) -> None:
    """Its key keeps it from being rung for as long as SAQ believes that it runs, however often others look."""
    saq = saq_queue.queues["default"]
    await saq_queue.enqueue(TidyUp(), once=True)
    job = await saq.dequeue(timeout=1)
    assert job is not None
    assert (job.timeout, job.heartbeat) == (0, BARE_HEARTBEAT_SECONDS)
    await job.update(status=Status.ACTIVE)
    for signs_of_life, missed in ((1, []), (0, [job.id])):
        job.started = job.touched = now() - 1_000 * (BARE_HEARTBEAT_SECONDS + 2)
        await saq.redis.set(job.id, saq.serialize(job))
        for _ in range(signs_of_life):
            await beat_of(job)()
        assert await saq.sweep(lock=1, abort=0.01) == missed
        await asyncio.sleep(1.1)  # the lock that keeps others from sweeping as well


async def test_a_sign_of_life_that_nobody_hears_is_said_to_be() -> None:
    redis = create_queue_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0")))
    away = SaqQueue(redis, ["default"])
    job = SaqJob(function="tidy", queue=away.queues["default"])
    with pytest.raises(QueueUnavailable):
        await beat_of(job)()
    await redis.aclose()


async def test_a_worker_delivers_and_stops_at_once_when_idle(saq_queue: SaqQueue) -> None:
    delivered: list[str] = []
    done = asyncio.Event()

    async def deliver(_: Context, *, message_id: str) -> None:
        delivered.append(message_id)
        done.set()

    worker = GracefulWorker(saq_queue.queues["default"], [(DELIVER, deliver)], shutdown_grace_period_s=30)
    running = asyncio.create_task(run_workers([worker], on_ready=lambda: None))
    bell = Bell(MessageId(uuid4()), "default")
    await saq_queue.ring([bell])
    await done.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(5):  # SAQ's own worker would wait all thirty seconds of its grace
        await running
    assert delivered == [str(bell.message_id)]


async def test_a_running_job_that_was_taken_for_lost_is_left_alone(saq_queue: SaqQueue) -> None:
    """A drain that is cut off leaves what it has claimed to leases of a minute."""
    saq, finished = saq_queue.queues["default"], asyncio.Event()

    async def drain(context: Context) -> None:
        await saq.abort(context["job"], "swept")
        await asyncio.sleep(2.5)
        finished.set()

    worker = GracefulWorker(saq, [(name_of(TidyUp), drain)], shutdown_grace_period_s=30)
    running = asyncio.create_task(run_workers([worker], on_ready=lambda: None))
    await saq_queue.enqueue(TidyUp())
    async with asyncio.timeout(10):
        await finished.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await running


async def test_what_does_not_end_in_the_grace_goes_to_another_worker_at_once(saq_queue: SaqQueue) -> None:
    started = asyncio.Event()

    async def hang(_: Context, *, message_id: str) -> None:
        started.set()
        await asyncio.Event().wait()

    bell = Bell(MessageId(uuid4()), "default")
    worker = GracefulWorker(saq_queue.queues["default"], [(DELIVER, hang)], shutdown_grace_period_s=1)
    running = asyncio.create_task(run_workers([worker], on_ready=lambda: None))
    await saq_queue.ring([bell])
    await started.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    await asyncio.sleep(1.1)  # the lock that keeps others from looking for what is due as well
    await saq_queue.queues["default"].schedule()
    assert await rung(saq_queue) == [str(bell.message_id)]


async def test_a_stopping_worker_lets_a_running_job_finish(saq_queue: SaqQueue) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def deliver(_: Context, *, message_id: str) -> None:
        started.set()
        await finish.wait()
        finished.append(message_id)

    worker = GracefulWorker(saq_queue.queues["default"], [(DELIVER, deliver)], shutdown_grace_period_s=30)
    running = asyncio.create_task(run_workers([worker], on_ready=lambda: None))
    bell = Bell(MessageId(uuid4()), "default")
    await saq_queue.ring([bell])
    await started.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.2)
    assert not running.done()
    finish.set()
    await running
    assert finished == [str(bell.message_id)]
