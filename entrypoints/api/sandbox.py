"""/api/v1/sandbox: the checkout page of the sandbox gateway. There is none where the sandbox is off."""

from __future__ import annotations

import msgspec
from litestar import Controller, MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_303_SEE_OTHER

from entrypoints.api.authentication import NOBODY
from entrypoints.api.bodies import RAW
from entrypoints.api.dependencies import Billing
from entrypoints.api.pages import no_store
from entrypoints.api.sandbox_page import checkout_page
from kosu.modules.billing.container import BillingContainer
from kosu.modules.billing.domain.checkouts import return_url
from kosu.modules.billing.domain.sandbox import SANDBOX
from kosu.modules.billing.errors import PaymentNotFound, UnknownGateway
from kosu.modules.billing.views import CheckoutView


class SandboxActionAccepted(msgspec.Struct, frozen=True):
    """The gateway will send its webhooks."""

    payment_ref: str
    action: str


class SandboxController(Controller):
    """Whoever knows the payment's reference may act, as on the page of a real gateway."""

    path = "/api/v1/sandbox/checkouts"
    tags = ("sandbox",)

    @get("/{payment_ref:str}", operation_id="getSandboxCheckout", auth=NOBODY, media_type=MediaType.HTML)
    async def page(self, payment_ref: FromPath[str], billing: NamedDependency[Billing]) -> Response[str]:
        """A page for people, with a button for everything that a gateway can do to a payment."""
        checkout = await _checkout(billing, payment_ref)
        return Response(checkout_page(checkout), media_type=MediaType.HTML, headers=no_store())

    @post(
        "/{payment_ref:str}/{action:str}",
        operation_id="actInSandbox",
        auth=NOBODY,
        body=RAW,
        status_code=HTTP_202_ACCEPTED,
    )
    async def act(
        self,
        payment_ref: FromPath[str],
        action: FromPath[str],
        request: Request[None, None, State],
        billing: NamedDependency[Billing],
    ) -> Response[SandboxActionAccepted]:
        """Answers before the webhooks are sent.

        `pay`, `fail`, `duplicate`, `reorder`, `delay`, `refund_partially`, `refund`, `dispute`, `win_dispute`,
        `lose_dispute`, `wrong_amount`, `wrong_currency` or `revert_deposit`.
        """
        await billing.act_in_sandbox()(payment_ref=payment_ref, action=action)
        if "text/html" in request.headers.get("accept", ""):
            # People who press a button are sent back, as by a gateway; the documented answer is the one for programs.
            return Redirect(return_url("", SANDBOX, payment_ref), status_code=HTTP_303_SEE_OTHER)
        return Response(SandboxActionAccepted(payment_ref, action), status_code=HTTP_202_ACCEPTED)


async def _checkout(billing: BillingContainer, payment_ref: str) -> CheckoutView:
    if SANDBOX not in billing.gateways():
        msg = "The sandbox is off."
        raise UnknownGateway(msg)
    checkout = await billing.queries().checkout(SANDBOX, payment_ref)
    if checkout is None:
        msg = "There is no such payment."
        raise PaymentNotFound(msg)
    return checkout
