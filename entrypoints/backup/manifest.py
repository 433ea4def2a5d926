"""What a backup holds: `manifest.json` lists each file with its size and SHA-256, `manifest.sha256` is its own.

manifest.json  manifest.sha256  database.dump  objects/<first two digits>/<SHA-256 of the content>
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec

from entrypoints.backup.errors import Damaged, FromAnotherRelease

FORMAT = 1
DATABASE = "database.dump"
_MANIFEST = "manifest.json"
_DIGEST = "manifest.sha256"


class StoredFile(msgspec.Struct, frozen=True):
    size_bytes: int
    sha256: str


class SavedObject(msgspec.Struct, frozen=True):
    key: str
    content_type: str
    cache_control: str
    content: StoredFile

    @property
    def path(self) -> str:
        return object_path(self.content.sha256)


class Manifest(msgspec.Struct, frozen=True):
    """`revision` is the migration that the database was at."""

    format: int
    created_at: datetime
    release: str
    revision: str
    database: StoredFile
    objects: list[SavedObject]

    def files(self) -> Iterator[tuple[str, StoredFile]]:
        yield DATABASE, self.database
        for saved in self.objects:
            yield saved.path, saved.content


def object_path(digest: str) -> str:
    return f"objects/{digest[:2]}/{digest}"


def measure(file: Path) -> StoredFile:
    with file.open("rb") as content:
        return StoredFile(file.stat().st_size, file_digest(content, "sha256").hexdigest())


def write(folder: Path, manifest: Manifest) -> None:
    content = msgspec.json.format(msgspec.json.encode(manifest))
    (folder / _MANIFEST).write_bytes(content)
    (folder / _DIGEST).write_text(f"{sha256(content).hexdigest()}  {_MANIFEST}\n")


def read(folder: Path) -> Manifest:
    """The manifest of a backup all of whose files are as they were made; every byte of them is read.

    Raises:
        Damaged
        FromAnotherRelease
    """
    try:
        content = (folder / _MANIFEST).read_bytes()
        digest = (folder / _DIGEST).read_text().split()[:1]
    except OSError as error:
        raise Damaged(f"{folder} is not a backup, or not a whole one: {error.strerror} ({error.filename})") from error
    if digest != [sha256(content).hexdigest()]:
        raise Damaged(f"{folder / _MANIFEST} was changed, or cut off")
    if msgspec.json.decode(content).get("format") != FORMAT:
        raise FromAnotherRelease(f"{folder} has another form than this release reads")
    manifest = msgspec.json.decode(content, type=Manifest)
    for name, stored in manifest.files():
        file = folder / name
        if not file.is_file():
            raise Damaged(f"{file} is missing")
        if measure(file) != stored:
            raise Damaged(f"{file} was changed, or cut off")
    return manifest
