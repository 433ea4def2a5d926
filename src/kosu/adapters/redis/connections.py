"""The client for request and response; SAQ has its own, which may wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from kosu.errors import Unavailable
from kosu.settings import RedisSettings


def create_redis(settings: RedisSettings) -> Redis:
    """A client over a blocking pool: under load a caller waits for a connection instead of failing."""
    seconds = settings.timeout_ms / 1000
    pool = BlockingConnectionPool.from_url(
        settings.url,
        max_connections=settings.pool_size,
        timeout=seconds,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
    )
    return Redis.from_pool(pool)


@contextmanager
def redis_errors(unavailable: type[Unavailable]) -> Iterator[None]:
    """Translate the driver's way of saying "away" or "too slow" to the port's own error."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise unavailable(str(error)) from error
