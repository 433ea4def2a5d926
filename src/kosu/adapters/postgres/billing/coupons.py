"""billing's coupons in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.mapping import coupon_of, coupon_row
from kosu.adapters.postgres.billing.rows import CouponRedemptionRow, CouponRow
from kosu.ids import OrderId
from kosu.modules.billing.domain.coupons import Coupon, CouponId, CouponRefusal, Redemption, RedemptionState


class PostgresCoupons:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, coupon: Coupon) -> bool:
        added = await self._session.execute(
            insert(CouponRow)
            .values(coupon_row(coupon).to_dict())
            .on_conflict_do_nothing(constraint="uq_coupons_code")
            .returning(CouponRow.id)
        )
        return added.first() is not None

    async def with_code(self, code: str) -> Coupon | None:
        return coupon_of(await self._session.scalar(select(CouponRow).where(CouponRow.code == code)))

    async def lock(self, coupon_id: CouponId) -> Coupon | None:
        return coupon_of(
            await self._session.scalar(
                select(CouponRow)
                .where(CouponRow.id == coupon_id)
                .with_for_update(key_share=True)
                # A row that this transaction has read before the lock may have changed since.
                .execution_options(populate_existing=True)
            )
        )

    async def save(self, coupon: Coupon) -> None:
        await self._session.execute(
            update(CouponRow)
            .where(CouponRow.id == coupon.id)
            .values(
                starts_at=coupon.starts_at,
                ends_at=coupon.ends_at,
                max_redemptions=coupon.max_redemptions,
                archived_at=coupon.archived_at,
            )
        )

    async def reserve(self, redemption: Redemption, *, at: datetime) -> CouponRefusal | None:
        coupon = await self.lock(redemption.coupon_id)
        if coupon is None:
            return CouponRefusal.UNKNOWN
        if refusal := coupon.refusal(at=at):
            return refusal
        # Under the lock of the coupon: nobody else can be about to use it.
        used = select(CouponRedemptionRow.order_id).where(
            CouponRedemptionRow.coupon_id == redemption.coupon_id,
            CouponRedemptionRow.user_id == redemption.user_id,
            CouponRedemptionRow.state != RedemptionState.RELEASED,
        )
        if await self._session.scalar(used.limit(1)) is not None:
            return CouponRefusal.USED_BEFORE
        await self._session.execute(
            insert(CouponRedemptionRow).values(
                order_id=redemption.order_id,
                coupon_id=redemption.coupon_id,
                user_id=redemption.user_id,
                state=redemption.state,
            )
        )
        await self._count(redemption.coupon_id, 1)
        return None

    async def move(self, order_id: OrderId, state: RedemptionState) -> None:
        of_order = CouponRedemptionRow.order_id == order_id
        held = await self._session.execute(
            select(CouponRedemptionRow.coupon_id, CouponRedemptionRow.state).where(of_order).with_for_update()
        )
        row = held.one_or_none()
        if row is None or row.state == state:
            return
        await self._session.execute(update(CouponRedemptionRow).where(of_order).values(state=state))
        counted, counts = row.state != RedemptionState.RELEASED, state is not RedemptionState.RELEASED
        if counted is not counts:
            await self._count(CouponId(row.coupon_id), 1 if counts else -1)

    async def _count(self, coupon_id: CouponId, by: int) -> None:
        await self._session.execute(
            update(CouponRow).where(CouponRow.id == coupon_id).values(redeemed=CouponRow.redeemed + by)
        )
