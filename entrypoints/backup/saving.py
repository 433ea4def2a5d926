"""Making a backup, while everybody goes on working."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg

from entrypoints import migrate
from entrypoints.backup import database, manifest
from entrypoints.backup.errors import BackupError, FolderTaken
from kosu import __version__
from kosu.container import Container
from kosu.lifespan import running
from kosu.modules.learning.ports import ProgressBufferUnavailable
from kosu.ports.object_store import ObjectNotFound, ObjectStore


async def save(container: Container, folder: Path, *, say: Callable[[str], None]) -> None:
    """Write a backup to `folder`, which appears when it is whole; what is unfinished has another name.

    Raises:
        BackupError
        Unavailable: a store is away.
    """
    if folder.exists():  # noqa: ASYNC240 - of one command, which has nothing else to do
        raise FolderTaken(f"{folder} is there already: a backup never replaces another")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    # What is in it is people's.
    partial.mkdir(mode=0o700, parents=True)
    url = str.__str__(container.settings().postgres.url)
    revision = _revision(url)
    async with running(container):
        await _flush_progress(container, say)
        at = container.clock().now()
        file = partial / manifest.DATABASE
        await asyncio.to_thread(database.dump, url, file)
        say(f"the database is saved: {file.stat().st_size:,} bytes")
        if _revision(url) != revision:
            raise BackupError("the database was migrated meanwhile: begin again")
        objects = await _save_objects(container.object_store(), partial, say)
    manifest.write(
        partial,
        manifest.Manifest(
            format=manifest.FORMAT,
            created_at=at,
            release=__version__,
            revision=revision,
            database=manifest.measure(file),
            objects=objects,
        ),
    )
    partial.rename(folder)


async def _flush_progress(container: Container, say: Callable[[str], None]) -> None:
    """What learners watched in the last seconds is in Redis still."""
    try:
        await container.learning.flush_progress()()
    except ProgressBufferUnavailable as error:
        say(f"without the watch progress of the last seconds: {error}")


async def _save_objects(store: ObjectStore, folder: Path, say: Callable[[str], None]) -> list[manifest.SavedObject]:
    saved: list[manifest.SavedObject] = []
    for key in await store.list_keys(""):
        incoming = folder / uuid4().hex
        try:
            stored = await store.download(key, incoming)
        except ObjectNotFound:
            # Deleted since it was listed. Nothing that the dump speaks of is deleted so soon.
            incoming.unlink(missing_ok=True)
            continue
        content = await asyncio.to_thread(manifest.measure, incoming)
        place = folder / manifest.object_path(content.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(place)
        saved.append(manifest.SavedObject(key, stored.content_type, stored.cache_control, content))
    say(f"{len(saved)} objects are saved: {sum(each.content.size_bytes for each in saved):,} bytes")
    return saved


def _revision(url: str) -> str:
    with psycopg.connect(url) as connection:
        revision = migrate.current_revision(connection)
    if revision is None:
        raise BackupError("the database was never migrated: there is nothing to save")
    return revision
