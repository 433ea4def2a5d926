"""A clock that stands still until it is told to move, and ids and secrets that repeat from run to run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID


class MemoryClock:
    def __init__(self, start: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta | None = None, **units: float) -> datetime:
        """Move the clock: `advance(seconds=31)` or `advance(timedelta(...))`. Answers the time then."""
        self._now += by if by is not None else timedelta(**units)
        return self._now


class MemoryIds:
    """UUIDv7 in shape, counted up from 1."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> UUID:
        self._count += 1
        return UUID(int=(self._count << 80) | (0x7 << 76) | (0x8 << 60) | self._count)


class MemorySecrets:
    """Bytes that differ from call to call and repeat from run to run."""

    def __init__(self, seed: str = "kosu") -> None:
        self._seed = seed
        self._count = 0

    def token(self, size_bytes: int) -> bytes:
        self._count += 1
        blocks = (
            sha256(f"{self._seed}:{self._count}:{block}".encode()).digest() for block in range(size_bytes // 32 + 1)
        )
        return b"".join(blocks)[:size_bytes]
