"""billing: orders, payments through gateways, and the ledger."""

from kosu.modules.billing.events import OrderPaid, OrderRefunded

__all__ = ["OrderPaid", "OrderRefunded"]
