"""Limits on how often something may be tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from kosu.errors import TooManyRequests, Unavailable


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and then one more each `every`."""

    burst: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted together. `key` is seen by people who operate the store: put no address or name into it."""

    key: str
    rate: Rate


class ThrottleUnavailable(Unavailable):
    """The store of the counts did not answer; nothing was taken."""

    code = "throttle_unavailable"


@runtime_checkable
class Throttle(Protocol):
    """The generic cell rate algorithm: one time per bucket, and no background work.

    Source: ITU-T I.371, appendix I; Brandur Leach, "Rate limiting, cells, and GCRA".
    """

    async def take(self, buckets: Sequence[Bucket], *, at: datetime) -> timedelta | None:
        """Take one from each bucket, or none from any; atomically, and in one round trip.

        None when it was taken; otherwise how long it takes until it can be.

        Raises:
            ThrottleUnavailable
        """
        ...

    async def give_back(self, buckets: Sequence[Bucket], *, at: datetime) -> None:
        """Undo one `take`. A bucket never gets fuller than full.

        Raises:
            ThrottleUnavailable
        """
        ...


async def take_or_refuse(throttle: Throttle, buckets: Sequence[Bucket], *, at: datetime, told: str) -> None:
    """Take one from each bucket, or none from any.

    Raises:
        TooManyRequests: `told`, with the time after which the next try is allowed.
        ThrottleUnavailable
    """
    wait = await throttle.take(buckets, at=at)
    if wait is not None:
        raise TooManyRequests(told, retry_after_seconds=max(1, math.ceil(wait.total_seconds())))
