"""Ways of files into the store and out of it: a few at a time, and what is delivered as browsers want it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

from kosu.ports.object_store import ObjectStore

CONCURRENT_TRANSFERS = 8
# Nothing under a revision's prefix ever changes.
IMMUTABLE = "max-age=31536000, immutable"
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
}

T = TypeVar("T")


async def a_few_at_once(transfer: Callable[[T], Awaitable[object]], files: Sequence[T]) -> None:
    for start in range(0, len(files), CONCURRENT_TRANSFERS):
        await asyncio.gather(*(transfer(file) for file in files[start : start + CONCURRENT_TRANSFERS]))


async def deliver_file(
    store: ObjectStore, key: str, path: Path, *, on_bytes: Callable[[int], None] | None = None
) -> None:
    """Store a file that browsers will ask for, and that never changes."""
    await store.put_file(key, path, content_type=CONTENT_TYPES[path.suffix], cache_control=IMMUTABLE, on_bytes=on_bytes)


async def deliver_text(store: ObjectStore, key: str, text: str, *, cache_control: str = IMMUTABLE) -> None:
    """Store a text that browsers will ask for."""
    content_type = CONTENT_TYPES[PurePosixPath(key).suffix]
    await store.put(key, _whole(text), content_type=content_type, cache_control=cache_control)


async def _whole(text: str) -> AsyncIterator[bytes]:
    yield text.encode()
