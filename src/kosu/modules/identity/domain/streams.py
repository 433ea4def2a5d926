"""Streams: which devices of an account play something right now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType
from uuid import UUID

from kosu.ids import DeviceId, LessonId

StreamId = NewType("StreamId", UUID)

HEARTBEAT = timedelta(seconds=15)
# Two heartbeats may get lost before a device counts as gone.
LEASE = 3 * HEARTBEAT


@dataclass(frozen=True, slots=True)
class StreamLease:
    """A device's right to play, until `expires_at` unless it is renewed. A device has one at most."""

    id: StreamId
    device_id: DeviceId
    lesson_id: LessonId
    expires_at: datetime
