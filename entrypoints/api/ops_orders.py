"""/api/v1/ops/orders: what operators see of orders and do to them. All of it is audited."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_201_CREATED

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import ColumnText, Limit, QueryText
from entrypoints.api.orders import IdempotencyKey
from entrypoints.api.origin import origin_of
from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import OpsOrder, OpsOrderPage
from kosu.modules.billing.domain.orders import OrderItemId, OrderState
from kosu.modules.billing.views import RefundView
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.paging import BY_ID, Cursor

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[OrderState | None, QueryParameter(name="state")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Amount = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class NewRefund(msgspec.Struct, frozen=True):
    """All that is left; or `items`, the ids of the order's lines; or an amount, alone or for those items."""

    reason: Reason
    items: Annotated[list[UUID], msgspec.Meta(max_length=50)] = []
    amount_minor: Amount | None = None


class RefundList(msgspec.Struct, frozen=True):
    items: list[RefundView]


class OpsOrderController(Controller):
    path = "/api/v1/ops/orders"
    tags = ("ops",)

    @get("/", operation_id="listOrders")
    async def orders(  # noqa: PLR0917 - the query's parameters
        self,
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        in_state: StateQuery = None,
        user_id: FromQuery[UUID | None] = None,
        q: ColumnText = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> OpsOrderPage:
        """Orders of all buyers, newest first; `q` begins an order's number, or is a payment's whole reference."""
        request.user.require(OPERATOR)
        return await billing.find_orders()(
            state=in_state,
            user_id=None if user_id is None else UserId(user_id),
            text=q,
            before=None if cursor is None else Cursor.decode(cursor, sort=BY_ID).id,
            limit=limit,
            origin=origin_of(request),
        )

    @get("/{order_id:uuid}", operation_id="inspectOrder")
    async def order(
        self, order_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> OpsOrder:
        """One order with its payments, what gateways told of them, its refunds and its postings."""
        request.user.require(OPERATOR)
        return await billing.inspect_order()(order_id=OrderId(order_id), origin=origin_of(request))

    @post("/{order_id:uuid}/refunds", operation_id="refundOrder", status_code=HTTP_201_CREATED)
    async def refund(
        self,
        order_id: FromPath[UUID],
        data: JSONBody[NewRefund],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        idempotency_key: IdempotencyKey = None,
    ) -> RefundList:
        """Give money back; a worker asks the gateway, and the order follows what the gateway tells."""
        request.user.require(OPERATOR)
        refunds = await billing.request_refund()(
            operator_id=request.user.user_id,
            order_id=OrderId(order_id),
            item_ids=[OrderItemId(item_id) for item_id in data.items],
            amount_minor=data.amount_minor,
            reason=data.reason,
            idempotency_key=idempotency_key,
            origin=origin_of(request),
        )
        return RefundList(list(refunds))
