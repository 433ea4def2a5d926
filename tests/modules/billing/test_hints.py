"""Webhooks that nobody signed: they may make us ask, and nothing else."""

from __future__ import annotations

import pytest

from kosu.adapters.memory.billing import MemoryGateway
from kosu.modules.billing.errors import BadSignature
from tests.support.billing import BillingWorld, captured, memory_world


@pytest.fixture
def world() -> BillingWorld:
    return memory_world(MemoryGateway(signing=False))


async def test_an_unsigned_webhook_that_says_facts_is_refused(world: BillingWorld) -> None:
    """Stored, it would be read again by the worker, which could not tell that nobody had signed it."""
    order = await world.order()
    assert order.payment is not None
    raw, _ = MemoryGateway().webhook(captured(), event_id="forged", payment_ref=order.payment.ref)
    with pytest.raises(BadSignature):
        await world.billing.receive_webhook()(gateway="memory", raw=raw, headers={})
    assert await world.inbox_states() == []


async def test_an_unsigned_webhook_that_says_nothing_makes_us_ask(world: BillingWorld) -> None:
    order = await world.order()
    assert order.payment is not None
    world.gateway.stand(order.payment.ref, captured())
    await world.receive(order)
    world.clock.advance(seconds=2)
    await world.drain()
    assert (await world.view(order)).state == "paid"
    assert world.gateway.fetched == [order.payment.ref]
