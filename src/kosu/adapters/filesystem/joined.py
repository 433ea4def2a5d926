"""Objects that are lists of parts: completing an upload of any size copies nothing.

Such an object is a folder of parts, and a blob at its key that names the folder and tells the sizes of the parts. The
folder is there before the blob and goes after it; what a killed process leaves of it in between, `tidy` finds.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Self
from uuid import uuid4

from kosu.adapters.filesystem.blob import Attributes, Blob

_KEY = "key"


class JoinedBlob:
    """A blob made of parts, opened for reading. One that is deleted meanwhile cannot be read on."""

    def __init__(self, folder: Path, attributes: Attributes, sizes_bytes: Sequence[int]) -> None:
        self.attributes = attributes
        self._folder = folder
        self._starts = [0, *accumulate(sizes_bytes)]
        self.size_bytes = self._starts[-1]
        self._part: tuple[int, Blob] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._part is not None:
            self._part[1].close()
            self._part = None

    def read(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer at the end, none behind it."""
        data = bytearray()
        until = min(offset + count, self.size_bytes)
        while offset + len(data) < until:
            at = offset + len(data)
            index = bisect_right(self._starts, at) - 1
            piece = self._opened(index).read(at - self._starts[index], until - at)
            if not piece:
                raise OSError(errno.EIO, "a part is shorter than it was", str(self._folder))
            data += piece
        return bytes(data)

    def _opened(self, index: int) -> Blob:
        if self._part is None or self._part[0] != index:
            self.close()
            self._part = index, Blob(self._folder / _name(index))
        return self._part[1]


class JoinedFolder:
    """The folders of all such objects of a store. Every method does its file IO in the calling thread."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        self._folder = folder
        self._incoming = incoming

    def add(self, key: str, parts: Sequence[Path]) -> str:
        """Take over the parts as they are now, in this order; answers the name for the attributes of the object.

        They are links: sending a part anew, or removing it, changes nothing here.
        """
        name = uuid4().hex
        folder = self._incoming / name
        folder.mkdir(parents=True)
        (folder / _KEY).write_text(key, encoding="utf-8")
        for index, part in enumerate(parts):
            os.link(part, folder / _name(index))
        self._folder.mkdir(parents=True, exist_ok=True)
        folder.rename(self._folder / name)
        return name

    def parts(self, name: str, count: int) -> Sequence[Path]:
        return [self._folder / name / _name(index) for index in range(count)]

    def open(self, blob: Blob) -> JoinedBlob:
        """What the blob at an object's key stands for; the blob itself is closed."""
        with blob:
            sizes_bytes = json.loads(blob.read(0, blob.size_bytes))
        return JoinedBlob(self._folder / blob.attributes.joined, blob.attributes, sizes_bytes)

    def remove(self, name: str) -> None:
        """No error when there is none, or when another one removes it at the same time."""
        if name:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def tidy(self, name_at: Callable[[str], str], *, older_than_seconds: float) -> None:
        """Remove the folders that the object at their key, as `name_at` knows it, does not name."""
        if not self._folder.exists():
            return
        for folder in self._folder.iterdir():
            with suppress(FileNotFoundError):
                is_old = folder.stat().st_mtime < time.time() - older_than_seconds
                if is_old and name_at((folder / _KEY).read_text(encoding="utf-8")) != folder.name:
                    self.remove(folder.name)


def _name(index: int) -> str:
    return f"{index:05}"
