"""Rate limits in the memory of one process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kosu.ports.throttle import Bucket, ThrottleUnavailable

# As many buckets are kept at least before the full ones are looked for and forgotten.
SWEEP_AT = 10_000


class MemoryThrottle:
    """Keeps, for each bucket that is not full, when it will be: its theoretical arrival time."""

    def __init__(self) -> None:
        self.available = True
        self._full_at: dict[str, datetime] = {}
        self._sweep_at = SWEEP_AT

    async def take(self, buckets: Sequence[Bucket], *, at: datetime) -> timedelta | None:
        self._check()
        full_at = {bucket.key: max(self._full_at.get(bucket.key, at), at) + bucket.rate.every for bucket in buckets}
        wait = max(
            (full_at[bucket.key] - at - bucket.rate.burst * bucket.rate.every for bucket in buckets),
            default=timedelta(),
        )
        if wait > timedelta():
            return wait
        if len(self._full_at) >= self._sweep_at:
            self._full_at = {key: time for key, time in self._full_at.items() if time > at}
            # Under attack few are full: looking again only when twice as many are kept spreads the cost.
            self._sweep_at = max(SWEEP_AT, 2 * len(self._full_at))
        self._full_at.update(full_at)
        return None

    async def give_back(self, buckets: Sequence[Bucket], *, at: datetime) -> None:
        self._check()
        for bucket in buckets:
            full_at = self._full_at.get(bucket.key, at) - bucket.rate.every
            if full_at > at:
                self._full_at[bucket.key] = full_at
            else:
                self._full_at.pop(bucket.key, None)

    def _check(self) -> None:
        if not self.available:
            msg = "the throttle is away"
            raise ThrottleUnavailable(msg)
