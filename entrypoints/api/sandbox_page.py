"""The sandbox's pages for people: one document each, nothing loaded, no script."""

from __future__ import annotations

from html import escape

from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.views import CheckoutView
from kosu.money import ZERO_DECIMAL_CURRENCIES, Money

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { min-height: 100vh; margin: 0; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem; border: 1px solid #8886; border-radius: 1rem }
h1 { font-size: 1rem; margin: 0; font-weight: 600 }
small { opacity: .7 }
strong { display: block; font-size: 2rem; margin: .5rem 0 }
ul { padding-left: 1.2rem }
form { display: inline }
button { font: inherit; padding: .6rem 1.4rem; margin: 1rem .5rem 0 0; border: 1px solid #8886; border-radius: .5rem }
details { margin-top: 1.5rem }
summary { opacity: .7; cursor: pointer }
details form { display: block }
details button { width: 100%; margin-right: 0 }
button[data-kind=pay] { background: #1a56db; border-color: #1a56db; color: white }
"""


_MISCHIEF = {
    SandboxAction.DUPLICATE: "Pay, told five times",
    SandboxAction.REORDER: "Decline, then pay, told in reverse",
    SandboxAction.DELAY: "Pay, told later",
    SandboxAction.WRONG_AMOUNT: "Pay a hundredth",
    SandboxAction.WRONG_CURRENCY: "Pay in another currency",
    SandboxAction.REVERT_DEPOSIT: "Take the payment back",
    SandboxAction.REFUND_PARTIALLY: "Refund half",
    SandboxAction.REFUND: "Refund all",
    SandboxAction.DISPUTE: "Open a dispute",
    SandboxAction.WIN_DISPUTE: "The shop wins the dispute",
    SandboxAction.LOSE_DISPUTE: "The shop loses the dispute",
}


def checkout_page(checkout: CheckoutView) -> str:
    titles = "".join(f"<li>{escape(title)}</li>" for title in checkout.titles)
    mischief = "".join(_button(checkout, action, label) for action, label in _MISCHIEF.items())
    return _page(
        f"""<h1>Sandbox checkout</h1><small>Order {escape(checkout.order_number)}. No real money moves here.</small>
        <strong>{escape(_money(checkout.amount))}</strong><ul>{titles}</ul>
        {_button(checkout, SandboxAction.PAY, "Pay")}{_button(checkout, SandboxAction.FAIL, "Decline")}
        <details><summary>What else a gateway may do</summary>{mischief}</details>"""
    )


def thanks_page(checkout: CheckoutView) -> str:
    return _page(
        f"""<h1>Sandbox checkout</h1><p>Kosu hears of it in a moment.
        You can close this page and go back to order {escape(checkout.order_number)}.</p>"""
    )


def _button(checkout: CheckoutView, action: SandboxAction, label: str) -> str:
    path = f"/api/v1/sandbox/checkouts/{escape(checkout.payment_ref)}/{action}"
    return f'<form method="post" action="{path}"><button data-kind="{action}">{label}</button></form>'


def _page(content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox checkout</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{content}</main></body></html>"
    )


def _money(money: Money) -> str:
    if money.currency in ZERO_DECIMAL_CURRENCIES:
        return f"{money.amount_minor:,} {money.currency}"
    return f"{money.amount_minor // 100:,}.{money.amount_minor % 100:02} {money.currency}"
