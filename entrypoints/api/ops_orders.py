"""/api/v1/ops/orders: what operators do to orders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.orders import IdempotencyKey
from entrypoints.api.origin import origin_of
from kosu.ids import OrderId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.views import RefundView
from kosu.modules.identity.domain.viewer import OPERATOR

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
