"""The contract of forgetting webhooks' bodies, over each adapter."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest

from kosu.modules.billing.domain.inbox import StoredWebhook
from kosu.modules.billing.errors import WebhookPurged
from kosu.modules.billing.use_cases.purge_payloads import PurgePayloads
from kosu.modules.identity import Origin
from tests.support.billing import BillingWorld, captured
from tests.support.billing_postgres import postgres_world, world

__all__ = ["world"]


async def all_webhooks(world: BillingWorld) -> list[StoredWebhook]:
    """Oldest first."""
    page = await world.queries.webhooks(state=None, before=None, limit=100)
    found = []
    async with world.transaction() as records:
        for webhook in reversed(page.items):
            stored = await records.inbox.lock_stored(webhook.id)
            assert stored is not None
            found.append(stored)
    return found


async def kept(world: BillingWorld) -> list[tuple[str, bool]]:
    return [(webhook.state, webhook.payload is not None) for webhook in await all_webhooks(world)]


async def in_every_state(world: BillingWorld) -> None:
    """A webhook that is processed, one that is ignored, one dead, one failed and one received, in this order."""
    order = await world.order()
    await world.settle(order, captured())
    await world.settle(order)
    raw = b"no json"
    await world.billing.receive_webhook()(
        gateway="memory", raw=raw, headers={"memory-signature": world.gateway.sign(raw)}
    )
    await world.drain()
    await world.receive(order, captured(), payment_ref="unknown")
    await world.drain()
    await world.receive(order, captured())


async def test_bodies_go_when_they_are_settled_and_old_and_hashes_stay(world: BillingWorld) -> None:
    await in_every_state(world)
    before = await all_webhooks(world)
    world.clock.advance(days=60)
    assert await world.billing.purge_payloads()() == 0
    world.clock.advance(seconds=1)
    assert await world.billing.purge_payloads()() == 3
    assert await kept(world) == [
        ("processed", False),
        ("ignored", False),
        ("dead", False),
        ("failed", True),
        ("received", True),
    ]
    for was, webhook in zip(before, await all_webhooks(world), strict=True):
        assert was.payload is not None
        assert webhook.payload_sha256 == sha256(was.payload).digest()
    assert await world.billing.purge_payloads()() == 0


async def test_what_is_purged_cannot_be_replayed(world: BillingWorld) -> None:
    await in_every_state(world)
    world.clock.advance(days=61)
    await world.billing.purge_payloads()()
    purged = (await all_webhooks(world))[0]
    with pytest.raises(WebhookPurged):
        await world.billing.replay_webhook()(webhook_id=purged.id, origin=Origin())
    detail = await world.billing.read_webhook()(webhook_id=purged.id, origin=Origin())
    assert (detail.payload, detail.payload_kept) == (None, False)


async def test_one_statement_takes_the_oldest_and_no_more_than_it_may(world: BillingWorld) -> None:
    order = await world.order()
    for _ in range(3):
        await world.settle(order, captured())
        world.clock.advance(seconds=1)
    later = world.clock.now() + timedelta(days=1)
    assert await world.inbox.purge_payloads(received_before=later, limit=2) == 2
    assert [has_payload for _, has_payload in await kept(world)] == [False, False, True]
    assert await world.inbox.purge_payloads(received_before=later, limit=2) == 1


async def test_all_batches_are_done(world: BillingWorld) -> None:
    order = await world.order()
    for _ in range(5):
        await world.receive(order, captured())
    await world.drain()
    world.clock.advance(days=61)
    assert await PurgePayloads(world.inbox, world.clock, batch_size=2)() == 5


async def test_the_old_are_found_by_an_index(database: str) -> None:
    async with postgres_world(database) as world:
        order = await world.order()
        await world.settle(order, captured())
    with psycopg.connect(database) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            """EXPLAIN SELECT id FROM billing.webhook_inbox
               WHERE state IN ('processed', 'ignored', 'dead') AND payload IS NOT NULL AND verified_at < now()
               ORDER BY verified_at LIMIT 9"""
        ).fetchall()
    assert "Index Scan using ix_webhook_inbox_kept" in "\n".join(line for (line,) in plan)
