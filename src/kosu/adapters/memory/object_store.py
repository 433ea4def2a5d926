"""The object store in dictionaries. Nothing is awaited between a check and its change, so every method is atomic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import md5
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from kosu.errors import Forbidden
from kosu.ports.clock import Clock
from kosu.ports.object_store import (
    MultipartNotFound,
    ObjectNotFound,
    PartRequest,
    PresignedPart,
    StoredObject,
    StoredPart,
    StoreUnavailable,
    check_folder,
    check_key,
    check_parts,
)


class PartRefused(Forbidden):
    """The presigned URL does not permit to send this."""

    code = "part_refused"


@dataclass(frozen=True, slots=True)
class _Object:
    data: bytes
    content_type: str
    cache_control: str = ""

    def described(self, key: str) -> StoredObject:
        return StoredObject(key, len(self.data), self.content_type, self.cache_control)


@dataclass(slots=True)
class _Upload:
    key: str
    content_type: str
    parts: dict[int, bytes] = field(default_factory=dict)

    def stored_parts(self) -> list[StoredPart]:
        return [StoredPart(number, len(data), _etag(data)) for number, data in sorted(self.parts.items())]


class MemoryObjectStore:
    """`available = False` makes it behave as a store that is away. `send` is the client's side of a presigned URL."""

    def __init__(self, clock: Clock) -> None:
        self.available = True
        self._clock = clock
        self._objects: dict[str, _Object] = {}
        self._uploads: dict[str, _Upload] = {}
        self._presigned: dict[str, tuple[str, str, PartRequest, PresignedPart]] = {}

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, cache_control: str = ""
    ) -> StoredObject:
        self._check(key)
        data = b"".join([chunk async for chunk in chunks])
        self._check(key)
        self._objects[key] = _Object(data, content_type, cache_control)
        return self._objects[key].described(key)

    async def put_file(
        self,
        key: str,
        path: Path,
        *,
        content_type: str,
        cache_control: str = "",
        on_bytes: Callable[[int], None] | None = None,
    ) -> StoredObject:
        self._check(key)
        data = await asyncio.to_thread(path.read_bytes)
        self._objects[key] = _Object(data, content_type, cache_control)
        if on_bytes and data:
            on_bytes(len(data))
        return self._objects[key].described(key)

    async def download(self, key: str, path: Path, *, on_bytes: Callable[[int], None] | None = None) -> StoredObject:
        stored = self._get(key)
        await asyncio.to_thread(path.write_bytes, stored.data)
        if on_bytes and stored.data:
            on_bytes(len(stored.data))
        return stored.described(key)

    async def read(self, key: str, *, start: int = 0, length: int) -> bytes:
        return self._get(key).data[start : start + length]

    async def head(self, key: str) -> StoredObject:
        return self._get(key).described(key)

    async def list_keys(self, prefix: str) -> Sequence[str]:
        self._check()
        return sorted(key for key in self._objects if key.startswith(prefix))

    async def delete(self, key: str) -> None:
        self._check(key)
        self._objects.pop(key, None)

    async def delete_prefix(self, prefix: str) -> int:
        keys = await self.list_keys(check_folder(prefix))
        for key in keys:
            del self._objects[key]
        return len(keys)

    async def begin_multipart(self, key: str, *, content_type: str) -> str:
        self._check(key)
        multipart_id = uuid4().hex
        self._uploads[multipart_id] = _Upload(key, content_type)
        return multipart_id

    async def presign_parts(
        self, key: str, multipart_id: str, parts: Sequence[PartRequest], *, ttl: timedelta
    ) -> Sequence[PresignedPart]:
        self._check(key)
        expires_at = self._clock.now() + ttl
        presigned = []
        for part in parts:
            url = f"memory://{quote(multipart_id, safe='')}/{part.part_number}?grant={uuid4().hex}"
            presigned.append(PresignedPart(part.part_number, url, {}, expires_at))
            self._presigned[url] = (key, multipart_id, part, presigned[-1])
        return presigned

    async def send(self, part: PresignedPart, data: bytes) -> str:
        """Send a part as a browser would; returns its ETag.

        Raises:
            PartRefused: the URL is not from here or has expired, or the size is not the one signed.
            MultipartNotFound
        """
        self._check()
        key, multipart_id, request, issued = self._presigned.get(part.url, ("", "", PartRequest(0, 0), part))
        if not key or self._clock.now() >= issued.expires_at or len(data) != request.size_bytes:
            raise PartRefused(f"the presigned URL does not permit these {len(data)} bytes")
        self._upload(key, multipart_id).parts[request.part_number] = data
        return _etag(data)

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        return self._upload(key, multipart_id).stored_parts()[:1000]

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> StoredObject:
        upload = self._upload(key, multipart_id)
        check_parts(parts, upload.stored_parts())
        self._objects[key] = _Object(b"".join(upload.parts[part.part_number] for part in parts), upload.content_type)
        del self._uploads[multipart_id]
        return self._objects[key].described(key)

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        self._check(key)
        upload = self._uploads.get(multipart_id)
        if upload and upload.key == key:
            del self._uploads[multipart_id]

    async def ping(self) -> None:
        self._check()

    def _check(self, key: str | None = None) -> None:
        """Raises StoreUnavailable while the store is away, ValueError for a key that the port does not allow."""
        if key is not None:
            check_key(key)
        if not self.available:
            raise StoreUnavailable("the store is away")

    def _get(self, key: str) -> _Object:
        self._check(key)
        if key not in self._objects:
            raise ObjectNotFound(f"no object {key!r}")
        return self._objects[key]

    def _upload(self, key: str, multipart_id: str) -> _Upload:
        self._check(key)
        upload = self._uploads.get(multipart_id)
        if upload is None or upload.key != key:
            raise MultipartNotFound(f"no multipart upload {multipart_id!r}")
        return upload


def _etag(data: bytes) -> str:
    return f'"{md5(data, usedforsecurity=False).hexdigest()}"'
