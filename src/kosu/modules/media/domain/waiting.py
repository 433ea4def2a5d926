"""What a run waits for when nobody works on it."""

from __future__ import annotations

from enum import StrEnum


class Wait(StrEnum):
    """A worker: none is online. Disk: there was no room to begin. Retry: a step failed on our side, with a pause."""

    WORKER = "worker"
    DISK = "disk"
    RETRY = "retry"
