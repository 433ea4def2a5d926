"""What a benchmark of heartbeats asks of whatever it measures: Kosu's PUT of progress, and the peer's POST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from redis.asyncio import Redis

from benchmarks._kosu import Kosu
from benchmarks._load import http_request
from benchmarks._peer import Peer
from benchmarks._sides import RunningApi
from kosu.adapters.pyjwt import JwtAccessTokens
from kosu.adapters.redis.progress_buffer import RedisProgressBuffer
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.ids import CourseId, DeviceId, LessonId, SessionId, UserId
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.ports import Authority, SessionState
from kosu.modules.learning.ports import Viewing

WATCHERS = 4_000
"""Learners who watch at once; one of them sends a heartbeat every ten seconds, and here as often as is answered."""

_DAY = timedelta(days=1)


class HeartbeatSide(Protocol):
    @property
    def name(self) -> str: ...

    def api(self) -> AbstractContextManager[RunningApi]: ...

    def sign_in(self) -> None:
        """Let the sessions of all watchers be live. To be called while the API runs."""
        ...

    def beats(self, numbers: range) -> Sequence[bytes]:
        """Heartbeats as they go over the wire: number i is of watcher i modulo WATCHERS."""
        ...


class KosuHeartbeats:
    def __init__(self, kosu: Kosu) -> None:
        self.name = kosu.name
        self.api = kosu.api
        self._redis_url = kosu.redis_url
        identity = kosu.settings().identity
        tokens, at = JwtAccessTokens(keys=identity.keyring(), issuer=identity.issuer), datetime.now(UTC)
        self._tokens = [
            tokens.mint(
                AccessClaims(
                    user_id=UserId(_id("user", number)),
                    session_id=SessionId(_id("session", number)),
                    device_id=DeviceId(_id("device", number)),
                    gen=1,
                    expires_at=at + _DAY,
                ),
                at=at,
            )
            for number in range(WATCHERS)
        ]

    def sign_in(self) -> None:
        asyncio.run(self._sign_in())

    async def _sign_in(self) -> None:
        async with Redis.from_url(self._redis_url) as redis:
            cache, buffer = RedisSessionCache(redis), RedisProgressBuffer(redis)
            for number in range(WATCHERS):
                state = SessionState(
                    user_id=UserId(_id("user", number)),
                    session_id=SessionId(_id("session", number)),
                    device_id=DeviceId(_id("device", number)),
                    expires_at=datetime.now(UTC) + _DAY,
                    authority=Authority(roles=frozenset({"learner"}), disabled=False, authz_epoch=1),
                )
                await cache.fill(state)
                await buffer.open(
                    Viewing(
                        user_id=state.user_id,
                        lesson_id=LessonId(_id("lesson", number % 200)),
                        course_id=CourseId(_id("course", 0)),
                        duration_ms=900_000,
                    )
                )
            # Longer than a minute, as the peer has them: there are no such sessions in the database.
            async for key in redis.scan_iter(match="kosu:*", count=1_000):
                await redis.expire(key, _DAY)

    def beats(self, numbers: range) -> Sequence[bytes]:
        return [self._beat(number) for number in numbers]

    def _beat(self, number: int) -> bytes:
        watcher, seq = number % WATCHERS, number // WATCHERS
        start = seq * 10_000 % 890_000
        body = {"position_ms": start + 10_000, "watched": [[start, start + 10_000]], "seq": seq, "media_revision": 1}
        return http_request(
            f"/api/v1/lessons/{_id('lesson', watcher % 200)}/progress",
            {"authorization": f"Bearer {self._tokens[watcher]}"},
            json.dumps(body).encode(),
            method="PUT",
        )


class PeerHeartbeats:
    def __init__(self, peer: Peer) -> None:
        self.name = peer.name
        self.api = peer.api
        self._load = peer.load
        self._headers = [
            {"authorization": f"Bearer {self._load.access_token(number + 1)}"} for number in range(WATCHERS)
        ]

    def sign_in(self) -> None:
        """Its stack did it."""

    def beats(self, numbers: range) -> Sequence[bytes]:
        return [
            self._load.http_bytes(
                "POST", "/learning/progress", self._headers[number % WATCHERS], self._load.progress_body(number)
            )
            for number in numbers
        ]


def _id(kind: str, number: int) -> UUID:
    return uuid5(UUID(int=0), f"{kind} {number}")
