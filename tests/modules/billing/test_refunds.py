"""Money that goes back: because an operator says so, or because an order was paid twice."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from kosu.adapters.memory.billing.records import LEDGER
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import FactKind
from kosu.modules.billing.domain.refunds import RefundId
from kosu.modules.billing.errors import (
    GatewayUnavailable,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    NothingToRefund,
    OrderNotFound,
    RefundTooLarge,
    UnknownOrderItem,
)
from kosu.modules.billing.jobs import AskAboutPayment, SendRefund
from kosu.modules.billing.ports import RefundRequest
from kosu.modules.billing.views import PlacedOrder, RefundView
from kosu.modules.identity import Origin
from kosu.money import Money
from kosu.ports.messages import name_of
from tests.support.billing import PRICE, BillingWorld, balances, captured, fact, memory_world, refund

OPERATOR = UserId(UUID(int=99))
KRW = "KRW"


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


async def ask(
    world: BillingWorld,
    order: PlacedOrder,
    *,
    items: tuple[OrderItemId, ...] = (),
    amount: int | None = None,
    key: str | None = None,
    reason: str = "asked",
) -> list[RefundView]:
    return list(
        await world.billing.request_refund()(
            operator_id=OPERATOR,
            order_id=order.id,
            item_ids=items,
            amount_minor=amount,
            reason=reason,
            idempotency_key=key,
            origin=Origin(actor_id=OPERATOR),
        )
    )


async def send(world: BillingWorld) -> list[RefundRequest]:
    """Let the worker ask the gateway for all refunds that are due; answers what the gateway has been asked for."""
    for row in list(world.database.table("messaging.outbox").values()):
        if row.name == name_of(SendRefund):
            job = msgspec.convert(row.payload, SendRefund)
            await world.billing.send_refund()(refund_id=RefundId(job.refund_id))
    return world.gateway.refunds


async def tell(world: BillingWorld, order: PlacedOrder) -> str:
    """Let the gateway tell that it did all that it was asked for."""
    state = ""
    for request in await send(world):
        done = refund(
            request.money, object_id=f"re_{request.key.hex}", of=request.capture_id, item_ids=request.item_ids
        )
        state = await world.settle(order, done)
    return state


async def paid(world: BillingWorld, courses: int = 1) -> PlacedOrder:
    order = await world.order(*(world.course() for _ in range(courses)))
    assert await world.settle(order, captured(order.total)) == "paid"
    return order


async def test_a_full_refund_ends_access_when_the_gateway_tells_it_and_not_before(world: BillingWorld) -> None:
    order = await paid(world)
    (asked,) = await ask(world, order)
    assert (asked.amount, asked.state) == (PRICE, "requested")
    (request,) = await send(world)
    assert (request.key, request.money, request.capture_id) == (asked.id, PRICE, "cap")
    assert (await world.view(order)).state == "paid"
    assert await world.open_courses(order)
    assert await tell(world, order) == "refunded"
    assert not await world.open_courses(order)
    assert balances(world.database.table(LEDGER).values()) == {}


async def test_refunding_one_item_leaves_the_other(world: BillingWorld) -> None:
    order = await paid(world, courses=2)
    first, second = order.items
    (asked,) = await ask(world, order, items=(first.id,))
    assert (asked.amount, asked.items) == (first.price, [first.id])
    assert await tell(world, order) == "partially_refunded"
    assert await world.open_courses(order) == {second.course_id}
    with pytest.raises(UnknownOrderItem):
        await ask(world, order, items=(first.id,))


async def test_an_amount_goes_back_and_access_stays(world: BillingWorld) -> None:
    order = await paid(world)
    await ask(world, order, amount=1_000)
    assert await tell(world, order) == "partially_refunded"
    assert await world.open_courses(order)


async def test_what_is_on_its_way_is_not_promised_again(world: BillingWorld) -> None:
    order = await paid(world)
    await ask(world, order, amount=40_000)
    with pytest.raises(RefundTooLarge) as refusal:
        await ask(world, order, amount=10_000)
    assert refusal.value.left == Money(9_000, KRW)
    await send(world)
    (rest,) = await ask(world, order)
    assert rest.amount == Money(9_000, KRW)
    with pytest.raises(NothingToRefund):
        await ask(world, order)


async def test_what_failed_can_be_asked_for_again(world: BillingWorld) -> None:
    order = await paid(world)
    (asked,) = await ask(world, order)
    await tell(world, order)
    gone = f"re_{asked.id.hex}"
    assert await world.settle(order, fact(FactKind.REFUND_FAILED, gone)) == "paid"
    (again,) = await ask(world, order)
    assert again.amount == PRICE


async def test_a_refund_that_the_gateway_refuses_is_over_and_blocks_nothing(world: BillingWorld) -> None:
    order = await paid(world)
    (asked,) = await ask(world, order)
    world.gateway.refunding = False
    await send(world)
    async with world.transaction() as records:
        refused = await records.refunds.get(asked.id)
    assert refused is not None
    assert (refused.state, refused.error_code) == ("refused", "refund_refused")
    assert len(await ask(world, order)) == 1


async def test_a_refund_that_timed_out_is_asked_for_under_the_same_key(world: BillingWorld) -> None:
    order = await paid(world)
    (asked,) = await ask(world, order)
    world.gateway.available = False
    with pytest.raises(GatewayUnavailable):
        await world.billing.send_refund()(refund_id=asked.id)
    world.gateway.available = True
    await world.billing.send_refund()(refund_id=asked.id)
    await world.billing.send_refund()(refund_id=asked.id)
    assert [request.key for request in world.gateway.refunds] == [asked.id]


async def test_the_same_key_is_the_same_refund(world: BillingWorld) -> None:
    order = await paid(world)
    first = await ask(world, order, amount=1_000, key="k")
    assert await ask(world, order, amount=1_000, key="k") == first
    assert len(await send(world)) == 1
    with pytest.raises(IdempotencyKeyReused):
        await ask(world, order, amount=2_000, key="k")
    with pytest.raises(InvalidIdempotencyKey):
        await ask(world, order, amount=1_000, key="")


async def test_the_second_of_two_payments_goes_back_by_itself(world: BillingWorld) -> None:
    """Paid in two tabs: the learner keeps the course and gets one of the two payments back, asked for once."""
    order = await paid(world)
    assert await world.settle(order, captured(object_id="cap2")) == "review"
    await world.settle(order, captured(object_id="cap2"))
    (request,) = await send(world)
    assert (request.capture_id, request.money) == ("cap2", PRICE)
    assert await tell(world, order) == "paid"
    assert await world.open_courses(order)
    assert len(world.gateway.refunds) == 1


@pytest.mark.parametrize("first", ["cap", "cap2"])
async def test_which_payment_goes_back_does_not_depend_on_what_is_heard_of_first(
    world: BillingWorld, first: str
) -> None:
    order = await world.order()
    second = "cap2" if first == "cap" else "cap"
    await world.settle(order, captured(object_id=first))
    await world.settle(order, captured(object_id=second))
    assert [request.capture_id for request in await send(world)] == ["cap2"]


async def test_where_anything_else_is_odd_an_operator_decides(world: BillingWorld) -> None:
    order = await paid(world)
    await world.settle(order, fact(FactKind.DISPUTE_OPEN, "dp"))
    assert await world.settle(order, captured(object_id="cap2")) == "review"
    assert await send(world) == []


async def test_a_wrong_amount_can_be_sent_back(world: BillingWorld) -> None:
    order = await world.order()
    short = Money(490, KRW)
    assert await world.settle(order, captured(short)) == "review"
    (asked,) = await ask(world, order)
    assert asked.amount == short


async def test_everything_goes_back_of_an_order_that_was_paid_twice(world: BillingWorld) -> None:
    order = await paid(world)
    await world.settle(order, fact(FactKind.DISPUTE_OPEN, "dp"), captured(object_id="cap2"))
    assert [asked.amount for asked in await ask(world, order)] == [PRICE, PRICE]
    assert await tell(world, order) == "refunded"


async def test_there_is_nothing_to_refund_of_what_was_not_paid_or_was_free(world: BillingWorld) -> None:
    with pytest.raises(NothingToRefund):
        await ask(world, await world.order())
    with pytest.raises(NothingToRefund):
        await ask(world, await world.order(world.course(Money(0, KRW))))


@pytest.mark.parametrize("amount", [0, -1, 49_001])
async def test_an_amount_out_of_range_is_refused(world: BillingWorld, amount: int) -> None:
    with pytest.raises(RefundTooLarge):
        await ask(world, await paid(world), amount=amount)


async def test_an_item_of_nobody_and_an_order_of_nobody_are_refused(world: BillingWorld) -> None:
    order = await paid(world)
    with pytest.raises(UnknownOrderItem):
        await ask(world, order, items=(OrderItemId(UUID(int=404)),))
    with pytest.raises(OrderNotFound):
        await world.billing.request_refund()(
            operator_id=OPERATOR,
            order_id=OrderId(UUID(int=404)),
            item_ids=(),
            amount_minor=None,
            reason="asked",
            idempotency_key=None,
            origin=Origin(actor_id=OPERATOR),
        )


@pytest.mark.parametrize("answered_first", [True, False])
async def test_a_refund_finds_its_items_by_the_request_that_asked_for_it(
    world: BillingWorld, answered_first: bool
) -> None:
    """Gateways know of no items: B stays open after A was given back, whichever comes first, answer or webhook."""
    given_back, kept = world.course(), world.course()
    order = await world.order(given_back, kept)
    await world.settle(order, captured(Money(98_000, KRW)))
    (asked,) = await ask(world, order, items=(order.items[0].id,))
    if answered_first:
        await send(world)
    told = refund(asked.amount, object_id=f"re_{asked.id.hex}")
    assert await world.settle(order, told) == "partially_refunded"
    assert await world.open_courses(order) == {kept}
    await send(world)
    await world.settle(order, told)
    assert await world.inbox_states() == ["processed"] * 3
    assert len(world.gateway.refunds) == int(answered_first)


async def test_after_a_refund_the_gateway_is_asked_how_the_payment_stands(world: BillingWorld) -> None:
    """A gateway that forgets to tell of it is found out."""
    order = await world.order()
    await world.settle(order, captured())
    (asked,) = await ask(world, order)
    assert order.payment is not None
    world.gateway.stand(order.payment.ref, captured(), refund(object_id=f"re_{asked.id.hex}"))
    await send(world)
    (row,) = [row for row in world.database.table("messaging.outbox").values() if row.name == name_of(AskAboutPayment)]
    await world.billing.ask_about_payment()(payment_id=PaymentId(UUID(row.payload["payment_id"])))
    await world.drain()
    assert (await world.view(order)).state == "refunded"


async def test_a_refund_that_nobody_here_asked_for_is_of_the_order_as_a_whole(world: BillingWorld) -> None:
    order = await world.order(world.course(), world.course())
    await world.settle(order, captured(Money(98_000, KRW)))
    await ask(world, order, items=(order.items[0].id,))
    assert await world.settle(order, refund(Money(1_000, KRW), object_id="elsewhere")) == "partially_refunded"
    assert len(await world.open_courses(order)) == 2
