"""A page of ours on which a buyer pays by a gateway's own script, for gateways that have no page to be sent to.

One document. The scripts that run on it are the gateway's, from where the gateway says, and the one below, by its hash.
What differs from payment to payment is data in an attribute: no title of a course ever becomes a part of a script.

Source: Content Security Policy Level 3.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import Any

import msgspec

from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.ports import CheckoutPage
from kosu.modules.billing.views import CheckoutView

# States in which a buyer may still try; as long as an order has its `checkout_url`.
_PAYABLE = frozenset({OrderState.PENDING, OrderState.FAILED})

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { min-height: 100vh; margin: 0; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem; border: 1px solid #8886; border-radius: 1rem }
h1 { font-size: 1rem; margin: 0; font-weight: 600; overflow-wrap: anywhere }
ul { padding-left: 1.2rem; overflow-wrap: anywhere }
strong { display: block; font-size: 2rem; margin: .5rem 0 }
button { font: inherit; width: 100%; padding: .7rem; border: 0; border-radius: .5rem; background: #1a56db; color: #fff }
button:disabled { opacity: .6 }
"""

# In a function of its own: what it names must not get in the way of the gateway's script.
_SCRIPT = """
"use strict";
(() => {
const page = document.getElementById("checkout");
const button = document.getElementById("pay");
const trouble = document.getElementById("trouble");
const request = JSON.parse(page.dataset.request);
const openPayment = OPEN_PAYMENT;
button.addEventListener("click", async () => {
  button.disabled = true;
  trouble.textContent = "";
  try {
    const message = await openPayment(request);
    if (message === undefined) location.assign(page.dataset.returnUrl);
    else trouble.textContent = message;
  } catch (error) {
    trouble.textContent = error instanceof ReferenceError
      ? "The payment service could not be loaded. Reload the page to try again."
      : error.message;
  }
  button.disabled = false;
});
})();
"""


def sdk_page(
    checkout: CheckoutView,
    *,
    sdk_url: str,
    open_payment: str,
    request: Any,
    return_url: str,
    script_origins: Sequence[str],
    origins: Sequence[str],
) -> CheckoutPage:
    """The page for one payment, which leads to `return_url` once the buyer is done.

    `open_payment` is an expression in JavaScript, the same for every payment: an async function of `request`, which
    comes to it as JSON. It resolves to a message where nothing was paid. Of the `script_origins` scripts are run; the
    other `origins` may be framed, talked to and sent forms to.
    """
    content = (
        f"<h1>Order {escape(checkout.order_number)}</h1><ul>"
        + "".join(f"<li>{escape(title)}</li>" for title in checkout.titles)
        + f"</ul><strong>{checkout.amount.units:,} {checkout.amount.currency}</strong>"
    )
    if checkout.state not in _PAYABLE:
        state = checkout.state.replace("_", " ")
        return CheckoutPage(_document(f"{content}<p>This order is {state}.</p>"), _policy("'none'", [], []))
    script = _SCRIPT.replace("OPEN_PAYMENT", open_payment)
    data = escape(msgspec.json.encode(request).decode())
    return CheckoutPage(
        _document(
            f'{content}<button id="pay" type="button">Pay</button><p id="trouble" role="alert"></p>'
            "<noscript><p>Paying needs JavaScript.</p></noscript>",
            attributes=f' data-request="{data}" data-return-url="{escape(return_url)}"',
            head=f'<script src="{escape(sdk_url)}"></script>',
            foot=f"<script>{script}</script>",
        ),
        _policy(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'", script_origins, origins),
    )


def order_name(titles: Sequence[str], *, longest: int) -> str:
    """What is paid for, in one line of at most so many characters."""
    others = f" +{len(titles) - 1}" if len(titles) > 1 else ""
    first = " ".join("".join(c if c.isprintable() else " " for c in titles[0]).split()) or "Course"
    room = longest - len(others)
    return (first if len(first) <= room else first[: room - 1].rstrip() + "…") + others


def _document(content: str, *, attributes: str = "", head: str = "", foot: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checkout</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style>{head}</head>"
        f'<body><main id="checkout"{attributes}>{content}</main>{foot}</body></html>'
    )


def _policy(inline: str, script_origins: Sequence[str], origins: Sequence[str]) -> str:
    scripts, others = " ".join([inline, *script_origins]), " ".join(origins) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; connect-src {others}; frame-src {others}; img-src {others} data:; "
        f"form-action {others}; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
