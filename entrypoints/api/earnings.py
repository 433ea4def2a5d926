"""/api/v1/studio/earnings: what instructors earn."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from kosu.modules.billing.book_views import Earnings
from kosu.modules.identity.domain.viewer import INSTRUCTOR


class EarningsController(Controller):
    path = "/api/v1/studio/earnings"
    tags = ("studio",)

    @get("/", operation_id="getEarnings")
    async def earnings(self, request: SignedInRequest, billing: NamedDependency[Billing]) -> Earnings:
        """One's own, from the ledger: what is owed now, by month, and by the courses that were bought together."""
        request.user.require(INSTRUCTOR)
        return await billing.books().earnings(request.user.user_id)
