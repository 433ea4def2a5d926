"""billing in PostgreSQL."""

from kosu.adapters.postgres.billing.inbox import PostgresWebhookInbox
from kosu.adapters.postgres.billing.queries import PostgresBillingQueries
from kosu.adapters.postgres.billing.records import PostgresBillingRecords

__all__ = ["PostgresBillingQueries", "PostgresBillingRecords", "PostgresWebhookInbox"]
