"""The sandbox's pages for people: one document each, nothing loaded, no script."""

from __future__ import annotations

from html import escape

from entrypoints.api.pages import page
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.views import CheckoutView

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
    return page(
        "Sandbox checkout",
        f"""<h1>Sandbox checkout</h1><small>Order {escape(checkout.order_number)}. No real money moves here.</small>
        <strong>{checkout.amount.units:,} {checkout.amount.currency}</strong><ul>{titles}</ul>
        {_button(checkout, SandboxAction.PAY, "Pay")}{_button(checkout, SandboxAction.FAIL, "Decline")}
        <details><summary>What else a gateway may do</summary>{mischief}</details>""",
    )


def _button(checkout: CheckoutView, action: SandboxAction, label: str) -> str:
    path = f"/api/v1/sandbox/checkouts/{escape(checkout.payment_ref)}/{action}"
    return f'<form method="post" action="{path}"><button data-kind="{action}">{label}</button></form>'
