"""The page on which a buyer pays with Toss's browser SDK.

Source: https://docs.tosspayments.com/sdk/v2/js
"""

from __future__ import annotations

from kosu.adapters.toss.documents import number
from kosu.modules.billing.ports import CheckoutPage
from kosu.modules.billing.sdk_page import order_name, sdk_page
from kosu.modules.billing.views import CheckoutView

SDK_URL = "https://js.tosspayments.com/v2/standard"
SDK_ORIGIN = "https://js.tosspayments.com"
# Where the SDK opens its windows.
ORIGINS = ("https://*.tosspayments.com", "https://*.toss.im")
LONGEST_ORDER_NAME = 100

# Leads away to one of the two URLs, or rejects with a message where the buyer closed the window.
_OPEN_PAYMENT = """async (request) => {
  const payment = TossPayments(request.clientKey).payment({ customerKey: TossPayments.ANONYMOUS });
  await payment.requestPayment(request.payment);
}"""


def checkout_page(checkout: CheckoutView, *, client_key: str, return_url: str) -> CheckoutPage:
    return sdk_page(
        checkout,
        sdk_url=SDK_URL,
        open_payment=_OPEN_PAYMENT,
        request={
            "clientKey": client_key,
            "payment": {
                "method": "CARD",
                "amount": {"currency": checkout.amount.currency, "value": number(checkout.amount)},
                "orderId": checkout.payment_ref,
                "orderName": order_name(checkout.titles, longest=LONGEST_ORDER_NAME),
                "successUrl": return_url,
                "failUrl": return_url,
            },
        },
        return_url=return_url,
        script_origins=[SDK_ORIGIN],
        origins=ORIGINS,
    )
