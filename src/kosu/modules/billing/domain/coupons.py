"""Coupons: codes that make courses cheaper, each for so many orders and so long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias, assert_never
from uuid import UUID

from kosu.ids import CourseId, OrderId, UserId
from kosu.modules.billing.domain.orders import OrderState
from kosu.money import Money

CouponId = NewType("CouponId", UUID)

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,31}")


@dataclass(frozen=True, slots=True)
class PercentOff:
    percent: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """Off the order as a whole, and never more than it costs."""

    money: Money


Reduction: TypeAlias = PercentOff | AmountOff


class CouponRefusal(StrEnum):
    """Why a coupon does not hold; stable, and told to buyers."""

    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    USED_UP = "used_up"
    USED_BEFORE = "used_before"
    NOT_FOR_THESE_COURSES = "not_for_these_courses"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """`redeemed` counts the orders that hold it, paid or still to be paid; each buyer may hold it once.

    It is for the courses named, or for all where none is; without `max_redemptions` or `ends_at` there is no end.
    """

    id: CouponId
    code: str
    reduction: Reduction
    course_ids: frozenset[CourseId]
    starts_at: datetime
    ends_at: datetime | None
    max_redemptions: int | None
    created_at: datetime
    archived_at: datetime | None = None
    redeemed: int = 0

    def refusal(self, *, at: datetime) -> CouponRefusal | None:
        """Why nobody can use it at this moment, if so."""
        if self.archived_at is not None or (self.ends_at is not None and at >= self.ends_at):
            return CouponRefusal.ENDED
        if at < self.starts_at:
            return CouponRefusal.NOT_STARTED
        if self.max_redemptions is not None and self.redeemed >= self.max_redemptions:
            return CouponRefusal.USED_UP
        return None

    def covers(self, course_id: CourseId) -> bool:
        return not self.course_ids or course_id in self.course_ids

    def taken_off(self, prices: Sequence[tuple[CourseId, Money]]) -> Sequence[int] | CouponRefusal:
        """How many minor units come off each price, in the order given; or why none does.

        A percentage is rounded half up for each course. An amount is shared out in proportion to the prices, and what
        rounding leaves goes to the first ones, so that the sum is exact.
        """
        covered = [price.amount_minor if self.covers(course_id) else 0 for course_id, price in prices]
        if not any(self.covers(course_id) for course_id, _ in prices):
            return CouponRefusal.NOT_FOR_THESE_COURSES
        match self.reduction:
            case PercentOff(percent):
                return [(minor * percent * 2 + 100) // 200 for minor in covered]
            case AmountOff(money):
                if any(price.currency != money.currency for _, price in prices):
                    return CouponRefusal.OTHER_CURRENCY
                return _shared_out(min(money.amount_minor, sum(covered)), covered)
            case never:
                assert_never(never)


class RedemptionState(StrEnum):
    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Redemption:
    """That an order holds a coupon."""

    coupon_id: CouponId
    order_id: OrderId
    user_id: UserId
    state: RedemptionState


def redemption_state(order_state: OrderState) -> RedemptionState:
    """What becomes of an order's coupon: kept once there was money, free for others where there will be none.

    Money that comes late takes it back, even beyond the coupon's limit: the buyer was promised the price.
    """
    match order_state:
        case OrderState.PENDING | OrderState.REVIEW:
            return RedemptionState.RESERVED
        case OrderState.FAILED | OrderState.EXPIRED | OrderState.CANCELLED:
            return RedemptionState.RELEASED
        case _:
            return RedemptionState.CONFIRMED


def normal_code(text: str) -> str | None:
    """A code as it is kept, however somebody typed it; None where it can be none.

    Three to 32 letters, digits, hyphens and underscores of ASCII.
    """
    code = text.strip().upper()
    return code if _CODE.fullmatch(code) else None


def _shared_out(amount: int, weights: Sequence[int]) -> Sequence[int]:
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    for index, weight in enumerate(weights):
        if sum(shares) == amount:
            break
        # At most one each is missing, and a share never exceeds its weight.
        shares[index] += int(shares[index] < weight)
    return shares
