"""The servers that tests and `kosu up` run on."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
import redis

from entrypoints import migrate
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer


def test_each_test_has_a_database_of_its_own_with_all_migrations(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert migrate.current_revision(connection) == migrate.newest_revision()


def test_a_database_is_a_copy_that_leaves_its_template_alone(
    database: str, postgres_server: PostgresServer, migrated_template: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("create table scratch ()")
    with psycopg.connect(postgres_server.url(migrated_template)) as connection:
        assert connection.execute("select to_regclass('scratch')").fetchone() == (None,)


def test_migrations_run_once(empty_database: str) -> None:
    assert migrate.upgrade(empty_database)
    assert not migrate.upgrade(empty_database)


def test_text_sorts_and_compares_alike_on_every_machine(database: str) -> None:
    """The server's own locale provider, not the C library's, so that an index built here is right elsewhere."""
    with psycopg.connect(database) as connection:
        row = connection.execute("select datlocprovider, datlocale from pg_database where datname = current_database()")
        assert row.fetchone() == ("b", "C.UTF-8")


@pytest.fixture
def used_redis(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url()) as client:
        client.set("left", "behind")


@pytest.mark.usefixtures("used_redis")
def test_redis_has_no_keys_of_other_tests(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


async def test_async_tests_run_on_asyncio() -> None:
    assert asyncio.get_running_loop().is_running()
