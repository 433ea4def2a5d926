"""billing's coupons in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kosu.adapters.memory.database import Table
from kosu.ids import OrderId
from kosu.modules.billing.domain.coupons import Coupon, CouponId, CouponRefusal, Redemption, RedemptionState

COUPONS = "billing.coupons"
REDEMPTIONS = "billing.coupon_redemptions"


class MemoryCoupons:
    def __init__(self, coupons: Table, redemptions: Table) -> None:
        self._coupons = coupons
        self._redemptions = redemptions

    async def add(self, coupon: Coupon) -> bool:
        if await self.with_code(coupon.code) is not None:
            return False
        self._coupons[coupon.id] = coupon
        return True

    async def with_code(self, code: str) -> Coupon | None:
        return next((coupon for coupon in self._coupons.values() if coupon.code == code), None)

    async def lock(self, coupon_id: CouponId) -> Coupon | None:
        return self._coupons.get(coupon_id)

    async def save(self, coupon: Coupon) -> None:
        self._coupons[coupon.id] = replace(
            self._coupons[coupon.id],
            starts_at=coupon.starts_at,
            ends_at=coupon.ends_at,
            max_redemptions=coupon.max_redemptions,
            archived_at=coupon.archived_at,
        )

    async def reserve(self, redemption: Redemption, *, at: datetime) -> CouponRefusal | None:
        coupon: Coupon | None = self._coupons.get(redemption.coupon_id)
        if coupon is None:
            return CouponRefusal.UNKNOWN
        if refusal := coupon.refusal(at=at):
            return refusal
        if any(
            (used.coupon_id, used.user_id) == (redemption.coupon_id, redemption.user_id)
            and used.state is not RedemptionState.RELEASED
            for used in self._redemptions.values()
        ):
            return CouponRefusal.USED_BEFORE
        self._redemptions[redemption.order_id] = redemption
        self._count(redemption.coupon_id, 1)
        return None

    async def move(self, order_id: OrderId, state: RedemptionState) -> None:
        redemption: Redemption | None = self._redemptions.get(order_id)
        if redemption is None or redemption.state is state:
            return
        self._redemptions[order_id] = replace(redemption, state=state)
        counted, counts = redemption.state is not RedemptionState.RELEASED, state is not RedemptionState.RELEASED
        if counted is not counts:
            self._count(redemption.coupon_id, 1 if counts else -1)

    def _count(self, coupon_id: CouponId, by: int) -> None:
        coupon: Coupon = self._coupons[coupon_id]
        self._coupons[coupon_id] = replace(coupon, redeemed=coupon.redeemed + by)
