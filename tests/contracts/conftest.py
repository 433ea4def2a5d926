"""The outside parts that adapters are held against: an S3 over HTTP, and the edge in front of a folder."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import pytest

from entrypoints.embedded.postgres import PostgresServer
from entrypoints.large_catalogue import make_courses
from tests.support.databases import Database, InMemory, InPostgres, in_postgres
from tests.support.edge_server import EdgeServer, running_edge
from tests.support.moto_server import running_moto
from tests.support.object_stores import StoreUnderTest, memory_store, s3_store, send_over_http


@pytest.fixture(scope="session")
def moto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Endpoint of an S3 that the tests of this process share."""
    with running_moto(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture
def bucket(moto_url: str) -> str:
    """A new bucket of the test's own."""
    name = f"test-{uuid4().hex}"
    httpx.put(f"{moto_url}/{name}").raise_for_status()
    return name


@pytest.fixture(scope="session")
def edge_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    """An edge that the tests of this process share."""
    with running_edge(tmp_path_factory.mktemp("edge")) as edge:
        yield edge


@pytest.fixture
def edge(edge_process: EdgeServer) -> EdgeServer:
    """A running edge in front of an empty folder."""
    shutil.rmtree(edge_process.directory, ignore_errors=True)
    return edge_process


@pytest.fixture(params=["memory", "filesystem", "s3"])
def stores(request: pytest.FixtureRequest) -> Iterator[StoreUnderTest]:
    """Each object store in turn, empty."""
    match request.param:
        case "memory":
            yield memory_store()
        case "filesystem":
            edge: EdgeServer = request.getfixturevalue("edge")
            yield StoreUnderTest(edge.store(), send_over_http)
        case "s3":
            store = s3_store(request.getfixturevalue("moto_url"), request.getfixturevalue("bucket"))
            yield StoreUnderTest(store, send_over_http)
            store.close()


@pytest.fixture(params=["memory", "postgres"])
async def db(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database in memory, then a real one; both migrated and without rows."""
    if request.param == "memory":
        yield InMemory()
    else:
        async with in_postgres(request.getfixturevalue("database")) as database:
            yield database


@pytest.fixture
async def postgres(database: str) -> AsyncIterator[InPostgres]:
    """The real database alone, for tests of races."""
    async with in_postgres(database) as running:
        yield running


@pytest.fixture(scope="session")
def large_database(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """URL of a database with 20,000 courses, which the tests of this process share and leave as it is."""
    postgres_server.create_database("large", template=migrated_template)
    make_courses(postgres_server.url("large"), 20_000)
    yield postgres_server.url("large")
    postgres_server.drop_database("large")


@pytest.fixture
async def large(large_database: str) -> AsyncIterator[InPostgres]:
    async with in_postgres(large_database) as database:
        yield database
