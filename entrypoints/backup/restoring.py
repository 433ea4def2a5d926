"""Taking a backup back, into an installation that holds nothing yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from entrypoints import migrate
from entrypoints.backup import database, manifest
from entrypoints.backup.errors import FromAnotherRelease, NotEmpty
from kosu.adapters.redis.connections import redis_errors
from kosu.container import Container
from kosu.lifespan import running
from kosu.ports.object_store import ObjectStore
from kosu.ports.queue import QueueUnavailable


async def restore(container: Container, folder: Path, *, say: Callable[[str], None]) -> None:
    """Fill the object store, then the database by one transaction, then bring it to the newest migration.

    Until that transaction commits, nothing refers to any of it: a restore that was interrupted is begun again.

    Raises:
        BackupError: nothing was touched, or the transaction failed and the database is as empty as before.
        Unavailable: a store is away.
    """
    held = await asyncio.to_thread(manifest.read, folder)
    say(f"the backup is whole: made at {held.created_at:%Y-%m-%d %H:%M:%S} UTC by release {held.release}")
    if held.revision not in migrate.revisions():
        raise FromAnotherRelease(f"the backup is at migration {held.revision}, which this release does not know")
    url = str.__str__(container.settings().postgres.url)
    await asyncio.to_thread(database.require_empty, url)
    async with running(container):
        store = container.object_store()
        await _require_no_others(store, held)
        await _require_empty_redis(container)
        for saved in held.objects:
            await store.put_file(
                saved.key, folder / saved.path, content_type=saved.content_type, cache_control=saved.cache_control
            )
        say(f"{len(held.objects)} objects are back")
    await asyncio.to_thread(database.load, url, folder / manifest.DATABASE)
    say("the database is back")
    if await asyncio.to_thread(migrate.upgrade, url):
        say("and migrated")


async def _require_no_others(store: ObjectStore, held: manifest.Manifest) -> None:
    """Objects of this very backup may be there: a restore of it was interrupted."""
    others = set(await store.list_keys("")) - {saved.key for saved in held.objects}
    if others:
        raise NotEmpty(f"the object store holds {len(others)} other objects, e.g. {min(others)}: use an empty one")


async def _require_empty_redis(container: Container) -> None:
    """What Redis remembers is of another state than the one that comes back."""
    with redis_errors(QueueUnavailable):
        keys = await container.redis().dbsize()
    if keys:
        raise NotEmpty(f"Redis holds {keys} keys of another state: stop everything and empty it (redis-cli FLUSHDB)")
