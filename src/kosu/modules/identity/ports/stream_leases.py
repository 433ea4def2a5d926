"""Leases of the devices that play something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable
from kosu.ids import DeviceId, UserId
from kosu.modules.identity.domain.streams import StreamId, StreamLease


class StreamLeasesUnavailable(Unavailable):
    """The leases cannot be looked at; nothing was changed."""

    code = "stream_leases_unavailable"


@runtime_checkable
class StreamLeases(Protocol):
    """Every method is atomic and one round trip, and raises StreamLeasesUnavailable when the leases are away."""

    async def claim(
        self, user_id: UserId, lease: StreamLease, *, limit: int, take_over: bool, at: datetime
    ) -> Sequence[StreamLease]:
        """Write down a lease if the account has fewer than `limit` on other devices.

        It replaces the device's own earlier lease. With `take_over` those that would expire first give way.

        Answers the leases that stand in the way, in the order of their expiry; none when the lease was written.
        """
        ...

    async def renew(
        self, user_id: UserId, device_id: DeviceId, stream_id: StreamId, *, expires_at: datetime, at: datetime
    ) -> bool:
        """Prolong the device's lease; False when it is not this one, lapsed, was taken over or was ended."""
        ...

    async def release(self, user_id: UserId, device_id: DeviceId, stream_id: StreamId) -> None:
        """End the device's lease; nothing happens where it is not this one."""
        ...

    async def end(self, user_id: UserId, device_ids: Collection[DeviceId]) -> None:
        """End the leases of these devices, because their sessions have ended."""
        ...
