"""Multipart uploads as folders: one record, and one blob per part.

Ending an upload, by completing or aborting it, happens under a lock on its record, so two that race see each other; the
kernel drops the lock of a killed process. Sending a part takes no lock: it is one rename.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from uuid import uuid4

from kosu.adapters.filesystem.blob import Attributes, Blob, BlobWriter
from kosu.adapters.filesystem.joined import JoinedFolder
from kosu.adapters.filesystem.paths import escape
from kosu.ports.object_store import MultipartIncomplete, MultipartNotFound, StoredPart, check_parts

_RECORD = "upload.json"


@dataclass(frozen=True, slots=True)
class MultipartUpload:
    """An upload that is under way: the object it will become, and the folder of its parts."""

    key: str
    content_type: str
    folder: Path

    def part_path(self, part_number: int) -> Path:
        return self.folder / f"{part_number:05}"


class MultipartFolder:
    """All uploads under way in a store. Every method does its file IO in the calling thread."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        self._folder = folder
        self._incoming = incoming

    def begin(self, key: str, content_type: str) -> str:
        multipart_id = uuid4().hex
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = self._incoming / multipart_id
        folder.mkdir(parents=True)
        (folder / _RECORD).write_text(json.dumps({"key": key, "content_type": content_type}), encoding="utf-8")
        folder.rename(self._folder / multipart_id)
        return multipart_id

    def get(self, key: str, multipart_id: str) -> MultipartUpload:
        """Raises MultipartNotFound, also when the upload is for another key."""
        folder = self._folder / escape(multipart_id)
        try:
            record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise _not_found(multipart_id) from error
        if record["key"] != key:
            raise _not_found(multipart_id)
        return MultipartUpload(record["key"], record["content_type"], folder)

    def list_parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        upload = self.get(key, multipart_id)
        try:
            return _stored_parts(upload)
        except FileNotFoundError as error:  # ended between two of these calls
            raise _not_found(multipart_id) from error

    def add_part(self, key: str, multipart_id: str, part_number: int, writer: BlobWriter) -> None:
        """Publish what was written as a part, replacing an earlier one of the same number.

        Raises:
            MultipartNotFound: also when the upload ended while the part was written.
        """
        path = self.get(key, multipart_id).part_path(part_number)
        try:
            writer.publish(path, Attributes(writer.etag), make_folders=False)
        except FileNotFoundError as error:
            raise _not_found(multipart_id) from error

    def complete(
        self,
        key: str,
        multipart_id: str,
        parts: Sequence[StoredPart],
        publish: Callable[[BlobWriter, Attributes], None],
        joined: JoinedFolder,
    ) -> MultipartUpload:
        """Join the parts, hand the result to `publish`, and end the upload. Killed on the way, it can be repeated.

        Raises:
            MultipartNotFound, MultipartIncomplete
        """
        with self._locked(key, multipart_id) as upload:
            check_parts(parts, _stored_parts(upload))
            name = joined.add(key, [upload.part_path(part.part_number) for part in parts])
            try:
                _check_versions(parts, joined.parts(name, len(parts)))
                with BlobWriter(self._incoming) as writer:
                    writer.write(json.dumps([part.size_bytes for part in parts]).encode())
                    publish(writer, Attributes(_joined_etag(parts), upload.content_type, joined=name))
            except BaseException:
                joined.remove(name)
                raise
            self._end(upload)
        return upload

    def abort(self, key: str, multipart_id: str) -> None:
        """Raises MultipartNotFound."""
        with self._locked(key, multipart_id) as upload:
            self._end(upload)

    @contextmanager
    def _locked(self, key: str, multipart_id: str) -> Iterator[MultipartUpload]:
        upload = self.get(key, multipart_id)
        try:
            record = (upload.folder / _RECORD).open("rb")
        except FileNotFoundError as error:
            raise _not_found(multipart_id) from error
        with record:
            fcntl.flock(record, fcntl.LOCK_EX)
            # Whoever held the lock before has probably moved the folder away.
            yield self.get(key, multipart_id)

    def _end(self, upload: MultipartUpload) -> None:
        """Take the folder out of sight in one step, then remove it."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(upload.folder.rename(self._incoming / f"{upload.folder.name}-ended"))


def _check_versions(parts: Sequence[StoredPart], taken: Sequence[Path]) -> None:
    """Sending a part takes no lock. Raises MultipartIncomplete when one was sent anew before it was taken over."""
    for part, path in zip(parts, taken, strict=True):
        with Blob(path) as blob:
            if blob.attributes.etag != part.etag:
                raise MultipartIncomplete(f"part {part.part_number} was replaced")


def _joined_etag(parts: Sequence[StoredPart]) -> str:
    """The ETag that S3 gives to an object of these parts."""
    digests = md5(usedforsecurity=False)
    for part in parts:
        digests.update(bytes.fromhex(part.etag.strip('"')))
    return f'"{digests.hexdigest()}-{len(parts)}"'


def _stored_parts(upload: MultipartUpload) -> list[StoredPart]:
    return [
        _stored_part(upload, number)
        for number in sorted(int(path.name) for path in upload.folder.iterdir() if path.name.isdigit())
    ]


def _stored_part(upload: MultipartUpload, part_number: int) -> StoredPart:
    with Blob(upload.part_path(part_number)) as blob:
        return StoredPart(part_number, blob.size_bytes, blob.attributes.etag)


def _not_found(multipart_id: str) -> MultipartNotFound:
    return MultipartNotFound(f"no multipart upload {multipart_id!r}")
