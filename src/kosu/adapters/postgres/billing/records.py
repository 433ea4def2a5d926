"""billing's records in PostgreSQL: all of them, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.coupons import PostgresCoupons
from kosu.adapters.postgres.billing.inbox import PostgresInbox
from kosu.adapters.postgres.billing.orders import PostgresOpenPurchases, PostgresOrderRequests, PostgresOrders
from kosu.adapters.postgres.billing.payments import PostgresPayments, PostgresRefunds
from kosu.adapters.postgres.billing.receipts import PostgresReceipts
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.modules.billing.domain.ledger import LedgerTransaction


class PostgresLedger:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def post(self, transactions: Sequence[LedgerTransaction]) -> None:
        if not transactions:
            return
        entries = [
            (posting.source, position, entry)
            for posting in transactions
            for position, entry in enumerate(posting.entries)
        ]
        await execute(
            self._session,
            """WITH new AS (
                   INSERT INTO billing.ledger_tx (source, order_id, occurred_at)
                   SELECT * FROM unnest(%(tx_sources)s::text[], %(order_ids)s::uuid[], %(times)s::timestamptz[])
                   ON CONFLICT DO NOTHING RETURNING source)
               INSERT INTO billing.ledger_entries (source, position, account, amount_minor, currency)
               SELECT source, position, account, amount_minor, currency
               FROM unnest(%(sources)s::text[], %(positions)s::bigint[], %(accounts)s::text[],
                           %(amounts)s::bigint[], %(currencies)s::text[])
                    AS entry (source, position, account, amount_minor, currency) JOIN new USING (source)""",
            {
                "tx_sources": [posting.source for posting in transactions],
                "order_ids": [posting.order_id for posting in transactions],
                "times": [posting.occurred_at for posting in transactions],
                "sources": [source for source, _, _ in entries],
                "positions": [position for _, position, _ in entries],
                "accounts": [entry.account for _, _, entry in entries],
                "amounts": [entry.money.amount_minor for _, _, entry in entries],
                "currencies": [entry.money.currency for _, _, entry in entries],
            },
        )


class PostgresBillingRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.orders = PostgresOrders(session)
        self.open_purchases = PostgresOpenPurchases(session)
        self.order_requests = PostgresOrderRequests(session)
        self.payments = PostgresPayments(session)
        self.refunds = PostgresRefunds(session)
        self.coupons = PostgresCoupons(session)
        self.ledger = PostgresLedger(session)
        self.inbox = PostgresInbox(session)
        self.receipts = PostgresReceipts(session)
