"""What billing needs from the outside."""

from kosu.modules.billing.ports.gateway import (
    Change,
    Checkout,
    CheckoutPage,
    CheckoutRequest,
    PaymentGateway,
    RefundRequest,
    SandboxDelivery,
)
from kosu.modules.billing.ports.grants import EnrolmentGrants
from kosu.modules.billing.ports.inbox import WebhookInbox
from kosu.modules.billing.ports.queries import BillingQueries
from kosu.modules.billing.ports.records import (
    BillingRecords,
    Coupons,
    Inbox,
    Ledger,
    OpenPurchases,
    OrderRequest,
    OrderRequests,
    Orders,
    Payments,
    Refunds,
)

__all__ = [
    "BillingQueries",
    "BillingRecords",
    "Change",
    "Checkout",
    "CheckoutPage",
    "CheckoutRequest",
    "Coupons",
    "EnrolmentGrants",
    "Inbox",
    "Ledger",
    "OpenPurchases",
    "OrderRequest",
    "OrderRequests",
    "Orders",
    "PaymentGateway",
    "Payments",
    "RefundRequest",
    "Refunds",
    "SandboxDelivery",
    "WebhookInbox",
]
