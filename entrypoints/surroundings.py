"""What `kosu doctor` looks at besides the stores' mere being there: versions, drift, durability, keys, and ports."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import httpx
import psycopg

from entrypoints.finding import Finding
from kosu.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

# `uuidv7()` is in migrations.
LEAST_POSTGRES = 18
LEAST_REDIS = (6, 2)


def postgres_version(connection: psycopg.Connection) -> Finding:
    major = connection.info.server_version // 10_000
    if major < LEAST_POSTGRES:
        return Finding(False, f"PostgreSQL is {major}: Kosu needs {LEAST_POSTGRES} or later")
    return Finding(True, f"PostgreSQL is {major}")


def drift(url: str) -> Finding:
    """Whether the tables of a migrated database are those that the code knows."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - slow to import
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415

    from kosu.adapters.postgres import tables  # noqa: PLC0415
    from kosu.adapters.postgres.connections import engine_url  # noqa: PLC0415

    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name in tables.schemas,
        "compare_type": True,
    }
    engine = create_engine(engine_url(url))
    try:
        with engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)
    finally:
        engine.dispose()
    if not differences:
        return Finding(True, "the database's tables are those that this release knows")
    named = "; ".join(_told(difference) for difference in differences[:3])
    more = f", and {len(differences) - 3} more" if len(differences) > 3 else ""
    return Finding(
        False, f"the database was changed past the migrations: {named}{more}. Undo that, or write a migration"
    )


def _told(difference: Any) -> str:
    """E.g. "remove_table catalog.oddments": what a migration would do to have it as the code does."""
    first = difference[0] if isinstance(difference, list) else difference
    kind, *parts = first
    names = [str(getattr(part, "fullname", getattr(part, "name", part))) for part in parts if part is not None]
    return f"{kind} {'.'.join(names[:3])}"


async def redis_facts(client: Redis) -> Sequence[Finding]:
    """Its version, and whether it keeps what it is given. A managed one may not tell, and is believed."""
    from redis.exceptions import ResponseError  # noqa: PLC0415 - slow to import

    version = str((await client.info("server"))["redis_version"])
    numbers = tuple(int(part) for part in version.split(".")[:2])
    findings = [
        Finding(True, f"Redis is {version}")
        if numbers >= LEAST_REDIS
        else Finding(False, f"Redis is {version}: Kosu needs {'.'.join(map(str, LEAST_REDIS))} or later")
    ]
    try:
        # One at a time: Redis 6.2 takes no more.
        told: dict[Any, Any] = {**await client.config_get("maxmemory*"), **await client.config_get("appendonly")}
    except ResponseError:
        return findings
    if told.get("maxmemory", "0") != "0" and told.get("maxmemory-policy") != "noeviction":
        policy = told.get("maxmemory-policy")
        findings.append(
            Finding(False, f"Redis throws keys away when it is full ({policy}): set maxmemory-policy to noeviction")
        )
    if told.get("appendonly") == "no":
        findings.append(Finding(False, "Redis forgets all at a restart: set appendonly to yes"))
    return findings


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether keys are such that they can be used; what they are is not told."""
    from kosu.adapters.cloudfront.delivery_signer import load_private_key  # noqa: PLC0415 - slow to import

    count = len(settings.identity.keyring())
    yield Finding(True, f"tokens are signed by one key, and {count} verify")
    try:
        load_private_key(settings.delivery.private_key_pem)
    except ValueError:
        yield Finding(
            False,
            "KOSU_CLOUDFRONT_PRIVATE_KEY is no private key of RSA-2048 or ECDSA P-256 in PEM: nobody can watch",
        )
    else:
        yield Finding(True, "the key that signs media cookies can be read")


def proxies(settings: Settings) -> Iterator[Finding]:
    if settings.profile == "production" and settings.http.trusted_proxy_hops == 0:
        yield Finding(
            False,
            "KOSU_TRUSTED_PROXY_HOPS is 0: behind a proxy all visitors have its address, and share one limit",
        )


def ports(settings: Settings) -> Iterator[Finding]:
    """Who is where the API and the metrics should be. That nobody is there yet is no fault."""
    url = settings.http.api_url
    try:
        answer = httpx.get(f"{url}/health/live", timeout=2)
        is_ours = answer.status_code == httpx.codes.OK and answer.json().get("status") == "ok"
    except (httpx.HTTPError, OSError):
        yield Finding(True, f"nobody answers at {url} yet")
    except (ValueError, AttributeError):
        yield Finding(False, f"something else than Kosu answers at {url}: stop it, or choose another port")
    else:
        yield (
            Finding(True, f"the API answers at {url}")
            if is_ours
            else Finding(False, f"something else than Kosu answers at {url}: stop it, or choose another port")
        )
    if settings.metrics.port and _is_taken(settings.metrics.host, settings.metrics.port):
        yield Finding(
            True, f"port {settings.metrics.port} is taken: by a worker that runs, or a second one here cannot start"
        )


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return True
    return False
