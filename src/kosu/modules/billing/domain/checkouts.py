"""Where a buyer meets a gateway: our page that shows its checkout, and our address to come back to."""

from __future__ import annotations

from urllib.parse import quote


def page_url(api_url: str, gateway: str, payment_ref: str) -> str:
    """Where the API serves the checkout page of a gateway that has none of its own."""
    return f"{api_url}/api/v1/checkouts/{gateway}/{quote(payment_ref, safe='')}"


def return_url(api_url: str, gateway: str, payment_ref: str) -> str:
    """Where the gateway sends the buyer's browser once the checkout is over, however it went.

    A reference may hold a gateway's placeholder, as in `{CHECKOUT_SESSION_ID}`.
    """
    return f"{api_url}/api/v1/checkouts/{gateway}/{quote(payment_ref, safe='{}')}/return"
