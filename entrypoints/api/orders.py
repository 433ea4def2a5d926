"""/api/v1/quotes, /api/v1/orders and /api/v1/me/orders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from entrypoints.api.authentication import NOBODY, SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import CourseId, OrderId, UserId
from kosu.modules.billing.container import BillingContainer
from kosu.modules.billing.errors import OrderNotFound
from kosu.modules.billing.views import OrderPage, OrderView, PlacedOrder, Quote
from kosu.paging import BY_ID, Cursor

CourseIds = Annotated[list[CourseId], msgspec.Meta(min_length=1, max_length=50)]
Code = Annotated[str, msgspec.Meta(max_length=64)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key")]


class QuoteRequest(msgspec.Struct, frozen=True):
    course_ids: CourseIds
    coupon_code: Code | None = None


class NewOrder(msgspec.Struct, frozen=True):
    course_ids: CourseIds
    gateway: Code
    coupon_code: Code | None = None


class OrderController(Controller):
    path = "/api/v1"
    tags = ("billing",)

    @post("/quotes", operation_id="quote", auth=NOBODY, status_code=HTTP_200_OK)
    async def quote(self, data: JSONBody[QuoteRequest], billing: NamedDependency[Billing]) -> Quote:
        """What these courses would cost together. It promises nothing: an order is priced anew."""
        return await billing.quote_courses()(course_ids=data.course_ids, coupon_code=data.coupon_code)

    @post("/orders", operation_id="placeOrder", status_code=HTTP_201_CREATED)
    async def place(
        self,
        data: JSONBody[NewOrder],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        idempotency_key: IdempotencyKey = None,
    ) -> PlacedOrder:
        """The same Idempotency-Key and body get the same answer; `checkout_url` is a page for people."""
        return await billing.place_order()(
            user_id=request.user.user_id,
            course_ids=data.course_ids,
            coupon_code=data.coupon_code,
            gateway=data.gateway,
            idempotency_key=idempotency_key,
        )

    @get("/orders/{order_id:uuid}", operation_id="getOrder")
    async def order(
        self, order_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> OrderView:
        return await _order(billing, OrderId(order_id), request.user.user_id)

    @post("/orders/{order_id:uuid}/cancel", operation_id="cancelOrder", status_code=HTTP_200_OK)
    async def cancel(
        self, order_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> OrderView:
        user_id = request.user.user_id
        await billing.cancel_order()(user_id=user_id, order_id=OrderId(order_id))
        return await _order(billing, OrderId(order_id), user_id)

    @get("/me/orders", operation_id="listMyOrders")
    async def orders(
        self,
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> OrderPage:
        """One's orders, newest first."""
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ID).id
        return await billing.queries().orders(request.user.user_id, before=before, limit=limit)


async def _order(billing: BillingContainer, order_id: OrderId, user_id: UserId) -> OrderView:
    view = await billing.queries().order(order_id, user_id=user_id)
    if view is None:
        msg = "There is no such order."
        raise OrderNotFound(msg)
    return view
