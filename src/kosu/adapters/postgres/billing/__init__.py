"""billing in PostgreSQL."""

from kosu.adapters.postgres.billing.books import PostgresBooks
from kosu.adapters.postgres.billing.checks import PostgresBillingChecks
from kosu.adapters.postgres.billing.inbox import PostgresWebhookInbox
from kosu.adapters.postgres.billing.queries import PostgresBillingQueries
from kosu.adapters.postgres.billing.records import PostgresBillingRecords

__all__ = [
    "PostgresBillingChecks",
    "PostgresBillingQueries",
    "PostgresBillingRecords",
    "PostgresBooks",
    "PostgresWebhookInbox",
]
