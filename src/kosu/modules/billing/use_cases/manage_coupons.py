"""What operators do with coupons: make, change and archive them. Each is audited."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET, UnsetType

from kosu.ids import CourseId
from kosu.modules.billing.domain.coupons import (
    AmountOff,
    Coupon,
    CouponId,
    PercentOff,
    Reduction,
    normal_code,
)
from kosu.modules.billing.errors import CouponCodeTaken, CouponNotFound, UnusableCoupon
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.billing.views import CouponView
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CreateCoupon:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        code: str,
        reduction: Reduction,
        course_ids: Collection[CourseId],
        starts_at: datetime | None,
        ends_at: datetime | None,
        max_redemptions: int | None,
        origin: Origin,
    ) -> CouponView:
        """A coupon that holds from `starts_at`, or from now.

        Raises:
            UnusableCoupon: the code is none, nothing is taken off, or it ends before it starts.
            CouponCodeTaken
        """
        at = self.clock.now()
        normal = normal_code(code)
        if normal is None:
            msg = "A code is 3 to 32 letters, digits, hyphens and underscores."
            raise UnusableCoupon(msg)
        coupon = _usable(
            Coupon(
                id=CouponId(self.ids.new()),
                code=normal,
                reduction=reduction,
                course_ids=frozenset(course_ids),
                starts_at=starts_at or at,
                ends_at=ends_at,
                max_redemptions=max_redemptions,
                created_at=at,
            )
        )
        async with self.transaction() as records:
            if not await records.coupons.add(coupon):
                msg = "There is a coupon with this code already, maybe an archived one."
                raise CouponCodeTaken(msg)
            await self.audit.record(records, Action.COUPON_CREATED, None, at=at, origin=origin, code=coupon.code)
        return CouponView.of(coupon)


@dataclass(frozen=True, slots=True)
class ChangeCoupon:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        *,
        coupon_id: CouponId,
        ends_at: datetime | UnsetType | None,
        max_redemptions: int | UnsetType | None,
        origin: Origin,
    ) -> CouponView:
        """Set a coupon's end or its limit; None takes it away. What it takes off never changes: make another one.

        Raises:
            CouponNotFound, UnusableCoupon
        """
        async with self.transaction() as records:
            coupon = await _locked(records, coupon_id)
            changed = _usable(
                replace(
                    coupon,
                    ends_at=coupon.ends_at if ends_at is UNSET else ends_at,
                    max_redemptions=coupon.max_redemptions if max_redemptions is UNSET else max_redemptions,
                )
            )
            await records.coupons.save(changed)
            await self.audit.record(
                records, Action.COUPON_CHANGED, None, at=self.clock.now(), origin=origin, code=coupon.code
            )
        return CouponView.of(changed)


@dataclass(frozen=True, slots=True)
class ArchiveCoupon:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, coupon_id: CouponId, origin: Origin) -> None:
        """Let nobody use a coupon any more; orders that hold it keep their price. Repeatable. Raises CouponNotFound."""
        at = self.clock.now()
        async with self.transaction() as records:
            coupon = await _locked(records, coupon_id)
            if coupon.archived_at is None:
                await records.coupons.save(replace(coupon, archived_at=at))
                await self.audit.record(records, Action.COUPON_ARCHIVED, None, at=at, origin=origin, code=coupon.code)


async def _locked(records: BillingRecords, coupon_id: CouponId) -> Coupon:
    coupon = await records.coupons.lock(coupon_id)
    if coupon is None:
        msg = "There is no such coupon."
        raise CouponNotFound(msg)
    return coupon


def _usable(coupon: Coupon) -> Coupon:
    match coupon.reduction:
        case PercentOff(percent):
            takes_off = 1 <= percent <= 100
        case AmountOff(money):
            takes_off = money.amount_minor >= 1
    if not takes_off:
        msg = "A coupon takes 1 to 100 percent off, or an amount of at least one minor unit."
        raise UnusableCoupon(msg)
    if coupon.ends_at is not None and coupon.ends_at <= coupon.starts_at:
        msg = "A coupon ends after it starts."
        raise UnusableCoupon(msg)
    return coupon
