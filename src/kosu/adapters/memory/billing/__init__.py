"""billing in memory."""

from kosu.adapters.memory.billing.books import MemoryBooks
from kosu.adapters.memory.billing.checks import MemoryBillingChecks
from kosu.adapters.memory.billing.gateway import MemoryGateway
from kosu.adapters.memory.billing.inbox import MemoryWebhookInbox
from kosu.adapters.memory.billing.queries import MemoryBillingQueries
from kosu.adapters.memory.billing.records import MemoryBillingRecords

__all__ = [
    "MemoryBillingChecks",
    "MemoryBillingQueries",
    "MemoryBillingRecords",
    "MemoryBooks",
    "MemoryGateway",
    "MemoryWebhookInbox",
]
