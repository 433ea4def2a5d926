"""The object store: whole objects by key, and multipart uploads that go past us by presigned URLs.

Source: the Amazon S3 API, narrowed to what Kosu says to it. The rules that every store keeps alike, about keys and
about the parts of an upload, are the `check_…` functions at the end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from kosu.errors import Conflict, NotFound, Unavailable

MIN_PART_BYTES = 5 * 1024 * 1024
MAX_KEY_BYTES = 1024


class StoreUnavailable(Unavailable):
    """The object store could not be reached; the same call may be made again."""

    code = "object_store_unavailable"


class ObjectNotFound(NotFound):
    """There is no object at this key."""

    code = "object_not_found"


class MultipartNotFound(NotFound):
    """The multipart upload does not exist, was aborted, or was already completed."""

    code = "multipart_not_found"


class MultipartIncomplete(Conflict):
    """The parts given do not make up an object: none, unknown, changed, or a small one that is not the last."""

    code = "multipart_incomplete"


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size_bytes: int
    content_type: str
    cache_control: str = ""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that the store holds. `etag` is the store's own, quoted, and opaque."""

    part_number: int
    size_bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part that a client is about to send: its number, from 1, and its exact size."""

    part_number: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PresignedPart:
    """Where and how a client sends one part, without any other credential, until `expires_at`."""

    part_number: int
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


@runtime_checkable
class ObjectStore(Protocol):
    """Every method may raise StoreUnavailable; none of them holds a whole object in memory."""

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, cache_control: str = ""
    ) -> StoredObject:
        """Store an object whole, replacing any object at `key`.

        Chunks may be any size. Readers see the old object or the new one, never a mix.
        """
        ...

    async def put_file(
        self,
        key: str,
        path: Path,
        *,
        content_type: str,
        cache_control: str = "",
        on_bytes: Callable[[int], None] | None = None,
    ) -> StoredObject:
        """Store a local file as `put` does. `on_bytes` is told of each further count of bytes sent, from any thread."""
        ...

    async def download(self, key: str, path: Path, *, on_bytes: Callable[[int], None] | None = None) -> StoredObject:
        """Copy an object to a local file, replacing it. On failure the file may be incomplete.

        Raises:
            ObjectNotFound
        """
        ...

    async def read(self, key: str, *, start: int = 0, length: int) -> bytes:
        """At most `length` bytes from offset `start`; fewer at the end, none behind it.

        Raises:
            ObjectNotFound
        """
        ...

    async def head(self, key: str) -> StoredObject:
        """Raises ObjectNotFound when there is no object at `key`."""
        ...

    async def list_keys(self, prefix: str) -> Sequence[str]:
        """All keys that start with `prefix`, sorted."""
        ...

    async def delete(self, key: str) -> None:
        """Delete an object; no error when there is none."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Delete all objects whose key starts with `prefix`; returns how many there were.

        Raises:
            ValueError: the prefix is empty or does not end with a slash.
        """
        ...

    async def begin_multipart(self, key: str, *, content_type: str) -> str:
        """Begin a multipart upload that will become the object at `key`; returns the store's id for it."""
        ...

    async def presign_parts(
        self, key: str, multipart_id: str, parts: Sequence[PartRequest], *, ttl: timedelta
    ) -> Sequence[PresignedPart]:
        """URLs by which a client PUTs these parts itself. Sending a part again replaces it.

        No IO: the upload is not checked to exist. The size is part of the signature.
        """
        ...

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        """The parts that the store holds, by number, at most 1,000.

        Raises:
            MultipartNotFound
        """
        ...

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> StoredObject:
        """Join the parts to the object at `key`, atomically.

        Raises:
            MultipartNotFound: also when it was completed before; `head` then tells.
            MultipartIncomplete: nothing was changed.
        """
        ...

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        """End the upload and drop its parts; no error when there is none."""
        ...

    async def ping(self) -> None:
        """Raises StoreUnavailable unless the store answers and the bucket is there."""
        ...


def check_key(key: str) -> str:
    """The key itself: a path in UTF-8 without a leading slash and without empty, `.` or `..` segments.

    Raises:
        ValueError: it is not one, holds a NUL, or is longer than MAX_KEY_BYTES.
    """
    if any(segment in {"", ".", ".."} for segment in key.split("/")) or "\0" in key:
        msg = f"not an object key: {key!r}"
        raise ValueError(msg)
    if len(key.encode()) > MAX_KEY_BYTES:
        msg = f"an object key has at most {MAX_KEY_BYTES} bytes"
        raise ValueError(msg)
    return key


def check_folder(prefix: str) -> str:
    """The prefix itself. Raises ValueError unless it ends with a slash: `v/1` would also take what is in `v/10/`."""
    if not prefix.endswith("/"):
        msg = f"a prefix to delete ends with a slash: {prefix!r}"
        raise ValueError(msg)
    return prefix


def check_order(parts: Sequence[StoredPart]) -> None:
    """Raises MultipartIncomplete unless there are parts, by ascending number."""
    numbers = [part.part_number for part in parts]
    if not parts or numbers != sorted(set(numbers)):
        msg = "the list of parts is empty or not in ascending order"
        raise MultipartIncomplete(msg)


def check_parts(parts: Sequence[StoredPart], held: Iterable[StoredPart]) -> None:
    """Raises MultipartIncomplete unless an object can be made of `parts`, for a store that holds those in `held`."""
    check_order(parts)
    held_by_number = {part.part_number: part for part in held}
    for part in parts:
        stored = held_by_number.get(part.part_number)
        if stored is None or stored.etag != part.etag:
            msg = f"part {part.part_number} is not one that the store holds"
            raise MultipartIncomplete(msg)
        if stored.size_bytes < MIN_PART_BYTES and part is not parts[-1]:
            msg = f"part {part.part_number} is too small for one that is not the last"
            raise MultipartIncomplete(msg)
