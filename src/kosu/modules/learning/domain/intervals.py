"""Sets of milliseconds as sorted, disjoint, half-open intervals."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]


def union(intervals: Iterable[Interval]) -> Intervals:
    """The smallest such set that covers all intervals; touching ones become one, empty ones vanish."""
    ordered = [interval for interval in intervals if interval[0] < interval[1]]
    if len(ordered) < 2:
        return tuple(ordered)
    ordered.sort()
    merged: list[Interval] = []
    for start, end in ordered:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def clip(intervals: Iterable[Interval], end: int) -> Intervals:
    """What of the intervals lies in [0, end)."""
    return union([(max(start, 0), min(stop, end)) for start, stop in intervals])


def first(intervals: Intervals, length: int) -> Intervals:
    """The first `length` milliseconds of disjoint, sorted intervals; the last interval of them is cut where it must."""
    kept: list[Interval] = []
    for start, end in intervals:
        if length <= 0:
            break
        kept.append((start, min(end, start + length)))
        length -= end - start
    return tuple(kept)


def covered(intervals: Intervals) -> int:
    """How many milliseconds disjoint intervals hold."""
    return sum([end - start for start, end in intervals])


def covered_below(intervals: Intervals, end: int) -> int:
    """How many milliseconds below `end` disjoint intervals hold."""
    return sum([min(stop, end) - start for start, stop in intervals if start < end])
