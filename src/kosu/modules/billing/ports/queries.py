"""What billing reads outside of transactions."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.coupons import CouponId
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.views import CheckoutView, CouponPage, CouponView, OrderPage, OrderView, WebhookPage


class BillingQueries(Protocol):
    """Reads, one statement each. Lists are newest first and hold what is older than `before`."""

    async def order(self, order_id: OrderId, *, user_id: UserId) -> OrderView | None:
        """The order with its timeline, for its buyer only."""
        ...

    async def orders(self, user_id: UserId, *, before: UUID | None, limit: int) -> OrderPage: ...

    async def coupon(self, coupon_id: CouponId) -> CouponView | None: ...

    async def coupons(self, *, before: UUID | None, limit: int) -> CouponPage:
        """All coupons, archived ones too."""
        ...

    async def checkout(self, gateway: str, payment_ref: str) -> CheckoutView | None: ...

    async def webhooks(self, *, state: WebhookState | None, before: UUID | None, limit: int) -> WebhookPage: ...
