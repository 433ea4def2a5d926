"""The page on which a buyer pays with PortOne's browser SDK.

Source: https://developers.portone.io/opi/ko/integration/start/v2/checkout
"""

from __future__ import annotations

from collections.abc import Sequence

from kosu.modules.billing.ports import CheckoutPage
from kosu.modules.billing.sdk_page import order_name, sdk_page
from kosu.modules.billing.views import CheckoutView

SDK_URL = "https://cdn.portone.io/v2/browser-sdk.js"
SDK_ORIGIN = "https://cdn.portone.io"
# Where the SDK opens its windows; the second is the older name of the same service.
ORIGINS = ("https://*.portone.io", "https://*.iamport.co")
LONGEST_ORDER_NAME = 40

# On phones the SDK leads away and back by itself; elsewhere it resolves, with a `code` where nothing was paid.
_OPEN_PAYMENT = """async (request) => {
  const answer = await PortOne.requestPayment(request);
  return answer?.code === undefined ? undefined : answer.message ?? answer.code;
}"""


def checkout_page(
    checkout: CheckoutView, *, store_id: str, channel_key: str, return_url: str, pg_origins: Sequence[str]
) -> CheckoutPage:
    return sdk_page(
        checkout,
        sdk_url=SDK_URL,
        open_payment=_OPEN_PAYMENT,
        request={
            "storeId": store_id,
            "channelKey": channel_key,
            "paymentId": checkout.payment_ref,
            "orderName": order_name(checkout.titles, longest=LONGEST_ORDER_NAME),
            "totalAmount": checkout.amount.amount_minor,
            "currency": f"CURRENCY_{checkout.amount.currency}",
            "payMethod": "CARD",
            "redirectUrl": return_url,
        },
        return_url=return_url,
        script_origins=[SDK_ORIGIN, *pg_origins],
        origins=[*ORIGINS, *pg_origins],
    )
