"""The same billing as in tests/support/billing.py, over PostgreSQL, and over each adapter in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.postgres.billing import (
    PostgresBillingChecks,
    PostgresBillingQueries,
    PostgresBillingRecords,
    PostgresBooks,
    PostgresWebhookInbox,
)
from kosu.adapters.postgres.connections import create_engine, create_pool, create_sessions
from kosu.adapters.postgres.identity import PostgresIdentityQueries, PostgresIdentityRecords
from kosu.adapters.postgres.learning import PostgresLearningQueries, PostgresLearningRecords
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.adapters.system import SystemIds
from kosu.modules.learning import Learning
from kosu.settings import PostgresSettings, Secret
from tests.support.billing import BillingWorld, memory_world


@asynccontextmanager
async def postgres_world(database_url: str, *, with_learning: bool = False) -> AsyncIterator[BillingWorld]:
    settings = PostgresSettings(url=Secret(database_url))
    engine, pool = create_engine(settings), create_pool(settings)
    queue, clock, ids = MemoryQueue(), MemoryClock(), SystemIds()
    learning = Learning(
        PostgresTransaction(create_sessions(engine), queue, clock, ids, PostgresLearningRecords),
        PostgresLearningQueries(pool),
        clock,
        ids,
    )
    await pool.open(wait=True, timeout=10)
    try:
        yield BillingWorld(
            transaction=PostgresTransaction(create_sessions(engine), queue, clock, ids, PostgresBillingRecords),
            audit_transaction=PostgresTransaction(create_sessions(engine), queue, clock, ids, PostgresIdentityRecords),
            accounts=PostgresIdentityQueries(pool),
            queries=PostgresBillingQueries(pool),
            books=PostgresBooks(pool),
            checks=PostgresBillingChecks(pool),
            inbox=PostgresWebhookInbox(pool),
            clock=clock,
            ids=ids,
            queue=queue,
            database=MemoryDatabase(),
            learning=learning if with_learning else None,
        )
    finally:
        await pool.close()
        await engine.dispose()


@pytest.fixture(params=["memory", "postgres"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[BillingWorld]:
    """A billing module without orders, over each adapter; servers start only for those tests that need one."""
    if request.param == "memory":
        yield memory_world()
        return
    async with postgres_world(request.getfixturevalue("database")) as over_postgres:
        yield over_postgres
