"""Progress of transfers."""

from __future__ import annotations

import threading

from kosu.modules.media.domain.runs import StepName
from kosu.modules.media.processing.held_run import HeldRun


class ByteProgress:
    """Reports a transfer as a percentage of `total_bytes`; called from any thread with each further count."""

    def __init__(self, held: HeldRun, step: StepName, total_bytes: int) -> None:
        self._held = held
        self._step = step
        self._total_bytes = max(1, total_bytes)
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, further_bytes: int) -> None:
        with self._lock:
            self._bytes += further_bytes
        self._held.report(self._step, 100 * self._bytes // self._total_bytes)
