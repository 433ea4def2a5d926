"""/api/v1/ops/ledger: the books, for operators. All of it is audited."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import ColumnText, Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.ids import OrderId
from kosu.modules.billing.book_views import BalanceList, LedgerPage
from kosu.modules.billing.ports.books import BY_POSTING
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.paging import Cursor


class OpsLedgerController(Controller):
    path = "/api/v1/ops/ledger"
    tags = ("ops",)

    @get("/", operation_id="listLedger")
    async def ledger(  # noqa: PLR0917 - the query's parameters
        self,
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        order_id: FromQuery[UUID | None] = None,
        account: ColumnText = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> LedgerPage:
        """Transactions, newest posting first: all, those of an order, or those with an entry on an account."""
        request.user.require(OPERATOR)
        return await billing.read_ledger()(
            order_id=None if order_id is None else OrderId(order_id),
            account=account,
            before=None if cursor is None else Cursor.decode(cursor, sort=BY_POSTING).value,
            limit=limit,
            origin=origin_of(request),
        )

    @get("/balances", operation_id="listBalances")
    async def balances(
        self, request: SignedInRequest, billing: NamedDependency[Billing], account: ColumnText = None
    ) -> BalanceList:
        """What each account, or one of them, holds in each currency."""
        request.user.require(OPERATOR)
        return await billing.read_balances()(account=account, origin=origin_of(request))
