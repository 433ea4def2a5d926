"""What `kosu doctor` looks at, and what it says about it in plain words."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from entrypoints import migrate, surroundings
from entrypoints.billing_findings import billing_findings
from entrypoints.embedded import wheels
from entrypoints.embedded.errors import ProgramMissing
from entrypoints.finding import Finding
from kosu.errors import Unavailable
from kosu.modules.billing.book_views import BillingHealth
from kosu.settings import Settings, SettingsError, read_settings, settings_table

_LEAST_FREE_BYTES = 5 * 1024**3


def examine(environ: Mapping[str, str]) -> list[Finding]:
    """Look at everything that the runtimes need, and change nothing.

    The stores are only looked for when the settings say where.
    """
    findings = [Finding(True, f"Python is {sys.version.split()[0]}")]
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        return findings + [Finding(False, problem) for problem in error.problems]
    return [
        *findings,
        Finding(True, f"the settings are complete, for the profile {settings.profile}"),
        *_postgres(settings),
        *_reachable("Redis", _look_at_redis, settings),
        *_reachable("the object store", _ping_object_store, settings),
        *surroundings.keys(settings),
        *surroundings.proxies(settings),
        *surroundings.ports(settings),
        _ffmpeg(settings.media.ffmpeg_path),
        _free_disk(settings.media.work_directory),
    ]


def settings_markdown() -> str:
    """The table of all settings."""
    rows = [f"| `{name}` | `{default}` | {doc} |" for name, default, doc in settings_table()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _postgres(settings: Settings) -> list[Finding]:
    try:
        with psycopg.connect(settings.postgres.url, connect_timeout=5) as connection:
            version = surroundings.postgres_version(connection)
            current = migrate.current_revision(connection)
    except psycopg.OperationalError as error:
        return [Finding(False, f"PostgreSQL cannot be reached: {_first_line(error)}")]
    newest = migrate.newest_revision()
    reached = [Finding(True, "PostgreSQL can be reached"), version]
    if current != newest:
        told = f"the database is at migration {current}, not at {newest}: run `kosu migrate`"
        return [*reached, Finding(False, told)]
    reached.append(Finding(True, f"the database is at the newest migration, {newest}"))
    reached.append(surroundings.drift(settings.postgres.url))
    try:
        health = asyncio.run(_examine_billing(settings))
    except Unavailable as error:
        return [*reached, Finding(False, f"billing's books cannot be read: {_first_line(error)}")]
    return [*reached, *billing_findings(health)]


async def _examine_billing(settings: Settings) -> BillingHealth:
    from kosu.adapters.postgres.billing import PostgresBillingChecks  # noqa: PLC0415 - slow to import
    from kosu.adapters.postgres.connections import create_pool  # noqa: PLC0415
    from kosu.adapters.system.clock import SystemClock  # noqa: PLC0415

    async with create_pool(settings.postgres) as pool:
        return await PostgresBillingChecks(pool).examine(at=SystemClock().now())


def _reachable(
    name: str, look: Callable[[Settings], Awaitable[Sequence[Finding]]], settings: Settings
) -> list[Finding]:
    async def reach() -> Sequence[Finding]:
        return await look(settings)

    try:
        found = asyncio.run(reach())
    except Unavailable as error:
        return [Finding(False, f"{name} cannot be reached: {_first_line(error)}")]
    return [Finding(True, f"{name} can be reached"), *found]


async def _look_at_redis(settings: Settings) -> Sequence[Finding]:
    from kosu.adapters.redis.connections import create_redis, redis_errors  # noqa: PLC0415 - slow to import
    from kosu.ports.queue import QueueUnavailable  # noqa: PLC0415

    client = create_redis(settings.redis)
    try:
        with redis_errors(QueueUnavailable):
            return await surroundings.redis_facts(client)
    finally:
        await client.aclose(close_connection_pool=True)


async def _ping_object_store(settings: Settings) -> Sequence[Finding]:
    store = settings.object_store
    if store.kind == "filesystem":
        from kosu.adapters.filesystem.object_store import FilesystemObjectStore  # noqa: PLC0415 - one of the two
        from kosu.adapters.system.clock import SystemClock  # noqa: PLC0415

        folder = FilesystemObjectStore(
            directory=store.directory, url=store.url, signing_key=store.signing_key, clock=SystemClock()
        )
        await folder.ping()
        return []

    from kosu.adapters.s3.object_store import S3ObjectStore  # noqa: PLC0415 - slow to import

    bucket = S3ObjectStore(
        bucket=store.bucket,
        region=store.region,
        endpoint_url=store.endpoint_url,
        access_key_id=store.access_key_id,
        secret_access_key=store.secret_access_key,
    )
    with closing(bucket):
        await bucket.ping()
    return []


def _ffmpeg(path: str) -> Finding:
    try:
        program = path or str(wheels.ffmpeg())
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603 - the operator's own choice
    except (ProgramMissing, OSError, subprocess.SubprocessError) as error:
        return Finding(False, f"ffmpeg does not run: {_first_line(error)}")
    return Finding(True, f"ffmpeg runs: {answer.stdout.partition(' Copyright')[0]}")


def _free_disk(folder: Path) -> Finding:
    existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    enough = free >= _LEAST_FREE_BYTES
    return Finding(
        enough, f"{free / 1024**3:.0f} GiB are free at {existing}" + ("" if enough else ": videos need more")
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
