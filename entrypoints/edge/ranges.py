"""Byte ranges. Source: RFC 9110, section 14."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(Exception):  # noqa: N818 - the name that the RFC gives to it
    """The range begins behind the end."""


def requested_span(header: str, size_bytes: int) -> tuple[int, int] | None:
    """First offset and the one after the last, or None to send everything.

    Several ranges and malformed ones are ignored, as the RFC permits.

    Raises:
        RangeNotSatisfiable
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size_bytes - int(last)), size_bytes
    elif last and int(last) < int(first):
        return None
    else:
        start, stop = int(first), min(int(last) + 1 if last else size_bytes, size_bytes)
    if start >= stop:
        raise RangeNotSatisfiable
    return start, stop
