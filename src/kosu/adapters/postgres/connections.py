"""The two ways to PostgreSQL: an engine for transactions over aggregates, a psycopg pool for hot single statements.

Constructing either does no IO; `kosu.lifespan` opens and closes them. Count both against `max_connections`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, LiteralString

import msgspec
import psycopg
from advanced_alchemy.exceptions import RepositoryError
from psycopg import AsyncConnection, sql
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from kosu.ports.unit_of_work import DatabaseUnavailable
from kosu.settings import PostgresSettings

Pool = AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]
_AWAY = (
    exc.OperationalError,
    exc.TimeoutError,
    exc.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
Sessions = async_sessionmaker[AsyncSession]
SESSION_POOL_SIZE = 4
SESSION_SECONDS = 0.25

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)


def engine_url(url: str) -> URL:
    """SQLAlchemy's form of a libpq URL."""
    return make_url(url).set(drivername="postgresql+psycopg")


def create_engine(settings: PostgresSettings) -> AsyncEngine:
    return create_async_engine(
        engine_url(settings.url),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        pool_use_lifo=True,
        # Errors are logged, and the values of a statement are people's.
        hide_parameters=True,
        connect_args={"options": _server_options(settings), "connect_timeout": 5},
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )


def create_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)


def create_pool(settings: PostgresSettings) -> Pool:
    """A pool in autocommit: each statement is its own transaction unless a block says otherwise."""
    return AsyncConnectionPool(
        settings.url,
        min_size=1,
        max_size=settings.read_pool_size,
        timeout=5,
        max_lifetime=1800,
        open=False,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 1,
            "options": _server_options(settings),
            "connect_timeout": 5,
        },
    )


def create_session_pool(settings: PostgresSettings) -> Pool:
    """A small pool for session states alone, which gives up quickly: what waits for it is every request."""
    return AsyncConnectionPool(
        settings.url,
        min_size=1,
        max_size=SESSION_POOL_SIZE,
        timeout=SESSION_SECONDS,
        max_lifetime=1800,
        open=False,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 1,
            "options": f"-c statement_timeout={int(SESSION_SECONDS * 1000)} -c timezone=UTC",
            "connect_timeout": 5,
        },
    )


def _server_options(settings: PostgresSettings) -> str:
    return (
        f"-c statement_timeout={settings.statement_timeout_ms} -c lock_timeout={settings.lock_timeout_ms} "
        "-c timezone=UTC -c idle_in_transaction_session_timeout=60000"
    )


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[AsyncConnection[tuple[Any, ...]]]:
    """A connection of the pool, with the driver's way of saying "away" translated.

    Raises:
        DatabaseUnavailable
    """
    try:
        async with pool.connection() as conn:
            yield conn
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise DatabaseUnavailable(str(error)) from error


async def fetch_all(
    pool: Pool, statement: LiteralString | sql.SQL | sql.Composed, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """The rows of one statement, which is its own transaction. Raises DatabaseUnavailable."""
    async with connection(pool) as conn:
        cursor = await conn.execute(statement, values)
        return await cursor.fetchall()


@asynccontextmanager
async def database_errors() -> AsyncIterator[None]:
    """Translate the ways of SQLAlchemy and of the driver to say "away" or "too slow"; constraint violations pass.

    Raises:
        DatabaseUnavailable
    """
    try:
        yield
    except _AWAY as error:
        raise DatabaseUnavailable(str(error.__cause__ or error)) from error
    except RepositoryError as error:
        # advanced-alchemy wraps what SQLAlchemy raised.
        if isinstance(error.__cause__, _AWAY):
            raise DatabaseUnavailable(str(error.__cause__)) from error
        raise
