"""The three object stores behind one plain client, so that one suite holds for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import httpx

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.s3.object_store import S3ObjectStore
from kosu.errors import KosuError
from kosu.ports.object_store import ObjectStore, PartRequest, PresignedPart

MIB = 1024 * 1024
TTL = timedelta(hours=1)


class SendRefused(Exception):  # noqa: N818 - an outcome that tests wait for
    """The store did not take the part."""


@dataclass(frozen=True, slots=True)
class StoreUnderTest:
    """A store that holds nothing, and the client's side of its presigned URLs."""

    store: ObjectStore
    send: Callable[[PresignedPart, bytes], Awaitable[str]]
    """Sends a part and answers its ETag. Raises SendRefused."""

    async def begin(self, key: str, content_type: str = "video/mp4") -> str:
        return await self.store.begin_multipart(key, content_type=content_type)

    async def send_part(self, key: str, multipart_id: str, part_number: int, data: bytes) -> str:
        """Presign one part and send it."""
        (part,) = await self.store.presign_parts(key, multipart_id, [PartRequest(part_number, len(data))], ttl=TTL)
        return await self.send(part, data)

    async def upload(self, key: str, parts: Sequence[bytes]) -> str:
        """Begin an upload and send its parts, from number 1; answers its id."""
        multipart_id = await self.begin(key)
        for number, data in enumerate(parts, 1):
            await self.send_part(key, multipart_id, number, data)
        return multipart_id

    async def put(self, key: str, *chunks: bytes, content_type: str = "text/plain") -> None:
        await self.store.put(key, stream(*chunks), content_type=content_type)

    async def content(self, key: str) -> bytes:
        return await self.store.read(key, length=1024 * MIB)


async def stream(*chunks: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    """Some chunks, and in the end perhaps a failure."""
    for chunk in chunks:
        yield chunk
    if then:
        raise then


@cache
def noise(size_bytes: int, seed: int = 0) -> bytes:
    """Bytes that differ from place to place and from seed to seed."""
    block = bytes((seed + step * 7 + step // 256) % 256 for step in range(64 * 1024 + 1))
    return (block * (size_bytes // len(block) + 1))[:size_bytes]


def memory_store() -> StoreUnderTest:
    store = MemoryObjectStore(MemoryClock())

    async def send(part: PresignedPart, data: bytes) -> str:
        try:
            return await store.send(part, data)
        except KosuError as error:
            raise SendRefused from error

    return StoreUnderTest(store, send)


async def send_over_http(part: PresignedPart, data: bytes) -> str:
    async with httpx.AsyncClient() as client:
        answer = await client.put(part.url, content=data, headers=part.headers)
    if answer.status_code != 200:
        raise SendRefused(answer.status_code, answer.text)
    return answer.headers["etag"]


def s3_store(endpoint_url: str, bucket: str) -> S3ObjectStore:
    return S3ObjectStore(
        bucket=bucket, region="us-east-1", endpoint_url=endpoint_url, access_key_id="test", secret_access_key="test"
    )
