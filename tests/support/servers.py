"""Real PostgreSQL and Redis for tests: fixtures that start a server when the first test asks for it, never before.

Each pytest process (each xdist worker) has its own servers, in a temporary folder and without a TCP port, so that any
number of runs go side by side. They die with pytest, however it ends.

A test that kills or restarts a server takes its own with `temporary_postgres()` or `temporary_redis()` from
`entrypoints.embedded.temporary`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import redis

from entrypoints import migrate
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis

_TEMPLATE = "kosu_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL that the tests of this process share."""
    with temporary_postgres() as (server, _):
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """Name of a database with all migrations, to copy and never to connect to."""
    postgres_server.create_database(_TEMPLATE)
    migrate.upgrade(postgres_server.url(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def database(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """libpq URL of a database of the test's own, with all migrations and no rows; dropped afterwards."""
    yield from _database(postgres_server, template=migrated_template)


@pytest.fixture
def empty_database(postgres_server: PostgresServer) -> Iterator[str]:
    """libpq URL of a database of the test's own, without any migration; dropped afterwards."""
    yield from _database(postgres_server, template="template0")


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """libpq URL of the shared server's maintenance database, for tests about the server as such."""
    return postgres_server.url("postgres")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A running Redis that the tests of this process share."""
    with temporary_redis() as (server, _):
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """redis-py URL of a Redis without keys."""
    url = redis_server.url()
    with redis.Redis.from_url(url) as client:
        client.flushall()
        client.script_flush()
    return url


def _database(server: PostgresServer, *, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    server.create_database(name, template=template)
    yield server.url(name)
    server.drop_database(name)
