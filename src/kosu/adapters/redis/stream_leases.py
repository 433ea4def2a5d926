"""Stream leases in Redis: a hash per account, from device to lease, which outlives its last lease by nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from redis.asyncio import Redis

from kosu.adapters.redis.connections import redis_errors
from kosu.ids import DeviceId, LessonId, UserId
from kosu.modules.identity.domain.streams import StreamId, StreamLease
from kosu.modules.identity.ports import StreamLeasesUnavailable
from kosu.paging import microseconds, moment

# A lease is stored as "<expires>:<id>:<lesson>", its time in microseconds. A script begins by forgetting what lapsed.
_HELD = """
local now, held = tonumber(ARGV[1]), {}
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  local expires, id = string.match(entries[i + 1], '^(%d+):([^:]+)')
  if tonumber(expires) > now then
    table.insert(held, {device = entries[i], id = id, expires = tonumber(expires), value = entries[i + 1]})
  else
    redis.call('HDEL', KEYS[1], entries[i])
  end
end
table.sort(held, function(a, b) return a.expires < b.expires end)
local function keep(device, value, expires)
  redis.call('HSET', KEYS[1], device, value)
  local last = math.max(expires, #held > 0 and held[#held].expires or 0)
  redis.call('PEXPIRE', KEYS[1], math.ceil((last - now) / 1000))
end
"""
# Arguments: now, device, value, expires, limit, whether to take over.
_CLAIM = (
    _HELD
    + """
local others, answer = {}, {}
for _, lease in ipairs(held) do
  if lease.device ~= ARGV[2] then
    table.insert(others, lease)
    table.insert(answer, lease.device)
    table.insert(answer, lease.value)
  end
end
local surplus = #others - tonumber(ARGV[5]) + 1
if surplus > 0 and ARGV[6] == '0' then return answer end
for i = 1, surplus do redis.call('HDEL', KEYS[1], others[i].device) end
keep(ARGV[2], ARGV[3], tonumber(ARGV[4]))
return {}
"""
)
# Arguments: now, device, id, expires.
_RENEW = (
    _HELD
    + """
for _, lease in ipairs(held) do
  if lease.device == ARGV[2] and lease.id == ARGV[3] then
    keep(lease.device, ARGV[4] .. string.sub(lease.value, string.find(lease.value, ':'), -1), tonumber(ARGV[4]))
    return 1
  end
end
return 0
"""
)
# Arguments: device, id.
_RELEASE = """
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value and string.match(value, '^%d+:([^:]+)') == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""


class RedisStreamLeases:
    """Keys are hash-tagged by user, as those of the sessions are."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._claim = redis.register_script(_CLAIM)
        self._renew = redis.register_script(_RENEW)
        self._release = redis.register_script(_RELEASE)

    async def claim(
        self, user_id: UserId, lease: StreamLease, *, limit: int, take_over: bool, at: datetime
    ) -> Sequence[StreamLease]:
        expires = microseconds(lease.expires_at)
        value = f"{expires}:{lease.id.hex}:{lease.lesson_id.hex}"
        with redis_errors(StreamLeasesUnavailable):
            held: list[bytes] = await self._claim(
                keys=[_key(user_id)],
                args=[microseconds(at), lease.device_id.hex, value, expires, limit, int(take_over)],
            )
        return [_lease(device, stored) for device, stored in zip(held[::2], held[1::2], strict=True)]

    async def renew(
        self, user_id: UserId, device_id: DeviceId, stream_id: StreamId, *, expires_at: datetime, at: datetime
    ) -> bool:
        with redis_errors(StreamLeasesUnavailable):
            renewed = await self._renew(
                keys=[_key(user_id)],
                args=[microseconds(at), device_id.hex, stream_id.hex, microseconds(expires_at)],
            )
        return bool(renewed)

    async def release(self, user_id: UserId, device_id: DeviceId, stream_id: StreamId) -> None:
        with redis_errors(StreamLeasesUnavailable):
            await self._release(keys=[_key(user_id)], args=[device_id.hex, stream_id.hex])

    async def end(self, user_id: UserId, device_ids: Collection[DeviceId]) -> None:
        if not device_ids:
            return
        with redis_errors(StreamLeasesUnavailable):
            await self._redis.hdel(_key(user_id), *(device_id.hex for device_id in device_ids))


def _key(user_id: UserId) -> str:
    return f"kosu:streams:{{{user_id.hex}}}"


def _lease(device: bytes, value: bytes) -> StreamLease:
    expires, stream_id, lesson_id = value.decode().split(":")
    return StreamLease(
        id=StreamId(UUID(hex=stream_id)),
        device_id=DeviceId(UUID(hex=device.decode())),
        lesson_id=LessonId(UUID(hex=lesson_id)),
        expires_at=moment(int(expires)),
    )
