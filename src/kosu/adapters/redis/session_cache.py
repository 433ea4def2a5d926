"""Session states in Redis: for a minute, and tombstones for longer than any access token lives."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from kosu.adapters.redis.connections import redis_errors
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.ports import (
    Authority,
    Cached,
    LiveSession,
    NoSuchSession,
    SessionCacheUnavailable,
    SessionMark,
    SessionState,
    Tombstone,
)

LIVE_SECONDS = 60
UNKNOWN_SECONDS = 5
TOMBSTONE_SECONDS = 15 * 60
_TOMBSTONE = b"R:"
_UNKNOWN = b"N"

# The last key is the authority's, the last arguments its epoch, value and seconds. Stored as "<epoch>:<value>", so that
# of two the higher epoch wins.
_SET_AUTHORITY = """
local known = redis.call('GET', KEYS[#KEYS])
local epoch, value, seconds = ARGV[#ARGV - 2], ARGV[#ARGV - 1], ARGV[#ARGV]
if not known or tonumber(string.match(known, '^%d+')) < tonumber(epoch) then
  redis.call('SET', KEYS[#KEYS], epoch .. ':' .. value, 'EX', seconds)
end
"""
# Keys: session, authority. Arguments: the session's value and seconds, then the authority's three.
_FILL = (
    """
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2])
"""
    + _SET_AUTHORITY
)
# Key: session. Arguments: value, seconds.
_RENEW = """
local known = redis.call('GET', KEYS[1])
if not known or string.sub(known, 1, 2) ~= 'R:' then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""


class _Session(msgspec.Struct, frozen=True, array_like=True):
    device_id: UUID
    expires_at: datetime


class _Authority(msgspec.Struct, frozen=True, array_like=True):
    roles: frozenset[str]
    disabled: bool


class RedisSessionCache:
    """Keys are hash-tagged by user, so that all of a user's state lives on one node of a cluster."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._fill = redis.register_script(_FILL)
        self._set_authority = redis.register_script(_SET_AUTHORITY)
        self._renew = redis.register_script(_RENEW)
        # Deterministic: what is filled again is marked as before, whichever process does it.
        self._encode = msgspec.msgpack.Encoder(order="deterministic").encode
        self._decode_session = msgspec.msgpack.Decoder(_Session).decode
        self._decode_authority = msgspec.msgpack.Decoder(_Authority).decode

    async def get(self, user_id: UserId, session_id: SessionId) -> Cached:
        with redis_errors(SessionCacheUnavailable):
            session, authority = cast(
                list[bytes | None],
                await self._redis.mget(session_key(user_id, session_id), authority_key(user_id)),
            )
        return Cached(
            session=None if session is None else self._session_of(session),
            authority=None if authority is None else self._authority_of(authority),
            mark=None
            if session is None or authority is None
            else SessionMark(user_id, session_id, session=session, authority=authority),
        )

    async def fill(self, state: SessionState) -> None:
        # NX: a tombstone that arrived since the database was read must win.
        with redis_errors(SessionCacheUnavailable):
            await self._fill(
                keys=[session_key(state.user_id, state.session_id), authority_key(state.user_id)],
                args=[
                    self._encode(_Session(state.device_id, state.expires_at)),
                    _spread(LIVE_SECONDS),
                    *self._authority_args(state.authority),
                ],
            )

    async def fill_unknown(self, user_id: UserId, session_id: SessionId) -> None:
        with redis_errors(SessionCacheUnavailable):
            await self._redis.set(session_key(user_id, session_id), _UNKNOWN, ex=UNKNOWN_SECONDS, nx=True)

    async def renew(self, user_id: UserId, session_id: SessionId, live: LiveSession) -> None:
        with redis_errors(SessionCacheUnavailable):
            await self._renew(
                keys=[session_key(user_id, session_id)],
                args=[self._encode(_Session(live.device_id, live.expires_at)), _spread(LIVE_SECONDS)],
            )

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        with redis_errors(SessionCacheUnavailable):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for session_id, reason in ended.items():
                    pipeline.set(session_key(user_id, session_id), _TOMBSTONE + reason.encode(), ex=TOMBSTONE_SECONDS)
                await pipeline.execute()

    async def set_authority(self, user_id: UserId, authority: Authority) -> None:
        with redis_errors(SessionCacheUnavailable):
            await self._set_authority(keys=[authority_key(user_id)], args=self._authority_args(authority))

    def _session_of(self, value: bytes) -> LiveSession | Tombstone | NoSuchSession:
        if value.startswith(_TOMBSTONE):
            return Tombstone(reason=value.removeprefix(_TOMBSTONE).decode())
        if value == _UNKNOWN:
            return NoSuchSession()
        entry = self._decode_session(value)
        return LiveSession(device_id=DeviceId(entry.device_id), expires_at=entry.expires_at)

    def _authority_of(self, value: bytes) -> Authority:
        epoch, _, entry = value.partition(b":")
        decoded = self._decode_authority(entry)
        return Authority(roles=decoded.roles, disabled=decoded.disabled, authz_epoch=int(epoch))

    def _authority_args(self, authority: Authority) -> list[bytes | int]:
        value = self._encode(_Authority(authority.roles, authority.disabled))
        return [authority.authz_epoch, value, _spread(LIVE_SECONDS)]


def _spread(seconds: int) -> int:
    """Ten percent up or down, so that what was filled together is not read from the database together."""
    return seconds + random.randint(-seconds // 10, seconds // 10)  # noqa: S311 - jitter, not a secret


def session_key(user_id: UserId, session_id: SessionId) -> str:
    return f"kosu:session:{{{user_id.hex}}}:{session_id.hex}"


def authority_key(user_id: UserId) -> str:
    return f"kosu:authority:{{{user_id.hex}}}"
