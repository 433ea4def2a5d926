"""/api/v1/ops/coupons: what operators do with coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED
from msgspec import UNSET, UnsetType

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.ids import CourseId
from kosu.modules.billing.domain.coupons import AmountOff, CouponId, PercentOff
from kosu.modules.billing.errors import CouponNotFound, UnusableCoupon
from kosu.modules.billing.views import CouponPage, CouponView
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.money import Money
from kosu.paging import BY_ID, Cursor

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Count = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class CouponChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is left out stays as it is; null takes the end or the limit away."""

    ends_at: Moment | UnsetType | None = UNSET
    max_redemptions: Count | UnsetType | None = UNSET


class NewCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """Either `percent_off` or `amount_off`; for the courses named, or for all.

    Without `starts_at` it holds at once; without `ends_at` and `max_redemptions` for ever, and for everybody once.
    """

    code: Code
    percent_off: Percent | None = None
    amount_off: Money | None = None
    course_ids: Annotated[list[CourseId], msgspec.Meta(max_length=1_000)] = []
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    max_redemptions: Count | None = None


class OpsCouponController(Controller):
    path = "/api/v1/ops/coupons"
    tags = ("ops",)

    @get("/", operation_id="listCoupons")
    async def coupons(
        self,
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> CouponPage:
        """All coupons, newest first, archived ones too."""
        request.user.require(OPERATOR)
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ID).id
        return await billing.queries().coupons(before=before, limit=limit)

    @post("/", operation_id="createCoupon", status_code=HTTP_201_CREATED)
    async def create(
        self, data: JSONBody[NewCoupon], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> CouponView:
        request.user.require(OPERATOR)
        return await billing.create_coupon()(
            code=data.code,
            reduction=_reduction(data),
            course_ids=data.course_ids,
            starts_at=data.starts_at,
            ends_at=data.ends_at,
            max_redemptions=data.max_redemptions,
            origin=origin_of(request),
        )

    @get("/{coupon_id:uuid}", operation_id="getCoupon")
    async def coupon(
        self, coupon_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> CouponView:
        request.user.require(OPERATOR)
        found = await billing.queries().coupon(CouponId(coupon_id))
        if found is None:
            msg = "There is no such coupon."
            raise CouponNotFound(msg)
        return found

    @patch("/{coupon_id:uuid}", operation_id="changeCoupon")
    async def change(
        self,
        coupon_id: FromPath[UUID],
        data: JSONBody[CouponChanges],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
    ) -> CouponView:
        """Set its end or its limit. What it takes off never changes: make another one."""
        request.user.require(OPERATOR)
        return await billing.change_coupon()(
            coupon_id=CouponId(coupon_id),
            ends_at=data.ends_at,
            max_redemptions=data.max_redemptions,
            origin=origin_of(request),
        )

    @delete("/{coupon_id:uuid}", operation_id="archiveCoupon")
    async def archive(
        self, coupon_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> None:
        """Let nobody use it any more; orders that hold it keep their price."""
        request.user.require(OPERATOR)
        await billing.archive_coupon()(coupon_id=CouponId(coupon_id), origin=origin_of(request))


def _reduction(data: NewCoupon) -> PercentOff | AmountOff:
    match data.percent_off, data.amount_off:
        case int() as percent, None:
            return PercentOff(percent)
        case None, Money() as money:
            return AmountOff(money)
    msg = "A coupon has either percent_off or amount_off."
    raise UnusableCoupon(msg)
