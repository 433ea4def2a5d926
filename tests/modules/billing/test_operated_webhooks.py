"""What operators do with webhooks: read without what is private, try out, replay, ignore; all of it audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from kosu.adapters.memory.billing import MemoryGateway
from kosu.adapters.memory.billing.records import LEDGER
from kosu.adapters.memory.identity import AUDIT
from kosu.ids import PaymentId, UserId
from kosu.modules.billing.domain.inbox import WebhookId
from kosu.modules.billing.domain.redaction import REDACTED, redacted
from kosu.modules.billing.errors import WebhookBusy, WebhookNotFound, WebhookPurged, WebhookSettled
from kosu.modules.billing.views import ReplayDiff, WebhookDetail
from kosu.modules.identity import Action, Origin
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.money import Money
from tests.support.billing import PRICE, BillingWorld, captured, memory_world, refund

OPERATOR = UserId(UUID(int=99))
LEASE = timedelta(seconds=60)
BY_OPERATOR = Origin(actor_id=OPERATOR)


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


async def newest(world: BillingWorld) -> WebhookId:
    return (await world.queries.webhooks(state=None, before=None, limit=1)).items[0].id


async def preview(world: BillingWorld, webhook_id: WebhookId) -> ReplayDiff:
    diff: ReplayDiff = await world.billing.preview_replay()(webhook_id=webhook_id)
    return diff


async def replay(world: BillingWorld, webhook_id: WebhookId) -> WebhookDetail:
    detail: WebhookDetail = await world.billing.replay_webhook()(webhook_id=webhook_id, origin=BY_OPERATOR)
    return detail


async def ignore(world: BillingWorld, webhook_id: WebhookId) -> WebhookDetail:
    detail: WebhookDetail = await world.billing.ignore_webhook()(
        webhook_id=webhook_id, reason="a test", origin=BY_OPERATOR
    )
    return detail


def audited(world: BillingWorld) -> Sequence[AuditEntry]:
    return list(world.database.table(AUDIT).values())


async def dead_webhook(world: BillingWorld) -> tuple[WebhookId, PaymentId]:
    """A capture at a reference that is known only now: its time of patience is over."""
    order = await world.order()
    await world.receive(order, captured(), payment_ref="mem_late")
    world.clock.advance(hours=25)
    await world.drain()
    assert await world.inbox_states() == ["dead"]
    async with world.transaction() as records:
        payment = await records.payments.of_order(order.id)
        assert payment is not None
        late = replace(payment, id=PaymentId(world.ids.new()), gateway_ref="mem_late")
        await records.payments.add(late)
    return await newest(world), late.id


async def test_a_dead_webhook_is_tried_out_and_then_replayed(world: BillingWorld) -> None:
    webhook_id, _ = await dead_webhook(world)
    diff = await preview(world, webhook_id)
    assert (diff.error_code, diff.state_after, [fact.kind for fact in diff.facts]) == (None, "paid", ["captured"])
    assert sum(posting.amount.amount_minor for posting in diff.ledger) == 0
    assert len(diff.opened) == 1
    assert await world.inbox_states() == ["dead"]
    assert (await replay(world, webhook_id)).state == "received"
    await world.drain()
    assert await world.inbox_states() == ["processed"]
    assert len(world.database.table(LEDGER)) == 1
    assert await preview(world, webhook_id) == replace_facts(diff)


def replace_facts(diff: ReplayDiff) -> ReplayDiff:
    """What is left of a diff once it has come true: nothing."""
    return msgspec.structs.replace(diff, state_before=diff.state_after, facts=[], ledger=[], opened=[])


async def test_a_replay_of_a_settled_webhook_changes_nothing(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    webhook_id = await newest(world)
    await replay(world, webhook_id)
    await world.drain()
    assert await world.inbox_states() == ["processed"]
    assert len(world.database.table(LEDGER)) == 1
    assert list(world.grants.calls.values()) == [1]


async def test_a_replay_rings_the_workers(world: BillingWorld) -> None:
    webhook_id, _ = await dead_webhook(world)
    world.queue.take()
    await replay(world, webhook_id)
    assert len(world.queue.take()) == 1


async def test_a_diff_says_what_ends_and_why_a_replay_would_fail(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    await world.receive(order, refund())
    diff = await preview(world, await newest(world))
    assert (diff.state_before, diff.state_after, len(diff.closed)) == ("paid", "refunded", 1)
    await world.receive(order, captured(Money(1, "KRW")))
    assert (await preview(world, await newest(world))).error_code == "fact_contradicted"
    await world.receive(order, captured(), payment_ref="mem_nobody")
    assert (await preview(world, await newest(world))).error_code == "unknown_payment"
    await world.receive(order)
    assert await preview(world, await newest(world)) == ReplayDiff()


async def test_a_second_capture_s_diff_says_what_would_be_sent_back(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    await world.receive(order, captured(object_id="again"))
    assert (await preview(world, await newest(world))).refunds == [PRICE]


async def test_of_a_hint_the_gateway_is_asked() -> None:
    world = memory_world(MemoryGateway(signing=False))
    order = await world.order()
    assert order.payment is not None
    await world.receive(order)
    webhook_id = await newest(world)
    assert (await preview(world, webhook_id)).error_code == "unknown_payment"
    world.gateway.stand(order.payment.ref, captured())
    assert (await preview(world, webhook_id)).state_after == "paid"
    world.gateway.available = False
    assert (await preview(world, webhook_id)).error_code == "gateway_unavailable"


async def test_an_ignored_webhook_is_left_alone_until_it_is_replayed(world: BillingWorld) -> None:
    webhook_id, _ = await dead_webhook(world)
    assert (await ignore(world, webhook_id)).state == "ignored"
    world.clock.advance(days=1)
    assert await world.drain() == 0
    await replay(world, webhook_id)
    await world.drain()
    assert await world.inbox_states() == ["processed"]


async def test_what_is_settled_is_not_ignored(world: BillingWorld) -> None:
    await world.settle(await world.order(), captured())
    with pytest.raises(WebhookSettled):
        await ignore(world, await newest(world))


async def test_a_webhook_is_not_taken_out_of_a_worker_s_hands(world: BillingWorld) -> None:
    await world.receive(await world.order(), captured())
    webhook_id = await newest(world)
    await world.inbox.claim(at=world.clock.now(), lease=LEASE, limit=1)
    with pytest.raises(WebhookBusy):
        await replay(world, webhook_id)
    with pytest.raises(WebhookBusy):
        await ignore(world, webhook_id)
    world.clock.advance(LEASE)
    await replay(world, webhook_id)


async def test_a_webhook_of_nobody_is_not_found(world: BillingWorld) -> None:
    nobody = WebhookId(UUID(int=404))
    with pytest.raises(WebhookNotFound):
        await preview(world, nobody)
    with pytest.raises(WebhookNotFound):
        await replay(world, nobody)
    with pytest.raises(WebhookNotFound):
        await ignore(world, nobody)


async def test_who_read_replayed_and_ignored_is_audited(world: BillingWorld) -> None:
    webhook_id, _ = await dead_webhook(world)
    await world.billing.read_webhook()(webhook_id=webhook_id, origin=BY_OPERATOR)
    await ignore(world, webhook_id)
    await replay(world, webhook_id)
    entries = audited(world)
    assert [entry.action for entry in entries] == [
        Action.WEBHOOK_VIEWED,
        Action.WEBHOOK_IGNORED,
        Action.WEBHOOK_REPLAYED,
    ]
    assert {entry.origin.actor_id for entry in entries} == {OPERATOR}
    assert entries[1].detail == {"webhook_id": str(webhook_id), "reason": "a test", "state_before": "dead"}


async def test_a_body_is_shown_without_what_is_private_in_it(world: BillingWorld) -> None:
    body = (
        b'{"id": "e", "amount": 5, "customer": {"email": "a@b.c"}, "list": [{"cardNumber": "4111", "status": "DONE"}]}'
    )
    await world.billing.receive_webhook()(
        gateway="memory", raw=body, headers={"memory-signature": world.gateway.sign(body)}
    )
    detail = await world.billing.read_webhook()(webhook_id=await newest(world), origin=BY_OPERATOR)
    assert detail.payload == {
        "id": "e",
        "amount": 5,
        "customer": REDACTED,
        "list": [{"cardNumber": REDACTED, "status": "DONE"}],
    }
    assert detail.payload_kept


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000])
def test_what_is_no_json_is_not_shown(body: bytes) -> None:
    assert redacted(body) is None


async def test_a_webhook_whose_body_is_forgotten_cannot_be_replayed(world: BillingWorld) -> None:
    await world.settle(await world.order(), captured())
    webhook_id = await newest(world)
    world.clock.advance(days=61)
    await world.billing.purge_payloads()()
    with pytest.raises(WebhookPurged):
        await preview(world, webhook_id)
    with pytest.raises(WebhookPurged):
        await replay(world, webhook_id)
    detail = await world.billing.read_webhook()(webhook_id=webhook_id, origin=BY_OPERATOR)
    assert (detail.payload, detail.payload_kept, len(detail.payload_sha256)) == (None, False, 64)
