"""What instructors are told of their learners: the days of a window, and how many saw which part of a video."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from kosu.modules.learning.analytics_errors import InvalidWindow

DEFAULT_DAYS = 30
MOST_DAYS = 366
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
SECOND_MS = 1_000
OVERVIEW_POINTS = 200
# Ten hours second by second; a longer video is told a little coarser.
DETAIL_POINTS = 36_000


@dataclass(frozen=True, slots=True)
class Window:
    """Days in UTC, from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> Sequence[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def window_of(first: date | None, last: date | None, *, today: date) -> Window:
    """The days that are asked for; the DEFAULT_DAYS up to the last one, which is today, where they are left open.

    Raises:
        InvalidWindow
    """
    last = last or today
    if not EARLIEST + timedelta(days=DEFAULT_DAYS) <= last <= LATEST:
        raise InvalidWindow(f"Expected a day up to {LATEST}, in this millennium.", field="to")
    first = first or last - timedelta(days=DEFAULT_DAYS - 1)
    if not last - timedelta(days=MOST_DAYS - 1) <= first <= last:
        raise InvalidWindow(f"Expected at most {MOST_DAYS} days, and the first not after the last.", field="from")
    return Window(first, last)


@dataclass(frozen=True, slots=True)
class Sampling:
    """A video cut into buckets of whole seconds; the last one may reach beyond its end."""

    duration_ms: int
    bucket_ms: int

    @property
    def buckets(self) -> int:
        return -(-self.duration_ms // self.bucket_ms)


def sampling_of(duration_ms: int, *, most_points: int) -> Sampling:
    """The finest sampling with so many buckets at most."""
    return Sampling(duration_ms, SECOND_MS * -(-duration_ms // (SECOND_MS * most_points)))


def retention(edges: Iterable[tuple[int, int]], *, buckets: int) -> list[int]:
    """How many learners saw each bucket: the running sum of (bucket, change) edges, which come in any order."""
    changes = [0] * (buckets + 1)
    for bucket, change in edges:
        changes[bucket] += change
    return list(accumulate(changes[:buckets]))
