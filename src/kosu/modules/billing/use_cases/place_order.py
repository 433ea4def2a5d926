"""Order courses, and open a checkout at the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.closing import close_if_overdue
from kosu.modules.billing.domain.coupons import CouponId, Redemption, redemption_state
from kosu.modules.billing.domain.orders import Order, OrderCoupon, OrderState, place
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.reconciliation import next_ask
from kosu.modules.billing.errors import (
    AlreadyEnrolled,
    CouponInvalid,
    GatewayNotOffered,
    IdempotencyKeyReused,
    OpenOrderExists,
    OrderNotFound,
)
from kosu.modules.billing.idempotency import checked_key
from kosu.modules.billing.ports import (
    BillingRecords,
    CheckoutRequest,
    EnrolmentGrants,
    OrderRequest,
    PaymentGateway,
)
from kosu.modules.billing.pricing import Pricing
from kosu.modules.billing.settlement import Settlement
from kosu.modules.billing.views import PlacedOrder
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    transaction: Transaction[BillingRecords]
    pricing: Pricing
    settlement: Settlement
    grants: EnrolmentGrants
    gateways: Mapping[str, PaymentGateway]
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        user_id: UserId,
        course_ids: Sequence[CourseId],
        coupon_code: str | None,
        gateway: str,
        idempotency_key: str | None,
    ) -> PlacedOrder:
        """The order is committed before the gateway hears of it.

        Should the gateway, or this process, fail in between, then the same request with the same key goes on where it
        stopped.

        Raises:
            InvalidIdempotencyKey, IdempotencyKeyReused
            GatewayNotOffered, CouponInvalid, CourseNotFound, CourseNotForSale, MixedCurrencies
            AlreadyEnrolled, OpenOrderExists
            GatewayUnavailable, PaymentRefused
        """
        if gateway not in self.gateways:
            raise GatewayNotOffered(self.gateways)
        digest = sha256(msgspec.json.encode([course_ids, coupon_code, gateway])).digest()
        at = self.clock.now()
        order = await self._ordered_before(user_id, checked_key(idempotency_key), digest)
        if order is None:
            priced = await self.pricing.price(course_ids, coupon_code)
            order_id = OrderId(self.ids.new())
            order = place(
                order_id=order_id,
                user_id=user_id,
                items=priced.items,
                gateway=gateway,
                at=at,
                coupon=priced.coupon,
                fee_minor=self.pricing.terms.fee_minor(gateway, priced.total),
            )
            request = (
                OrderRequest(user_id, idempotency_key, digest, order_id, at) if idempotency_key is not None else None
            )
            order = await self._commit(order, request, at=at)
        payment = None if order.gateway is None else await self._payment(order, self.gateways[order.gateway])
        return PlacedOrder.of(order, payment)

    async def _ordered_before(self, user_id: UserId, key: str | None, digest: bytes) -> Order | None:
        if key is None:
            return None
        async with self.transaction() as records:
            request = await records.order_requests.get(user_id, key)
            return None if request is None else await _answered(records, request, digest)

    async def _commit(self, order: Order, request: OrderRequest | None, *, at: datetime) -> Order:
        async with self.transaction() as records:
            if request is not None and not await records.order_requests.add(request):
                # A request with the same key won the race and has committed by now.
                winner = await records.order_requests.get(request.user_id, request.key)
                if winner is not None:
                    return await _answered(records, winner, request.digest)
            await records.orders.add(order)
            await _claim(records, order, at=at)
            # Only now: an order that held the claim until this moment may have given access as it let go.
            if enrolled := await self.grants.enrolled(order.user_id, order.course_ids):
                raise AlreadyEnrolled(enrolled)
            if order.coupon is not None:
                await _reserve(records, order, order.coupon, at=at)
            if order.total.is_free:
                await self.settlement.open_free(records, order, at=at)
            return order

    async def _payment(self, order: Order, gateway: PaymentGateway) -> Payment | None:
        async with self.transaction() as records:
            payment = await records.payments.of_order(order.id)
        if payment is not None or order.state is not OrderState.PENDING:
            return payment
        checkout = await gateway.create_checkout(
            CheckoutRequest(
                order_id=order.id,
                order_number=order.number,
                amount=order.total,
                title=", ".join(item.title for item in order.items),
                placed_at=order.placed_at,
            )
        )
        payment = Payment(
            id=PaymentId(self.ids.new()),
            order_id=order.id,
            gateway=gateway.name,
            gateway_ref=checkout.gateway_ref,
            checkout_url=checkout.url,
            amount=order.total,
            created_at=self.clock.now(),
        )
        async with self.transaction() as records:
            await records.payments.add(payment)
            first_ask = next_ask(created_at=payment.created_at, at=payment.created_at)
            await records.payments.ask_again(payment.id, at=first_ask)
        return payment


async def _answered(records: BillingRecords, request: OrderRequest, digest: bytes) -> Order:
    if request.digest != digest:
        msg = "This Idempotency-Key was used for another request."
        raise IdempotencyKeyReused(msg)
    order = await records.orders.get(request.order_id)
    if order is None:
        msg = "The order of this request is gone."
        raise OrderNotFound(msg)
    return order


async def _reserve(records: BillingRecords, order: Order, coupon: OrderCoupon, *, at: datetime) -> None:
    """Last of all, since all orders with this coupon wait for each other from here to the commit."""
    redemption = Redemption(CouponId(coupon.id), order.id, order.user_id, redemption_state(order.state))
    if refusal := await records.coupons.reserve(redemption, at=at):
        raise CouponInvalid(refusal)


async def _claim(records: BillingRecords, order: Order, *, at: datetime) -> None:
    """Make the order the only open one for its courses. An order in the way whose time is over is closed first."""
    for _ in order.items:
        holder = await records.open_purchases.claim(order)
        if holder is None:
            return
        blocking = await records.orders.lock(holder)
        if blocking is not None and not await close_if_overdue(records, blocking, at=at):
            raise OpenOrderExists(holder)
    if holder := await records.open_purchases.claim(order):
        raise OpenOrderExists(holder)
