"""How long a flush of watch progress takes: 10,000 pairs of learner and lesson, one heartbeat each.

    python -m benchmarks.flush

On a durable PostgreSQL and a Redis of its own, in a process whose garbage is collected as a worker's is. The first
round adds the rows, the others change them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from entrypoints import garbage, migrate
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.postgres.connections import create_engine, create_sessions
from kosu.adapters.postgres.learning import PostgresLearningRecords
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.progress_buffer import RedisProgressBuffer
from kosu.adapters.system import SystemClock, SystemIds
from kosu.ids import CourseId, DeviceId, LessonId, UserId
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import Viewing
from kosu.modules.learning.use_cases.flush_progress import FlushProgress
from kosu.settings import PostgresSettings, RedisSettings, Secret

PAIRS = 10_000
ROUNDS = 6
COURSE, DEVICE = CourseId(UUID(int=1)), DeviceId(UUID(int=2))


async def fill(buffer: RedisProgressBuffer, pairs: list[tuple[UserId, LessonId]], number: int) -> None:
    start, at = number * 10_000, datetime.now(UTC)
    beat = Beat(
        device_id=DEVICE,
        seq=number,
        at=at,
        position_ms=start + 10_000,
        watched=((start, start + 10_000),),
        media_revision=1,
    )

    async def send(user_id: UserId, lesson_id: LessonId) -> None:
        await buffer.open(Viewing(user_id=user_id, lesson_id=lesson_id, course_id=COURSE, duration_ms=900_000))
        assert await buffer.append(user_id, lesson_id, beat)

    for first in range(0, len(pairs), 32):
        await asyncio.gather(*(send(*pair) for pair in pairs[first : first + 32]))


async def benchmark(database_url: str, redis_url: str) -> None:
    redis, engine = create_redis(RedisSettings(url=Secret(redis_url))), None
    try:
        engine = create_engine(PostgresSettings(url=Secret(database_url)))
        buffer = RedisProgressBuffer(redis)
        flush = FlushProgress(
            PostgresTransaction(
                create_sessions(engine), MemoryQueue(), SystemClock(), SystemIds(), PostgresLearningRecords
            ),
            buffer,
        )
        garbage.settle()
        pairs = [(UserId(uuid7()), LessonId(uuid7())) for _ in range(PAIRS)]
        taken: list[float] = []
        for number in range(ROUNDS):
            await fill(buffer, pairs, number)
            started, cpu = time.perf_counter(), time.process_time()
            assert await flush() == PAIRS
            taken.append(time.perf_counter() - started)
            print(
                f"flush {number + 1}: {PAIRS} in {taken[-1]:.2f} s, {time.process_time() - cpu:.2f} s of this process",
                flush=True,
            )
        print(f"median {statistics.median(taken):.2f} s")
    finally:
        await redis.aclose()
        if engine is not None:
            await engine.dispose()


def main() -> None:
    with temporary_postgres(durable=True) as (postgres, _), temporary_redis() as (redis, _):
        postgres.create_database("kosu_bench")
        migrate.upgrade(postgres.url("kosu_bench"))
        asyncio.run(benchmark(postgres.url("kosu_bench"), redis.url()))


if __name__ == "__main__":
    main()
