"""Streams of bytes, cut to the sizes that multipart uploads want."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path


async def file_chunks(path: Path, size_bytes: int) -> AsyncIterator[bytes]:
    """A file's content in pieces of `size_bytes`, read off the event loop."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while data := await asyncio.to_thread(file.read, size_bytes):
            yield data
    finally:
        await asyncio.to_thread(file.close)


async def in_parts(chunks: AsyncIterator[bytes], size_bytes: int) -> AsyncIterator[bytes]:
    """The same bytes in parts of exactly `size_bytes`; the last one is shorter, and may be empty."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        while len(buffer) >= size_bytes:
            yield bytes(buffer[:size_bytes])
            del buffer[:size_bytes]
    yield bytes(buffer)
