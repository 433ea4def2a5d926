"""One file that holds an object or a part together with its attributes.

Layout: the bytes, then the attributes as JSON, then the JSON's length and a mark. Because both live in one file, one
rename replaces both, and an open file goes on showing the version it was opened on.
"""

from __future__ import annotations

import errno
import json
import os
import struct
from dataclasses import asdict, dataclass
from hashlib import md5
from pathlib import Path
from typing import IO, Self
from uuid import uuid4

_TAIL = struct.Struct(">I4s")
_MARK = b"kosu"


@dataclass(frozen=True, slots=True)
class Attributes:
    """`etag` is quoted, as HTTP sends it. `joined` names the folder of parts that the blob stands for, if it does."""

    etag: str
    content_type: str = ""
    cache_control: str = ""
    joined: str = ""


class BlobWriter:
    """Fills a temporary file that nobody sees until `publish` renames it into place.

    Leaving the context without `publish` drops the file. A killed process leaves it in `incoming`, see `tidy`.
    """

    def __init__(self, incoming: Path) -> None:
        self._path = incoming / uuid4().hex
        self._file: IO[bytes] | None = None
        self._digest = md5(usedforsecurity=False)  # what S3 takes for the ETag of a part
        self.size_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    @property
    def etag(self) -> str:
        return f'"{self._digest.hexdigest()}"'

    def write(self, data: bytes | bytearray) -> None:
        self._open().write(data)
        self._digest.update(data)
        self.size_bytes += len(data)

    def publish(self, path: Path, attributes: Attributes, *, make_folders: bool) -> None:
        """Make the blob durable and put it at `path`, replacing what is there. Nothing may be written after.

        Raises:
            FileNotFoundError: the folder of `path` does not exist and was not to be made.
        """
        file = self._open()
        footer = json.dumps(asdict(attributes)).encode()
        file.write(footer + _TAIL.pack(len(footer), _MARK))
        file.flush()
        os.fsync(file.fileno())
        while True:
            if make_folders:
                path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._path.replace(path)
                break
            except FileNotFoundError:
                # A delete may have pruned the folder, empty at that moment, between the two calls.
                if not make_folders or not self._path.exists():
                    raise
        _sync_folder(path.parent)

    def _open(self) -> IO[bytes]:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb")
        return self._file


class Blob:
    """A blob opened for reading: one version, even when it is replaced or deleted meanwhile. Close it after use.

    Raises:
        FileNotFoundError: there is none at `path`.
        OSError: the file is not a blob.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        try:
            self.size_bytes, self.attributes = self._footer(path)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def read(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer at the end, none behind it."""
        return os.pread(self._file.fileno(), max(0, min(count, self.size_bytes - offset)), offset)

    def _footer(self, path: Path) -> tuple[int, Attributes]:
        fd, total = self._file.fileno(), os.fstat(self._file.fileno()).st_size
        tail = os.pread(fd, _TAIL.size, max(0, total - _TAIL.size))
        length, mark = _TAIL.unpack(tail) if len(tail) == _TAIL.size else (0, b"")
        size_bytes = total - _TAIL.size - length
        not_a_blob = OSError(errno.EIO, "not a blob", str(path))
        if mark != _MARK or size_bytes < 0:
            raise not_a_blob
        try:
            return size_bytes, Attributes(**json.loads(os.pread(fd, length, size_bytes)))
        except (ValueError, TypeError) as error:
            raise not_a_blob from error


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a loss of power."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
