"""Where the fragments of a fragmented MP4 lie.

Source: ISO/IEC 14496-12, 4.2 (boxes) and 8.8 (movie fragments).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SIZE_FOLLOWS = 1


@dataclass(frozen=True, slots=True)
class ByteRange:
    offset: int
    size_bytes: int


def fragment_ranges(path: Path) -> tuple[ByteRange, ...]:
    """The byte ranges of all fragments, each from its `moof` box on; what stands before the first initialises.

    Raises:
        ValueError: this is no fragmented MP4.
    """
    with path.open("rb") as file:
        starts = [offset for kind, offset in _boxes(file) if kind == b"moof"]
    if not starts:
        msg = "no fragment"
        raise ValueError(msg)
    ends = [*starts[1:], path.stat().st_size]
    return tuple(ByteRange(start, end - start) for start, end in zip(starts, ends, strict=True))


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Kind and offset of the outermost boxes."""
    end = os.fstat(file.fileno()).st_size
    offset = 0
    while offset < end:
        file.seek(offset)
        head = file.read(16)
        size = int.from_bytes(head[:4])
        if size == _SIZE_FOLLOWS:
            size = int.from_bytes(head[8:16])
        if size < 8 or offset + size > end:
            msg = f"a box of {size} bytes at {offset}"
            raise ValueError(msg)
        yield head[4:8], offset
        offset += size
