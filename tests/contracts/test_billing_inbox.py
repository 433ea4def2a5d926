"""The contract of the webhook inbox, over each adapter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from kosu.modules.billing.domain.inbox import Envelope, ReceivedWebhook, WebhookId, WebhookState
from kosu.modules.billing.errors import UnstorableWebhook
from tests.support.billing import AT, BillingWorld
from tests.support.billing_postgres import world

__all__ = ["world"]

LEASE = timedelta(seconds=60)


def webhook(
    world: BillingWorld, key: str, *, gateway: str = "memory", payload: bytes = b"\x00\xff{}"
) -> ReceivedWebhook:
    return ReceivedWebhook(
        id=WebhookId(world.ids.new()),
        gateway=gateway,
        envelope=Envelope(dedup_key=key, event_type="facts", payment_ref=None, key_id="key"),
        payload=payload,
        received_at=AT,
    )


async def claimed_ids(world: BillingWorld, *, at: timedelta = timedelta(), limit: int = 9) -> set[WebhookId]:
    return {claimed.id for claimed in await world.inbox.claim(at=AT + at, lease=LEASE, limit=limit)}


async def test_a_webhook_is_stored_once(world: BillingWorld) -> None:
    first = webhook(world, "a")
    assert await world.inbox.put([first]) == 1
    assert await world.inbox.put([webhook(world, "a"), webhook(world, "b")]) == 1
    assert await world.inbox.put([webhook(world, "a", gateway="other")]) == 1
    (claimed, *rest) = sorted(await world.inbox.claim(at=AT, lease=LEASE, limit=9), key=lambda claimed: claimed.id)
    assert len(rest) == 2
    assert (claimed.id, claimed.payload, claimed.attempt, claimed.received_at) == (first.id, first.payload, 1, AT)


async def test_two_copies_in_one_batch_are_one(world: BillingWorld) -> None:
    assert await world.inbox.put([webhook(world, "a"), webhook(world, "a")]) == 1
    assert len(await claimed_ids(world)) == 1


async def test_a_batch_with_one_that_cannot_be_stored_stores_none(world: BillingWorld) -> None:
    with pytest.raises(UnstorableWebhook):
        await world.inbox.put([webhook(world, "a"), webhook(world, "NUL \0")])
    assert await claimed_ids(world) == set()


async def test_what_is_claimed_is_not_claimed_again_before_its_lease_ends(world: BillingWorld) -> None:
    await world.inbox.put([webhook(world, "a"), webhook(world, "b")])
    first = await claimed_ids(world, limit=1)
    second = await claimed_ids(world)
    assert len(first | second) == 2
    assert await claimed_ids(world, at=LEASE - timedelta(seconds=1)) == set()
    assert await claimed_ids(world, at=LEASE) == first | second


async def test_a_failed_webhook_comes_back_when_it_is_time(world: BillingWorld) -> None:
    await world.inbox.put([webhook(world, "a")])
    (claimed,) = await world.inbox.claim(at=AT, lease=LEASE, limit=9)
    await world.inbox.fail(claimed.id, attempt=1, error_code="code", retry_at=AT + timedelta(seconds=10))
    assert await claimed_ids(world, at=timedelta(seconds=9)) == set()
    (again,) = await world.inbox.claim(at=AT + timedelta(seconds=10), lease=LEASE, limit=9)
    assert again == replace(claimed, attempt=2)


async def test_a_dead_webhook_stays_dead(world: BillingWorld) -> None:
    await world.inbox.put([webhook(world, "a")])
    (claimed,) = await world.inbox.claim(at=AT, lease=LEASE, limit=9)
    await world.inbox.fail(claimed.id, attempt=1, error_code="code", retry_at=None)
    assert await claimed_ids(world, at=timedelta(days=365)) == set()
    assert await world.inbox_states() == ["dead"]


async def test_a_late_attempt_changes_nothing(world: BillingWorld) -> None:
    await world.inbox.put([webhook(world, "a")])
    (late,) = await world.inbox.claim(at=AT, lease=LEASE, limit=9)
    (current,) = await world.inbox.claim(at=AT + LEASE, lease=LEASE, limit=9)
    await world.inbox.fail(late.id, attempt=late.attempt, error_code="late", retry_at=None)
    assert await world.inbox_states() == ["processing"]
    async with world.transaction() as records:
        assert not await records.inbox.lock(late.id, attempt=late.attempt)
        assert await records.inbox.lock(current.id, attempt=current.attempt)


async def test_a_finished_webhook_is_never_due_again(world: BillingWorld) -> None:
    await world.inbox.put([webhook(world, "a")])
    (claimed,) = await world.inbox.claim(at=AT, lease=LEASE, limit=9)
    async with world.transaction() as records:
        await records.inbox.finish(claimed.id, state=WebhookState.PROCESSED, at=AT)
    assert await claimed_ids(world, at=timedelta(days=365)) == set()
    async with world.transaction() as records:
        assert not await records.inbox.lock(claimed.id, attempt=1)
    await world.inbox.fail(claimed.id, attempt=1, error_code="late", retry_at=None)
    assert await world.inbox_states() == ["processed"]


async def test_a_webhook_that_is_due_later_is_claimed_later(world: BillingWorld) -> None:
    later = replace(webhook(world, "a"), due_at=AT + timedelta(seconds=2))
    await world.inbox.put([later])
    assert await claimed_ids(world, at=timedelta(seconds=1)) == set()
    assert await claimed_ids(world, at=timedelta(seconds=2)) == {later.id}


async def test_a_stored_webhook_is_read_whatever_its_state(world: BillingWorld) -> None:
    received = webhook(world, "a")
    await world.inbox.put([received])
    await claimed_ids(world)
    async with world.transaction() as records:
        stored = await records.inbox.lock_stored(received.id)
        assert await records.inbox.lock_stored(WebhookId(world.ids.new())) is None
    assert stored is not None
    assert (stored.dedup_key, stored.payload, stored.attempts) == ("a", received.payload, 1)
    assert stored.payload_sha256 == sha256(received.payload).digest()
    assert stored.is_held(at=AT + timedelta(seconds=59))
    assert not stored.is_held(at=AT + LEASE)


async def test_a_requeued_webhook_is_as_if_it_had_just_come(world: BillingWorld) -> None:
    received = webhook(world, "a")
    await world.inbox.put([received])
    await claimed_ids(world)
    await world.inbox.fail(received.id, attempt=1, error_code="broken", retry_at=None)
    assert await claimed_ids(world, at=timedelta(days=1)) == set()
    async with world.transaction() as records:
        await records.inbox.requeue(received.id, at=AT + timedelta(days=1))
    async with world.transaction() as records:
        stored = await records.inbox.lock_stored(received.id)
    assert stored is not None
    assert (stored.state, stored.attempts, stored.error_code) == (WebhookState.RECEIVED, 0, None)
    assert await claimed_ids(world, at=timedelta(days=1)) == {received.id}
