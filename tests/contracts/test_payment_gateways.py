"""What every payment gateway has to hold to, each beside a stand-in of its vendor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from kosu.adapters.memory.billing.records import LEDGER, PAYMENTS
from kosu.gateways import FACTORIES
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Snapshot, Told
from kosu.modules.billing.domain.refunds import RefundId
from kosu.modules.billing.errors import BadSignature, GatewayUnavailable, MalformedEvent
from kosu.modules.billing.jobs import SendRefund
from kosu.modules.billing.ports import Checkout, CheckoutRequest, PaymentGateway, RefundRequest
from kosu.modules.billing.views import PlacedOrder
from kosu.modules.identity import Origin
from kosu.money import Money
from kosu.ports.messages import name_of
from tests.support.billing import PRICE, BillingWorld, memory_world
from tests.support.gateways import GatewayUnderTest, Webhook
from tests.support.own_gateways import memory_gateway, sandbox_gateway
from tests.support.portone import portone_gateway
from tests.support.stripe_gateway import stripe_gateway
from tests.support.toss import toss_gateway

OPERATOR = UserId(UUID(int=99))
PART = Money(9_000, "KRW")


@dataclass(frozen=True, slots=True)
class Case:
    """`remembers`: it can be asked how a payment stands. `signs`: it believes no webhook that it did not sign.

    `opens`: a checkout is opened at the vendor, and not before its buyer comes.
    """

    running: Callable[[], AbstractAsyncContextManager[GatewayUnderTest]]
    remembers: bool = True
    signs: bool = True
    opens: bool = True


CASES: Mapping[str, Case] = {
    "memory": Case(memory_gateway),
    "sandbox": Case(sandbox_gateway, remembers=False, opens=False),
    "stripe": Case(stripe_gateway),
    "portone": Case(portone_gateway),
    "toss": Case(toss_gateway, signs=False, opens=False),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
async def vendor(case: Case) -> AsyncIterator[GatewayUnderTest]:
    async with case.running() as running:
        yield running


@pytest.fixture
def gateway(vendor: GatewayUnderTest) -> PaymentGateway:
    return vendor.gateway


def wanted(vendor: GatewayUnderTest, *, order_id: int = 7) -> CheckoutRequest:
    return CheckoutRequest(
        order_id=OrderId(UUID(int=order_id)),
        order_number="260101-ABCDE-FGHJK",
        amount=PRICE,
        title="강의, and another one",
        placed_at=vendor.now - timedelta(minutes=1),
    )


async def opened(vendor: GatewayUnderTest, *, order_id: int = 7) -> Checkout:
    return await vendor.gateway.create_checkout(wanted(vendor, order_id=order_id))


async def paid(vendor: GatewayUnderTest, *, order_id: int = 7) -> str:
    """A payment that its buyer has come back from; answers its reference."""
    checkout = await opened(vendor, order_id=order_id)
    answers = await vendor.pay(checkout.gateway_ref)
    await vendor.gateway.confirm(payment_of(vendor, checkout), answers)
    return checkout.gateway_ref


def payment_of(vendor: GatewayUnderTest, checkout: Checkout) -> Payment:
    return Payment(
        id=PaymentId(UUID(int=1)),
        order_id=OrderId(UUID(int=7)),
        gateway=vendor.gateway.name,
        gateway_ref=checkout.gateway_ref,
        checkout_url=checkout.url,
        amount=PRICE,
        created_at=vendor.now,
    )


async def told(vendor: GatewayUnderTest) -> list[PaymentFact]:
    """What the vendor's webhooks say since the last call, or what it answers where they only hint; each fact once."""
    facts: dict[tuple[FactKind, str], PaymentFact] = {}
    for raw, headers in vendor.webhooks():
        envelope = vendor.gateway.verify(raw, headers, now=vendor.now)
        reading = vendor.gateway.read(raw)
        if isinstance(reading, Hint):
            assert envelope.payment_ref is not None
            reading = await asked(vendor.gateway, envelope.payment_ref)
        for fact in reading.facts:
            assert fact.agrees_with(facts.setdefault(fact.key, fact))
    return list(facts.values())


async def asked(gateway: PaymentGateway, payment_ref: str) -> Told | Snapshot:
    document = await gateway.fetch(payment_ref)
    assert document is not None
    reading = gateway.read(document)
    assert not isinstance(reading, Hint)
    return reading


def kinds(facts: Sequence[PaymentFact]) -> list[FactKind]:
    return sorted(fact.kind for fact in facts)


def refund_of(capture: PaymentFact, payment_ref: str, money: Money = PART, *, key: int = 1) -> RefundRequest:
    return RefundRequest(
        key=UUID(int=key),
        gateway_ref=payment_ref,
        capture_id=capture.object_id,
        money=money,
        item_ids=(OrderItemId(UUID(int=3)),),
        reason="asked for",
    )


def test_every_gateway_that_is_shipped_has_its_case() -> None:
    assert set(FACTORIES) <= set(CASES)


async def test_the_same_request_opens_the_same_checkout(vendor: GatewayUnderTest) -> None:
    checkout = await opened(vendor)
    assert await opened(vendor) == checkout
    assert (await opened(vendor, order_id=8)).gateway_ref != checkout.gateway_ref
    assert checkout.url.partition("://")[1] == "://"


async def test_what_the_vendor_sends_is_verified_and_names_its_payment(vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    webhooks = vendor.webhooks()
    envelopes = [vendor.gateway.verify(raw, headers, now=vendor.now) for raw, headers in webhooks]
    assert ref in {envelope.payment_ref for envelope in envelopes}
    again = [vendor.gateway.verify(raw, headers, now=vendor.now) for raw, headers in webhooks]
    assert again == envelopes
    if len(envelopes) > 1 and not envelopes[0].is_hint:
        assert len({envelope.dedup_key for envelope in envelopes}) == len(envelopes)


def mutations(raw: bytes, headers: Mapping[str, str]) -> list[Webhook]:
    middle = len(raw) // 2
    bodies = [raw + b" ", raw[:-1], raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :], b""]
    return [*((body, headers) for body in bodies), (raw, {})]


async def test_what_was_changed_on_its_way_is_not_believed(case: Case, vendor: GatewayUnderTest) -> None:
    await paid(vendor)
    for raw, headers in vendor.webhooks():
        for body, sent in mutations(raw, headers):
            if case.signs:
                with pytest.raises(BadSignature):
                    vendor.gateway.verify(body, sent, now=vendor.now)
            else:
                # What names no payment may be refused at once.
                with suppress(BadSignature):
                    assert vendor.gateway.verify(body, sent, now=vendor.now).is_hint


async def test_a_payment_is_one_capture_of_the_whole_amount(vendor: GatewayUnderTest) -> None:
    await paid(vendor)
    (capture,) = await told(vendor)
    assert (capture.kind, capture.money) == (FactKind.CAPTURED, PRICE)
    assert capture.capture_id == capture.object_id


async def test_a_decline_captures_nothing(case: Case, vendor: GatewayUnderTest) -> None:
    ref = (await opened(vendor)).gateway_ref
    await vendor.decline(ref)
    assert FactKind.CAPTURED not in kinds(await told(vendor))
    if case.remembers:
        document = await vendor.gateway.fetch(ref)
        reading = Told() if document is None else vendor.gateway.read(document)
        assert isinstance(reading, Told | Snapshot)
        assert FactKind.CAPTURED not in kinds(reading.facts)


async def test_who_is_asked_says_what_was_told(case: Case, vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    (capture,) = facts = await told(vendor)
    await vendor.gateway.refund(refund_of(capture, ref))
    facts += await told(vendor)
    await vendor.give_back(ref, Money(1_000, "KRW"))
    facts += await told(vendor)
    by_key = {fact.key: fact for fact in facts}
    assert kinds(list(by_key.values())) == [FactKind.CAPTURED, FactKind.REFUND, FactKind.REFUND]
    if case.remembers:
        answered = (await asked(vendor.gateway, ref)).facts
        assert {fact.key for fact in answered} == set(by_key)
        assert all(fact.agrees_with(by_key[fact.key]) for fact in answered)
    else:
        assert await vendor.gateway.fetch(ref) is None


async def test_a_refund_is_one_however_often_it_is_asked_for(vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    (capture,) = await told(vendor)
    object_id = await vendor.gateway.refund(refund_of(capture, ref))
    assert await vendor.gateway.refund(refund_of(capture, ref)) == object_id
    (refund,) = [fact for fact in await told(vendor) if fact.kind is FactKind.REFUND]
    assert (refund.object_id, refund.capture_id, refund.money) == (object_id, capture.object_id, PART)
    assert await vendor.gateway.refund(refund_of(capture, ref, key=2)) != object_id


async def test_a_refund_in_the_vendors_console_is_found(vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    (capture,) = await told(vendor)
    await vendor.give_back(ref, PART)
    (refund,) = [fact for fact in await told(vendor) if fact.kind is FactKind.REFUND]
    assert (refund.capture_id, refund.money, refund.item_ids) == (capture.object_id, PART, ())


async def test_a_vendor_that_is_away_is_unavailable_and_nothing_else(case: Case, vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    (capture,) = await told(vendor)
    vendor.be_available(False)
    with pytest.raises(GatewayUnavailable):
        await vendor.gateway.refund(refund_of(capture, ref))
    if case.opens:
        with pytest.raises(GatewayUnavailable):
            await opened(vendor, order_id=8)
    if case.remembers:
        with pytest.raises(GatewayUnavailable):
            await vendor.gateway.fetch(ref)
        with pytest.raises(GatewayUnavailable):
            async for _ in vendor.gateway.changed_since(vendor.now - timedelta(hours=1)):
                pass
    vendor.be_available(True)
    assert await vendor.gateway.refund(refund_of(capture, ref))


@pytest.mark.parametrize("ref", ["unknown", "", "../../v1/balance", "cs_test_1 \0", "é" * 300])
async def test_a_payment_that_nobody_knows_is_none(gateway: PaymentGateway, ref: str) -> None:
    assert await gateway.fetch(ref) is None


async def test_what_changed_is_listed(case: Case, vendor: GatewayUnderTest) -> None:
    first, second = await paid(vendor), await paid(vendor, order_id=8)
    await told(vendor)
    changes = [change async for change in vendor.gateway.changed_since(vendor.now - timedelta(hours=1))]
    if not case.remembers:
        assert changes == []
        return
    listed: dict[str, list[PaymentFact]] = {}
    for change in changes:
        reading = vendor.gateway.read(change.document)
        assert not isinstance(reading, Hint)
        listed.setdefault(change.payment_ref, []).extend(reading.facts)
    assert [fact.kind for fact in listed[first]] == [FactKind.CAPTURED]
    assert listed[first][0].object_id != listed[second][0].object_id


MALFORMED = {
    "empty": b"",
    "no JSON": b"nonsense",
    "not UTF-8": b'{"type":"\xff"}',
    "half": b'{"type":',
    "no object": b"[]",
    "null": b"null",
    "number": b"1e999",
    "deep": b'{"a":' * 12_000,
    "wide": b"[" * 60_000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_what_makes_no_sense_is_malformed_and_nothing_else(gateway: PaymentGateway, body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        gateway.read(body)


async def test_a_document_that_was_cut_short_is_malformed(case: Case, vendor: GatewayUnderTest) -> None:
    ref = await paid(vendor)
    documents = [raw for raw, _ in vendor.webhooks()]
    if case.remembers and (fetched := await vendor.gateway.fetch(ref)):
        documents.append(fetched)
    for document in documents:
        for end in range(0, len(document), max(1, len(document) // 20)):
            with pytest.raises(MalformedEvent):
                vendor.gateway.read(document[:end])


@pytest.fixture
def world(vendor: GatewayUnderTest) -> BillingWorld:
    """Billing with this gateway, on the vendor's time."""
    world = memory_world()
    world.gateways[vendor.gateway.name] = vendor.gateway
    world.clock.advance(vendor.now - world.clock.now())
    return world


async def bought(world: BillingWorld, vendor: GatewayUnderTest, courses: int = 1) -> PlacedOrder:
    """An order whose buyer has paid at the vendor and come back."""
    order = await world.order(*(world.course() for _ in range(courses)), gateway=vendor.gateway.name)
    assert order.payment is not None
    answers = await vendor.pay(order.payment.ref)
    await world.billing.confirm_payment()(gateway=vendor.gateway.name, payment_ref=order.payment.ref, answers=answers)
    return order


async def deliver(world: BillingWorld, vendor: GatewayUnderTest) -> None:
    """Let the vendor's webhooks arrive and be settled, hints after their window."""
    for raw, headers in vendor.webhooks():
        await world.billing.receive_webhook()(gateway=vendor.gateway.name, raw=raw, headers=headers)
    world.clock.advance(seconds=3)
    await world.drain()


async def state_of(world: BillingWorld, order: PlacedOrder) -> str:
    return (await world.view(order)).state


async def test_a_webhook_makes_an_order_paid(world: BillingWorld, vendor: GatewayUnderTest) -> None:
    order = await bought(world, vendor)
    await deliver(world, vendor)
    assert await state_of(world, order) == "paid"
    assert await world.open_courses(order) == {item.course_id for item in order.items}


async def test_a_declined_order_can_still_be_paid(world: BillingWorld, vendor: GatewayUnderTest) -> None:
    order = await world.order(gateway=vendor.gateway.name)
    assert order.payment is not None
    await vendor.decline(order.payment.ref)
    await deliver(world, vendor)
    assert await state_of(world, order) in {"pending", "failed"}
    assert not await world.open_courses(order)


async def test_a_webhook_and_an_answer_at_once_post_once(
    case: Case, world: BillingWorld, vendor: GatewayUnderTest
) -> None:
    order = await bought(world, vendor)
    (payment_id,) = world.database.table(PAYMENTS)
    webhooks = [*vendor.webhooks()]
    await asyncio.gather(
        *(world.billing.ask_about_payment()(payment_id=payment_id) for _ in range(2)),
        *(
            world.billing.receive_webhook()(gateway=vendor.gateway.name, raw=raw, headers=headers)
            for raw, headers in webhooks * 2
        ),
    )
    await asyncio.gather(world.drain(), world.drain())
    world.clock.advance(seconds=3)
    await world.drain()
    assert await state_of(world, order) == "paid"
    (posting,) = world.database.table(LEDGER).values()
    assert posting.source.startswith(f"{order.id}/captured/")
    assert set(world.grants.calls.values()) == {1}
    if case.remembers:
        await world.billing.ask_about_payment()(payment_id=payment_id)
        assert await world.drain() == 0


async def test_a_refunded_item_ends_and_the_other_stays(world: BillingWorld, vendor: GatewayUnderTest) -> None:
    order = await bought(world, vendor, courses=2)
    await deliver(world, vendor)
    gone, kept = order.items
    await world.billing.request_refund()(
        operator_id=OPERATOR,
        order_id=order.id,
        item_ids=(gone.id,),
        amount_minor=None,
        reason="not what was hoped for",
        idempotency_key=None,
        origin=Origin(actor_id=OPERATOR),
    )
    await send_refunds(world)
    await deliver(world, vendor)
    assert await state_of(world, order) == "partially_refunded"
    assert await world.open_courses(order) == {kept.course_id}


async def send_refunds(world: BillingWorld) -> None:
    for row in list(world.database.table("messaging.outbox").values()):
        if row.name == name_of(SendRefund):
            job = msgspec.convert(row.payload, SendRefund)
            await world.billing.send_refund()(refund_id=RefundId(job.refund_id))


async def test_a_full_refund_ends_access(world: BillingWorld, vendor: GatewayUnderTest) -> None:
    order = await bought(world, vendor)
    await deliver(world, vendor)
    assert order.payment is not None
    await vendor.give_back(order.payment.ref, order.total)
    await deliver(world, vendor)
    assert await state_of(world, order) == "refunded"
    assert not await world.open_courses(order)
