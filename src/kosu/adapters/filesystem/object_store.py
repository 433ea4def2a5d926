"""The object store in a folder: S3's semantics, multipart and presigned URLs included, for one machine.

Layout: `objects/` (see paths), `multipart/` and `joined/` (see there), and `incoming/` for what is not visible yet. Any
number of processes may share the folder; the edge serves it to browsers.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from kosu.adapters.filesystem.blob import Attributes, Blob, BlobWriter
from kosu.adapters.filesystem.joined import JoinedBlob, JoinedFolder
from kosu.adapters.filesystem.multipart import MultipartFolder
from kosu.adapters.filesystem.paths import folder_path, key_of, object_path
from kosu.adapters.filesystem.presigned import PartGrant, part_url
from kosu.errors import Invalid
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
)

P = ParamSpec("P")
T = TypeVar("T")

CHUNK_BYTES = 1024 * 1024
_LITTER_SECONDS = 24 * 3600


class PartSizeMismatch(Invalid):
    """The body ended before, or went on after, the size that the URL was signed for."""

    code = "wrong_size"


class FilesystemObjectStore:
    """`url` is the public base URL under which the edge takes parts, without a trailing slash."""

    def __init__(self, *, directory: Path, url: str, signing_key: str, clock: Clock) -> None:
        self._directory = directory
        self._objects = directory / "objects"
        self._incoming = directory / "incoming"
        self._joined = JoinedFolder(directory / "joined", self._incoming)
        self._multipart = MultipartFolder(directory / "multipart", self._incoming)
        self._url = url
        self._signing_key = signing_key
        self._clock = clock

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, cache_control: str = ""
    ) -> StoredObject:
        path = object_path(self._objects, check_key(key))
        with BlobWriter(self._incoming) as writer:
            await self._fill(writer, chunks)
            attributes = Attributes(writer.etag, content_type, cache_control)
            await self._run(self._publish, writer, path, attributes)
        return StoredObject(key, writer.size_bytes, content_type, cache_control)

    async def put_file(
        self,
        key: str,
        path: Path,
        *,
        content_type: str,
        cache_control: str = "",
        on_bytes: Callable[[int], None] | None = None,
    ) -> StoredObject:
        chunks = _file_chunks(path, on_bytes)
        return await self.put(key, chunks, content_type=content_type, cache_control=cache_control)

    async def download(self, key: str, path: Path, *, on_bytes: Callable[[int], None] | None = None) -> StoredObject:
        with await self.open(key) as blob:
            # The local file is the caller's: its errors are not the store's.
            file = await asyncio.to_thread(path.open, "wb")
            try:
                for offset in range(0, blob.size_bytes, CHUNK_BYTES):
                    data = await self._run(blob.read, offset, CHUNK_BYTES)
                    await asyncio.to_thread(file.write, data)
                    if on_bytes:
                        on_bytes(len(data))
            finally:
                await asyncio.to_thread(file.close)
            return _described(key, blob)

    async def read(self, key: str, *, start: int = 0, length: int) -> bytes:
        with await self.open(key) as blob:
            return await self._run(blob.read, start, length)

    async def head(self, key: str) -> StoredObject:
        with await self.open(key) as blob:
            return _described(key, blob)

    async def open(self, key: str) -> Blob | JoinedBlob:
        """The object, opened for reads at any offset; the caller closes it.

        Raises:
            ObjectNotFound
        """
        return await self._run(self._open, check_key(key))

    async def list_keys(self, prefix: str) -> Sequence[str]:
        return await self._run(self._keys, prefix)

    async def delete(self, key: str) -> None:
        await self._run(self._delete, check_key(key))

    async def delete_prefix(self, prefix: str) -> int:
        keys = await self._run(self._keys, check_folder(prefix))
        for key in keys:
            await self._run(self._delete, key)
        return len(keys)

    async def begin_multipart(self, key: str, *, content_type: str) -> str:
        object_path(self._objects, check_key(key))  # a name too long is refused now, not after the last part
        await self._run(self._tidy)
        return await self._run(self._multipart.begin, key, content_type)

    async def presign_parts(
        self, key: str, multipart_id: str, parts: Sequence[PartRequest], *, ttl: timedelta
    ) -> Sequence[PresignedPart]:
        expires_at = (self._clock.now() + ttl).replace(microsecond=0)
        grants = [PartGrant(check_key(key), multipart_id, part.part_number, part.size_bytes) for part in parts]
        return [
            PresignedPart(
                grant.part_number,
                part_url(self._url, grant, expires_at=expires_at, signing_key=self._signing_key),
                {},
                expires_at,
            )
            for grant in grants
        ]

    async def receive_part(self, grant: PartGrant, chunks: AsyncIterator[bytes]) -> str:
        """Store the body of a request made to a presigned URL; returns the part's ETag.

        The part appears whole or not at all, whatever `chunks` raises.

        Raises:
            MultipartNotFound
            PartSizeMismatch
        """
        await self._run(self._multipart.get, grant.key, grant.multipart_id)
        with BlobWriter(self._incoming) as writer:
            await self._fill(writer, _exactly(grant.size_bytes, chunks))
            await self._run(self._multipart.add_part, grant.key, grant.multipart_id, grant.part_number, writer)
        return writer.etag

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        parts = await self._run(self._multipart.list_parts, check_key(key), multipart_id)
        return parts[:1000]

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> StoredObject:
        path = object_path(self._objects, check_key(key))

        def publish(writer: BlobWriter, attributes: Attributes) -> None:
            self._publish(writer, path, attributes)

        upload = await self._run(self._multipart.complete, key, multipart_id, parts, publish, self._joined)
        return StoredObject(key, sum(part.size_bytes for part in parts), upload.content_type)

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        with suppress(MultipartNotFound):
            await self._run(self._multipart.abort, check_key(key), multipart_id)

    async def ping(self) -> None:
        """The folder is made if it is not there yet."""
        await self._run(self._objects.mkdir, parents=True, exist_ok=True)
        if not await self._run(os.access, self._objects, os.R_OK | os.W_OK | os.X_OK):
            raise StoreUnavailable(f"may not read and write {self._objects}")

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do file IO of the store in a thread."""
        try:
            return await asyncio.to_thread(function, *args, **kwargs)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    async def _fill(self, writer: BlobWriter, chunks: AsyncIterator[bytes]) -> None:
        buffer = bytearray()
        async for chunk in chunks:
            buffer += chunk
            if len(buffer) >= CHUNK_BYTES:
                await self._run(writer.write, buffer)
                buffer = bytearray()
        await self._run(writer.write, buffer)

    def _open(self, key: str) -> Blob | JoinedBlob:
        try:
            blob = Blob(object_path(self._objects, key))
        except FileNotFoundError as error:
            raise ObjectNotFound(f"no object {key!r}") from error
        return self._joined.open(blob) if blob.attributes.joined else blob

    def _publish(self, writer: BlobWriter, path: Path, attributes: Attributes) -> None:
        replaced = _joined_at(path)
        writer.publish(path, attributes, make_folders=True)
        self._joined.remove(replaced)

    def _keys(self, prefix: str) -> list[str]:
        base = folder_path(self._objects, prefix.rpartition("/")[0])
        walk = os.walk(base, onerror=_unless_gone)
        found = (key_of(self._objects, Path(folder, name)) for folder, _, names in walk for name in names)
        return sorted(key for key in found if key.startswith(prefix))

    def _delete(self, key: str) -> None:
        path = object_path(self._objects, key)
        parts = _joined_at(path)
        path.unlink(missing_ok=True)
        self._joined.remove(parts)
        with suppress(OSError):  # up to the first folder that still holds something
            for folder in path.parents[: len(path.relative_to(self._objects).parts) - 1]:
                folder.rmdir()

    def _tidy(self) -> None:
        """Remove what killed processes left. Each new upload is an occasion, so nothing piles up."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _LITTER_SECONDS:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        self._joined.tidy(lambda key: _joined_at(object_path(self._objects, key)), older_than_seconds=_LITTER_SECONDS)


def _joined_at(path: Path) -> str:
    """The name of the parts of the object in this file; empty when it has none, or is none."""
    try:
        with Blob(path) as blob:
            return blob.attributes.joined
    except OSError:  # also a damaged one, which may be replaced and deleted like any other
        return ""


def _unless_gone(error: OSError) -> None:
    """A folder that does not exist, or no longer, holds no keys; any other trouble with it must not look like that."""
    if not isinstance(error, FileNotFoundError):
        raise error


async def _exactly(size_bytes: int, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > size_bytes:
            raise PartSizeMismatch(f"The body is longer than the {size_bytes} bytes signed.")
        yield chunk
    if received < size_bytes:
        raise PartSizeMismatch(f"The body has {received} of the {size_bytes} bytes signed.")


def _described(key: str, blob: Blob | JoinedBlob) -> StoredObject:
    attributes = blob.attributes
    return StoredObject(key, blob.size_bytes, attributes.content_type, attributes.cache_control)


async def _file_chunks(path: Path, on_bytes: Callable[[int], None] | None) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while data := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield data
            if on_bytes:
                on_bytes(len(data))
    finally:
        await asyncio.to_thread(file.close)
