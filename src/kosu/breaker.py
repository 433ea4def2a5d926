"""A circuit breaker: after some failures in a row a part is left alone for a moment instead of being waited for.

Source: Michael Nygard, "Release It!", stability patterns.
"""

from __future__ import annotations

from datetime import datetime, timedelta


class CircuitBreaker:
    """Closed, it lets every call through; `failures` in a row open it for `open_for`.

    After that one call at a time is let through to find out: its success closes the breaker, its failure opens it
    again. A probe of which nothing is heard for another `open_for` counts for nothing, and the next one is let through.
    """

    def __init__(self, *, failures: int = 3, open_for: timedelta = timedelta(seconds=1)) -> None:
        self._limit = failures
        self._open_for = open_for
        self._failures = 0
        self._closed_to: datetime | None = None

    def allows(self, at: datetime) -> bool:
        """Whether a call may be made now; whoever makes it reports `succeeded` or `failed`."""
        if self._closed_to is None:
            return True
        # A clock that was set back is no reason to wait for it to come round again.
        if self._closed_to - self._open_for <= at < self._closed_to:
            return False
        self._closed_to = at + self._open_for
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._closed_to = None

    def failed(self, at: datetime) -> None:
        self._failures += 1
        if self._failures >= self._limit:
            self._closed_to = at + self._open_for
