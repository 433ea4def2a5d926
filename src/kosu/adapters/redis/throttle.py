"""Rate limits in Redis, shared by all processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from redis.asyncio import Redis

from kosu.adapters.redis.connections import redis_errors
from kosu.paging import microseconds
from kosu.ports.throttle import Bucket, ThrottleUnavailable

# Arguments: now, then for each key the time of one and the burst; in microseconds, which a double holds until 2255.
# A key holds when its bucket will be full. Answers how long to wait, 0 when it was taken.
_TAKE = """
local now, wait, full_at = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
  local every, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  full_at[i] = math.max(tonumber(redis.call('GET', key) or now), now) + every
  wait = math.max(wait, full_at[i] - now - every * burst)
end
if wait > 0 then return string.format('%.0f', wait) end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', full_at[i]), 'PX', math.ceil((full_at[i] - now) / 1000))
end
return '0'
"""
_GIVE_BACK = """
local now = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local full_at = tonumber(redis.call('GET', key) or now) - tonumber(ARGV[2 * i])
  if full_at > now then
    redis.call('SET', key, string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
  else
    redis.call('DEL', key)
  end
end
"""


class RedisThrottle:
    """All keys share one hash tag, for a script may touch the keys of one node of a cluster only."""

    def __init__(self, redis: Redis) -> None:
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def take(self, buckets: Sequence[Bucket], *, at: datetime) -> timedelta | None:
        with redis_errors(ThrottleUnavailable):
            wait = int(await self._take(keys=_keys(buckets), args=_arguments(buckets, at)))
        return timedelta(microseconds=wait) if wait else None

    async def give_back(self, buckets: Sequence[Bucket], *, at: datetime) -> None:
        with redis_errors(ThrottleUnavailable):
            await self._give_back(keys=_keys(buckets), args=_arguments(buckets, at))


def _keys(buckets: Sequence[Bucket]) -> list[str]:
    return [f"kosu:{{throttle}}:{bucket.key}" for bucket in buckets]


def _arguments(buckets: Sequence[Bucket], at: datetime) -> list[int]:
    rates = [(bucket.rate.every // timedelta(microseconds=1), bucket.rate.burst) for bucket in buckets]
    return [microseconds(at), *(number for rate in rates for number in rate)]
