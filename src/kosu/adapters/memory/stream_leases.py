"""Stream leases in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from kosu.ids import DeviceId, UserId
from kosu.modules.identity.domain.streams import StreamId, StreamLease
from kosu.modules.identity.ports import StreamLeasesUnavailable


class MemoryStreamLeases:
    """`available = False` makes it behave as an unreachable store."""

    def __init__(self) -> None:
        self.available = True
        self._leases: dict[UserId, dict[DeviceId, StreamLease]] = {}

    async def claim(
        self, user_id: UserId, lease: StreamLease, *, limit: int, take_over: bool, at: datetime
    ) -> Sequence[StreamLease]:
        leases = self._of(user_id)
        others = sorted(
            (held for held in leases.values() if held.expires_at > at and held.device_id != lease.device_id),
            key=lambda held: held.expires_at,
        )
        surplus = len(others) - limit + 1
        if surplus > 0 and not take_over:
            return others
        kept = [*others[max(surplus, 0) :], lease]
        self._leases[user_id] = {held.device_id: held for held in kept}
        return []

    async def renew(
        self, user_id: UserId, device_id: DeviceId, stream_id: StreamId, *, expires_at: datetime, at: datetime
    ) -> bool:
        held = self._of(user_id).get(device_id)
        if held is None or held.id != stream_id or held.expires_at <= at:
            return False
        self._leases[user_id][device_id] = replace(held, expires_at=expires_at)
        return True

    async def release(self, user_id: UserId, device_id: DeviceId, stream_id: StreamId) -> None:
        held = self._of(user_id).get(device_id)
        if held is not None and held.id == stream_id:
            del self._leases[user_id][device_id]

    async def end(self, user_id: UserId, device_ids: Collection[DeviceId]) -> None:
        self._keep(user_id, [held for held in self._of(user_id).values() if held.device_id not in device_ids])

    def _of(self, user_id: UserId) -> dict[DeviceId, StreamLease]:
        if not self.available:
            msg = "the stream leases are away"
            raise StreamLeasesUnavailable(msg)
        return self._leases.get(user_id, {})

    def _keep(self, user_id: UserId, leases: Sequence[StreamLease]) -> None:
        self._leases[user_id] = {held.device_id: held for held in leases}
