"""Session states in Redis: for a minute, and tombstones for longer than any access token lives."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from kosu.adapters.redis.connections import redis_errors
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.ports import SessionCacheUnavailable, SessionState, Tombstone

LIVE_SECONDS = 60
TOMBSTONE_SECONDS = 15 * 60
_TOMBSTONE = b"R:"


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    device_id: UUID
    expires_at: datetime
    roles: frozenset[str]


class RedisSessionCache:
    """Keys are hash-tagged by user, so that all of a user's state lives on one node of a cluster."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(_Entry).decode

    async def get(self, user_id: UserId, session_id: SessionId) -> SessionState | Tombstone | None:
        with redis_errors(SessionCacheUnavailable):
            value: bytes | None = await self._redis.get(_key(user_id, session_id))  # type: ignore[assignment]
        if value is None:
            return None
        if value.startswith(_TOMBSTONE):
            return Tombstone(reason=value.removeprefix(_TOMBSTONE).decode())
        entry = self._decode(value)
        return SessionState(
            user_id=user_id,
            session_id=session_id,
            device_id=DeviceId(entry.device_id),
            expires_at=entry.expires_at,
            roles=entry.roles,
        )

    async def fill(self, state: SessionState) -> None:
        entry = self._encode(_Entry(state.device_id, state.expires_at, state.roles))
        # Spread out, so that sessions filled together are not read from the database together.
        seconds = LIVE_SECONDS + random.randint(-6, 6)  # noqa: S311 - jitter, not a secret
        with redis_errors(SessionCacheUnavailable):
            # NX: a tombstone that arrived since the database was read must win.
            await self._redis.set(_key(state.user_id, state.session_id), entry, ex=seconds, nx=True)

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        with redis_errors(SessionCacheUnavailable):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for session_id, reason in ended.items():
                    pipeline.set(_key(user_id, session_id), _TOMBSTONE + reason.encode(), ex=TOMBSTONE_SECONDS)
                await pipeline.execute()


def _key(user_id: UserId, session_id: SessionId) -> str:
    return f"kosu:session:{{{user_id.hex}}}:{session_id.hex}"
