"""Orders: who buys what, at which price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from kosu.ids import CourseId, OrderId, UserId
from kosu.modules.billing.errors import OrderNotCancellable
from kosu.money import Money

OrderItemId = NewType("OrderItemId", UUID)

# Long enough for a bank transfer's confirmation screen, short enough that a forgotten tab does not block for a day.
PAYMENT_WINDOW = timedelta(minutes=30)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class OrderState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVIEW = "review"

    @property
    def is_open(self) -> bool:
        """Whether a second order for the same courses would be one too many."""
        return self in {OrderState.PENDING, OrderState.REVIEW}


@dataclass(frozen=True, slots=True)
class OrderItem:
    """A course at the price of the moment of ordering; later changes of the course do not touch it.

    `price` is what is paid, after a coupon took `discount_minor` off; it includes `tax_minor`. Of the rest the
    instructor has earned `instructor_minor`.
    """

    id: OrderItemId
    course_id: CourseId
    instructor_id: UserId
    slug: str
    title: str
    price: Money
    tax_minor: int
    instructor_minor: int
    discount_minor: int = 0

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.price.currency)

    @property
    def full_price(self) -> Money:
        """Without any coupon."""
        return self.price + self.discount


@dataclass(frozen=True, slots=True)
class OrderCoupon:
    """The coupon by which an order was priced; `code` as it was then."""

    id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Order:
    """`fee_minor` is what the gateway keeps of the total by the terms of the moment of ordering.

    `state` is derived from the order and the facts about its payments, and kept for reads (`domain.standing`)."""

    id: OrderId
    number: str
    user_id: UserId
    items: tuple[OrderItem, ...]
    total: Money
    gateway: str | None
    state: OrderState
    placed_at: datetime
    expires_at: datetime | None
    cancelled_at: datetime | None = None
    coupon: OrderCoupon | None = None
    fee_minor: int = 0

    @property
    def course_ids(self) -> tuple[CourseId, ...]:
        return tuple(item.course_id for item in self.items)

    def cancelled(self, *, at: datetime) -> Order:
        """The order, called off by its buyer. Cancelling twice is cancelling once.

        Raises:
            OrderNotCancellable: it does not wait for its payment.
        """
        if self.state is OrderState.CANCELLED:
            return self
        if self.state is not OrderState.PENDING:
            raise OrderNotCancellable(self.state)
        return replace(self, state=OrderState.CANCELLED, cancelled_at=at)


def place(
    *,
    order_id: OrderId,
    user_id: UserId,
    items: tuple[OrderItem, ...],
    gateway: str | None,
    at: datetime,
    coupon: OrderCoupon | None = None,
    fee_minor: int = 0,
) -> Order:
    """A new order. Without anything to pay it is paid at once and needs no gateway."""
    total = Money(sum(item.price.amount_minor for item in items), items[0].price.currency)
    return Order(
        id=order_id,
        number=_number(order_id, at),
        user_id=user_id,
        items=items,
        total=total,
        gateway=None if total.is_free else gateway,
        state=OrderState.PAID if total.is_free else OrderState.PENDING,
        placed_at=at,
        expires_at=None if total.is_free else at + PAYMENT_WINDOW,
        coupon=coupon,
        fee_minor=0 if total.is_free else fee_minor,
    )


def _number(order_id: OrderId, at: datetime) -> str:
    """A number that people can read out: the day and 50 random bits of the id, which tell nobody how much is sold."""
    bits = order_id.int
    letters = "".join(_CROCKFORD[(bits >> shift) & 31] for shift in range(45, -5, -5))
    return f"{at:%y%m%d}-{letters[:5]}-{letters[5:]}"
